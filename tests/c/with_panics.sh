#!/usr/bin/env bash
# All C programs, test_panic among them: run.sh with the library whose panics a test can set off.
set -euo pipefail
here=$(dirname "$0")
folder=$("$here/../panic-library.sh")
RUNLOOP_PANIC_LIB_DIR=$folder exec "$here/run.sh" "$@"
