#!/usr/bin/env bash
# A host that refuses what the library asks of it: see refusals.c. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the
# emulator's binary, BUILD is where everything goes. What is given goes to the program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/refusals
: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR
mkdir -p "$build/lib"
ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$build/lib/librunloop.so"
ln -sf librunloop.so "$build/lib/librunloop.so.0"
c11="${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/tests/c"
# The C library declares connect() in a way that ISO C does not know.
${c11/-Wpedantic /} -shared -fPIC "$here/refuse.c" -o "$build/refuse.so" -ldl
$c11 "$here"/{refusals,scenario}.c "$root"/tests/c/{harness,emulator,json,script_server}.c -o "$build/refusals" \
    "-L$build/lib" -lrunloop -lpthread -ldl "-Wl,-rpath,$build/lib"
REFUSE_LIBRARY=$build/refuse.so exec "$build/refusals" "$@"
