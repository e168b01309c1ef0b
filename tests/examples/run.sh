#!/usr/bin/env bash
# Runs the C examples, all or those named: each must print what its first comment promises (where
# "…" stands for anything), say nothing else, and leave nothing at the emulator.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build/tests}/examples
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?}"
mkdir -p "$build"
[ $# -gt 0 ] || set -- $(basename -s .c "$root"/examples/c/*.c)

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>"$build/emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$build/emulator.log"; exit 1; }
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=example
failed=0
for name in "$@"; do
    source=$root/examples/c/$name.c
    wanted=$build/$name.wanted
    # The lines of the comment that are set off, below the words "It prints:".
    sed -n '1,/\*\//{/^ \* It prints:$/,/\*\//{s/^ \*     //p}}' "$source" >"$wanted"
    if ! ${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror "-I$root/include" "$source" -L"$RUNLOOP_LIB_DIR" \
        -lrunloop -lpthread "-Wl,-rpath,$RUNLOOP_LIB_DIR" -o "$build/$name"; then
        failed=1
        continue
    fi
    if ! (cd "$build" && timeout 120 "./$name" >"$name.said" 2>"$name.error"); then
        printf 'FAILED %s: it exits with an error\n' "$name"
        cat "$build/$name.said" "$build/$name.error"
        failed=1
        continue
    fi
    if [ -s "$wanted" ]; then
        pattern=$(sed -e 's/[][\.*^$]/\\&/g' -e 's/…/.*/g' "$wanted")
        if ! paste -d '\n' <(printf '%s\n' "$pattern") "$build/$name.said" | awk '
            NR % 2 { pattern = $0; next }
            $0 !~ "^" pattern "$" { printf "  line %d: \"%s\" is not \"%s\"\n", NR / 2, $0, pattern; bad = 1 }
            END { exit bad }' || [ "$(wc -l <"$wanted")" != "$(wc -l <"$build/$name.said")" ]; then
            printf 'FAILED %s: it does not print what it promises, but:\n' "$name"
            cat "$build/$name.said"
            failed=1
            continue
        fi
    fi
    left=$(curl -fsS "$RUNLOOP_BASE_URL/_emulator/leaks")
    if [ "$left" != '{"devboxes":[],"processes":[]}' ]; then
        printf 'FAILED %s: it leaves %s\n' "$name" "$left"
        failed=1
        continue
    fi
    echo "ok $name"
done
exit $failed
