#!/usr/bin/env bash
# The examples in languages that have no binding: each must print what its first comment promises,
# and leave nothing at the emulator.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?}"
export RUNLOOP_LIBRARY=$RUNLOOP_LIB_DIR/librunloop.so.0
work=$(mktemp -d)
coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>"$work/emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null; rm -rf "$work"' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$work/emulator.log"; exit 1; }
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=example

run() { # comment sign, interpreter, program
    [ "$(wc -l <"$3")" -lt 60 ] || { echo "$3 is to be under 60 lines." >&2; exit 1; }
    timeout 900 "$2" "$3" >"$work/said" 2>"$work/error" || { echo "FAILED $3" >&2; cat "$work/said" "$work/error" >&2; exit 1; }
    sed -n "/^$1 It prints:\$/,/^[^$1]/s/^$1     //p" "$3" | sed -e 's/[][\.*^$]/\\&/g' -e 's/…/.*/g' -e 's/.*/^&$/' >"$work/wanted"
    [ -s "$work/wanted" ] && [ "$(wc -l <"$work/wanted")" = "$(wc -l <"$work/said")" ] || { echo "FAILED $3: it does not print what it promises, but:" >&2; cat "$work/said" >&2; exit 1; }
    local number=0
    while IFS= read -r pattern; do
        number=$((number + 1))
        sed -n "${number}p" "$work/said" | grep -q -- "$pattern" || { echo "FAILED $3: line $number is not $pattern:" >&2; cat "$work/said" >&2; exit 1; }
    done <"$work/wanted"
    [ "$(curl -fsS "$RUNLOOP_BASE_URL/_emulator/leaks")" = '{"devboxes":[],"processes":[]}' ] || { echo "FAILED $3: it leaves something at the emulator" >&2; exit 1; }
    echo "ok ${3#"$root"/}"
}

run "#" "${PYTHON:-python3}" "$root/examples/python/quickstart.py"
run "--" "${LUAJIT:-luajit}" "$root/examples/luajit/quickstart.lua"
