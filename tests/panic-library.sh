#!/usr/bin/env bash
# Builds the library with panics that a test can set off, and prints the folder that holds it.
set -euo pipefail
cd "$(dirname "$0")/.."
${CARGO:-cargo} build -q --lib --features panic-injection >&2
mkdir -p build/panic
cp target/debug/librunloop.so build/panic/librunloop.so.0
ln -sf librunloop.so.0 build/panic/librunloop.so
echo "$PWD/build/panic"
