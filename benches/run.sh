#!/usr/bin/env bash
# The figures, beside a peer on the same work in the same run: medians of several rounds. They are
# printed, never asserted.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! printf '#include <curl/curl.h>\n' | ${CC:-cc} -E - >/dev/null 2>&1; then
    echo "The benches compare with libcurl, whose header is missing: sudo apt-get install libcurl4-openssl-dev" >&2
    exit 1
fi
mkdir -p build/benches
for bench in call stream cancel start; do
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Iinclude "benches/c/$bench.c" -o "build/benches/$bench" \
        -L"$RUNLOOP_LIB_DIR" -lrunloop -lcurl -lpthread -Wl,-rpath,"$RUNLOOP_LIB_DIR"
done

coproc EMULATOR { exec "$RUNLOOP_EMULATOR" --port 0 --exit-on-stdin-close 2>/dev/null; }
read -r line <&"${EMULATOR[0]}"
export RUNLOOP_BASE_URL=${line##* } RUNLOOP_API_KEY=bench
printf '%-44s %14s %14s %8s\n' what ours libcurl ratio
for bench in start call stream cancel; do
    "build/benches/$bench"
done
strip --strip-unneeded -o build/benches/stripped.so "$RUNLOOP_LIB_DIR/librunloop.so"
printf '%-44s %11s KiB\n' "the stripped library" "$(($(stat -c %s build/benches/stripped.so) / 1024))"

# The emulator beside nobody: there is no other.
printf "\n"
python3 benches/emulator.py
