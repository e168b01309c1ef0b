#!/usr/bin/env bash
# `make demo` prints what the README promises, its lines as they are produced, and leaves nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
said=$(make -s demo 2>&1 | while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/[.,]/}" "$line"; done) || {
    printf 'The demo failed:\n%s\n' "$said" >&2
    exit 1
}
wants() {
    grep -qE "$1" <<<"$said" || { printf 'The demo does not say %s:\n%s\n' "$1" "$said" >&2; exit 1; }
}
wants 'devbox dbx_[A-Za-z0-9_]+ is running'
for number in 1 2 3 4 5; do wants "line $number of 5"; done
wants 'hello.txt holds: Hello from C\.'
wants 'it has this many bytes: 14'
wants 'a failing command exits with 2'
wants 'devbox dbx_[A-Za-z0-9_]+ is shut down'
wants '"devboxes":\[\],"processes":\[\]'
first=$(sed -n 's/ line 1 of 5$//p' <<<"$said")
last=$(sed -n 's/ line 5 of 5$//p' <<<"$said")
# Four pauses of 0.4 s lie between them, in microseconds: had the lines come together, there would be none.
[ $((last - first)) -gt 400000 ] || { echo "The lines did not come as they were produced." >&2; exit 1; }
echo "as promised"
