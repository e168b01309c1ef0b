#!/usr/bin/env python3
"""Takes the guide's blocks apart, and makes of each language's a program that runs one by number.

    snippets.py programs GUIDE FOLDER            writes FOLDER/guide.c, guide.cpp, go/main.go; prints how many sections
    snippets.py compare GUIDE LANGUAGE N FILE    is FILE what section N promises?

A section has a comment that names what its blocks find (`<!-- frame: client, devbox -->`), one block a
language, and a block of text that all of them print.
"""

import os
import re
import sys

LANGUAGES = ("c", "cpp", "go")
FRAME = re.compile(r"^<!-- frame: (.*) -->$")
HERE = os.path.dirname(os.path.abspath(__file__))


def sections(guide):
    found, title, fence, block = [], "", None, []
    for number, line in enumerate(open(guide, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if fence is not None:
            if line == "```":
                if found and fence in found[-1]:
                    sys.exit(f"{guide}:{number}: a second {fence} block for one frame")
                if found:
                    found[-1][fence] = block
                fence = None
            else:
                block.append(line)
        elif line.startswith("## "):
            title = line[3:]
        elif FRAME.match(line):
            needs = [need.strip() for need in FRAME.match(line).group(1).split(",")]
            found.append({"title": title, "frame": needs})
        elif line.startswith("```"):
            fence, block = line[3:], []
    for section in found:
        lacking = [kind for kind in (*LANGUAGES, "text") if kind not in section]
        if lacking:
            sys.exit(f"{guide}: {section['title']}: no block of {', '.join(lacking)}")
    return found


def split_c(block):
    """Functions come before the code that uses them, which belongs into a function itself."""
    ends = [i for i, line in enumerate(block) if line == "}" and block[0].startswith("static ")]
    first = block.index("}") + 1 if ends else 0
    return block[:first], block[first:]


def go_imports(block):
    """A block says in its first line what it imports besides the binding: // import "os"."""
    rest = [line for line in block if not line.startswith("// import ")]
    return [line[len("// import ") :] for line in block if line.startswith("// import ")], rest


def write(folder, name, parts):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")


def template(name):
    return open(os.path.join(HERE, name), encoding="utf-8").read().split("@SNIPPETS@\n")


def programs(guide, folder):
    every = sections(guide)
    before, after = template("frame.c")
    parts, table = [], []
    for number, section in enumerate(every):
        above, within = split_c(section["c"])
        needs = section["frame"]
        parts += [*above, f"static void section_{number}(const char *folder, runloop_client *client, runloop_devbox *devbox)", "{"]
        parts += ["    runloop_error *error = NULL;", "    (void)folder, (void)client, (void)error;"]
        # What a block declares for itself must not be in its way.
        parts += ["    (void)devbox;", "    {"] + ["    " + line if line else "" for line in within] + ["    }", "}", ""]
        table.append(f"    {{section_{number}, {int('devbox' in needs)}}},")
    write(folder, "guide.c", [before, *parts, "static const struct section sections[] = {", *table, "};", after])

    before, after = template("frame.cpp")
    parts, table = [], []
    for number, section in enumerate(every):
        needs = section["frame"]
        parts += [f"static void section_{number}([[maybe_unused]] const std::string &folder, [[maybe_unused]] runloop::Client &client, [[maybe_unused]] runloop::Devbox *found)", "{"]
        if "devbox" in needs:
            parts += ["    runloop::Devbox &devbox = *found;"]
        parts += ["    {"] + ["    " + line if line else "" for line in section["cpp"]] + ["    }", "}", ""]
        table.append(f"    {{section_{number}, {str('devbox' in needs).lower()}}},")
    write(folder, "guide.cpp", [before, *parts, "static const Section sections[] = {", *table, "};", after])

    before, after = template("frame.go.txt")
    parts, table, imports = [], [], set()
    for number, section in enumerate(every):
        wanted, within = go_imports(section["go"])
        imports |= set(wanted)
        needs = section["frame"]
        parts += [f"func section{number}(ctx context.Context, folder string, client *runloop.Client, found *runloop.Devbox) {{"]
        if "devbox" in needs:
            parts += ["\tdevbox := found"]
        parts += ["\t" + line if line else "" for line in within] + ["}", ""]
        table.append(f"\t{{section{number}, {str('devbox' in needs).lower()}}},")
    before = before.replace("@IMPORTS@\n", "".join(f"\t{name}\n" for name in sorted(imports)))
    write(folder, "go/main.go", [before, *parts, "var sections = []section{", *table, "}", after])
    print(len(every))


def compare(guide, language, number, said):
    section = sections(guide)[int(number)]
    wanted = section["text"]
    lines = open(said, encoding="utf-8").read().split("\n")[:-1]
    same = len(wanted) == len(lines) and all(
        re.fullmatch(re.escape(want).replace("…", ".*"), line) for want, line in zip(wanted, lines)
    )
    if not same:
        sys.exit(f"FAILED {section['title']} ({language}): it prints\n    " + "\n    ".join(lines) + "\nnot\n    " + "\n    ".join(wanted))
    print(f"ok {section['title']} ({language})")


if sys.argv[1] == "programs":
    programs(*sys.argv[2:])
else:
    compare(*sys.argv[2:])
