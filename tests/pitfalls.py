#!/usr/bin/env python3
"""Checks docs/pitfalls.md: P1 to P40 are there, each once, and what a row names as its test exists and is run: the file, in it the function,
row or scenario, and a step of tests/run.sh that runs the file. That a function is used, the compilers see to. Usage: tests/pitfalls.py"""

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


def marked(text, name):
    """Whether a function of Rust's is a test."""
    return re.search(rf"#\[(?:tokio::)?test[^]]*\](?:\s*#\[[^]]*\])*\s*(?:async )?fn {re.escape(name)}\(", text)


def runs(path):
    """Whether a step of `make test` runs the file."""
    steps = (ROOT / "tests/run.sh").read_text()
    folder = "/".join(path.parts[:2])
    if path.suffix == ".rs":
        # The unit tests are all that is a module; cargo finds the emulator's tests by their folder.
        beside = [file.read_text() for place in {path.parent, path.parent.parent} for file in (ROOT / place).glob("*.rs")]
        named = rf'\bmod {path.stem};|#\[path = "(?:[^"]*/)?{path.name}"\]'
        return " unit" in steps and (path.parent.name == "tests" or any(re.search(named, text) for text in beside))
    if path.suffix == ".go":
        return "tests/go/run.sh" in steps and path.name.endswith("_test.go")
    if folder == "tests/c":
        return f"{folder}/run.sh" in steps and path.name.startswith("test_")
    runner = ROOT / folder / "run.sh"
    # The program has to be named there; what belongs to a script is imported by it.
    return f"{folder}/run.sh" in steps and (path.suffix != ".c" or path.stem in runner.read_text())


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
            if not runs(pathlib.PurePath(path)):
                wrong.append(f"{cells[0]}: no step of tests/run.sh runs {path}")
            text = file.read_text()
            for name in re.findall(r'[`"]([^`"]+)[`"]', names):
                tests += 1
                if not defines(file, text, name):
                    wrong.append(f"{cells[0]}: {path} has no {name}")
                elif file.suffix == ".rs" and not marked(text, name):
                    wrong.append(f"{cells[0]}: {name} in {path} is not marked as a test")
    if seen != [f"P{number}" for number in range(1, 41)]:
        wrong.append(f"the rows are not P1 to P40, each once: {' '.join(seen)}")
    for one in wrong:
        print(one)
    print(f"{len(seen)} pitfalls, {tests} tests named, which are there and are run, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
