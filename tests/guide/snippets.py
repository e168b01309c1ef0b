#!/usr/bin/env python3
"""Takes the guide's blocks apart, and makes of each language's a program that runs one by number.

    snippets.py programs GUIDE FOLDER            writes FOLDER/guide.c, guide.cpp, guide-source/main.go; prints what there
                                                 is to run, a line each: language, number
    snippets.py compare GUIDE LANGUAGE N FILE    is FILE what the block promises?

A frame is a comment that names what its blocks find (`<!-- frame: client, devbox -->`); then come one block a
language, but for one that it excepts (`<!-- frame: client; not in go -->`), and a block of text that all of them
print. What the guide shows before the first frame has to be in the file that stands around the blocks.
"""

import os
import re
import sys

FRAMES = {"c": "frame.c", "cpp": "frame.cpp", "go": "frame.go.txt"}
FRAME = re.compile(r"^<!-- frame: ([a-z, ]+?)(?:; not in ([a-z, ]+))? -->$")
HERE = os.path.dirname(os.path.abspath(__file__))


def words(text):
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def frame(language):
    with open(os.path.join(HERE, FRAMES[language]), encoding="utf-8") as file:
        return file.read()


def sections(guide):
    found, title, fence, block, started = [], "", None, [], 0
    for number, line in enumerate(open(guide, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if fence is not None:
            if line != "```":
                block.append(line)
                continue
            if not found:
                if "\n".join(block) not in frame(fence):
                    sys.exit(f"{guide}:{started}: {FRAMES[fence]} does not have this block")
            elif fence in found[-1]:
                sys.exit(f"{guide}:{started}: a second {fence} block for one frame")
            else:
                found[-1][fence] = block
            fence = None
        elif line.startswith("## "):
            title = line[3:]
        elif match := FRAME.match(line):
            found.append({"title": title, "finds": words(match[1]), "without": words(match[2])})
        elif line.startswith("<!-- frame"):
            sys.exit(f"{guide}:{number}: no frame that is understood: {line}")
        elif line.startswith("```"):
            fence, block, started = line[3:], [], number
    for section in found:
        for kind in (*FRAMES, "text"):
            if (kind in section) == (kind in section["without"]):
                sys.exit(f"{guide}: {section['title']}: a block of {kind}, or none, is not what its frame says")
    return found


def split_c(block):
    """Functions come before the code that uses them, which belongs into a function itself."""
    end = 0
    while block[end].startswith("static "):
        end = block.index("}", end) + 1
        while not block[end]:
            end += 1
    return block[:end], block[end:]


def c(number, section):
    above, within = split_c(section["c"])
    return [
        *above,
        f"static void section_{number}(const char *folder, runloop_client *client, runloop_devbox *devbox)",
        "{",
        "    runloop_error *error = NULL;",
        "    (void)folder, (void)client, (void)devbox, (void)error;",
        # In braces of its own, so that it may give the same names to others.
        "    {",
        *("    " + line for line in within),
        "    }",
        "}",
    ]


def cpp(number, section):
    return [
        f"static void section_{number}([[maybe_unused]] const std::string &folder, [[maybe_unused]] runloop::Client &client,",
        "    [[maybe_unused]] runloop::Devbox *found)",
        "{",
        *(["    runloop::Devbox &devbox = *found;"] if "devbox" in section["finds"] else []),
        "    {",
        *("    " + line for line in section["cpp"]),
        "    }",
        "}",
    ]


# A Go block says in its first lines what it imports.
IMPORT = "// import "


def go(number, section):
    return [
        f"func section{number}(ctx context.Context, folder string, client *runloop.Client, found *runloop.Devbox) {{",
        *(["\tdevbox := found"] if "devbox" in section["finds"] else []),
        *("\t" + line if line else "" for line in section["go"] if not line.startswith(IMPORT)),
        "}",
        "",
    ]


def go_imports(every):
    here = frame("go")
    wanted = {line[len(IMPORT) :] for section in every for line in section.get("go", []) if line.startswith(IMPORT)}
    return "".join(f"\t{name}\n" for name in sorted(wanted) if f"\t{name}\n" not in here)


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def program(language, every, function, table, entry, none):
    """The frame of a language, with a function for each block, and a table of the functions."""
    before, after = frame(language).split("@SNIPPETS@\n")
    lines, entries = [], []
    for number, section in enumerate(every):
        if language in section:
            lines += function(number, section)
        entries.append(entry(number, "devbox" in section["finds"]) if language in section else none)
    return before + "\n".join([*lines, table, *entries, "};" if language != "go" else "}"]) + "\n\n" + after


def programs(guide, folder):
    every = sections(guide)
    write(folder, "guide.c", program("c", every, c, "static const struct section sections[] = {",
          lambda number, devbox: f"    {{section_{number}, {int(devbox)}}},", "    {NULL, 0},"))
    write(folder, "guide.cpp", program("cpp", every, cpp, "static const Section sections[] = {",
          lambda number, devbox: f"    {{section_{number}, {str(devbox).lower()}}},", "    {nullptr, false},"))
    source = program("go", every, go, "var sections = []section{",
                     lambda number, devbox: f"\t{{section{number}, {str(devbox).lower()}}},", "\t{nil, false},")
    write(folder, "guide-source/main.go", source.replace("@IMPORTS@\n", "\n" + go_imports(every) + "\n"))
    for language in FRAMES:
        for number, section in enumerate(every):
            if language in section:
                print(language, number)


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
