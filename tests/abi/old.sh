#!/usr/bin/env bash
# Builds the library as it was at OLD, a commit or a tag, and runs tests/abi/run.sh with it: a program that is compiled now runs with that
# library. Without OLD it is the last release, else the commit that wrote the baseline. It needs the repository's history.
set -euo pipefail
cd "$(dirname "$0")/../.."
old=${OLD:-$(git describe --tags --abbrev=0 --match 'v*' HEAD^ 2>/dev/null || git log -1 --format=%H -- tests/abi/baseline/runloop.h 2>/dev/null || true)}
commit=$(git rev-parse --verify --quiet "${old:-none}^{commit}") ||
    { echo "error: there is no earlier library to build: ${OLD:-the history of this checkout} has no commit of it. OLD_LIB_DIR of make abi takes a built one." >&2; exit 1; }
[ "$(git rev-parse --is-shallow-repository)" = false ] || [ -n "${OLD:-}" ] ||
    { echo "error: this checkout has only a part of the history: git fetch --unshallow, or name a commit by OLD" >&2; exit 1; }
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
git archive "$commit" | tar -x -C "$source"
echo "the earlier library is that of $(git log -1 --format='%h, %cs' "$commit")"
# What it depends on is built once, whatever commit comes next.
CARGO_TARGET_DIR=$PWD/target/old "${CARGO:-cargo}" build -q --lib --manifest-path "$source/Cargo.toml"
OLD_LIB_DIR=$PWD/target/old/debug tests/abi/run.sh
