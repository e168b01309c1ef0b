#!/usr/bin/env bash
# The Go binding: its form, and its tests against the emulator with the race detector, with cgo's checks
# of pointers, and with the library linked in.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root/bindings/go"

unformatted=$(gofmt -l . "$root/examples/go")
[ -z "$unformatted" ] || { printf 'gofmt would change:\n%s\n' "$unformatted" >&2; exit 1; }
go vet ./...
(cd "$root/examples/go" && go vet ./...)
go test -race -count=1 -timeout 40m "$@" ./...
# Every pointer that crosses is looked at, those that are stored in memory of C's too.
GODEBUG=cgocheck=1 GOEXPERIMENT=cgocheck2 go test -count=1 -timeout 40m -short ./...
# Linked in, it needs no library where it runs.
env -u LD_LIBRARY_PATH go test -count=1 -timeout 40m -short -tags runloop_static .
