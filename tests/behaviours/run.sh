#!/usr/bin/env bash
# Runs the same list of behaviours, rows/*.json, in C, C++ and Go, each through its own public API. Arguments
# go to run.py: `--only NAME`. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's binary,
# BUILD is where the programs go, JOBS how many compilers run at a time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/build.sh"
[ $# -gt 0 ] || PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" --wrong "$here/wrong.json" "${languages[@]}"
PYTHONDONTWRITEBYTECODE=1 python3 "$here/run.py" "$@" "${languages[@]}"
