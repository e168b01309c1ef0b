#!/usr/bin/env python3
"""Checks that the documents name what exists: links between files, the paths in ARCHITECTURE.md, CONTRIBUTING.md and docs/decisions, and in
ARCHITECTURE.md every static variable of src. Usage: tests/documents.py"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FILE = re.compile(r"[\w./-]*\w\.(?:rs|go|c|h|cpp|hpp|py|sh|json|txt|md|toml)\b")
STATIC = re.compile(r"^\s*(?:pub(?:\([a-z]+\))? )?static ([A-Z_]+):")


def broken_links(document):
    for target in LINK.findall(re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S)):
        if "://" not in target and not (document.parent / target).exists():
            yield f"{document.relative_to(ROOT)}: the link to {target} leads nowhere"


def missing_paths(document):
    """Paths count from the root or from src; a bare name is in the folder of the path before it on the line."""
    for number, line in enumerate(document.read_text().splitlines(), 1):
        folder = ROOT
        for name in FILE.findall(LINK.sub("]", line)):
            places = [ROOT, ROOT / "src", folder]
            found = next((place / name for place in places if (place / name).exists()), None)
            if found is None:
                yield f"{document.relative_to(ROOT)}:{number}: there is no {name}"
            else:
                folder = found.parent


def statics():
    """The name and the file of each static variable that is not for tests."""
    for path in sorted((ROOT / "src").rglob("*.rs")):
        before = ""
        for line in path.read_text().split("#[cfg(test)]\nmod tests")[0].splitlines():
            if (match := STATIC.match(line)) and "cfg(test)" not in before:
                yield match[1], path.relative_to(ROOT / "src").as_posix()
            before = line


def main():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/*.md")]
    wrong = [one for document in sorted(documents) for one in broken_links(document)]
    wrong += [one for document in [ARCHITECTURE, ROOT / "CONTRIBUTING.md", *DECISIONS] for one in missing_paths(document)]
    lines = ARCHITECTURE.read_text().splitlines()
    count = 0
    for name, path in statics():
        count += 1
        if not any(f"`{name}`" in line and f"`{path}`" in line for line in lines):
            wrong.append(f"ARCHITECTURE.md does not list the static {name} of src/{path}")
    for one in wrong:
        print(one)
    print(f"{len(documents)} documents, {count} statics, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
