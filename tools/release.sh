#!/usr/bin/env bash
# What has to hold before a release.
#   release.sh versions          the version, and the number of the ABI, are the same everywhere
#   release.sh versions TAG      and CHANGELOG.md has the date of the release that TAG (v1.2.3) names
#   release.sh                   all that is checked before the tag is set: CONTRIBUTING.md has the list. `make release` calls this
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
wrong=0
is() { # what, what it says, what it has to say
    [ "$2" = "$3" ] || { echo "$1 says \"$2\", and it is $3" >&2; wrong=1; }
}

# What the file says that is made of a template.
of_template() { # template, expression of sed
    sed "s/@VERSION@/$version/" "$1" | sed -n "$2"
}

versions() { # tag, if there is one
    local major minor patch abi made line dated
    IFS=. read -r major minor patch <<<"$version"
    is "RUNLOOP_VERSION in include/runloop.h" "$(macro VERSION)" "\"$version\""
    is "RUNLOOP_VERSION_MAJOR in include/runloop.h" "$(macro VERSION_MAJOR)" "$major"
    is "RUNLOOP_VERSION_MINOR in include/runloop.h" "$(macro VERSION_MINOR)" "$minor"
    is "RUNLOOP_VERSION_PATCH in include/runloop.h" "$(macro VERSION_PATCH)" "$patch"
    for made in packaging/*.pc.in; do
        is "$made" "$(of_template "$made" 's/^Version: //p')" "$version"
    done
    made=packaging/cmake/RunloopConfigVersion.cmake.in
    is "$made" "$(of_template "$made" 's/^set(PACKAGE_VERSION "\(.*\)")/\1/p')" "$version"
    is "README.md, for CMake," "$(sed -n 's/^find_package(Runloop \([0-9.]*\).*/\1/p' README.md)" "$major.$minor"
    abi=$(macro ABI)
    is "the Makefile, as the ABI," "$(sed -n 's/^ABI *:= //p' Makefile)" "$abi"
    is "build.rs, as the SONAME," "$(grep -o 'librunloop\.so\.[0-9]*' build.rs | sort -u)" "librunloop.so.$abi"

    line=$(grep -m 1 '^## \[[0-9]' CHANGELOG.md || true)
    is "the latest version of CHANGELOG.md" "$(cut -d "[" -f 2 <<<"$line" | cut -d "]" -f 1)" "$version"
    dated=$(sed -nE 's/^.* - ([0-9]{4}-[0-9]{2}-[0-9]{2})$/\1/p' <<<"$line")
    [ -n "$dated" ] || grep -q ' - unreleased$' <<<"$line" || is "CHANGELOG.md" "$line" "## [$version] - YYYY-MM-DD"
    if [ $# -gt 0 ]; then
        is "the tag" "$1" "v$version"
        [ -n "$dated" ] || is "CHANGELOG.md" "$line" "## [$version] - YYYY-MM-DD"
    fi
    [ "$wrong" = 0 ] || exit 1
    echo "version $version, ABI $abi${dated:+, of $dated}"
}
macro() { # name
    sed -n "s/^#define RUNLOOP_$1 //p" include/runloop.h
}

# What the release holds that has just been made.
made_of_it() {
    local archive versions
    archive=$(echo build/dist/librunloop-"$version"-*.tar.gz)
    [ -f "$archive" ] || { echo "There is no tarball of $version in build/dist." >&2; exit 1; }
    versions=$(tar -xzOf "$archive" --wildcards '*/pkgconfig/*.pc' '*/RunloopConfigVersion.cmake' '*/include/runloop.h' |
        sed -nE 's/^(Version: |set\(PACKAGE_VERSION "|#define RUNLOOP_VERSION ")([^")]*).*/\2/p' | paste -sd ' ')
    is "the tarball, in the files for pkg-config and CMake and in the header," "$versions" "$version $version $version $version"
    (cd build/dist && sha256sum --quiet -c SHA256SUMS) || wrong=1
    [ "$wrong" = 0 ] || exit 1
}

case ${1:-all} in
versions) versions "${@:2}" ;;
all)
    changed=$(git status --porcelain)
    [ -z "$changed" ] || { printf 'Commit or remove these first:\n%s\n' "$changed" >&2; exit 1; }
    versions "v$version"
    for target in check abi dist; do
        echo "== make $target"
        make -s "$target"
    done
    made_of_it
    changed=$(git status --porcelain)
    [ -z "$changed" ] || { printf 'These were changed by the build:\n%s\n' "$changed" >&2; exit 1; }
    echo "This is $version. Next: make test and make abi-old, if they have not run on this commit; then the tags:"
    echo "    git tag -s v$version -m v$version && git tag -s bindings/go/v$version -m v$version"
    ;;
*) echo "$0: versions or nothing, not $1" >&2 && exit 2 ;;
esac
