#!/usr/bin/env bash
# The binding, its tests, the examples and the behaviours compile with the oldest Go that go.mod promises, and a few
# tests run.
set -euo pipefail
oldest=$("$(dirname "$0")/toolchain.sh")
. "$(dirname "$0")/environment.sh"
export GOTOOLCHAIN=$oldest
cd "$root/bindings/go"

for module in . "$root/examples/go" "$root/tests/behaviours/go"; do
    (cd "$module" && go vet ./...)
done
go test -count=1 -short -run 'TestCommandsGiveTheirOutput|TestPipes|TestResults' .
go version
