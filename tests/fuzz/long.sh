#!/usr/bin/env bash
# `make fuzz`: inputs made of the corpus at random, inputs that libFuzzer and Go find, and random calls over every function. FUZZ_INPUTS and
# FUZZ_SECONDS are for each target; FUZZ_CALLS for each of two sequences, by one thread and by four. The seeds are printed; FUZZ_SEED and
# RANDOM_SEED repeat them. The last line is what was tried.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo=${CARGO:-cargo}
export FUZZ_INPUTS=${FUZZ_INPUTS:-300000} FUZZ_SECONDS=${FUZZ_SECONDS:-120} FUZZ_SEED=${FUZZ_SEED:-$(date +%s)}
said=$(mktemp)
trap 'rm -f "$said"' EXIT
{
    "$cargo" test -q --lib fuzz:: -- --nocapture
    "$cargo" test -q -p runloop-emulator fuzz:: -- --nocapture
    tests/fuzz/libfuzzer.sh
    tests/fuzz/go.sh
    TEST_WATCHDOG_SECONDS=7200 RANDOM_CALLS=${FUZZ_CALLS:-100000} tests/random/run.sh
} | tee "$said"
awk '/^[a-z]+: [0-9]+ inputs$/ { made += $2 }
    /^[a-z]+: [0-9]+ inputs by libFuzzer/ { guided += $2; targets++ }
    /^libFuzzer: left out/ { without = 1 }
    /^Fuzz[A-Za-z]+: [0-9]+ inputs by Go/ { go += $2; functions++ }
    /^Go: left out/ { no_go = 1 }
    /^random: [0-9]+ calls$/ { calls += $2 }
    END {
        if (!made || !calls || !(guided || without) || !(go || no_go)) { print "error: something was not run"; exit 1 }
        printf "fuzz: %d inputs made at random, %s, %s, %d random calls: nothing found\n", made,
            without ? "none by libFuzzer" : guided " by libFuzzer with " targets " targets",
            no_go ? "none by Go" : go " by Go with " functions " functions", calls
    }' "$said"
