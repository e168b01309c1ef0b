#!/usr/bin/env bash
# Runs the guide's blocks: each, in each language, must print what the guide promises, and leave nothing behind.
# And holds the page for those who come from Python against the official SDK.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?names the emulator}"
build=${BUILD:-$root/build/tests}/guide
guide=$root/docs/guide.md
mkdir -p "$build"

python=$("$root/tools/python.sh" runloop_api_client==3.0.0)
PYTHONDONTWRITEBYTECODE=1 "$python" "$root/tests/guide/from_python.py" "$root"

python3 "$root/tests/guide/snippets.py" programs "$guide" "$build" >"$build/blocks"
warnings="-Wall -Wextra -Wpedantic -Werror"
library="-L$RUNLOOP_LIB_DIR -lrunloop -lpthread -Wl,-rpath,$RUNLOOP_LIB_DIR"
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -D_GNU_SOURCE $warnings "-I$root/include" "$build/guide.c" -o "$build/guide-c" $library
# shellcheck disable=SC2086
${CXX:-c++} -std=c++17 $warnings "-I$root/include" "-I$root/bindings/cpp/include" "$build/guide.cpp" -o "$build/guide-cpp" $library
(
    made=$build
    . "$root/tests/go/environment.sh"
    unformatted=$(gofmt -d "$made/go/main.go")
    [ -z "$unformatted" ] || { printf 'gofmt would change the blocks in Go:\n%s\n' "$unformatted" >&2; exit 1; }
    cd "$root/bindings/go"
    go vet "$made/go/main.go"
    go build -o "$made/guide-go" "$made/go/main.go"
)

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>"$build/emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$build/emulator.log"; exit 1; }
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=guide LD_LIBRARY_PATH=$RUNLOOP_LIB_DIR
folder=$build/folder
while read -r language number; do
    rm -rf "$folder" && mkdir "$folder"
    echo "int main(void) { return 0; }" >"$folder/main.c"
    echo "not needed" >"$folder/main.o"
    timeout 120 "$build/guide-$language" "$number" "$folder" </dev/null >"$build/said" 2>"$build/error" || {
        echo "FAILED block $number ($language):" >&2
        cat "$build/said" "$build/error" >&2
        exit 1
    }
    python3 "$root/tests/guide/snippets.py" compare "$guide" "$language" "$number" "$build/said"
    left=$(curl -fsS "$RUNLOOP_BASE_URL/_emulator/leaks")
    [ "$left" = '{"devboxes":[],"processes":[]}' ] || { echo "FAILED block $number ($language): it leaves $left" >&2; exit 1; }
done <"$build/blocks"
