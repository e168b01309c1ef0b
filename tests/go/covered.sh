#!/usr/bin/env bash
# Every exported function is called by the Go binding, except those below.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# Parameters are written, and answers read, by encoding/json: these take the whole text to C and back.
without='runloop_params_(new|clone|to_json|set_[a-z]+|append_[a-z]+)
runloop_value_(child|get_[a-z]+|key|kind|length)
# The status is what the call has returned.
runloop_error_status'
called=$(find "$root/bindings/go" -maxdepth 1 \( -name "*.go" ! -name "*_test.go" -o -name shim.c \) -exec cat {} + |
    grep -oE '(C\.|[^a-z_])runloop_[a-z0-9_]+\(' | grep -oE 'runloop_[a-z0-9_]+' | sort -u)
missing=$(comm -23 <(sort -u "$root/include/runloop.symbols") <(echo "$called") | grep -vxE "$(grep -v '^#' <<<"$without" | paste -sd '|')" || true)
if [ -n "$missing" ]; then
    printf 'The Go binding does not call:\n%s\n' "$missing" >&2
    exit 1
fi
echo "$(comm -12 <(sort -u "$root/include/runloop.symbols") <(echo "$called") | wc -l) functions called"
