#!/usr/bin/env bash
# Writes the emulator's manual page, its options as --help has them.
set -euo pipefail
emulator=$1
page=$(dirname "$0")/../packaging/runloop-emulator.1
"$emulator" --help | awk '
    /^  --/ { name = $0; text = ""
        if (match($0, /^  --[^ ]+( [A-Z]+)?  +/)) { name = substr($0, 3, RLENGTH - 2); text = substr($0, RLENGTH + 1) }
        sub(/ +$/, "", name); sub(/^ +/, "", name); gsub(/-/, "\\-", name)
        printf ".TP\n.B %s\n%s\n", name, text; next }
    /^ {20,}/ { sub(/^ +/, ""); print }
' | sed -e '/^$/d' -e "s/^'/\\\\\&'/" >"${TMPDIR:-/tmp}/options.$$"
sed -e "/^@OPTIONS@\$/{r ${TMPDIR:-/tmp}/options.$$
d}" "$page"
rm -f "${TMPDIR:-/tmp}/options.$$"
