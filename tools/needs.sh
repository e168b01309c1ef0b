#!/usr/bin/env bash
# Says plainly what is missing, and how to get it. `needs.sh build` checks what the library and the
# demo need, `needs.sh test` what the tests need besides; as root in CI it installs the latter.
set -u
what=${1:-build}
missing=()

check() { # command, Debian package
    command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

if ! command -v "${CARGO:-cargo}" >/dev/null 2>&1; then
    echo "Rust is missing: cargo is not in the PATH. Install rustup (the package rustup, or its own site), then: rustup default stable" >&2
    exit 1
fi
# Debian's Go is older in some releases than what bindings/go asks for.
if [ "$what" = test ]; then
    wanted=$(sed -n 's/^go \([0-9.]*\)$/\1/p' "$(dirname "$0")/../bindings/go/go.mod")
    found=$(go env GOVERSION 2>/dev/null | sed 's/^go//')
    if [ "$(printf '%s\n' "$wanted" "${found:-0}" | sort -V | head -1)" != "$wanted" ]; then
        echo "Go $wanted or newer is missing (found: ${found:-none}). Install it from its own site, or the package golang-go where that is new enough." >&2
        exit 1
    fi
fi
check "${CC:-cc}" gcc
check make make
if [ "$what" = test ]; then
    check "${CXX:-c++}" g++
    check valgrind valgrind
    check pkg-config pkg-config
    check cmake cmake
    check python3 python3
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    check curl curl
    PATH=$PATH:/usr/sbin check sshd openssh-server
    check ssh openssh-client
    check readelf binutils
    check luajit luajit
    check node nodejs
    check npm npm
    check doxygen doxygen
    check dpkg-deb dpkg
    # The clean root needs root.
    [ "$(id -u)" != 0 ] || check mmdebstrap mmdebstrap
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && [ -n "${CI:-}" ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null && exit 0
fi
echo "Missing: ${missing[*]}. On Debian and its like: sudo apt-get install ${missing[*]}" >&2
exit 1
