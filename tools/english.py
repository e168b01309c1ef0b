#!/usr/bin/env python3
"""Turns of phrase that the documentation does not use, with what to write instead.

    english.py [FILE …]      (all documentation, headers and comments of the public interface, if none is named)

A line that needs such words as they are, such as a quotation, ends with `english: ok` in a comment.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["*.md", ":!:tests/official"]
INTERFACE = ["include/*.h", "src/ffi/*.rs", "bindings/cpp/include", "bindings/go/*.go", "examples"]

# What is found, what to write, and where it is looked for. A line of text is looked at as it stands; capitals count only in
# patterns that have them. Add a pattern when the tree has no more of it.
PATTERNS = [
    (r"(is|are) to be had", "is available, can be installed"),
    (r"in vain", "without success, or say what fails"),
    (r"that (is|are) wanted", "the requested …, the required …"),
    (r"(is|are) seen to", "the subject and an active verb: the library makes sure that …"),
    (r"the same of", "the same for"),
    (r"(is|are) no valid", "is not a valid"),
    (r"canned", "mocked, fixed"),
    (r"as well take", "may also take"),
    (r"sooner or later", "eventually, or say when"),
    (r"begun with", "started with"),
    (r"where(upon|fore)|there(of|upon)|here(by|in)|thither", "a plain word"),
]


def files(pathspecs):
    listed = subprocess.run(["git", "ls-files", "--", *pathspecs], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


def findings(path):
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.rstrip("*/->` ").endswith("english: ok"):
            continue
        for pattern, instead in PATTERNS:
            flags = 0 if re.search("[A-Z]", pattern) else re.I
            for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", line, flags):
                yield f'{path.relative_to(ROOT)}:{number}: "{found[0]}"; write: {instead}'


def main():
    paths = [Path(name).resolve() for name in sys.argv[1:]] or files(DOCUMENTS + INTERFACE)
    found = [one for path in paths for one in findings(path)]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


main()
