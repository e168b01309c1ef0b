#!/usr/bin/env bash
# Has libFuzzer look for inputs, guided by the code that they reach: for every target of fuzz/, or those named, for FUZZ_SECONDS each.
# The targets are built with the flags that cargo-fuzz gives, so that neither it nor a nightly toolchain is needed: RUSTC_BOOTSTRAP has a
# stable one take them. Where a part of the toolchain is missing, says so and does nothing. What is found is in fuzz/artifacts: it belongs
# into fuzz/corpus, which the unit tests try whole. What libFuzzer has kept stays in target/fuzz/corpus, for the next run.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo=${CARGO:-cargo}
left_out() {
    echo "libFuzzer: left out, since $*"
    exit 0
}
host=$(rustc -vV | sed -n 's/^host: //p')
compgen -G "$(rustc --print target-libdir)/librustc*_rt.asan.a" >/dev/null ||
    left_out "this Rust has no AddressSanitizer for $host: the toolchains of rustup have it on Linux"
command -v "${CXX:-c++}" >/dev/null || left_out "a C++ compiler is missing, by which libFuzzer is built"

flags="--cfg fuzzing -Zsanitizer=address -Cdebug-assertions -Ccodegen-units=1 -Cpasses=sancov-module"
for flag in level=4 inline-8bit-counters pc-table trace-compares stack-depth; do
    flags+=" -Cllvm-args=-sanitizer-coverage-$flag"
done
# The versions that the library is built with. What fuzz/ needs besides is added.
[ fuzz/Cargo.lock -nt Cargo.lock ] || cp Cargo.lock fuzz/Cargo.lock
env RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" CARGO_TARGET_DIR=target/fuzz \
    "$cargo" build -q --release --bins --manifest-path fuzz/Cargo.toml --target "$host" ${JOBS:+-j "$JOBS"}

# shellcheck disable=SC2046 # a name for each word
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"/\1/p' fuzz/Cargo.toml | grep -v '^runloop-fuzz$')
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for target in "$@"; do
    mkdir -p "target/fuzz/corpus/$target" "fuzz/artifacts/$target"
    "target/fuzz/$host/release/$target" "target/fuzz/corpus/$target" "fuzz/corpus/$target" -artifact_prefix="fuzz/artifacts/$target/" \
        -max_total_time="${FUZZ_SECONDS:-120}" -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 >"$log" 2>&1 ||
        { tail -60 "$log" && echo "error: $target: libFuzzer has found something, see fuzz/artifacts/$target" >&2 && exit 1; }
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs by libFuzzer," \
        "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1) places reached"
done
