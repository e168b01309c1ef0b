#!/usr/bin/env bash
# Requests made up from spec/openapi.json, right ones and wrong ones, with schemathesis: none is
# answered with a server error, and no answer breaks the description. FUZZ_SEED chooses others,
# FUZZ_EXAMPLES how many an operation, RUNLOOP_EMULATOR the emulator's binary.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
python=$(tools/python.sh schemathesis==4.32.5)
: "${RUNLOOP_EMULATOR:=target/quick/runloop-emulator}"
export FUZZ_SEED=${FUZZ_SEED:-1}
work=build/fuzz
mkdir -p "$work"
rm -rf build/operations/fuzz
mkdir -p build/operations/fuzz
export RUNLOOP_EMULATOR_OPERATIONS=$PWD/build/operations/fuzz

# Holds are short by a fast clock.
coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --time-scale 100 --check-answers --exit-on-stdin-close 2>"$work/emulator.log"; }
emulator=$EMULATOR_PID input=${EMULATOR[1]}
trap 'kill "$emulator" 2>/dev/null || true' EXIT
read -r line <&"${EMULATOR[0]}" || { cat "$work/emulator.log" >&2; exit 1; }
export RUNLOOP_BASE_URL=${line##* }

# Two streams never end by themselves; the emulator's own tests read them.
status=0
root=$PWD
# From its own folder, where it may keep what it likes; what it kept would change the next run.
rm -rf "$work/.schemathesis" "$work/.hypothesis"
(
    cd "$work"
    env -u RUNLOOP_EMULATOR_OPERATIONS SCHEMATHESIS_HOOKS="$here/hooks.py" "$(dirname "$python")/schemathesis" run "$root/spec/openapi.json" \
        --url "$RUNLOOP_BASE_URL" --header "Authorization: Bearer fuzz" \
        --exclude-operation-id devboxes.watch_evictions --exclude-operation-id axons.subscribe_sse \
        --checks not_a_server_error,response_schema_conformance --phases coverage,fuzzing \
        --max-examples "${FUZZ_EXAMPLES:-10}" --seed "$FUZZ_SEED" --generation-database none --no-shrink \
        --request-timeout 600 --suppress-health-check all --warnings off --continue-on-failure --no-color \
        >report.txt 2>&1
) || status=$?
if [ $status -ne 0 ]; then
    cat "$work/report.txt" >&2
    tail -n 40 "$work/emulator.log" >&2
    exit $status
fi
exec {input}>&-
wait "$emulator"
trap - EXIT
sed -n '/generated/p; /No issues/p' "$work/report.txt"
