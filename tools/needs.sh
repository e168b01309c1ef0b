#!/usr/bin/env bash
# What building and testing need, and how to get it.
#   needs.sh build              says what the library and the demo lack, and fails if they lack something
#   needs.sh missing NEED …     prints a line for each need that is not met: the need, a TAB, how to get it
#   needs.sh install NEED …     installs what is missing, as root or by a sudo that asks for no password, after
#                               one line that says so; prints nothing if nothing is missing or it may not
# A need is named like the program that is called; package_of says what Debian calls it.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)

package_of() {
    case $1 in
    cc) echo gcc libc6-dev ;;
    c++) echo g++ ;;
    nm | readelf | strip) echo binutils ;;
    venv) echo python3-venv ;;
    ssh) echo openssh-client ;;
    sshd) echo openssh-server ;;
    node) echo nodejs ;;
    dpkg-deb) echo dpkg ;;
    pgrep) echo procps ;;
    abidiff) echo abigail-tools ;;
    go) new_enough "$(candidate golang-go)" && echo golang-go ;;
    root | cargo | cargo-deny | oldest-rust | oldest-go) ;;
    *) echo "$1" ;;
    esac
}

# The version of a Debian package that could be installed.
candidate() {
    apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p'
}

wanted_go=$(sed -n 's/^go \([0-9.]*\)$/\1/p' "$root/bindings/go/go.mod")
new_enough() { # version of Go
    [ "$(printf '%s\n' "$wanted_go" "${1:-0}" | sort -V | head -n 1)" = "$wanted_go" ]
}

is_met() {
    case $1 in
    cc) command -v "${CC:-cc}" ;;
    c++) command -v "${CXX:-c++}" ;;
    cargo) command -v "${CARGO:-cargo}" ;;
    venv) python3 -c 'import ensurepip, venv' ;;
    go) new_enough "$(go env GOVERSION 2>/dev/null | sed 's/^go//')" ;;
    root) [ "$(id -u)" = 0 ] ;;
    oldest-rust) "$root/tests/rust/oldest.sh" ;;
    oldest-go) "$root/tests/go/toolchain.sh" ;;
    # Servers lie where only root looks.
    sshd | nginx) PATH=$PATH:/usr/sbin:/sbin command -v "$1" ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

how_to_get() {
    case $1 in
    cargo) echo "Rust: install rustup (the package rustup, or its own site), then: rustup default stable" ;;
    cargo-deny) echo "cargo install cargo-deny --locked" ;;
    root) echo "run it as root: sudo -E make test" ;;
    oldest-rust) echo "rustup toolchain install $(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")" ;;
    oldest-go) echo "Go's own version $wanted_go, which Go fetches where it may: unset TEST_INSTALL, or see GOPROXY" ;;
    go)
        [ -n "$(package_of go)" ] && echo "sudo apt-get install golang-go" ||
            echo "Go $wanted_go or newer from its own site; Debian's golang-go is older here"
        ;;
    *) echo "sudo apt-get install $(package_of "$1")" ;;
    esac
}

missing() {
    local need
    for need in "$@"; do
        is_met "$need" || printf '%s\t%s\n' "$need" "$(how_to_get "$need")"
    done
}

# Packages of servers start these when they are installed, unless a policy forbids it.
without_services='
policy=${POLICY:-/usr/sbin/policy-rc.d}
if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    printf "#!/bin/sh\nexit 101\n" >$policy && chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq "$@"'

install() {
    local need as_root=() packages=()
    command -v apt-get >/dev/null 2>&1 || return 0
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 0
        as_root=(sudo -n)
    fi
    for need in "$@"; do
        # shellcheck disable=SC2207 # a package for each word
        is_met "$need" || packages+=($(package_of "$need"))
    done
    [ ${#packages[@]} -gt 0 ] || return 0
    echo "Installing what the tests need, with apt-get (TEST_INSTALL=no prevents it): ${packages[*]}"
    local said
    said=$("${as_root[@]}" sh -c "$without_services" sh "${packages[@]}" 2>&1 </dev/null) || printf 'apt-get failed:\n%s\n' "$said" >&2
}

case ${1:-build} in
build)
    lacking=$(missing cargo cc make)
    [ -z "$lacking" ] && exit 0
    echo "${lacking//$'\t'/ is missing. }" >&2
    exit 1
    ;;
missing) shift && missing "$@" ;;
install) shift && install "$@" ;;
*) echo "$0: build, missing or install, not $1" >&2 && exit 2 ;;
esac
