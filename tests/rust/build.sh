#!/usr/bin/env bash
# The library, the emulator and the tools compile with the oldest Rust that Cargo.toml promises.
set -euo pipefail
cd "$(dirname "$0")/../.."
rustc=$(tests/rust/oldest.sh)
CARGO_PROFILE_DEV_DEBUG=false RUSTC=$rustc CARGO_TARGET_DIR=$PWD/build/rust-target RUSTFLAGS="--cap-lints allow" "${CARGO:-cargo}" check -q --locked --workspace
"$rustc" --version
