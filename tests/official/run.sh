#!/usr/bin/env bash
# Runs the official Python SDK's own end-to-end tests, as they are, against a fresh emulator.
#
#   tests/official/run.sh [group …]      rest, rest-async, sdk, sdk-async, examples; without any: all
#
# The groups run side by side: their tests wait most of the time. What does not pass has to be
# listed, with its reason, in expected.txt beside this file; what is listed there has to fail.
# RUNLOOP_EMULATOR names the emulator's binary; JOBS is how many test files of a group run at a
# time; OFFICIAL_K picks tests as pytest's -k does, then nothing is compared.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

VERSION=3.0.0
SHA256=d932fe468473550c8dd1709d80d9e5ced0decb461fd688b259ea67a390ff2a91
ROOT=build/official
SOURCE=$ROOT/runloop_api_client-$VERSION
PYTHON=${PYTHON:-python3}
EMULATOR=$(realpath "${RUNLOOP_EMULATOR:-target/quick/runloop-emulator}")

prepare() {
    mkdir -p "$ROOT"
    local archive=$ROOT/runloop_api_client-$VERSION.tar.gz
    local stamp
    stamp=$ROOT/.ready-$( (cat "$here/requirements.txt" && echo "$SHA256") | sha256sum | cut -c1-16)
    [ -e "$stamp" ] && return
    rm -rf "$ROOT/venv" "$SOURCE" "$ROOT"/.ready-*
    "$PYTHON" -m venv "$ROOT/venv"
    local pip=("$ROOT/venv/bin/python" -m pip --disable-pip-version-check -q)
    if [ ! -e "$archive" ]; then
        "${pip[@]}" download --no-deps --no-binary runloop_api_client -d "$ROOT" "runloop_api_client==$VERSION"
    fi
    echo "$SHA256  $archive" | sha256sum -c --quiet - || {
        echo "the source distribution of runloop_api_client $VERSION is not the one that these tests are for: remove $archive and try again" >&2
        exit 1
    }
    "${pip[@]}" install -r "$here/requirements.txt" "$archive"
    tar -xzf "$archive" -C "$ROOT"
    touch "$stamp"
}

files() {
    local tests=tests/smoketests
    case $1 in
    rest | rest-async) echo $tests/test_*.py ;;
    sdk) echo $tests/sdk/test_[!a]*.py $tests/sdk/test_axon.py ;;
    sdk-async) echo $tests/sdk/test_async_*.py ;;
    examples) echo $tests/examples ;;
    *)
        echo "there is no group $1: rest, rest-async, sdk, sdk-async and examples are" >&2
        exit 2
        ;;
    esac
}

# The same files hold the tests of both clients of the lower layer.
picked() {
    local own=
    case $1 in
    rest) own="not async-client" ;;
    rest-async) own="async-client" ;;
    esac
    [ -z "${OFFICIAL_K:-}" ] || own=${own:+"($own) and "}"($OFFICIAL_K)"
    echo "$own"
}

prepare
[ $# -gt 0 ] || set -- rest rest-async sdk sdk-async examples
for group in "$@"; do
    files "$group" >/dev/null
done

work=$(mktemp -d)
mkfifo "$work/stdin"
rm -rf build/operations/official
mkdir -p build/operations/official
RUNLOOP_EMULATOR_OPERATIONS=$PWD/build/operations/official "$EMULATOR" --port 0 --exit-on-stdin-close --tls --check-answers <"$work/stdin" >"$work/emulator.out" 2>"$work/emulator.err" &
emulator=$!
exec 3>"$work/stdin"
cleanup() {
    exec 3>&-
    wait "$emulator" || true
    tail -n 1 "$work/emulator.err"
    rm -rf "$work"
}
trap cleanup EXIT
for _ in $(seq 6000); do
    ! grep -q listening "$work/emulator.out" && kill -0 "$emulator" 2>/dev/null || break
    sleep 0.05
done
address=$(sed -n 's/.*listening on https:..//p' "$work/emulator.out" | head -n 1)
[ -n "$address" ] || {
    cat "$work/emulator.err" >&2
    exit 1
}
url=http://$address
curl -fsS "$url/_emulator/ca" -o "$work/ca.pem"
echo "emulator: $url, $(sed -n 's/.*isolation: //p' "$work/emulator.err")"

root=$PWD
run() { # group
    # An example asks for https://{port}-{key}.tunnel.{domain}, a name that need not resolve here: the
    # emulator is the proxy that knows it.
    local base=$url through=() k
    if [ "$1" = examples ]; then
        base=http://localhost:${address##*:}
        through=("HTTPS_PROXY=$url" "SSL_CERT_FILE=$work/ca.pem")
    fi
    k=$(picked "$1")
    # Their own settings pick the other tests (-m): none are picked by marker here. A test's output
    # is kept in the report, not on the terminal.
    cd "$SOURCE"
    # shellcheck disable=SC2046 # a file for each word
    env -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u NO_PROXY -u http_proxy -u https_proxy -u all_proxy -u no_proxy \
        -u RUNLOOP_CUSTOM_HEADERS -u GITHUB_TOKEN -u ANTHROPIC_API_KEY PYTHONDONTWRITEBYTECODE=1 "${through[@]}" \
        RUNLOOP_BASE_URL="$base" RUNLOOP_API_KEY=any-key RUN_SMOKETESTS=1 RUN_EXAMPLE_LIVE_TESTS=1 \
        "$root/$ROOT/venv/bin/python" -m pytest -p no:cacheprovider -q --no-header -m "" -n "${JOBS:-2}" --dist=loadfile \
        --timeout 1200 --junitxml "$root/$ROOT/reports/$1.xml" -o junit_family=xunit1 ${k:+-k "$k"} $(files "$1") \
        >"$work/$1.log" 2>&1
}

mkdir -p "$ROOT/reports"
runs=()
for group in "$@"; do
    rm -f "$ROOT/reports/$group.xml"
    run "$group" &
    runs+=($!)
done
for run in "${runs[@]}"; do
    wait "$run" || true
done
for group in "$@"; do
    if [ ! -e "$ROOT/reports/$group.xml" ]; then
        cat "$work/$group.log" >&2
        echo "group $group: pytest did not run" >&2
        exit 1
    fi
done

# shellcheck disable=SC2046,SC2059 # an argument for each word
"$PYTHON" "$here/report.py" ${OFFICIAL_K:+--no-compare} "$here/expected.txt" $(printf "$ROOT/reports/%s.xml " "$@")
