# shellcheck shell=bash
# Sourced: most of a short program's compilation is that of the binding's headers, so they are compiled once for many.
#   before_all FOLDER COMPILER FLAGS …   compiles <runloop.hpp> below FOLDER; programs that are compiled with the same
#                                        flags and "-include FOLDER/before.hpp" take it from there
before_all() {
    local folder=$1
    shift
    mkdir -p "$folder"
    printf '#include <runloop.hpp>\n' >"$folder/before.hpp"
    "$@" -x c++-header "$folder/before.hpp" -o "$folder/before.hpp.gch"
}
