#!/usr/bin/env bash
# Runs the guide's blocks: each, in each language, must print what the guide promises, and leave nothing behind.
# Runs the README's too, and holds the page for those who come from Python against the official SDK.
# shellcheck disable=SC2031 # the subshell for Go has variables of its own
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/guide
guide=$root/docs/guide.md
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?names the emulator}"
build=${BUILD:-$root/build/tests}/guide
mkdir -p "$build"

python=$("$root/tools/python.sh" runloop_api_client==3.0.0)
PYTHONDONTWRITEBYTECODE=1 "$python" "$here/from_python.py" "$root"

python3 "$here/snippets.py" programs "$guide" "$build" >"$build/blocks"
python3 "$here/readme.py" "$root/README.md" "$build"
warnings="-Wall -Wextra -Wpedantic -Werror"
library="-L$RUNLOOP_LIB_DIR -lrunloop -lpthread -Wl,-rpath,$RUNLOOP_LIB_DIR"
# shellcheck disable=SC2086
for program in guide readme; do
    ${CXX:-c++} -std=c++17 -O0 $warnings "-I$root/include" "-I$root/bindings/cpp/include" "$build/$program.cpp" -o "$build/$program-cpp" $library
done &
in_cpp=$!
# shellcheck disable=SC2086
for program in guide readme; do
    ${CC:-cc} -std=c11 -D_GNU_SOURCE $warnings "-I$root/include" "$build/$program.c" -o "$build/$program-c" $library
done
(
    made=$build
    . "$root/tests/go/environment.sh"
    unformatted=$(gofmt -d "$made/guide-source" "$made/readme-source")
    [ -z "$unformatted" ] || { printf 'gofmt would change the blocks in Go:\n%s\n' "$unformatted" >&2; exit 1; }
    cd "$root/bindings/go"
    for program in guide readme; do
        go vet "$made/$program-source/main.go"
        go build -o "$made/$program-go" "$made/$program-source/main.go"
    done
)
wait "$in_cpp"

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>"$build/emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$build/emulator.log"; exit 1; }
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=guide LD_LIBRARY_PATH=$RUNLOOP_LIB_DIR

run() { # what it is, program, arguments
    local what=$1
    shift
    timeout 900 "$@" </dev/null >"$build/said" 2>"$build/error" || {
        echo "FAILED $what:" >&2
        cat "$build/said" "$build/error" >&2
        exit 1
    }
    local left
    left=$(curl -fsS "$RUNLOOP_BASE_URL/_emulator/leaks")
    [ "$left" = '{"devboxes":[],"processes":[]}' ] || { echo "FAILED $what: it leaves $left" >&2; exit 1; }
}

for language in c cpp go; do
    run "the README's block ($language)" "$build/readme-$language"
    grep -q "Linux" "$build/said" || { echo "FAILED the README's block ($language): it prints $(cat "$build/said")" >&2; exit 1; }
    echo "ok the README's block ($language)"
done
folder=$build/folder
while read -r language number; do
    rm -rf "$folder" && mkdir "$folder"
    echo "int main(void) { return 0; }" >"$folder/main.c"
    echo "not needed" >"$folder/main.o"
    run "block $number ($language)" "$build/guide-$language" "$number" "$folder"
    python3 "$here/snippets.py" compare "$guide" "$language" "$number" "$build/said"
done <"$build/blocks"
