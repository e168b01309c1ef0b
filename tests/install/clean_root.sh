#!/usr/bin/env bash
# The release, installed where nothing of ours is: a fresh Debian root with compilers and without Rust. The
# tarball and the packages in turn; programs in C, C++ and Go are built there and run against the emulator there.
set -euo pipefail
cd "$(dirname "$0")/../.."
dist=${1:-build/dist}
suite=bookworm

if [ "$(id -u)" != 0 ]; then
    echo "A clean root can be made by root alone: sudo -E tests/install/clean_root.sh" >&2
    exit 1
fi
command -v mmdebstrap >/dev/null 2>&1 || { echo "mmdebstrap is missing. On Debian and its like: sudo apt-get install mmdebstrap" >&2; exit 1; }

base=build/clean-root.tar
fresh=build/clean-root.new.tar
if [ ! -s "$base" ]; then
    # Debian's mirror as this machine's apt knows it; on other systems mmdebstrap's own.
    site=$(apt-get indextargets --format '$(SITE) $(CODENAME)' 'CREATED_BY: Packages' 2>/dev/null | awk -v suite=$suite '$2 == suite { print $1; exit }')
    # It is thrown away if it is not finished, so nothing need be on the disk before the next step.
    mmdebstrap --quiet --variant=apt --dpkgopt=force-unsafe-io --include=gcc,g++,make,pkg-config,cmake,libc6-dev,curl $suite "$fresh" \
        ${site:+"deb $site $suite main"}
    mv "$fresh" "$base"
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tar -C "$root" -xf "$base"
if chroot "$root" sh -c 'command -v cargo || command -v go || ldconfig -p | grep librunloop'; then
    echo "The root is not clean." >&2
    exit 1
fi
mkdir -p "$root/src/tests/install" "$root/src/tools" "$root/usr/local/go" "$root/release"
cp -r examples "$root/src/"
cp -r tests/install/cmake tests/install/inside.sh "$root/src/tests/install/"
cp tools/demo.sh "$root/src/tools/"
cp "$dist"/* "$root/release/"
goroot=$(${GO:-go} env GOROOT)

# Namespaces of its own, so that whatever is left running or mounted ends with it.
unshare --mount --pid --fork --kill-child --ipc --uts sh -ceu '
    root=$1
    mount --make-rprivate /
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys" 2>/dev/null || true
    mount --bind -o ro "$2" "$root/usr/local/go"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin HOME=/root \
        bash /src/tests/install/inside.sh
' sh "$root" "$goroot"
