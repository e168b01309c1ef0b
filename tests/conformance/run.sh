#!/usr/bin/env bash
# Compares the library's requests with the official Python SDK's. With names: those calls alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/conformance
: "${RUNLOOP_LIB_DIR:=$root/build/lib}"
python=$("$root/tools/python.sh" runloop_api_client==3.0.0)
mkdir -p "$build"
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror "-I$root/include" "$here/calls.c" "$root/tests/c/json.c" \
    -L"$RUNLOOP_LIB_DIR" -lrunloop "-Wl,-rpath,$RUNLOOP_LIB_DIR" -o "$build/calls"
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/run.py" "$build/calls" "$@"
