#!/usr/bin/env bash
# What must not compile does not, and for the reason that it should; see refused.cpp. JOBS is how many compilers run
# at a time.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
flags=(-std=c++17 -O0 -Werror=unused-result "-I$root/include" "-I$root/bindings/cpp/include")
# The headers are compiled once.
${CXX:-c++} "${flags[@]}" -x c++-header "$root/bindings/cpp/include/runloop.hpp" -o "$said/runloop.hpp.gch" || exit 1
compile() { # case
    ${CXX:-c++} "-I$said" "${flags[@]}" "-DCASE=$1" -fsyntax-only "$here/refused.cpp" >"$said/$1" 2>&1
}
one() { # case, pattern
    if compile "$1"; then
        echo "case $1 compiles" >"$said/$1.wrong"
    elif ! grep -E 'error' "$said/$1" | grep -qE "$2"; then
        { echo "case $1 does not compile, but without a word of \"$2\":" && head -n 20 "$said/$1"; } >"$said/$1.wrong"
    fi
}
compile 0 || { echo "Without a mistake in it, refused.cpp does not compile:" && cat "$said/0" && exit 1; }
cases=$(sed -n 's/^#\(el\)\{0,1\}if CASE == \([0-9]*\)  \/\/ \(.*\)/\2 \3/p' "$here/refused.cpp")
while read -r number pattern; do
    while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-2}" ]; do wait -n; done
    one "$number" "$pattern" &
done <<<"$cases"
wait
if ls "$said"/*.wrong >/dev/null 2>&1; then
    cat "$said"/*.wrong
    exit 1
fi
echo "$(wc -l <<<"$cases") mistakes are refused by the compiler"
