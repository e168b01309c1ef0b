#!/usr/bin/env bash
# Runs within the clean root: /release is the release, /src holds the examples.
set -euo pipefail
cd /src
(cd /release && sha256sum --quiet -c SHA256SUMS)
# shellcheck disable=SC2012 # the names are plain
version=$(ls /release/librunloop-*.tar.gz | sed 's|.*/librunloop-\([0-9.]*\)-.*|\1|')
warnings=(-Wall -Wextra -Wpedantic -Werror)

run() { # emulator, program
    RUNLOOP_EMULATOR=$1 tools/demo.sh "$2" >/tmp/said 2>&1 && grep -q "is shut down" /tmp/said && grep -q '"processes":\[\]' /tmp/said || {
        echo "FAILED: $2" >&2
        cat /tmp/said >&2
        exit 1
    }
    echo "ok $2"
}
alone() { # a program that was linked with the archive
    if readelf -d "$1" | grep -q librunloop; then
        echo "FAILED: $1 needs the shared library" >&2
        exit 1
    fi
}

# shellcheck disable=SC2046 # what pkg-config prints is several arguments
build_and_run() { # name, emulator, folder of the Go module, what CMake needs
    local out=/tmp/$1
    mkdir -p "$out"
    # C, through pkg-config.
    gcc -std=c11 "${warnings[@]}" examples/c/quickstart.c -o "$out/c-shared" $(pkg-config --cflags --libs runloop)
    gcc -std=c11 "${warnings[@]}" examples/c/quickstart.c -o "$out/c-static" $(pkg-config --cflags --libs runloop-static)
    # The whole list of Libs.private is what a linker wants that is given the archive.
    gcc -std=c11 "${warnings[@]}" examples/c/quickstart.c -o "$out/c-private" $(pkg-config --cflags runloop) \
        $(pkg-config --variable=libdir runloop)/librunloop.a $(pkg-config --static --libs-only-l runloop | sed 's/-lrunloop//')
    # C++, through CMake.
    cmake -S tests/install/cmake -B "$out/cmake" -DEXAMPLES=/src/examples -DVERSION="$version" ${4:+"$4"} >/tmp/said 2>&1 &&
        cmake --build "$out/cmake" --parallel 2 >>/tmp/said 2>&1 || { cat /tmp/said >&2; exit 1; }
    # Go, through the module build.
    mkdir -p "$out/module"
    cp examples/go/quickstart/main.go "$out/module/"
    (
        cd "$out/module"
        export GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=/tmp/go-cache
        module=github.com/librunloop/librunloop/bindings/go
        go mod init example.org/quickstart 2>/dev/null
        go mod edit -require "$module@v$version" -replace "$module=$3"
        go build -o ../go-shared .
        go build -tags runloop_static -o ../go-static .
    )
    for program in c-static c-private cmake/cpp_static go-static; do
        alone "$out/$program"
    done
    for program in c-shared c-static c-private cmake/c_shared cmake/cpp_shared cmake/cpp_static go-shared go-static; do
        run "$2" "$out/$program"
    done
}

echo "-- the tarball, below /opt"
mkdir -p /opt
tar -C /opt -xzf /release/librunloop-*.tar.gz
tree=$(echo /opt/librunloop-*)
(
    export PKG_CONFIG_PATH=$tree/lib/pkgconfig LD_LIBRARY_PATH=$tree/lib
    build_and_run tarball "$tree/bin/runloop-emulator" "$tree/share/runloop/go" "-DCMAKE_PREFIX_PATH=$tree"
)
rm -rf "$tree"

echo "-- the packages"
find / -xdev -not -path '/tmp/*' -not -path '/var/*' -not -path '/root/*' -not -path '/proc/*' | sort >/tmp/before
dpkg -i /release/*.deb >/tmp/said 2>&1 || { cat /tmp/said >&2; exit 1; }
build_and_run packages /usr/bin/runloop-emulator /usr/share/runloop/go ""
dpkg -P librunloop-dev librunloop0 runloop-emulator >/tmp/said 2>&1 || { cat /tmp/said >&2; exit 1; }
find / -xdev -not -path '/tmp/*' -not -path '/var/*' -not -path '/root/*' -not -path '/proc/*' | sort >/tmp/after
diff /tmp/before /tmp/after || { echo "FAILED: the packages leave this behind" >&2; exit 1; }
