#!/usr/bin/env bash
# Prints the name of the oldest Go that go.mod promises, as GOTOOLCHAIN takes it; fails if that is not here and cannot be
# fetched. Go fetches it itself, from the module proxy; TEST_INSTALL=no has it fetch nothing.
set -euo pipefail
cd "$(dirname "$0")/../../bindings/go"
oldest=$(sed -n 's/^go \([0-9.]*\)$/\1/p' go.mod)
case $oldest in
*.*.*) ;;
*) oldest=$oldest.0 ;;
esac
export GOTOOLCHAIN=go$oldest
had() { GOPROXY=off go version 2>/dev/null | grep -qwF "$GOTOOLCHAIN"; }
fetched() { [ "${TEST_INSTALL:-yes}" != no ] && timeout "${FETCH_SECONDS:-300}" go version >/dev/null 2>&1 && had; }
had || fetched
echo "$GOTOOLCHAIN"
