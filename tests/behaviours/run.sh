#!/usr/bin/env bash
# Runs the same list of behaviours, rows/*.json, in C, C++ and Go, each through its own public API. Arguments
# go to run.py: `--only NAME`. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's binary,
# BUILD is where the programs go, JOBS how many compilers run at a time.
set -euo pipefail
. "$(dirname "$0")/../go/environment.sh"
here=$root/tests/behaviours
build=${BUILD:-$root/build/tests}/behaviours
mkdir -p "$build"

warnings="-Wall -Wextra -Wpedantic -Werror"
link=("-L$RUNLOOP_LIB_DIR" -lrunloop -lpthread "-Wl,-rpath,$RUNLOOP_LIB_DIR")
c="${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g $warnings -I$root/include -I$root/tests/c"
cxx="${CXX:-c++} -std=c++17 -O0 $warnings -I$root/include -I$root/bindings/cpp/include -I$root/tests/c"

# Two compilations: most of the time goes into the binding's own header, once for each.
for some in "main client devbox command" "step file object disk record"; do
    # shellcheck disable=SC2086 # a line for each word
    printf '#include "%s.cpp"\n' $some >"$build/from-${some%% *}.cpp"
done
# shellcheck disable=SC2086 # a compiler with its flags
printf '%s\n' main step | xargs -P "${JOBS:-2}" -I{} $cxx "-I$here/cpp" -c "$build/from-{}.cpp" -o "$build/from-{}.o"
$c "$here"/c/*.c "$root/tests/c/json.c" "${link[@]}" -o "$build/in-c"
$c -c "$root/tests/c/json.c" -o "$build/json.o"
${CXX:-c++} "$build"/from-*.o "$build/json.o" "${link[@]}" -o "$build/in-cpp"
(
    cd "$here/go"
    unformatted=$(gofmt -l .)
    [ -z "$unformatted" ] || { printf 'gofmt would change:\n%s\n' "$unformatted" >&2; exit 1; }
    go vet ./...
    go build -o "$build/in-go" .
)

languages=("c=$build/in-c" "cpp=$build/in-cpp" "go=$build/in-go")
[ $# -gt 0 ] || PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" --wrong "$here/wrong.json" "${languages[@]}"
PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" "$@" "${languages[@]}"
