#!/usr/bin/env bash
# TLS, HTTP/2, proxies and names, with servers that others have written: Python's h2, openssl s_server, nginx.
# With names: those programs alone. RUNLOOP_LIB_DIR holds librunloop.so, RUNLOOP_EMULATOR is the emulator's binary,
# BUILD is where everything goes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/tests}/tls
: "${RUNLOOP_LIB_DIR:=$root/target/quick}" "${RUNLOOP_EMULATOR:=$root/target/quick/runloop-emulator}"
export RUNLOOP_EMULATOR
PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$build/lib"
ln -sf "$(cd "$RUNLOOP_LIB_DIR" && pwd)/librunloop.so" "$build/lib/librunloop.so"
ln -sf librunloop.so "$build/lib/librunloop.so.0"
[ $# -gt 0 ] || set -- silent streams ends trust proxied behind_nginx named idle odd_records

python=$("$root/tools/python.sh" h2==4.2.0)
work=$(mktemp -d "$build/work-XXXXXX")
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
"$here/certificates.sh" "$work"
export TLS_CERTIFICATES=$work

# The servers' standard input: it ends when this script does, however that is.
coproc alive_source { exec cat; }
exec {alive}<&"${alive_source[0]}"
# Starts a server, and reads the ports that it prints.
ports_of() { # names of variables, then -- and a command
    local names=() log=$work/server-${#started[@]}.log waited found=()
    while [ "$1" != -- ]; do names+=("$1") && shift; done
    shift
    : >"$log"
    "$@" >>"$log" 2>&1 <&"$alive" &
    started+=($!)
    for ((waited = 0; waited < 3000; waited++)); do
        mapfile -t found < <(sed -n -e 's/^ports //p' -e 's/^ACCEPT .*://p' "$log" | tr ' ' '\n')
        [ ${#found[@]} -lt ${#names[@]} ] || break
        kill -0 "${started[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    [ ${#found[@]} -ge ${#names[@]} ] || { echo "$1 does not start:" >&2 && cat "$log" >&2 && return 1; }
    local i
    for i in "${!names[@]}"; do export "${names[i]}=${found[i]}"; done
}
export PYTHONDONTWRITEBYTECODE=1
ports_of TLS_ODD TLS_ODD_HANDSHAKES -- "$python" "$here/odd_records.py" "$work/good.pem" "$work/good.key"
ports_of TLS_BOTH TLS_HTTP1 TLS_NO_ALPN TLS_CONTROL -- "$python" "$here/h2_server.py" "$work/good.pem" "$work/good.key"
# A server of its own, since this program runs beside the others.
ports_of SILENT_BOTH SILENT_HTTP1 SILENT_NO_ALPN SILENT_CONTROL -- "$python" "$here/h2_server.py" "$work/good.pem" "$work/good.key"
ports_of PROXY_HTTP PROXY_SOCKS PROXY_CONTROL -- "$python" "$here/proxies.py" user 'p@ss w0rd'
# It sends files, which hold whole answers.
mkdir -p "$work/www/v1/devboxes"
printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"id":"dbx_1"}' >"$work/www/v1/devboxes/dbx_1"
s_server() { # name of the variable, certificate, further options
    local name=$1 certificate=$2
    shift 2
    ports_of "$name" -- env -C "$work/www" openssl s_server -accept 127.0.0.1:0 -HTTP -cert "$work/$certificate.pem" -key "$work/$certificate.key" "$@"
}
s_server OPENSSL_GOOD good
s_server OPENSSL_EXPIRED expired
s_server OPENSSL_EARLY early
s_server OPENSSL_SELF_SIGNED self_signed
s_server OPENSSL_OLD good -tls1_1 -cipher DEFAULT@SECLEVEL=0
s_server OPENSSL_WRONG_NAME wrong_name
s_server OPENSSL_UNTRUSTED untrusted
s_server OPENSSL_CLIENT good -Verify 1 -verify_return_error -CAfile "$work/authority.pem"

c11="${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -g -Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/tests/c"
helpers=("$here/support.c" "$root"/tests/c/{harness,emulator,json,script_server,sockets}.c)
objects=()
for helper in "${helpers[@]}"; do
    objects+=("$build/$(basename "$helper" .c).o")
    $c11 -c "$helper" -o "${objects[-1]}"
done
$c11 -shared -fPIC "$here/slow_names.c" -o "$build/slow_names.so" -ldl -lpthread
$c11 -shared -fPIC "$here/suspend.c" -o "$build/suspend.so" -ldl

failed=0
one() { # program, and what it is started by
    local program=$1 from=$EPOCHREALTIME
    shift
    if "$@" "$build/$program" >"$build/$program.log" 2>&1 </dev/null; then
        awk -v name="$program" -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "ok %s (%.1f s)\n", name, to - from }'
    else
        echo "FAILED $program ($?)" && sed 's/^/    /' "$build/$program.log" && tail -n 5 "$work"/server-*.log
        return 1
    fi
}

beside=()
for program in "$@"; do
    $c11 "$here/$program.c" "${objects[@]}" -o "$build/$program" "-L$build/lib" -lrunloop -lpthread "-Wl,-rpath,$build/lib"
    case $program in
    silent) one "$program" env "TLS_BOTH=$SILENT_BOTH" "TLS_CONTROL=$SILENT_CONTROL" & beside+=($!) ;;
    named) one "$program" env "LD_PRELOAD=$build/slow_names.so" || failed=1 ;;
    idle) one "$program" env "LD_PRELOAD=$build/suspend.so" || failed=1 ;;
    *) one "$program" env || failed=1 ;;
    esac
done
for program in "${beside[@]}"; do wait "$program" || failed=1; done
exit $failed
