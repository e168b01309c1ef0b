#!/usr/bin/env bash
# C and C++ programs built with AddressSanitizer and UndefinedBehaviorSanitizer: random calls, and test programs, a few with
# --short. The library is not built so: what is found is what it writes where the host has no room, and what the C++ headers do.
# `--threads` runs the unit tests of the library itself under ThreadSanitizer, `--library` under AddressSanitizer: on a toolchain that has
# them, as rustup's have on Linux; RUSTC_BOOTSTRAP has a stable one take the flag.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_LIB_DIR RUNLOOP_EMULATOR

# The standard library is not built anew (that needs its source): what is seen of it is that it takes and frees.
of_the_library() { # sanitizer, its library
    compgen -G "$(rustc --print target-libdir)/librustc*_rt.$2.a" >/dev/null ||
        { echo "This needs a Rust that has the sanitizers, as the toolchains of rustup have on Linux." >&2; exit 1; }
    cd "$root"
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1 -Cunsafe-allow-abi-mismatch=sanitizer" CARGO_TARGET_DIR="$root/target/$1" \
        "${CARGO:-cargo}" test --lib --target "$(rustc -vV | sed -n 's/^host: //p')"
}
case ${1:-} in
--threads) of_the_library thread tsan; exit ;;
--library) of_the_library address asan; exit ;;
esac

export BUILD=${BUILD:-$root/build/tests}/sanitized
mkdir -p "$BUILD"
flags="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DSANITIZED"
export CC="${CC:-cc} $flags" CXX="${CXX:-c++} $flags"
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1

# Programs look for the library by the number of its ABI.
mkdir -p "$BUILD/lib"
for name in librunloop.so librunloop.so.0; do ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$BUILD/lib/$name"; done
export RUNLOOP_LIB_DIR=$BUILD/lib

# Whether the build is sanitized: each of these must be found.
finds() { # what the report says, program
    echo "#include <stdlib.h>
        int main(int count, char **arguments) { (void)arguments; $2 }" >"$BUILD/wrong.c"
    # shellcheck disable=SC2086
    $CC -O0 -g -w "$BUILD/wrong.c" -o "$BUILD/wrong"
    ! "$BUILD/wrong" >"$BUILD/wrong.log" 2>&1 && grep -q "$1" "$BUILD/wrong.log" ||
        { echo "This build is not sanitized: $1 was not found." >&2; exit 1; }
}
finds heap-buffer-overflow 'char *bytes = malloc(3); bytes[count + 2] = 1; free(bytes); return 0;'
finds heap-use-after-free 'char *bytes = malloc(3); free(bytes); return bytes[count];'
finds 'signed integer overflow' 'int most = 0x7fffffff; return most + count > 0;'
echo "the build is sanitized"

said=$BUILD/said.txt
if [ "${1:-}" = --short ]; then
    RANDOM_CALLS=${RANDOM_CALLS:-500} "$root/tests/random/run.sh"
    "$root/tests/c/run.sh" test_arguments test_params
    WAYS=c++17 "$root/tests/cpp/run.sh" test_values
else
    RANDOM_CALLS=${RANDOM_CALLS:-10000} "$root/tests/random/run.sh"
    # Not those that limit memory, stacks or descriptors, or count threads: a sanitizer needs its own.
    "$root/tests/c/run.sh" test_arguments test_params test_files test_abi test_errors test_answers test_lists test_cancel test_options \
        test_objects test_exec test_execution test_output test_axon test_secret test_snapshot test_blueprint test_setters test_config
    WAYS=c++17 "$root/tests/cpp/run.sh"
fi | tee "$said"
awk '/^random: [0-9]+ calls$/ { calls += $2 }
    /^[0-9]+ passed, 0 failed$/ { programs += $1 }
    END { printf "sanitized: %d random calls and %d test programs: nothing found\n", calls, programs }' "$said"
