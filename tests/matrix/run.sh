#!/usr/bin/env bash
# The fault matrix; the options are those of run.py. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's
# binary, BUILD is where everything goes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/matrix
: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR RUNLOOP_LIBRARY=$RUNLOOP_LIB_DIR/librunloop.so PYTHONDONTWRITEBYTECODE=1
python=$("$root/tools/python.sh" h2==4.2.0)
mkdir -p "$build"
certificates=$(mktemp -d "$build/certificates-XXXXXX")
trap 'rm -rf "$certificates"' EXIT
"$root/tests/tls/certificates.sh" "$certificates"
"$python" "$here/run.py" --certificates "$certificates" "$@"
