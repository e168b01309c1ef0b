#!/usr/bin/env bash
# The linters of everything but Rust: all of them, or those named (shell python go english circles). One whose tool is missing is left out,
# and says so; tools/needs.sh and tools/python.sh get what may be fetched (TEST_INSTALL=no: nothing is).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
ruff=ruff==0.17.6
failed=

left_out() { # linter, why
    echo "$1: left out, $2"
}
has() { # linter, program
    local lacking
    lacking=$(tools/needs.sh missing "$2")
    [ -z "$lacking" ] || { left_out "$1" "${lacking//$'\t'/ is missing. }" && return 1; }
}
in_git() { # linter
    has "$1" git && { git rev-parse 2>/dev/null || { left_out "$1" "this is not a git checkout" && return 1; }; }
}

shell() {
    has shell shellcheck && in_git shell || return 0
    git ls-files '*.sh' .ci/run | grep -vE '^(src|bindings)/' | xargs shellcheck || return
    # Parts of one script, which a devbox's sh runs: each uses what the others set.
    git ls-files 'src/*.sh' 'bindings/*.sh' | xargs shellcheck --shell=sh --severity=warning --exclude=SC2034,SC2154
}

python() {
    local environment=build/python interpreter=''
    if [ -e "$environment/installed-$ruff" ] || [ "${TEST_INSTALL:-yes}" != no ]; then
        # Where there is no network it is known within moments.
        interpreter=$(PIP_RETRIES=0 timeout 120 tools/python.sh "$ruff" 2>/dev/null)
    fi
    [ -n "$interpreter" ] || { left_out python "$ruff is not installed below $environment and cannot be"; return 0; }
    "$interpreter" -m ruff check --quiet
}

# Only declarations of the library are needed: nothing is linked.
go() {
    has go go && has go pkg-config || return 0
    local made=$PWD/build/lint module
    [ -n "${HOME:-}${GOCACHE:-}" ] || export GOCACHE=$made/cache
    # Go keeps in its cache where the library is, and a later build takes it from there: it has to be the right place.
    make -s pkgconfig PREFIX="$PWD" LIBDIR="$PWD/build/lib" PKGCONFIGDIR="$made/pkgconfig" DESTDIR= || return
    for module in bindings/go examples/go tests/behaviours/go; do
        (cd "$module" && PKG_CONFIG_PATH=$made/pkgconfig GOFLAGS=-p=${JOBS:-2} GOPROXY=off GOTOOLCHAIN=local command go vet ./...) || return
    done
}

english() {
    has english python3 && in_git english || return 0
    tools/english.py
}

# Files that use each other cannot be read one after the other. There is no circle.
circles() {
    has circles python3 || return 0
    tools/circles.py src 0 && tools/circles.py emulator/src 0
}

[ $# -gt 0 ] || set -- shell python go english circles
for linter in "$@"; do
    case $linter in
    shell | python | go | english | circles) "$linter" || { echo "$linter: see above" >&2 && failed=1; } ;;
    *) echo "$0: shell, python, go, english or circles, not $linter" >&2 && exit 2 ;;
    esac
done
[ -z "$failed" ]
