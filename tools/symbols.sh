#!/usr/bin/env bash
# The library exports what the list says, each function in the version that it says, and nothing else: symbols.sh LIBRARY spec/functions.txt.
set -euo pipefail
library=$1 list=$2
listed=$(sed -n 's/^\(runloop_[a-z_0-9]*\) \(.*\)$/\1@@RUNLOOP_\2/p' "$list" | sort)
exported=$(readelf -W --dyn-syms "$library" | awk '$7 ~ /^[0-9]+$/ && $5 != "LOCAL" { print $8 }' | sort)
if ! diff <(echo "$listed") <(echo "$exported"); then
    echo "$library does not export what $list says (< listed, > exported)." >&2
    exit 1
fi
soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
[ "$soname" = librunloop.so.0 ] || { echo "The SONAME is ${soname:-missing}, not librunloop.so.0." >&2; exit 1; }
readelf -d "$library" | grep -q NODELETE || { echo "$library is not linked with -z nodelete." >&2; exit 1; }
echo "$(wc -l <<<"$listed") symbols with versions, SONAME $soname, nodelete"
