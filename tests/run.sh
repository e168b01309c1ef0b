#!/usr/bin/env bash
# Every test there is, the fast ones first. `make test` calls this. What is missing on this machine is installed
# where that asks nobody anything; otherwise the steps that need it are left out, and the end says so. Two steps run side
# by side, since many of them wait more than they work (STEPS_AT_A_TIME=1: one after the other).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. tests/runner/steps.sh

# shellcheck disable=SC2046 # nothing, or a word
[ "${TEST_INSTALL:-yes}" = no ] || tools/needs.sh install shellcheck cc c++ go nm git pgrep python3 venv curl ssh sshd nginx openssl valgrind \
    pkg-config cmake node npm luajit doxygen abidiff dpkg-deb $([ "$(id -u)" != 0 ] || echo mmdebstrap)
# Without these nothing can be run.
tools/needs.sh build || { echo "0 passed, 1 failed"; exit 1; }

# What the emulators were asked, by the kind of test: the parity table is made from it.
seen=$PWD/build/operations
rm -rf "$seen"
mkdir -p "$seen/emulator" "$seen/library"
tests=$PWD/build/tests

step "the runner of these steps" tests/runner/run.sh
step "format and lints" make -s lint
step "what is said of versions is true" needs=python3 tests/rust/promised.sh
step "one version everywhere" tools/release.sh versions
step "licences and sources of the dependencies" needs=python3 tests/rust/dependencies.sh
step "licences, sources and duplicates of the dependencies, by cargo-deny" optional needs=cargo-deny tests/rust/dependencies.sh --cargo-deny
step "the tests that docs/pitfalls.md names" needs=python3 tests/pitfalls.py
step "the documents name what there is" needs=python3 tests/documents.py
step "the header is what the source says" make -s header-check
step "the bindings' structs are what openapi.json says" make -s generate-check
step "unit tests, and the emulator's own" id=unit needs=git,pgrep,python3 env RUNLOOP_EMULATOR_OPERATIONS="$seen/emulator" make -s unit
step "ssh to a devbox of the emulator" after=unit needs=ssh,sshd "${CARGO:-cargo}" test -q --workspace --test ssh
step "the library and the emulator" id=build early make -s all
step "exported symbols" after=build needs=nm,readelf make -s symbols
step "programs compiled against the baseline's header run" after=build needs=nm,python3,abidiff env BUILD="$tests" tests/abi/run.sh
step "the header in C99, C11 and C++17" after=build needs=c++,nm tests/header/run.sh
step "the demo" after=build needs=curl tests/demo.sh
step "C programs against the emulator" id=c after=build needs=c++ env RUNLOOP_EMULATOR_OPERATIONS="$seen/library" tests/c/with_panics.sh
step "every function is called by a test" after=build behind=c needs=nm env BUILD="$tests" tests/c/covered.sh
step "random sequences of calls over every function" after=build needs=c++,python3 env BUILD="$tests" RANDOM_SEED=1 RANDOM_CALLS=1500 tests/random/run.sh
step "C programs against the emulator without namespaces" after=build env BUILD="$tests/plain" TEST_ISOLATION=plain tests/c/run.sh test_exec test_execution test_files test_cancel
step "the Go binding" after=build needs=go tests/go/run.sh
step "the Go binding calls every function" tests/go/covered.sh
step "the oldest Go that is promised" optional after=build needs=go,oldest-go env BUILD="$tests/oldest-go" tests/go/oldest.sh
step "transfers through storages that others have written" after=build needs=node,npm,venv tests/standins/run.sh
step "TLS, HTTP/2, proxies and names with servers that others have written" after=build needs=venv,nginx,openssl tests/tls/run.sh
step "a part of the fault matrix" alone after=build needs=venv,openssl tests/matrix/run.sh --part 5/11
step "mixed load with faults and restarts leaves nothing behind" after=build env CYCLES=5 BUILD="$tests" tests/soak/run.sh
step "a host that refuses" after=build tests/refusals/run.sh --part 3/7
step "no secret in what the library says, whatever a server repeats" after=build needs=python3 tests/secrets/run.sh --part 1/256
step "the same requests as the official SDK's" after=build needs=c++,go,venv tests/conformance/run.sh
step "C and C++ programs under sanitizers" after=build needs=c++,python3 env BUILD="$tests" RANDOM_SEED=1 tests/sanitize/run.sh --short
step "C programs under valgrind" after=build needs=valgrind env BUILD="$tests/valgrind" tests/c/run.sh --valgrind test_abi test_arguments test_errors test_lifecycle test_files test_objects
step "C++ programs in C++17, 20, 23 and without exceptions" id=c++ after=build needs=c++ env BUILD="$tests" tests/cpp/run.sh
step "every function is reached from C++" after=build behind=c++ needs=c++,nm env BUILD="$tests" tests/cpp/covered.sh
step "a C++ program under valgrind" after=build needs=c++,valgrind env BUILD="$tests/valgrind" tests/cpp/run.sh --valgrind test_values
step "the same behaviours in C, C++ and Go" after=build needs=c++,go,python3 tests/behaviours/run.sh
step "the examples print what they promise" after=build needs=c++,go,curl tests/examples/run.sh
step "the examples in languages without a binding" after=build needs=python3,luajit,curl tests/examples/ffi.sh
step "faults that other clients have had, against this library" after=build needs=python3 tests/compare/run.sh --ours --quick
step "the guide's blocks print what they promise" after=build needs=c++,go,curl,venv tests/guide/run.sh
step "the official SDK's end-to-end tests against the emulator" id=official after=build needs=curl,venv make -s test-official
step "the emulator's answers to made-up requests" id=fuzz after=build needs=venv make -s test-fuzz
step "the emulator's parity table is what the tests saw" after=unit,c,official,fuzz tools/parity.py --check
step "the oldest Rust that is promised" needs=oldest-rust tests/rust/build.sh
step "what the README says of building, against the source tree" after=build needs=c++,go,pkg-config tests/install/recipes.sh
step "installed: shared and static" after=build needs=c++,cmake,pkg-config,readelf tests/install/run.sh
step "a release: tarball, packages, checksums, bills of materials" id=dist after=build early needs=doxygen,dpkg-deb,python3,readelf make -s dist
step "the release in a clean root" after=dist early needs=root,mmdebstrap,go tests/install/clean_root.sh
finish
