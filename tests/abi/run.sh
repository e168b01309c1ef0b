#!/usr/bin/env bash
# Compares the binary interface with the baseline, and runs programs that were compiled against another header. `run.sh accept` makes what is
# there now the baseline. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's binary, BUILD is where everything goes,
# OLD_LIB_DIR holds the library of an earlier version, if there is one, with which a program compiled now is run too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
baseline=$here/baseline
build=${BUILD:-$root/build/tests}/abi
cc=${CC:-cc}
: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
abi() { PYTHONDONTWRITEBYTECODE=1 python3 "$here/abi.py" "$@"; }

layout() { # folder of a runloop.h, compiler
    abi layout "$1/runloop.h" >"$build/layout.c"
    "${2:-$cc}" -I"$1" "$build/layout.c" -o "$build/layout"
    "$build/layout"
}

# What changes the layout of structs is a word's length and the compiler's rules; the table is of the usual ones.
sixty_four() { [ "$(getconf LONG_BIT)" = 64 ]; }

mkdir -p "$build/now" "$build/later" "$baseline"
abi bare "$root/include/runloop.h" >"$build/now/runloop.h"

if [ "${1:-}" = accept ]; then
    [ ! -e "$baseline/runloop.h" ] || abi compare "$baseline/runloop.h" "$build/now/runloop.h" || true
    cp "$build/now/runloop.h" "$baseline/runloop.h"
    layout "$build/now" >"$baseline/layout.txt"
    echo "accepted; commit tests/abi/baseline, and say in the release notes what programs have to change"
    exit
fi

failed=
wrong() {
    echo "error: $*" >&2
    failed=yes
}

# The comparison itself: each of these changes breaks programs.
for change in '/^int32_t runloop_account_me/,/;/d' 's/^#define RUNLOOP_TIMEOUT 102/#define RUNLOOP_TIMEOUT 122/' '/^#define RUNLOOP_KIND_NULL/d' \
    's/int64_t timeout_ms;/int32_t timeout_ms;/' 's/^    int64_t deadline_ms;/    int64_t earlier; int64_t deadline_ms;/' '/const runloop_cancel \*cancel;/d' \
    's/(void \*user_data, int64_t done, int64_t total)/(void *user_data, int64_t done)/' '/^typedef struct runloop_axon runloop_axon;/d'; do
    sed "$change" "$baseline/runloop.h" >"$build/changed.h"
    if cmp -s "$baseline/runloop.h" "$build/changed.h" || abi compare "$baseline/runloop.h" "$build/changed.h" >"$build/said"; then
        wrong "the comparison does not notice $change"
    fi
done

if ! abi compare "$baseline/runloop.h" "$build/now/runloop.h"; then
    wrong "programs compiled against the baseline need not run with this. If that is meant: make abi-accept"
fi

if sixty_four; then
    # A struct that has grown has its old members where they were; what follows them in the table is new.
    for compiler in "$cc" clang gcc; do
        command -v "${compiler%% *}" >/dev/null || continue
        layout "$baseline" "$compiler" | diff "$baseline/layout.txt" - || wrong "$compiler lays the baseline's structs out otherwise than tests/abi/baseline/layout.txt"
    done
    layout "$build/now" >"$build/layout.txt"
    moved=$(grep -vxFf "$build/layout.txt" <(grep '^ ' "$baseline/layout.txt") || true)
    [ -z "$moved" ] || wrong "members are elsewhere than in tests/abi/baseline/layout.txt:"$'\n'"$moved"
    echo "the structs are laid out as the table says"
else
    echo "not checked on a machine of $(getconf LONG_BIT) bits: the table of the structs' layout"
fi

for which in baseline now; do
    folder=$build/now
    [ "$which" = now ] || folder=$baseline
    abi stubs "$folder/runloop.h" >"$build/stubs-$which.c"
    "$cc" -g -O0 -fPIC -shared -I"$folder" "$build/stubs-$which.c" -Wl,-soname,librunloop.so.0 -o "$build/stubs-$which.so"
done
if command -v abidiff >/dev/null; then
    # It has a word (8) for functions that are gone; whether another change (4) breaks programs is for the reader, who knows what grows at its end.
    status=0
    abidiff --no-added-syms "$build/stubs-baseline.so" "$build/stubs-now.so" >"$build/abidiff.txt" || status=$?
    [ "$status" = 0 ] || cat "$build/abidiff.txt"
    if [ $((status & 11)) != 0 ] || grep -qE 'offset changed|name changed|data member deletion|parameter .* (added|removed|changed)' "$build/abidiff.txt"; then
        wrong "abidiff does not accept the change"
    fi
    echo "abidiff has compared what both headers declare"
