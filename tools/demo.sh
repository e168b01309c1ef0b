#!/usr/bin/env bash
# Starts the emulator, runs a program against it, and shows that nothing is left behind.
set -euo pipefail
program=$1
emulator=${RUNLOOP_EMULATOR:?}

coproc EMULATOR { exec "$emulator" --port 0 --exit-on-stdin-close; }
pid=$EMULATOR_PID
trap 'kill "$pid" 2>/dev/null || true' EXIT
read -r line <&"${EMULATOR[0]}" || { echo "The emulator did not start; what it said is above." >&2; exit 1; }
url=${line##* }
echo "== $line"
echo "== RUNLOOP_BASE_URL=$url RUNLOOP_API_KEY=demo $program"
RUNLOOP_BASE_URL=$url RUNLOOP_API_KEY=demo "$program"
if command -v curl >/dev/null 2>&1; then
    echo "== left behind at the emulator: $(curl -fsS "$url/_emulator/leaks")"
fi
