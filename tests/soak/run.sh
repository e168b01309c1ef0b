#!/usr/bin/env bash
# Mixed load with faults and restarts: MINUTES long, or CYCLES times; SEED for another sequence. RUNLOOP_LIB_DIR holds librunloop.so,
# RUNLOOP_EMULATOR is the emulator's binary, BUILD is where the program goes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/soak
: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR SOAK_MINUTES=${MINUTES:-20} SOAK_CYCLES=${CYCLES:-} SOAK_SEED=${SEED:-1}
mkdir -p "$build"
for name in librunloop.so librunloop.so.0; do ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$build/$name"; done
helpers=()
for helper in harness emulator json; do helpers+=("$root/tests/c/$helper.c"); done
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror "-I$root/include" "-I$root/tests/c" "$here/soak.c" "${helpers[@]}" \
    "-L$build" -lrunloop -lpthread "-Wl,-rpath,$build" -o "$build/soak"
exec "$build/soak"
