#!/usr/bin/env bash
# What README.md and the first comments of the examples say of building a program, line by line, in empty
# directories and against the source tree: nothing is installed, and nothing can be downloaded.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
: "${RUNLOOP_EMULATOR:?names the emulator}" "${RUNLOOP_LIB_DIR:=$root/build/lib}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s -C "$root" pkgconfig PREFIX="$root" LIBDIR="$RUNLOOP_LIB_DIR" PKGCONFIGDIR="$work/pkgconfig" DESTDIR=
export PKG_CONFIG_PATH=$work/pkgconfig LD_LIBRARY_PATH=$RUNLOOP_LIB_DIR

built() { # what it is, folder, command line
    [ -n "$3" ] && (cd "$2" && eval "$3") >"$work/said" 2>&1 || { printf 'FAILED %s: %s\n' "$1" "$3" >&2; cat "$work/said" >&2; exit 1; }
    echo "ok $1"
}
runs() { # program
    "$root/tools/demo.sh" "$1" >"$work/said" 2>&1 && grep -q "is shut down" "$work/said" || { echo "FAILED $1" >&2; cat "$work/said" >&2; exit 1; }
    echo "ok ${1#"$work"/} runs"
}
line() { # file, pattern; the one line that is set off and matches
    local found
    found=$(sed -n 's/^\(\/\/\| \*\)\{0,1\} \{4,\}//p' "$1" | grep -E "$2") && [ "$(wc -l <<<"$found")" = 1 ] || { echo "FAILED $1: there is to be one line $2" >&2; exit 1; }
    printf '%s\n' "$found"
}

readme=$root/README.md
mkdir "$work/c" "$work/cpp" "$work/go"
cp "$root/examples/c/quickstart.c" "$work/c/program.c"
built "C, by the README" "$work/c" "$(line "$readme" '^cc ')"
runs "$work/c/a.out"
cp "$root/examples/cpp/quickstart.cpp" "$work/cpp/program.cpp"
built "C++, by the README" "$work/cpp" "$(line "$readme" '^c\+\+ ')"
runs "$work/cpp/a.out"

for example in $(cd "$root/examples" && grep -lE '^(//| \*) {4,}(cc|c\+\+) ' c/*.c cpp/*.cpp); do
    mkdir "$work/one"
    cp "$root/examples/$example" "$root"/examples/c/*.h "$work/one/"
    built "$example, by its first comment" "$work/one" "$(line "$root/examples/$example" '^(cc|c\+\+) ')"
    rm -r "$work/one"
done

# Nobody listens at that proxy: what asks it fails.
export GOFLAGS=-mod=mod GOPROXY=http://127.0.0.1:1 GOTOOLCHAIN=local
cp "$root/examples/go/quickstart/main.go" "$work/go/"
built "a module of Go" "$work/go" "go mod init example.org/program"
built "Go, by the README" "$work/go" "$(line "$readme" '^go mod edit ' | sed "s|<there>|$root/bindings/go|")"
built "go build" "$work/go" "$(line "$readme" '^go build') -o program"
runs "$work/go/program"
