#!/usr/bin/env bash
# Random sequences of calls over every function: by one thread, which a seed repeats, and by four. RANDOM_SEED and
# RANDOM_CALLS choose them; RUNLOOP_LIB_DIR, RUNLOOP_EMULATOR and BUILD are as for tests/c/run.sh. RANDOM_FLAGS are the
# compiler's, such as -fsanitize=address,undefined.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR
build=${BUILD:-$root/build/tests}/random${RANDOM_FLAGS:+-sanitized}
mkdir -p "$build"
for name in librunloop.so librunloop.so.0; do ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$build/$name"; done
"$here/generate.py" >"$build/calls.c"
"$here/generate.py" --kinds >"$build/kinds.h"
sources=("$here/random.c" "$build/calls.c")
for helper in harness emulator json local_files memory; do sources+=("$root/tests/c/$helper.c"); done
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Werror -Wno-cast-function-type ${RANDOM_FLAGS:-} "-I$root/include" \
    "-I$root/tests/c" "-I$here" "-I$build" "${sources[@]}" "-L$build" -lrunloop -lpthread -lm "-Wl,-rpath,$build" -o "$build/random"
for threads in ${RANDOM_THREADS:-1 4}; do
    RANDOM_THREADS=$threads "$build/random"
done
