#!/usr/bin/env bash
# Links the shared library anew, from the archive, against the oldest C library that has all it uses: zig
# brings the symbols of every glibc. The same code, so it runs on systems of the last ten years.
set -euo pipefail
cd "$(dirname "$0")/../.."
archive=$1 library=$2 abi=$3
glibc=2.17
python=$(tools/python.sh ziglang==0.17.1)
script=$(mktemp)
trap 'rm -f "$script"' EXIT
{ echo "{ global:"; sed 's/$/;/' include/runloop.symbols; echo "local: *; };"; } >"$script"
"$python" -m ziglang cc -target "$(uname -m)-linux-gnu.$glibc" -shared -o "$library" \
    -Wl,--whole-archive "$archive" -Wl,--no-whole-archive "$(${CC:-cc} -print-file-name=libgcc_s.so.1)" -lpthread -ldl -lm \
    -Wl,--gc-sections,--as-needed,-z,relro,-z,now,-z,defs,-z,nodelete -Wl,-soname,"librunloop.so.$abi" -Wl,--version-script="$script"
tools/symbols.sh "$library" include/runloop.symbols >/dev/null
