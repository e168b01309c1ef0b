#!/usr/bin/env bash
# Compares the library's requests, made in C, C++ and Go by the programs of tests/behaviours, with the official Python
# SDK's. With names: those calls alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../behaviours/build.sh"
python=$("$root/tools/python.sh" runloop_api_client==3.0.0)
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/run.py" "${languages[@]}" "$@"
