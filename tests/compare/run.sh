#!/usr/bin/env bash
# The same faults against the official Python SDK and this library; what both did, side by side: run.sh [--table FILE] [scenario …]
# With --ours: this library alone, which needs no SDK; --quick as well leaves out what takes seconds. Fails where it does something else than it promises.
# RUNLOOP_LIB_DIR holds librunloop.so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/compare
: "${RUNLOOP_LIB_DIR:=$root/target/quick}"
RUNLOOP_LIBRARY=$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so
export RUNLOOP_LIBRARY PYTHONDONTWRITEBYTECODE=1
mkdir -p "$build"
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O1 -Wall -Wextra -Werror -shared -fPIC "$here/connects.c" -o "$build/connects.so" -ldl
python=python3
[[ " $* " == *" --ours "* ]] || python=$("$root/tools/python.sh" runloop_api_client==3.0.0)
exec "$python" "$here/run.py" --connects "$build/connects.so" "$@"
