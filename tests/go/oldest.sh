#!/usr/bin/env bash
# The binding, its tests, the examples and the behaviours compile with the oldest Go that go.mod promises, and a few
# tests run. Go fetches that itself, from the module proxy, where it is not here yet; TEST_INSTALL=no has it fetch nothing.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root/bindings/go"

oldest=$(sed -n 's/^go \([0-9.]*\)$/\1/p' go.mod)
case $oldest in
*.*.*) ;;
*) oldest=$oldest.0 ;;
esac
export GOTOOLCHAIN=go$oldest
had() { go version 2>/dev/null | grep -qwF "go$oldest"; }
fetched() {
    [ "${TEST_INSTALL:-yes}" != no ] &&
        env -u GOPROXY timeout "${FETCH_SECONDS:-300}" go version >/dev/null 2>&1 && had
}
if ! had && ! fetched; then
    echo "left out: Go $oldest is not here and cannot be fetched: GOTOOLCHAIN=go$oldest go version"
    exit 0
fi

for module in . "$root/examples/go" "$root/tests/behaviours/go"; do
    (cd "$module" && go vet ./...)
done
go test -count=1 -short -run 'TestCommandsGiveTheirOutput|TestPipes|TestResults' .
go version
