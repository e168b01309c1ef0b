#!/usr/bin/env bash
# Prints the rustc of the oldest Rust that Cargo.toml promises. It is rustup's where that is installed, and
# otherwise Debian's package of that version, unpacked below build/; the machine itself is not changed.
# Fails where neither is to be had, and says so.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
promised=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
release=$(cut -d. -f1,2 <<<"$promised")
folder=$root/build/rust-$promised

is_promised() { # rustc
    [ "$("$@" --version 2>/dev/null | cut -d' ' -f2 | cut -d. -f1,2)" = "$release" ]
}

if [ -x "$folder/rustc" ] && is_promised "$folder/rustc"; then
    echo "$folder/rustc"
    exit
fi
for installed in "${RUSTUP_HOME:-${HOME:-/nowhere}/.rustup}/toolchains/$release"*/bin/rustc; do
    if [ -x "$installed" ] && is_promised "$installed"; then
        echo "$installed"
        exit
    fi
done

fail() {
    echo "Rust $promised is neither installed nor among Debian's packages here: rustup toolchain install $promised" >&2
    exit 1
}
command -v apt-get >/dev/null && command -v dpkg >/dev/null || fail
# The package of a name whose version is of the release: package=version.
of_release() {
    apt-cache madison "$1" 2>/dev/null | awk -v want="$release." '{ if (index($3, want) == 1) { print $1 "=" $3; exit } }'
}
find_packages() { # sets packages
    local kind compiler
    for kind in rust rust-web; do
        compiler=$(of_release "${kind/rust/rustc}")
        [ -n "$compiler" ] || continue
        packages=("$compiler" "$(of_release "libstd-$kind-dev")" "$(of_release "libstd-$kind-$release")")
        # What it generates code with.
        packages+=("$(apt-cache show "${packages[2]}" | grep -oiEm1 'libllvm[0-9]+')")
        return 0
    done
    return 1
}
find_packages || { [ "$(id -u)" = 0 ] && apt-get update -qq >&2 && find_packages; } || fail

rm -rf "$folder" "$folder.new"
mkdir -p "$folder.new"
(
    cd "$folder.new"
    # As root it warns that its own user may not write here.
    apt-get download -qq "${packages[@]}" 2>said || { cat said >&2; exit 1; }
    for package in *.deb; do
        dpkg -x "$package" .
    done
    rm -f -- *.deb said
    libraries=$(dirname "$(find . -name 'librustc_driver-*.so' | head -n 1)")
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s/%s${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec %s/usr/bin/rustc "$@"\n' \
        "$folder" "$libraries" "$folder" >rustc
    chmod +x rustc
) >&2
mv "$folder.new" "$folder"
is_promised "$folder/rustc" || fail
echo "$folder/rustc"
