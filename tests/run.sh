#!/usr/bin/env bash
# Every test there is, the fast ones first. `make test` calls this.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/needs.sh test

step() {
    printf '\n== %s\n' "$1"
    shift
    local started=$SECONDS
    "$@"
    printf '   (%d s)\n' $((SECONDS - started))
}

# What the emulators were asked, by the kind of test: the parity table is made from it.
seen=$PWD/build/operations
rm -rf "$seen"
mkdir -p "$seen/emulator" "$seen/library"

step "format and lints" make -s lint
step "the header is what the source says" make -s header-check
step "the bindings' structs are what openapi.json says" make -s generate-check
step "unit tests, and the emulator's own" env RUNLOOP_EMULATOR_OPERATIONS="$seen/emulator" make -s unit
step "the library and the emulator" make -s all
step "exported symbols" make -s symbols
step "the header in C99, C11 and C++17" tests/header/run.sh
step "C programs against the emulator" env RUNLOOP_EMULATOR_OPERATIONS="$seen/library" RUNLOOP_PANIC_LIB_DIR="$(tests/panic-library.sh)" tests/c/run.sh
step "every function is called by a test" env BUILD=build/tests tests/c/covered.sh
step "C programs against the emulator without namespaces" env TEST_ISOLATION=plain tests/c/run.sh test_exec test_execution test_files test_cancel
step "the Go binding" tests/go/run.sh
step "the Go binding calls every function" tests/go/covered.sh
step "transfers through storages that others have written" tests/standins/run.sh
step "the same requests as the official SDK's" tests/conformance/run.sh
step "C programs under valgrind" tests/c/run.sh --valgrind test_abi test_arguments test_errors test_lifecycle test_files test_objects
step "C++ programs in C++17, 20, 23 and without exceptions" env BUILD=build/tests tests/cpp/run.sh
step "every function is reached from C++" env BUILD=build/tests tests/cpp/covered.sh
step "a C++ program under valgrind" env BUILD=build/tests/valgrind tests/cpp/run.sh --valgrind test_values
step "the same behaviours in C, C++ and Go" tests/behaviours/run.sh
step "the examples print what they promise" tests/examples/run.sh
step "the examples in languages without a binding" tests/examples/ffi.sh
step "the guide's blocks print what they promise" tests/guide/run.sh
step "the official SDK's end-to-end tests against the emulator" make -s test-official
step "the emulator's answers to made-up requests" make -s test-fuzz
step "the emulator's parity table is what the tests saw" tools/parity.py --check
step "installed: shared and static" tests/install/run.sh
step "a release: tarball, packages, checksums, bills of materials" make -s dist
step "the release in a clean root" tests/install/clean_root.sh
step "the demo" tests/demo.sh
