#!/usr/bin/env python3
"""Turns of phrase that the documentation does not use, with what to write instead.

    english.py [FILE …]      (all documentation, headers and comments of the public interface, if none is named)

A line that needs such words as they are, such as a quotation, ends with `english: ok` in a comment.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["*.md", ":!:tests/official"]
# What programs in C read, and what makes it: as clean as the documents.
HEADERS = ["include/*.h", "src/ffi/**/*.rs", "src/ffi/*.rs", "macros/src/*.in", "tools/surface/src/header/*.h", "tools/surface/src/bindings"]
# The same for C++ and Go.
BINDINGS = ["bindings/cpp/include", "bindings/go/*.go", "examples/cpp", "examples/go"]
OTHERS = ["examples"]

# What is found, and what to write. A line of text is looked at as it stands; case counts only in patterns that have
# capitals. Add a pattern when the tree has no more of it.
EVERYWHERE = [
    (r"to be had", "available, can be installed"),
    (r"in vain", "without success, or say what fails"),
    (r"(is|are) seen to", "the subject and an active verb: the library makes sure that …"),
    (r"the same of", "the same for"),
    (r"(is|are) no valid", "is not a valid …"),
    (r"canned", "mocked, fixed"),
    (r"as well take", "may also take"),
    (r"sooner or later", "eventually, or say when"),
    (r"begun with", "started with"),
    (r"where(upon|fore)|there(of|upon)|here(by|in)|thither", "a plain word"),
]
# What all but OTHERS have no more of: it moves up when they have none either.
IN_DOCUMENTS = [
    (r"told of", "reported"),
    (r"anew|afresh", "again, or the verb with re-: reopen, restart"),
    (r"but for", "except for, apart from"),
    (r"held against", "validated against, compared with"),
    (r"stands? still", "makes no progress; the idle timeout"),
    (r"everybody's", "public, shared"),
    (r"how grave", "the level"),
    (r"there need be no", "no … is required"),
    (r"whoever", "the noun: a reader, the caller"),
    (r"who knows", "if you know"),
    (r"left out and", "skipped and"),
    (r"of yours", "your …"),
    (r"else than", "other than"),
    (r"at odds with", "conflicts with"),
    (r"(is|are) wanted", "is expected, is required"),
    (r"not concerned", "not affected"),
    (r"Else[:,]", "Default: …, or otherwise"),
    (r"all the same", "nevertheless, or leave it out"),
    (r"a walk", "a cursor, an iteration"),
    (r"no UTF-8", "not valid UTF-8"),
    (r"(is|are) no errors?", "is not an error"),
    (r"those who", "the noun: callers, clients"),
    (r"what can fail", "functions that can fail"),
    (r"(is|are) of (no )?use", "helps, is useless"),
    (r"goes on", "continues"),
]
# Words that are also names in code.
IN_PROSE = [(r"whence", "from which")]


def files(pathspecs):
    listed = subprocess.run(["git", "ls-files", "--", *pathspecs], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


def findings(path, patterns):
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.rstrip("*/->` ").endswith("english: ok"):
            continue
        for pattern, instead in patterns:
            flags = 0 if re.search("[A-Z]", pattern) else re.I
            for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", line, flags):
                yield f'{os.path.relpath(path, ROOT)}:{number}: "{found[0]}"; write: {instead}'


def main():
    paths = [Path(name).resolve() for name in sys.argv[1:]] or files(DOCUMENTS + HEADERS + BINDINGS + OTHERS)
    clean = set(files(DOCUMENTS + HEADERS + BINDINGS))
    found = []
    for path in paths:
        found += findings(path, EVERYWHERE + (IN_DOCUMENTS if path in clean else []) + (IN_PROSE if path.suffix == ".md" else []))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


main()
