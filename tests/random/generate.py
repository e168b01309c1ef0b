#!/usr/bin/env python3
"""Writes a C function for every function of include/runloop.h, which calls it with arguments that random.c chooses by
their types and names. Fails where a function of include/runloop.symbols is missing, or a type is not known."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def functions():
    text = (ROOT / "include/runloop.h").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.M)
    for kind, name, arguments in re.findall(r"([A-Za-z_][\w ]*?[ *]+)(runloop_\w+)\(([^()]*)\);", text):
        arguments = " ".join(arguments.split())
        yield kind.strip(), name, [] if arguments == "void" else [split(one) for one in arguments.split(",")]


def kinds_of(all_of_them):
    return sorted(name[8:-5] for returned, name, _ in all_of_them if returned == "void" and name.endswith("_free"))


def split(argument):
    kind, name = re.fullmatch(r"\s*(.*?[ *])(\w+)", argument).groups()
    return kind.strip(), name


def body(returned, name, arguments):
    before, passed, after = [], [], []
    # A client is made without a configuration too.
    handles = int(name == "runloop_client_new")
    fails = any(kind == "runloop_error **" for kind, _ in arguments)
    for at, (kind, called) in enumerate(arguments):
        place = f"a{at}"
        opaque = re.fullmatch(r"(const )?runloop_(\w+) \*", kind)
        made = re.fullmatch(r"runloop_(\w+) \*\*", kind)
        if kind == "runloop_error **":
            before.append("runloop_error *error = (runloop_error *)UNTOUCHED, **place = without_place(r) ? NULL : &error;")
            passed.append("place")
        elif opaque and opaque[2] in ("call_options", "exec_options", "source", "sink", "tree_options"):
            waits = re.search(r"next|await|stream|result|exec|request", name)
            extra = f", {int(bool(waits))}" if opaque[2] == "call_options" else ""
            before.append(f"runloop_{opaque[2]} {place}; const runloop_{opaque[2]} *p{at} = some_{opaque[2]}(r, &{place}{extra});")
            passed.append(f"p{at}")
        elif opaque and returned == "void" and name.endswith("_free"):
            passed.append(f"(runloop_{opaque[2]} *)to_free(r, KIND_{opaque[2]})")
        elif opaque:
            wrong = "&wrong" if handles == 0 else "NULL"
            choose = "to_end" if re.search("close$|shutdown|suspend", name) else "some_handle"
            handles += 1
            passed.append(f"(const runloop_{opaque[2]} *){choose}(r, KIND_{opaque[2]}, {wrong})")
        elif made:
            before.append(f"runloop_{made[1]} *{place} = (runloop_{made[1]} *)UNTOUCHED, **p{at} = without_output(r) ? NULL : &{place};")
            passed.append(f"p{at}")
            after.append(f'if (p{at}) made(r, "{name}", KIND_{made[1]}, {place}, status);')
        elif kind == "const char **":
            before.append(f"const char *{place} = (const char *)UNTOUCHED, **p{at} = without_output(r) ? NULL : &{place};")
            passed.append(f"p{at}")
            after.append(f'if (p{at}) cleared("{name}", {place}, status);')
        elif kind in ("size_t *", "int32_t *", "int64_t *", "double *"):
            before.append(f"{kind[:-2]} {place} = 0;")
            passed.append(f"without_output(r) ? NULL : &{place}")
        elif kind == "const char *":
            follows = arguments[at + 1 : at + 2]
            if follows and follows[0] == ("size_t", "length"):
                before.append(f"size_t l{at + 1}; const char *{place} = some_bytes(r, \"{called}\", &l{at + 1});")
                passed.append(place)
            else:
                passed.append(f'some_text(r, "{called}")')
        elif (kind, called) == ("size_t", "length"):
            passed.append(f"l{at}")
        elif kind in ("size_t", "int32_t", "int64_t", "double"):
            passed.append(f"({kind})some_number(r)" if kind != "double" else "some_double(r)")
        elif kind in ("runloop_log_fn", "runloop_build_log_fn"):
            passed.append(f"some_{kind[8:-3]}(r)")
        elif (kind, called) == ("void *", "user_data"):
            passed.append("r")
        else:
            sys.exit(f"{name}: there is no way to choose a {kind} named {called}")
    # The order in which C evaluates arguments is open: each is chosen before the call.
    lines = ["    int wrong = 0;"] + [f"    {line}" for line in before]
    chosen = []
    for at, one in enumerate(passed):
        if "(r" in one:
            kind = arguments[at][0]
            lines.append(f"    {kind} c{at} = {one};")
            one = f"c{at}"
        chosen.append(one)
    call = f"{name}({', '.join(chosen)})"
    if fails:
        lines.append(f"    int32_t status = {call};")
        lines.append(f'    ended(r, "{name}", status, place, wrong);')
    elif returned == "const char *":
        lines.append(f'    looked_at(r, "{name}", {call});')
    else:
        lines.append(f"    {call};")
    return "\n".join(lines + [f"    {line}" for line in after] + ["    (void)wrong;", "    (void)r;"])


def main():
    all_of_them = list(functions())
    names = {name for _, name, _ in all_of_them}
    exported = set((ROOT / "include/runloop.symbols").read_text().split())
    if names != exported:
        sys.exit(f"The header and the symbols differ: {sorted(names ^ exported)}")
    kinds = kinds_of(all_of_them)
    print("/* Written by generate.py. */")
    print('#include "random.h"\n')
    print(f"const char *const kind_names[] = {{{', '.join(f'{chr(34)}{kind}{chr(34)}' for kind in kinds)}}};")
    print("void (*const kind_frees[])(void *) = {")
    for kind in kinds:
        print(f"    (void (*)(void *))runloop_{kind}_free,")
    print("};\n")
    for returned, name, arguments in all_of_them:
        print(f"static void call_{name}(struct random *r)\n{{\n{body(returned, name, arguments)}\n}}\n")
    print("const struct function functions[] = {")
    for _, name, _ in all_of_them:
        print(f'    {{"{name}", call_{name}}},')
    print("};")
    print("const int function_count = sizeof functions / sizeof *functions;")


def header():
    kinds = kinds_of(functions())
    print("enum kind { " + ", ".join(f"KIND_{kind}" for kind in kinds) + ", KINDS };")


header() if sys.argv[1:] == ["--kinds"] else main()
