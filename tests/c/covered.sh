#!/usr/bin/env bash
# Every exported function is called by some test program: compares include/runloop.symbols with what the programs in BUILD, built by run.sh,
# ask the linker for.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build/tests}
wanted=$(sort "$root/include/runloop.symbols")
called=$(for program in "$build"/test_*; do
    case $program in *.o | *.c) continue ;; esac
    [ -x "$program" ] && nm -D --undefined-only "$program"
done | sed -n 's/.* U \(runloop_[a-z0-9_]*\).*/\1/p' | sort -u)
[ -n "$called" ] || { echo "There are no test programs in $build; run tests/c/run.sh first." >&2; exit 1; }

missing=$(comm -23 <(echo "$wanted") <(echo "$called"))
[ -z "$missing" ] || { printf 'No test program calls:\n%s\n' "$missing" >&2; exit 1; }
echo "$(wc -l <<<"$wanted") functions, each called by a test"
