# shellcheck shell=bash
# Sourced: builds the programs that do the steps of a row, one a language, where they are not as the sources are;
# sets `languages` to LANGUAGE=PROGRAM of each. RUNLOOP_LIB_DIR holds librunloop.so, BUILD is where the programs go,
# JOBS how many compilers run at a time.
. "$(dirname "${BASH_SOURCE[0]}")/../go/environment.sh"
build=${BUILD:-$root/build/tests}/behaviours
mkdir -p "$build"

warnings="-Wall -Wextra -Wpedantic -Werror"
link=("-L$RUNLOOP_LIB_DIR" -lrunloop -lpthread "-Wl,-rpath,$RUNLOOP_LIB_DIR")
c="${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g $warnings -I$root/include -I$root/tests/c"
cxx="${CXX:-c++} -std=c++17 -O0 $warnings -I$root/include -I$root/bindings/cpp/include -I$root/tests/c"

build_programs() {
    local interpreters=$root/tests/behaviours some unformatted
    # Two compilations: most of the time goes into the binding's own header, once for each.
    for some in "main client devbox command" "step file object disk record config"; do
        # shellcheck disable=SC2086 # a line for each word
        printf '#include "%s.cpp"\n' $some >"$build/from-${some%% *}.cpp"
    done
    # shellcheck disable=SC2086 # a compiler with its flags
    printf '%s\n' main step | xargs -P "${JOBS:-2}" -I{} $cxx "-I$interpreters/cpp" -c "$build/from-{}.cpp" -o "$build/from-{}.o"
    $c "$interpreters"/c/*.c "$root/tests/c/json.c" "${link[@]}" -o "$build/in-c"
    $c -c "$root/tests/c/json.c" -o "$build/json.o"
    ${CXX:-c++} "$build"/from-*.o "$build/json.o" "${link[@]}" -o "$build/in-cpp"
    (
        cd "$interpreters/go" || exit
        unformatted=$(gofmt -l .)
        [ -z "$unformatted" ] || { printf 'gofmt would change:\n%s\n' "$unformatted" >&2; exit 1; }
        go vet ./...
        go build -o "$build/in-go" .
    )
}

# The two suites that need the programs may run side by side: one of them builds.
exec 8>"$build/lock"
flock 8
sources=$(cd "$root" && printf '%s\n' "$c" "$cxx" "${link[*]}" "$(go version)" &&
    find tests/behaviours tests/c/json.* include bindings/cpp/include bindings/go -name '*.[ch]*' -o -name '*.go' -o -name go.mod -o -name '*.sh' |
    LC_ALL=C sort | xargs sha256sum)
if [ "$sources" != "$(cat "$build/built" 2>/dev/null)" ] || [ ! -x "$build/in-go" ]; then
    rm -f "$build/built"
    build_programs
    echo "$sources" >"$build/built"
fi
exec 8>&-
# shellcheck disable=SC2034 # for who sources this
languages=("c=$build/in-c" "cpp=$build/in-cpp" "go=$build/in-go")
