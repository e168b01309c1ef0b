#!/usr/bin/env bash
# Transfers through Azurite and s3s-fs: storages that others have written, and that check signatures.
# RUNLOOP_LIB_DIR holds librunloop.so, BUILD is where everything goes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/standins
: "${RUNLOOP_LIB_DIR:=$root/build/lib}"
mkdir -p "$build"

if ! cmp -s "$here/package.json" "$build/installed.json"; then
    cp "$here/package.json" "$build/package.json"
    npm install --prefix "$build" --no-audit --no-fund --loglevel=error >"$build/npm.log" 2>&1 || { cat "$build/npm.log"; exit 1; }
    cp "$here/package.json" "$build/installed.json"
fi
s3s="s3s-fs@0.14.1"
if [ ! -e "$build/installed-$s3s" ]; then
    # What a debugger would want is not made: it is half of the work.
    CARGO_PROFILE_DEV_DEBUG=false "${CARGO:-cargo}" install "$s3s" --features binary --locked --debug --quiet --jobs "${JOBS:-2}" --root "$build/cargo" >"$build/cargo.log" 2>&1 || { cat "$build/cargo.log"; exit 1; }
    touch "$build/installed-$s3s"
fi
python=$("$root/tools/python.sh" azure-storage-blob==12.26.0 boto3==1.40.0)

rm -rf "$build/data"
mkdir -p "$build/data"
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; rm -rf "$build/data"' EXIT
# Starts a server and waits until it has said where it is.
address_of() { # name, pattern, command …
    local name=$1 pattern=$2 log=$build/$1.log waited
    shift 2
    "$@" >"$log" 2>&1 <&"${alive[0]}" &
    started+=($!)
    for ((waited = 0; waited < 3000; waited++)); do
        address=$(grep -om1 "$pattern" "$log" | grep -o '127[0-9.:]*') && return
        kill -0 "${started[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    echo "$name does not start:" >&2
    cat "$log" >&2
    return 1
}
# The servers' standard input: it ends when this script does, however that is.
coproc alive_source { exec cat; }
exec {feed}<&"${alive_source[0]}"
alive=("$feed")

bin=$build/node_modules/.bin
address_of azurite 'listens on http://127[0-9.:]*' "$bin/azurite-blob" --blobPort 0 --location "$build/data/azure" --skipApiVersionCheck --disableTelemetry
export STANDIN_AZURE=http://$address
mkdir -p "$build/data/s3/objects"
RUST_LOG=info address_of s3s-fs 'running at http://127[0-9.:]*' "$build/cargo/bin/s3s-fs" --host 127.0.0.1 --port 0 \
    --access-key standin --secret-key standin "$build/data/s3"
export STANDIN_S3=http://$address
address_of api 'listening on http://127[0-9.:]*' "$python" "$here/api.py" "$STANDIN_AZURE" "$STANDIN_S3" test-token-3f9a1c
export STANDIN_API=http://$address

helpers=(harness emulator json local_files trees cutting_proxy)
sources=("${helpers[@]/#/$root/tests/c/}")
sources=("${sources[@]/%/.c}")
${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror "-I$root/include" "-I$root/tests/c" \
    "$here/transfers.c" "${sources[@]}" -o "$build/transfers" "-L$RUNLOOP_LIB_DIR" -lrunloop -lpthread \
    "-Wl,-rpath,$RUNLOOP_LIB_DIR"
"$build/transfers" || { tail -n 20 "$build"/*.log; exit 1; }
