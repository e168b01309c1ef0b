#!/usr/bin/env bash
# Runs the examples, all or those named (c/quickstart): each must print what its first comment promises
# (where "…" stands for anything), say nothing else, and leave nothing at the emulator. JOBS of them are compiled at
# a time; they run one after the other.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
made=${BUILD:-$root/build/tests}/examples
jobs=${JOBS:-2}
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?}"
. "$root/tests/cpp/precompiled.sh"
mkdir -p "$made"/{c,cpp,go}
cxx="${CXX:-c++} -std=c++17 -O0 -g1 -Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/bindings/cpp/include"
# shellcheck disable=SC2046,SC2012 # a name for each word; the names are plain
[ $# -gt 0 ] || set -- $(cd "$root/examples" && ls c/*.c cpp/*.cpp go/*/main.go | sed -e 's/\.c\(pp\)\{0,1\}$//' -e 's|/main.go$||')

# The program of an example.
compile() { # language, name
    case $1 in
    c) ${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror "-I$root/include" "$root/examples/c/$2.c" \
        -L"$RUNLOOP_LIB_DIR" -lrunloop -lpthread "-Wl,-rpath,$RUNLOOP_LIB_DIR" -o "$made/c/$2" ;;
    cpp) # It has the header already, so it is seen to that it asks for it.
        grep -q '^#include <runloop.hpp>$' "$root/examples/cpp/$2.cpp" || { echo "It does not include <runloop.hpp>." && return 1; }
        $cxx -include "$made/headers/before.hpp" "$root/examples/cpp/$2.cpp" -L"$RUNLOOP_LIB_DIR" -lrunloop -lpthread \
            "-Wl,-rpath,$RUNLOOP_LIB_DIR" -o "$made/cpp/$2" ;;
    go) (cd "$root/examples/go" && go build -o "$made/go/$2" "./$2") ;;
    esac
}

# The lines of the first comment that are set off, below the words "It prints:".
promised() { # language, name
    case $1 in
    c) sed -n '1,/\*\//{/^ \* It prints:$/,/\*\//{s/^ \*     //p}}' "$root/examples/c/$2.c" ;;
    cpp) sed -n '/^\/\/ It prints:$/,/^#include/s/^\/\/     //p' "$root/examples/cpp/$2.cpp" ;;
    go) sed -n '/^\/\/ It prints:$/,/^package/s/^\/\/\t//p' "$root/examples/go/$2/main.go" ;;
    esac
}

# shellcheck disable=SC2086 # a compiler with its flags
case " $*" in *" cpp/"*) before_all "$made/headers" $cxx ;; esac
case " $*" in *" go/"*) . "$root/tests/go/environment.sh" ;; esac
for name in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    {
        rm -f "$made/$name.compiled"
        compile "${name%%/*}" "${name#*/}" >"$made/$name.compiler" 2>&1 && touch "$made/$name.compiled"
    } &
done
wait
rm -rf "$made/headers"

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>"$made/emulator.log"; }
emulator=$EMULATOR_PID
trap 'kill "$emulator" 2>/dev/null' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$made/emulator.log"; exit 1; }
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=example LD_LIBRARY_PATH=$RUNLOOP_LIB_DIR
failed=0
for name in "$@"; do
    wanted=$made/$name.wanted
    promised "${name%%/*}" "${name#*/}" >"$wanted"
    if ! [ -e "$made/$name.compiled" ]; then
        printf 'FAILED %s: it does not compile\n' "$name"
        cat "$made/$name.compiler"
        failed=1
        continue
    fi
    if ! (cd "$made" && timeout 900 "./$name" >"$name.said" 2>"$name.error"); then
        printf 'FAILED %s: it exits with an error\n' "$name"
        cat "$made/$name.said" "$made/$name.error"
        failed=1
        continue
    fi
    if [ -s "$wanted" ]; then
        pattern=$(sed -e 's/[][\.*^$+?(){}|]/\\&/g' -e 's/…/.*/g' "$wanted")
        if ! paste -d '\n' <(printf '%s\n' "$pattern") "$made/$name.said" | awk '
            NR % 2 { pattern = $0; next }
            $0 !~ "^" pattern "$" { printf "  line %d: \"%s\" is not \"%s\"\n", NR / 2, $0, pattern; bad = 1 }
            END { exit bad }' || [ "$(wc -l <"$wanted")" != "$(wc -l <"$made/$name.said")" ]; then
            printf 'FAILED %s: it does not print what it promises, but:\n' "$name"
            cat "$made/$name.said"
            failed=1
            continue
        fi
    fi
    left=$(curl -fsS "$RUNLOOP_BASE_URL/_emulator/leaks")
    if [ "$left" != '{"devboxes":[],"processes":[]}' ]; then
        printf 'FAILED %s: it leaves %s\n' "$name" "$left"
        failed=1
        continue
    fi
    echo "ok $name"
done
exit $failed
