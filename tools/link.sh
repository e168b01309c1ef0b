#!/usr/bin/env bash
# Links the shared library from the archive: link.sh ARCHIVE LIBRARY ABI [COMPILER ...]. rustc does it too, but by a version script of its own,
# beside which GNU ld takes no other: so the symbols of that library have no versions. These have those of spec/functions.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
archive=$1 library=$2 abi=$3
shift 3
[ $# -gt 0 ] || set -- "${CC:-cc}"
script=$(mktemp)
trap 'rm -f "$script" "$library.new"' EXIT
tools/version_script.sh spec/functions.txt >"$script"
mkdir -p "$(dirname "$library")"
"$@" -shared -o "$library.new" -Wl,--whole-archive "$archive" -Wl,--no-whole-archive \
    "$(${CC:-cc} -print-file-name=libgcc_s.so.1)" -lpthread -ldl -lm \
    -Wl,--gc-sections,--as-needed,-z,relro,-z,now,-z,defs,-z,nodelete -Wl,-soname,"librunloop.so.$abi" -Wl,--version-script="$script"
tools/symbols.sh "$library.new" spec/functions.txt
# A program may have the file mapped that was there.
mv "$library.new" "$library"
