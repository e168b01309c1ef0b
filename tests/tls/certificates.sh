#!/usr/bin/env bash
# Makes certificates in a folder: an authority, what it has signed, and what nobody should trust.
set -euo pipefail
cd "$1"

request() { # name, common name, further options
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" 2>/dev/null
}
sign() { # name, authority, subject alternative name, usage, further options
    local name=$1 authority=$2 extensions=$1.ext
    printf 'subjectAltName=%s\nextendedKeyUsage=%s\nbasicConstraints=CA:FALSE\n' "$3" "$4" >"$extensions"
    shift 4
    openssl x509 -req -in "$name.csr" -CA "$authority.pem" -CAkey "$authority.key" -CAcreateserial -extfile "$extensions" -out "$name.pem" "$@" 2>/dev/null
}
for authority in authority stranger; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $authority.key -out $authority.pem -subj "/CN=$authority" -days 30 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
done
here=IP:127.0.0.1,DNS:localhost,DNS:api.test,DNS:slow-50.test
for name in good expired early wrong_name untrusted client; do
    request $name $name
done
sign good authority $here serverAuth -days 30
sign expired authority $here serverAuth -days -1 2>/dev/null || true
# Valid from the day after tomorrow on, which openssl's ca alone can say everywhere.
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >ca.conf
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' $here >early.ext
: >index
echo 01 >serial
openssl ca -batch -notext -config ca.conf -cert authority.pem -keyfile authority.key -in early.csr -out early.pem -extfile early.ext \
    -startdate "$(date -u -d '+2 days' +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d '+30 days' +%Y%m%d%H%M%SZ)" 2>/dev/null
cp authority.pem self_signed.pem
cp authority.key self_signed.key
sign wrong_name authority DNS:elsewhere.test serverAuth -days 30
sign untrusted stranger $here serverAuth -days 30
sign client authority $here clientAuth -days 30
