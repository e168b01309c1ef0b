#!/usr/bin/env bash
# Compiles the C++ test programs, all or those named, in every way the binding promises, and runs them.
# `--valgrind` runs them under valgrind, in C++17 alone. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR
# is the emulator's binary, BUILD is where the programs go, JOBS how many run at a time, WAYS which ways.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/cpp
jobs=${JOBS:-2}
ways=${WAYS:-c++17 c++20 c++23 c++17-bare}
valgrind=()
if [ "${1:-}" = --valgrind ]; then
    valgrind=(env TEST_WATCHDOG_SECONDS=600 valgrind --error-exitcode=9 --leak-check=full --show-leak-kinds=definite
        --errors-for-leak-kinds=definite -q)
    ways=c++17
    shift
fi
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?}"
. "$here/precompiled.sh"
mkdir -p "$build"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

warnings=(-Wall -Wextra -Wpedantic -Werror)
objects=()
for helper in harness emulator json script_server; do
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g "${warnings[@]}" "-I$root/include" "-I$root/tests/c" -c "$root/tests/c/$helper.c" \
        -o "$build/$helper.o" || exit 1
    objects+=("$build/$helper.o")
done

compiler() { # way; prints the compiler and its flags
    local flags="-std=${1%-bare}"
    [ "$1" = "${1%-bare}" ] || flags="$flags -fno-exceptions -fno-rtti"
    echo "${CXX:-c++} $flags -O0 -g1 ${warnings[*]} -I$root/include -I$root/bindings/cpp/include -I$root/tests/c"
}

one() { # program, way
    local program=$build/$1.$2 log=$results/$1.$2.log started=$EPOCHREALTIME
    if $(compiler "$2") -include "$build/headers.$2/before.hpp" -c "$here/$1.cpp" -o "$program.o" >"$log" 2>&1 &&
        ${CXX:-c++} "$program.o" "${objects[@]}" "-L$RUNLOOP_LIB_DIR" -lrunloop -lpthread "-Wl,-rpath,$RUNLOOP_LIB_DIR" \
            -o "$program" >>"$log" 2>&1 &&
        "${valgrind[@]}" "$program" >>"$log" 2>&1 </dev/null; then
        touch "$results/$1.$2.passed"
        awk -v name="$1 in $2" -v from="$started" -v to="$EPOCHREALTIME" 'BEGIN { printf "ok %s (%.1f s)\n", name, to - from }'
    else
        touch "$results/$1.$2.failed"
        printf 'FAILED %s in %s\n%s\n' "$1" "$2" "$(sed 's/^/    /' "$log")"
    fi
}

# Each header stands alone, and files compiled in different ways go into one program.
apart() {
    local cxx="${CXX:-c++} -O0 ${warnings[*]} -I$root/include -I$root/bindings/cpp/include"
    (cd "$root/bindings/cpp/include" && ls runloop/*.hpp) |
        xargs -P "$jobs" -I{} sh -c "echo '#include <{}>' | $cxx -std=c++17 -fsyntax-only -x c++ -" &&
        $cxx -std=c++17 -DPART=in_cpp17 -c "$here/mixed.cpp" -o "$build/mixed.17.o" &&
        $cxx -std=c++23 -DPART=in_cpp23 -c "$here/mixed.cpp" -o "$build/mixed.23.o" &&
        $cxx -std=c++20 -fno-exceptions -fno-rtti -DMAIN -DPART=without "$here/mixed.cpp" "$build"/mixed.{17,23}.o "-L$RUNLOOP_LIB_DIR" \
            -lrunloop "-Wl,-rpath,$RUNLOOP_LIB_DIR" -o "$build/mixed" && "$build/mixed"
}

# What one way has thrown another catches, also out of a shared object that hides its names.
thrown() {
    local cxx="${CXX:-c++} -O0 ${warnings[*]} -I$root/include -I$root/bindings/cpp/include"
    local link=("-L$RUNLOOP_LIB_DIR" -lrunloop "-Wl,-rpath,$RUNLOOP_LIB_DIR")
    $cxx -std=c++17 -fPIC -shared -fvisibility=hidden "$here/thrower.cpp" -o "$build/libthrower.so" &&
        $cxx -std=c++23 -fvisibility=hidden "$here/catcher.cpp" "$build/libthrower.so" "${link[@]}" "-Wl,-rpath,$build" -o "$build/catcher" &&
        "$build/catcher"
}
# The program's own macros, spelled like names in the headers.
macros() {
    # shellcheck disable=SC2086 # a compiler with its flags
    printf '%s\n' c++17 c++23 | xargs -P "$jobs" -I{} ${CXX:-c++} -std={} -O0 "${warnings[@]}" "-I$root/include" "-I$root/bindings/cpp/include" \
        -fsyntax-only "$here/macros.cpp"
}
check() { # function, what it shows
    if "$1"; then
        touch "$results/$(basename "$1").passed"
        echo "ok $2"
    else
        touch "$results/$(basename "$1").failed"
        echo "FAILED $2"
    fi
}
if [ $# = 0 ]; then
    check apart "each header alone, and all ways in one program"
    check thrown "an exception of one way, caught in another"
    check macros "the program's own macros"
    check "$here/refused.sh" "what must not compile"
    # shellcheck disable=SC2046 # a name for each word
    set -- $(basename -s .cpp "$here"/test_*.cpp)
fi
for way in $ways; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    # shellcheck disable=SC2046 # a compiler with its flags
    before_all "$build/headers.$way" $(compiler "$way") &
done
wait
for program in "$@"; do
    for way in $ways; do
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
        one "$program" "$way" &
    done
done
wait
rm -rf "$build"/headers.*
passed=$(find "$results" -name '*.passed' | wc -l)
failed=$(find "$results" -name '*.failed' | wc -l)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
