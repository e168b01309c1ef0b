"""The binary interface as the header describes it.

abi.py compare OLD NEW     says in words what NEW changes; 1 if a program compiled against OLD may not run with it
abi.py bare HEADER         the header without its comments
abi.py layout HEADER       a C program that prints the size, alignment and offsets of every struct
abi.py stubs HEADER        a C source that defines every function, for abidiff
abi.py calls HEADER        a C source that holds the address of every function
abi.py longer HEADER       the header with a member more at the end of each struct, as a later one may be
"""

import re
import sys
from pathlib import Path


def bare(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"[ \t]*//[^\n]*", "", text)
    return re.sub(r"\n{2,}", "\n", text).strip() + "\n"


def words(text):
    text = " ".join(text.split())
    return re.sub(r"\s*\*\s*", " *", text).replace("* *", "**").replace("( ", "(").replace(" )", ")")


class Interface:
    def __init__(self, header):
        text = bare(header)
        joined = text.replace("\\\n", " ")
        self.numbers = {name: words(value) for name, value in re.findall(r"^#define (RUNLOOP_\w+)[ \t]+(.+)$", joined, flags=re.M)}
        plain = re.sub(r"^#.*$", "", joined, flags=re.M)
        self.structs = {name: [words(member) for member in body.split(";") if member.strip()]
                        for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\} \w+;", plain, flags=re.S)}
        self.handles = dict.fromkeys(re.findall(r"typedef struct (\w+) \w+;", plain), "")
        self.callbacks = {name: words(f"{result} ({arguments})")
                          for result, name, arguments in re.findall(r"typedef ([\w ]+?) \(\*(\w+)\)\(([^;]*)\);", plain, flags=re.S)}
        # The names of arguments are nobody's business but the reader's.
        self.functions = {name: (words(result), [self.type_of(argument) for argument in arguments.split(",")])
                          for result, name, arguments in re.findall(r"^((?:const )?\w+ \**)(runloop_\w+)\(([^;{]*)\);", plain, flags=re.M)}

    @staticmethod
    def type_of(argument):
        argument = words(argument)
        return argument if argument == "void" else words(re.sub(r"\w+$", "", argument))


def signature(name, function):
    return f"{function[0]} {name}({', '.join(function[1])})".replace("* ", "*")


def compare(old, new):
    """What breaks programs, and what is new."""
    broken, added = [], []

    def compared(kind, before, after, told):
        for name in before:
            if name not in after:
                broken.append(f"{kind} {name} is gone")
            elif before[name] != after[name]:
                told(name, before[name], after[name])
        added.extend(f"{kind} {name}" for name in after if name not in before)

    def number(name, before, after):
        # Versions change, and initial values as the structs do.
        if name != "RUNLOOP_ABI" and (name.startswith("RUNLOOP_VERSION") or name.endswith("_INIT")):
            return
        broken.append(f"{name} was {before} and is {after}")

    def struct(name, before, after):
        if after[: len(before)] == before:
            added.append(f"at the end of struct {name}: {'; '.join(after[len(before):])}")
            return
        at = next((at for at, (one, other) in enumerate(zip(before, after)) if one != other), min(len(before), len(after)))
        is_now = f"is {after[at]}" if at < len(after) else "is gone"
        broken.append(f"struct {name}: its member {at + 1} was {before[at]} and {is_now}; structs grow at their end alone")

    compared("the number", old.numbers, new.numbers, number)
    compared("the handle", old.handles, new.handles, None)
    compared("the callback", old.callbacks, new.callbacks, lambda name, before, after: broken.append(f"the callback {name} was {before} and is {after}"))
    compared("the struct", old.structs, new.structs, struct)
    compared("the function", old.functions, new.functions,
             lambda name, before, after: broken.append(f"the function {name} was {signature(name, before)} and is {signature(name, after)}"))
    return broken, added


def layout(interface):
    lines = ["#include <runloop.h>", "#include <stdio.h>", "#define MEMBER(type, member) \\",
             '    printf("    %s %zu %zu\\n", #member, offsetof(type, member), sizeof(((type *)0)->member))',
             "#define STRUCT(type) printf(\"%s %zu %zu\\n\", #type, sizeof(type), sizeof(struct { char before; type it; }) - sizeof(type))", "int main(void)", "{"]
    for name, members in interface.structs.items():
        lines.append(f"    STRUCT({name});")
        lines += [f"    MEMBER({name}, {member.split()[-1].lstrip('*')});" for member in members]
    return "\n".join(lines + ["    return 0;", "}"])


def stubs(interface):
    lines = ["#include <runloop.h>"]
    for name, (result, arguments) in interface.functions.items():
        named = ", ".join(argument if argument == "void" else f"{argument} a{at}" for at, argument in enumerate(arguments))
        lines.append(f"{result} {name}({named}) {{ {'' if result == 'void' else 'return 0; '}}}")
    # What only structs name must be reached too.
    lines += [f"{name} {name}_example;" for name in (*interface.structs, *interface.callbacks)]
    return "\n".join(lines)


def calls(interface):
    lines = ["#include <runloop.h>", "typedef void (*any_function)(void);", "extern const any_function all_functions[];", "const any_function all_functions[] = {"]
    return "\n".join(lines + [f"    (any_function){name}," for name in interface.functions] + ["    0};"])


def longer(header):
    return re.sub(r"(\} runloop_\w+_(?:options)|\} runloop_(?:source|sink));", r"    int64_t later;\n\1;", bare(header))


def main():
    command, paths = sys.argv[1], [Path(path) for path in sys.argv[2:]]
    if command in ("bare", "longer"):
        print({"bare": bare, "longer": longer}[command](paths[0].read_text()), end="")
        return 0
    interfaces = [Interface(path.read_text()) for path in paths]
    if command != "compare":
        print({"layout": layout, "stubs": stubs, "calls": calls}[command](interfaces[0]))
        return 0
    broken, added = compare(*interfaces)
    for what in added:
        print(f"new: {what}")
    for what in broken:
        print(f"CHANGED: {what}")
    new = interfaces[1]
    print(f"{len(new.functions)} functions, {len(new.structs)} structs, {len(new.handles)} handles, {len(new.callbacks)} callbacks, {len(new.numbers)} numbers: "
          f"{len(added)} new, {len(broken)} changed since the baseline")
    return 1 if broken else 0


sys.exit(main())
