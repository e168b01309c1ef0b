#!/usr/bin/env bash
# The library exports what the committed list says, and nothing else.
set -euo pipefail
library=$1 list=$2
exported=$(nm -D --defined-only "$library" | awk '$2 ~ /^[A-Z]$/ { print $3 }' | sort)
if ! diff <(sort "$list") <(printf '%s\n' "$exported"); then
    echo "$library does not export what $list says (< listed, > exported)." >&2
    exit 1
fi
soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
[ "$soname" = librunloop.so.0 ] || { echo "The SONAME is ${soname:-missing}, not librunloop.so.0." >&2; exit 1; }
readelf -d "$library" | grep -q NODELETE || { echo "$library is not linked with -z nodelete." >&2; exit 1; }
echo "$(wc -l <"$list") symbols, SONAME $soname, nodelete"
