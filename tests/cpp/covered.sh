#!/usr/bin/env bash
# Every function of the C library is reachable from the C++ binding, and a test reaches it: compares
# include/runloop.symbols with what the objects of the C++ tests, built by run.sh, ask the linker for.
# BUILD is where they are.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$root/build/tests}/cpp
# What the binding does without, and why.
without=$(sed 's/ *#.*//' <<'LIST' | sed '/^$/d'
LIST
)
called=$(nm --undefined-only "$build"/test_*.c++17.o | sed -n 's/.* U \(runloop_[a-z0-9_]*\)$/\1/p' | sort -u)
[ -n "$called" ] || { echo "There are no C++ test programs in $build; run tests/cpp/run.sh first." >&2; exit 1; }
missing=$(comm -23 <(sort "$root/include/runloop.symbols") <(sort -u <<<"$called
$without"))
needless=$(comm -12 <(sort <<<"$without") <(echo "$called"))
[ -z "$missing" ] || { printf 'Not reached from C++:\n%s\n' "$missing" >&2; exit 1; }
[ -z "$needless" ] || { printf 'Listed in tests/cpp/covered.sh as not reached, but reached:\n%s\n' "$needless" >&2; exit 1; }
echo "$(wc -l <"$root/include/runloop.symbols") functions, each reached from C++"
