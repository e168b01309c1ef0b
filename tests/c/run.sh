#!/usr/bin/env bash
# Compiles and runs the test programs: all of them, or those named. `--valgrind` runs them under
# valgrind. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's binary,
# RUNLOOP_PANIC_LIB_DIR holds the library built with the feature panic-injection, BUILD is where
# the programs go, JOBS how many run at a time, TEST_ISOLATION the emulator's isolation.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}
jobs=${JOBS:-2}
valgrind=
[ "${1:-}" = --valgrind ] && valgrind=1 && shift

: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR
[ -e "$RUNLOOP_LIB_DIR/librunloop.so" ] || { echo "There is no librunloop.so in $RUNLOOP_LIB_DIR; set RUNLOOP_LIB_DIR." >&2; exit 1; }
[ -x "$RUNLOOP_EMULATOR" ] || { echo "There is no emulator at $RUNLOOP_EMULATOR; set RUNLOOP_EMULATOR." >&2; exit 1; }

warnings=(-Wall -Wextra -Wpedantic -Werror)
c11="${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g ${warnings[*]} -I$root/include -I$here"
helpers=(harness emulator json heard sockets local_files memory trees script_server cutting_proxy object_server object_api object_storage)
mkdir -p "$build"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Cargo names the library without its ABI's number; programs look for it with that.
folder_for() { # library folder, name
    if [ -e "$1/librunloop.so.0" ]; then
        (cd "$1" && pwd)
    else
        mkdir -p "$build/$2"
        ln -sf "$(cd "$1" && pwd)/librunloop.so" "$build/$2/librunloop.so"
        ln -sf "$(cd "$1" && pwd)/librunloop.so" "$build/$2/librunloop.so.0"
        echo "$build/$2"
    fi
}
library=$(folder_for "$RUNLOOP_LIB_DIR" lib)
panic_library=
[ -n "${RUNLOOP_PANIC_LIB_DIR:-}" ] && panic_library=$(folder_for "$RUNLOOP_PANIC_LIB_DIR" panic-lib)

for helper in "${helpers[@]}"; do
    $c11 -c "$here/$helper.c" -o "$build/$helper.o" || exit 1
done
objects=("${helpers[@]/#/$build/}")
objects=("${objects[@]/%/.o}")

# A program is a source file; test_abi is three, in three languages.
programs() {
    local source
    for source in "$here"/test_*.c; do
        basename "$source" .c
    done
    echo test_abi.c99
    echo test_abi.c++17
}

compile() { # program
    local source=$here/${1%%.*}.c from=$library
    [ "$1" = test_panic ] && from=$panic_library
    local link=("${objects[@]}" "-L$from" -lrunloop -lpthread "-Wl,-rpath,$from" -o "$build/$1")
    case $1 in
    *.c99) ${CC:-cc} -std=c99 -D_GNU_SOURCE -O1 -g "${warnings[@]}" "-I$root/include" "-I$here" "$source" "${link[@]}" ;;
    *.c++17) ${CXX:-c++} -std=c++17 -O1 -g "${warnings[@]}" "-I$root/include" "-I$here" -x c++ "$source" -x none "${link[@]}" ;;
    *) $c11 "$source" "${link[@]}" ;;
    esac
}

one() { # program
    local started=$EPOCHREALTIME log=$results/$1.log command=("$build/$1") status
    if [ "$1" = test_panic ] && [ -z "$panic_library" ]; then
        echo "-- $1: RUNLOOP_PANIC_LIB_DIR is not set"
        return
    fi
    if compile "$1" >"$log" 2>&1; then
        [ -n "$valgrind" ] && command=(env TEST_WATCHDOG_SECONDS=600 valgrind --error-exitcode=9 --leak-check=full
            --show-leak-kinds=definite --errors-for-leak-kinds=definite -q "$build/$1")
        "${command[@]}" >>"$log" 2>&1 </dev/null
        status=$?
    else
        status=compile
    fi
    if [ "$status" = 0 ]; then
        touch "$results/$1.passed"
        awk -v name="$1" -v from="$started" -v to="$EPOCHREALTIME" 'BEGIN { printf "ok %s (%.1f s)\n", name, to - from }'
    else
        touch "$results/$1.failed"
        printf 'FAILED %s (%s)\n%s\n' "$1" "$status" "$(sed 's/^/    /' "$log")"
    fi
}

# shellcheck disable=SC2046 # a name for each word
[ $# -gt 0 ] || set -- $(programs)
for program in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    one "$program" &
done
wait
passed=$(find "$results" -name '*.passed' | wc -l)
failed=$(find "$results" -name '*.failed' | wc -l)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
