#!/usr/bin/env bash
# Makes the release: a tarball, Debian packages, their bills of materials and checksums, in build/dist.
# `make dist` calls this with what was built: TARGET, the library's folder, and EMULATOR.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${VERSION:?}" "${ABI:?}" "${TARGET:?}" "${EMULATOR:?}"
out=build/dist
stage=build/dist-stage
arch=$(uname -m)
debian=$(dpkg --print-architecture 2>/dev/null || echo "$arch")
triplet=$(${CC:-cc} -print-multiarch 2>/dev/null || true)
triplet=${triplet:-$arch-linux-gnu}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
rm -rf "$out" "$stage"
mkdir -p "$out" "$stage/about"

# By zig, which brings the symbols of every glibc: against the oldest that has all that the library uses, so that it runs on the systems of
# the last ten years.
tools/link.sh "$TARGET/librunloop.a" "$stage/librunloop.so" "$ABI" "$(tools/python.sh ziglang==0.17.1)" -m ziglang cc -target "$arch-linux-gnu.2.17"

for package in runloop runloop-emulator; do
    ${CARGO:-cargo} metadata --format-version 1 --filter-platform "$arch-unknown-linux-gnu" |
        python3 tools/dist/crates.py "$package" "$stage/about/$package.cdx.json" "$stage/about/$package.licences.txt"
done
cp LICENSE-MIT LICENSE-APACHE "$stage/about/"
# The oldest C library that a file needs.
glibc() { readelf -W --dyn-syms "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -n 1; }

place() { # prefix, library folder, destination
    make -s place PREFIX="$1" LIBDIR="$2" DESTDIR="$3" LIBRARY="$stage/librunloop.so" TARGET="$TARGET" EMULATOR="$EMULATOR"
}
reference() { # folder
    cp -r build/reference/html "$1/reference-c"
    cp -r build/reference/cpp "$1/reference-cpp"
}
pack() { # folder, name within the archive
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$1/.." -c "$2" | gzip -9n
}

# The tarball: unpacked anywhere, found through its own .pc and CMake files.
name=librunloop-$VERSION-linux-$arch
tree=$stage/$name
place /usr "/usr/lib" "$tree.usr"
mv "$tree.usr/usr" "$tree"
sed -i -e 's|^prefix=.*|prefix=${pcfiledir}/../..|' -e 's|^libdir=.*|libdir=${prefix}/lib|' "$tree"/lib/pkgconfig/*.pc
mkdir -p "$tree/share/doc/librunloop" "$tree/share/runloop"
cp "$stage"/about/* ./*.md "$tree/share/doc/librunloop/"
cp -r docs examples "$tree/share/doc/librunloop/"
reference "$tree/share/doc/librunloop"
cp -r bindings/go "$tree/share/runloop/go"
pack "$tree" "$name" >"$out/$name.tar.gz"

# The packages, each a folder of what it holds.
deb() { # package, description, what it depends on
    local root=$stage/$1
    mkdir -p "$root/DEBIAN" "$root/usr/share/doc/$1"
    {
        echo "Package: $1"
        echo "Version: $VERSION"
        echo "Architecture: $debian"
        echo "Maintainer: The librunloop developers <librunloop@localhost>"
        [ "$1" = librunloop-dev ] && echo "Section: libdevel" || echo "Section: libs"
        echo "Priority: optional"
        echo "Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)"
        echo "Depends: $3"
        echo "Description: $2"
        echo " The Runloop SDK as a C library: devboxes, commands in them with live"
        echo " output, and files."
    } >"$root/DEBIAN/control"
    cat LICENSE-MIT LICENSE-APACHE >"$root/usr/share/doc/$1/copyright"
    (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
    if [ "$1" = librunloop0 ]; then
        echo "librunloop $ABI librunloop0 (>= $VERSION)" >"$root/DEBIAN/shlibs"
        echo "activate-noawait ldconfig" >"$root/DEBIAN/triggers"
    fi
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group --build "$root" "$out/${1}_${VERSION}_$debian.deb" >/dev/null
}
if command -v dpkg-deb >/dev/null 2>&1; then
    all=$stage/all
    libraries=usr/lib/$triplet
    place /usr "/$libraries" "$all"
    mkdir -p "$stage/librunloop0/$libraries" "$stage/librunloop-dev/usr" "$stage/runloop-emulator/usr/share/doc/runloop-emulator" \
        "$stage/librunloop0/usr/share/doc/librunloop0"
    mv "$all/$libraries"/librunloop.so.* "$stage/librunloop0/$libraries/"
    mv "$all/usr/bin" "$stage/runloop-emulator/usr/"
    mv "$all/usr/share" "$stage/runloop-emulator/usr/share.man"
    cp -r "$stage/runloop-emulator/usr/share.man/." "$stage/runloop-emulator/usr/share/"
    rm -r "$stage/runloop-emulator/usr/share.man"
    cp -r "$all/usr/." "$stage/librunloop-dev/usr/"
    mkdir -p "$stage/librunloop-dev/usr/share/doc/librunloop-dev" "$stage/librunloop-dev/usr/share/runloop"
    cp -r bindings/go "$stage/librunloop-dev/usr/share/runloop/go"
    reference "$stage/librunloop-dev/usr/share/doc/librunloop-dev"
    cp "$stage"/about/runloop.* "$stage/librunloop0/usr/share/doc/librunloop0/"
    cp "$stage"/about/runloop-emulator.* "$stage/runloop-emulator/usr/share/doc/runloop-emulator/"
    needs() { echo "libc6 (>= $(glibc "$1")), libgcc-s1"; }
    deb librunloop0 "Runloop SDK for C: the shared library" "$(needs "$stage/librunloop0/$libraries/librunloop.so.$VERSION")"
    deb librunloop-dev "Runloop SDK for C: headers, static library, reference" "librunloop0 (= $VERSION)"
    deb runloop-emulator "Runloop API served from this machine" "$(needs "$stage/runloop-emulator/usr/bin/runloop-emulator")"
else
    echo "No Debian packages are made: dpkg-deb is missing." >&2
fi

cp "$stage/about/runloop.cdx.json" "$out/librunloop-$VERSION.cdx.json"
cp "$stage/about/runloop-emulator.cdx.json" "$out/runloop-emulator-$VERSION.cdx.json"
(shopt -s nullglob && cd "$out" && sha256sum -- *.tar.gz *.json *.deb >SHA256SUMS)
echo "oldest glibc: the library needs glibc $(glibc "$tree/lib/librunloop.so.$VERSION"), the emulator $(glibc "$tree/bin/runloop-emulator")"
(cd "$out" && stat -c '%10s  %n' -- *)
