#!/usr/bin/env bash
# The whole surface, and nothing besides, is exported, and every function is called by some test
# program: compares spec/functions.txt with include/runloop.symbols, and both with what the programs in
# BUILD, built by run.sh, ask the linker for.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build/tests}
wanted=$(grep '^runloop_' "$root/spec/functions.txt" | sort)
exported=$(sort "$root/include/runloop.symbols")
called=$(for program in "$build"/test_*; do
    case $program in *.o | *.c) continue ;; esac
    [ -x "$program" ] && nm -D --undefined-only "$program"
done | sed -n 's/.* U \(runloop_[a-z0-9_]*\).*/\1/p' | sort -u)
[ -n "$called" ] || { echo "There are no test programs in $build; run tests/c/run.sh first." >&2; exit 1; }

failed=0
none() { # what is wrong with the names, the names
    [ -z "$2" ] && return
    printf '%s:\n%s\n' "$1" "$2" >&2
    failed=1
}
none "spec/functions.txt names twice" "$(uniq -d <<<"$wanted")"
none "In spec/functions.txt, but not exported" "$(comm -23 <(echo "$wanted") <(echo "$exported"))"
none "Exported, but not in spec/functions.txt" "$(comm -13 <(echo "$wanted") <(echo "$exported"))"
none "No test program calls" "$(comm -23 <(echo "$wanted") <(echo "$called"))"
[ $failed = 0 ] && echo "$(wc -l <<<"$wanted") functions, each exported and called by a test"
