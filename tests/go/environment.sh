# shellcheck shell=bash
# Sourced by the scripts beside: the Go binding against the library in RUNLOOP_LIB_DIR.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BUILD:-$root/build/tests}/go
: "${RUNLOOP_LIB_DIR:=$root/build/lib}" "${RUNLOOP_EMULATOR:?names the emulator}"
make -s -C "$root" pkgconfig PREFIX="$root" LIBDIR="$RUNLOOP_LIB_DIR" PKGCONFIGDIR="$build/pkgconfig" DESTDIR=
export PKG_CONFIG_PATH=$build/pkgconfig LD_LIBRARY_PATH=$RUNLOOP_LIB_DIR RUNLOOP_EMULATOR
# Go keeps what pkg-config said as long as the source and the flags are the same.
export CGO_LDFLAGS="-O2 -g -L$RUNLOOP_LIB_DIR"
[ -n "${HOME:-}${GOCACHE:-}" ] || export GOCACHE=$build/cache
# Nothing is fetched: the binding has no dependency.
export GOFLAGS=-p=${JOBS:-2} GOPROXY=off GOTOOLCHAIN=local
