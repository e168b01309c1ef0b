#!/usr/bin/env bash
# Has Go look for inputs, guided by the code that they reach: for every Fuzz function of the Go binding, for FUZZ_SECONDS each. What is
# found is in bindings/go/testdata/fuzz, and stays there: go test tries it from then on. Without Go, says so and does nothing.
set -euo pipefail
command -v go >/dev/null || { echo "Go: left out, since it is not installed" && exit 0; }
. "$(dirname "$0")/../go/environment.sh"
cd "$root/bindings/go"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
targets=$(go test -list '^Fuzz' . | grep '^Fuzz')
for target in $targets; do
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZ_SECONDS:-120}s" . >"$log" 2>&1 ||
        { tail -60 "$log" && echo "error: $target: Go has found something, see bindings/go/testdata/fuzz/$target" >&2 && exit 1; }
    echo "$target: $(sed -n 's/^fuzz: .* execs: \([0-9]*\) .*/\1/p' "$log" | tail -1) inputs by Go"
done
