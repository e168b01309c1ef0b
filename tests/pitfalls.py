#!/usr/bin/env python3
"""Checks docs/pitfalls.md: P1 to P40 are there, each once, and what a row names as its test exists: the file, and in it the function,
row or scenario. Usage: tests/pitfalls.py"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/pitfalls.md"
# `a/path.c`: `function`, `function` or `a/rows.json`: "a row", "a row"
NAMED = re.compile(r'`((?:src|tests|benches|bindings|emulator)/[^`\s]+)`(?:: ((?:`[^`]+`|"[^"]+")(?:, (?:`[^`]+`|"[^"]+"))*))?')


def defines(path, text, name):
    """Whether a file has a function, a row or a scenario of this name."""
    found = re.escape(name)
    if path.suffix in (".c", ".h", ".cpp", ".hpp"):
        return re.search(rf"^[a-z].*\b{found}\(", text, re.M)
    if path.suffix == ".rs":
        return re.search(rf"^\s*(pub )?(async )?fn {found}\(", text, re.M)
    if path.suffix == ".go":
        return re.search(rf"^func {found}\(", text, re.M)
    if path.suffix == ".json":
        return re.search(rf'"name": "{found}"', text)
    if path.suffix == ".py":
        return re.search(rf'^\s*((async )?def {found}\(|class {found}\b|@?operation\("{found}"|"{found}":)|[{{ ]"{found}": ', text, re.M)
    return name in text


def main():
    wrong, seen, tests = [], [], 0
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        # The comparison's rows are named by their pitfall too; they have four cells.
        if len(cells) != 3 or not re.fullmatch(r"P\d+", cells[0]):
            continue
        seen.append(cells[0])
        named = NAMED.findall(cells[2])
        if not named and not cells[2].startswith("No test: "):
            wrong.append(f"{cells[0]} names no test, and does not say that there is none")
        for path, names in named:
            file = ROOT / path
            if not file.is_file():
                wrong.append(f"{cells[0]}: there is no {path}")
                continue
            text = file.read_text()
            for name in re.findall(r'[`"]([^`"]+)[`"]', names):
                tests += 1
                if not defines(file, text, name):
                    wrong.append(f"{cells[0]}: {path} has no {name}")
    if seen != [f"P{number}" for number in range(1, 41)]:
        wrong.append(f"the rows are not P1 to P40, each once: {' '.join(seen)}")
    for one in wrong:
        print(one)
    print(f"{len(seen)} pitfalls, {tests} tests named, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