else
    echo "not checked: abidiff is missing (the package abigail-tools)"
fi

# The names the library finds by SONAME, and the functions that it must export.
mkdir -p "$build/lib"
for name in librunloop.so librunloop.so.0; do ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$build/lib/$name"; done
names() { nm -D --defined-only "$1" | awk '$2 == "T" && $3 ~ /^runloop_/ { sub(/@.*/, "", $3); print $3 }' | sort; }
missing=$(comm -23 <(names "$build/stubs-baseline.so") <(names "$build/lib/librunloop.so"))
[ -z "$missing" ] || wrong "the library no longer exports: $missing"

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close; }
# shellcheck disable=SC2034 # read by the trap
listening=${EMULATOR[1]}
trap 'exec {listening}>&-; wait' EXIT
read -r -u "${EMULATOR[0]}" line
url=${line##* }

program() { # what it is called, folder of a runloop.h, folder of the library, flags
    local name=$1 folder=$2 library=$3
    shift 3
    abi calls "$folder/runloop.h" >"$build/calls.c"
    # An earlier library lacks what is newer: such a program does not start with it, and says the name.
    sed -i -f <(comm -23 <(names "$build/stubs-now.so") <(names "$library/librunloop.so") | sed 's|.*|/(any_function)&,/d|') "$build/calls.c"
    if "$cc" -std=c11 -D_GNU_SOURCE -g -Wall -Werror -I"$folder" "$@" "$here/program.c" "$build/calls.c" "-L$library" -lrunloop "-Wl,-rpath,$library" -o "$build/program" &&
        "$build/program" "$url" >"$build/said"; then
        echo "$name: $(cat "$build/said")"
    else
        wrong "$name does not run"
    fi
}
program "a program compiled against the baseline, with this library" "$baseline" "$build/lib"
program "a program compiled now, with this library" "$build/now" "$build/lib"
# What a program sees that was compiled against a later header: the structs are longer than this library knows.
abi longer "$root/include/runloop.h" >"$build/later/runloop.h"
program "a program compiled against a later header, with this library" "$build/later" "$build/lib" -DLATER_HEADER
# The header of now, of which a program uses no more than the baseline has, asks for no function that is newer.
abi calls "$baseline/runloop.h" >"$build/calls.c"
if "$cc" -std=c11 -D_GNU_SOURCE -Wall -Werror "-I$build/now" "$here/program.c" "$build/calls.c" "$build/stubs-baseline.so" -Wl,--no-undefined -o "$build/program"; then
    echo "a program compiled now links with a library that has the baseline's functions alone"
else
    wrong "a program compiled now needs more than the baseline's functions, though it calls no others"
fi
# A program that calls what a later version has: the loader tells the version that is missing.
if readelf -W --version-info "$build/lib/librunloop.so" | grep -q 'Name: RUNLOOP_'; then
    mkdir -p "$build/newer"
    { cat "$root/spec/functions.txt" && echo "runloop_of_later 9999.0"; } >"$build/newer/functions.txt"
    "$root/tools/version_script.sh" "$build/newer/functions.txt" >"$build/newer/versions"
    { cat "$build/stubs-now.c" && echo "void runloop_of_later(void); void runloop_of_later(void) {}"; } >"$build/newer/stubs.c"
    "$cc" -fPIC -shared "-I$build/now" "$build/newer/stubs.c" -Wl,-soname,librunloop.so.0 "-Wl,--version-script=$build/newer/versions" -o "$build/newer/librunloop.so"
    echo "void runloop_of_later(void); int main(void) { runloop_of_later(); return 0; }" >"$build/newer/program.c"
    "$cc" "$build/newer/program.c" "$build/newer/librunloop.so" "-Wl,-rpath,$build/lib" -o "$build/newer/program"
    ! "$build/newer/program" 2>"$build/said" && grep -q 'RUNLOOP_9999.0. not found' "$build/said" ||
        wrong "a program that needs a later version is not told which: $(cat "$build/said")"
    echo "a program that needs a later version is told which"
else
    echo "not checked: this library was linked by rustc, its symbols have no versions (make lib links one)"
fi
if [ -n "${OLD_LIB_DIR:-}" ]; then
    mkdir -p "$build/old"
    for name in librunloop.so librunloop.so.0; do ln -sf "$(cd "$OLD_LIB_DIR" && pwd)/librunloop.so" "$build/old/$name"; done
    program "a program compiled now, with the library in OLD_LIB_DIR" "$build/now" "$build/old" -DEARLIER_LIBRARY
else
    echo "not run: a program compiled now with an earlier library (OLD_LIB_DIR names none; make abi-old builds one)"
fi
[ -z "$failed" ]
