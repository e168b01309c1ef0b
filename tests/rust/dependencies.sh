#!/usr/bin/env bash
# The licences and the sources of the dependencies are those that deny.toml allows. `--cargo-deny` has cargo-deny look, which checks
# more; its advisories need the network, and are left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --cargo-deny ]; then
    exec "${CARGO:-cargo}" deny --locked --workspace check bans licenses sources
fi
"${CARGO:-cargo}" metadata --format-version 1 --locked --filter-platform "$(rustc -vV | sed -n 's|^host: ||p')" | python3 tests/rust/dependencies.py
