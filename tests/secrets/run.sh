#!/usr/bin/env bash
# Searches all that the library says for secrets; the options are those of run.py. RUNLOOP_LIB_DIR holds librunloop.so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${RUNLOOP_LIB_DIR:=$root/target/quick}"
export RUNLOOP_LIBRARY=$RUNLOOP_LIB_DIR/librunloop.so PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/run.py" "$@"
