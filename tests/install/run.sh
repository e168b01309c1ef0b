#!/usr/bin/env bash
# Programs are compiled against what `make install` puts in place, and nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -s install PREFIX=/opt/runloop DESTDIR="$root"
export PKG_CONFIG_PATH="$root/opt/runloop/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root"

version=$(pkg-config --modversion runloop)
grep -q "#define RUNLOOP_VERSION \"$version\"" "$root/opt/runloop/include/runloop.h" || { echo "runloop.pc and runloop.h disagree on the version." >&2; exit 1; }
for name in librunloop.so librunloop.so.0 "librunloop.so.$version" librunloop.a; do
    [ -e "$root/opt/runloop/lib/$name" ] || { echo "$name is not installed." >&2; exit 1; }
done

cc=${CC:-cc}
# shellcheck disable=SC2046
$cc -std=c11 -Wall -Wextra -Wpedantic -Werror examples/c/quickstart.c -o "$root/shared" $(pkg-config --cflags --libs runloop)
# shellcheck disable=SC2046
$cc -std=c11 -Wall -Wextra -Wpedantic -Werror examples/c/snapshot.c -o "$root/setters" $(pkg-config --cflags --libs runloop)
# Static in our library, shared in the C library.
# shellcheck disable=SC2046
$cc -std=c11 examples/c/quickstart.c -o "$root/static" $(pkg-config --cflags runloop) "$root/opt/runloop/lib/librunloop.a" \
    $(pkg-config --static --libs-only-l runloop | sed 's/-lrunloop//')

cmake -S tests/install/cmake -B "$root/cmake" -DCMAKE_PREFIX_PATH="$root/opt/runloop" -DEXAMPLES="$PWD/examples" \
    -DVERSION="$version" >"$root/said" 2>&1 && cmake --build "$root/cmake" --parallel 2 >>"$root/said" 2>&1 || { cat "$root/said" >&2; exit 1; }
if readelf -d "$root/cmake/cpp_static" | grep -q librunloop; then
    echo "Runloop::runloop_static links the shared library." >&2
    exit 1
fi

for program in shared static cmake/c_shared cmake/cpp_shared cmake/cpp_static; do
    RUNLOOP_EMULATOR="$root/opt/runloop/bin/runloop-emulator" LD_LIBRARY_PATH="$root/opt/runloop/lib" \
        tools/demo.sh "$root/$program" >"$root/said" 2>&1 || { cat "$root/said" >&2; exit 1; }
    grep -q "is shut down" "$root/said" || { cat "$root/said" >&2; exit 1; }
done
size=$(stat -c %s "$root/opt/runloop/lib/librunloop.so.$version")
echo "version $version; the stripped library has $((size / 1024)) KiB"
