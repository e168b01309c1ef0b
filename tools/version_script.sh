#!/usr/bin/env bash
# Prints the linker's version script for a list of functions, of which each line is a name and the version that first had it.
set -euo pipefail
sed '/^ *\(#.*\)\?$/d' "$1" | sort -V -k2,2 -k1,1 | awk '
    function end() { print (before == "" ? "local:\n    *;\n" : "") "}" before ";" }
    NF != 2 { print "error: " $1 " has no version" >"/dev/stderr"; failed = 1; exit 1 }
    $2 != version {
        if (version != "") {
            end()
            before = " RUNLOOP_" version
        }
        print "RUNLOOP_" $2 " {\nglobal:"
        version = $2
    }
    { print "    " $1 ";" }
    END { if (!failed) end() }'
