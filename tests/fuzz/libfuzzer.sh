#!/usr/bin/env bash
# Has libfuzzer look for inputs, by cargo-fuzz: for every target, or those named, for FUZZ_SECONDS each. Where cargo-fuzz or a nightly
# toolchain is missing, says so and does nothing. What it finds is in fuzz/artifacts; what it makes of the corpus stays out of it.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v cargo-fuzz >/dev/null || ! cargo +nightly --version >/dev/null 2>&1; then
    echo "libfuzzer: left out, since cargo-fuzz or a nightly toolchain is missing (cargo install cargo-fuzz; rustup toolchain install nightly)"
    exit 0
fi
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"/\1/p' fuzz/Cargo.toml | grep -v '^runloop-fuzz$')
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
for target in "$@"; do
    mkdir -p "$made/$target"
    cargo +nightly fuzz run "$target" "$made/$target" "fuzz/corpus/$target" -- \
        -max_total_time="${FUZZ_SECONDS:-120}" -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 >"$made/log" 2>&1 ||
        { tail -40 "$made/log" && echo "error: $target: libfuzzer has found something, see fuzz/artifacts/$target" >&2 && exit 1; }
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$made/log") inputs by libfuzzer, nothing found"
done
