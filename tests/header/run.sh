#!/usr/bin/env bash
# The headers compile alone, twice in one file, in every language version that they promise.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <runloop.h>\n#include <runloop.h>\nint main(void) { return runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), NULL); }\n' >"$work/use.c"
cp "$work/use.c" "$work/use.cpp"
warnings=(-Wall -Wextra -Wpedantic -Werror)
for standard in c99 c11 c17; do
    ${CC:-cc} -std=$standard "${warnings[@]}" -Iinclude -c "$work/use.c" -o "$work/$standard.o"
done
for standard in c++17 c++20; do
    ${CXX:-c++} -std=$standard "${warnings[@]}" -Iinclude -c "$work/use.cpp" -o "$work/$standard.o"
done
# The setters of parameters, which add no symbol of their own, used or not.
printf '#include <runloop_params.h>\n#include <runloop_params.h>\nint use(const runloop_params *p);\nint use(const runloop_params *p) { return runloop_devbox_create_params_set_metadata(p, "a", "b", NULL); }\n' >"$work/setters.c"
cp "$work/setters.c" "$work/setters.cpp"
for standard in c99 c11 c17; do
    ${CC:-cc} -std=$standard "${warnings[@]}" -Iinclude -c "$work/setters.c" -o "$work/setters.$standard.o"
done
for standard in c++17 c++20; do
    ${CXX:-c++} -std=$standard "${warnings[@]}" -Iinclude -c "$work/setters.cpp" -o "$work/setters.$standard.o"
done
for object in "$work"/setters.*.o; do
    defined=$(nm -g --defined-only "$object" | grep ' runloop_' || true)
    unknown=$(nm -u "$object" | sed -n 's/.* U \(runloop_.*\)/\1/p' | sort | comm -23 - <(sort include/runloop.symbols))
    [ -z "$defined$unknown" ] || { echo "runloop_params.h adds symbols: $defined $unknown" >&2; exit 1; }
done
# A program of C and C++ parts, linked and run.
${CXX:-c++} "$work/c++17.o" -o "$work/use" -L"$RUNLOOP_LIB_DIR" -lrunloop -Wl,-rpath,"$RUNLOOP_LIB_DIR"
"$work/use"
# Each macro that initialises a struct sets every member.
cat >"$work/init.c" <<'C'
#include <runloop.h>
int main(void)
{
    runloop_call_options call = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    return !(call.struct_size == sizeof call && exec.struct_size == sizeof exec && tree.struct_size == sizeof tree && source.fd == -1 &&
             sink.fd == -1);
}
C
${CC:-cc} -std=c99 "${warnings[@]}" -Iinclude "$work/init.c" -o "$work/init"
"$work/init"
echo "C99, C11, C17, C++17, C++20"
