#!/usr/bin/env python3
"""The parity table of docs/emulator.md, made from what the tests have seen.

    tools/parity.py            writes the table anew
    tools/parity.py --check    fails where the table says what the last run of the tests did not see

The tests leave below build/operations, in a folder for each kind of test, what every emulator that they
started was asked (RUNLOOP_EMULATOR_OPERATIONS). How an operation differs from the service's is kept by
hand in emulator/differences.txt, which tests of the official SDK do not pass in tests/official/expected.txt.
"""

import difflib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/emulator.md"
SEEN = ROOT / "build/operations"
BEGIN, END = "<!-- The table: tools/parity.py writes it. -->", "<!-- The table's end. -->"
# The folder, what it is called in the table, and whether only a call that succeeded counts.
KINDS = [("official", "official SDK", True), ("emulator", "emulator", True), ("library", "library", True), ("fuzz", "generated", False)]


def operations():
    described = json.loads((ROOT / "spec/openapi.json").read_text())["paths"]
    for path, methods in described.items():
        for method, operation in methods.items():
            yield operation["operationId"], f"{method.upper()} {path}"


def lines(path):
    """Pairs of a name and what is said of it, two spaces between them."""
    pairs = [line.partition("  ") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return {name: said.strip() for name, _, said in pairs}


def seen():
    """Which kinds of tests have called an operation, and which operations are served."""
    by, served = {}, set()
    for folder, kind, must_succeed in KINDS:
        reports = sorted((SEEN / folder).glob("*.json"))
        if not reports:
            sys.exit(f"{SEEN / folder} holds no report: run the tests first (make test)")
        for report in reports:
            for entry in json.loads(report.read_text())["operations"]:
                served.update([entry["operation"]] if entry["served"] else [])
                if entry["succeeded"] or (entry["failed"] and not must_succeed):
                    by.setdefault(entry["operation"], set()).add(kind)
    return by, served


def table(by, served):
    differences = lines(ROOT / "emulator/differences.txt")
    unknown = set(differences) - {name for name, _ in operations()}
    if unknown:
        sys.exit(f"emulator/differences.txt names what is no operation: {', '.join(sorted(unknown))}")
    yield from ["| operation | request | served | called successfully by the tests of |", "|---|---|---|---|"]
    for name, request in operations():
        how = "absent" if name not in served else differences.get(name, "same")
        kinds = ", ".join(kind for _, kind, _ in KINDS if kind in by.get(name, ()))
        yield f"| `{name}` | `{request}` | {how} | {kinds} |"
    yield from ["", "Tests of the official Python SDK that do not pass, and why:", ""]
    for test, reason in lines(ROOT / "tests/official/expected.txt").items():
        yield f"- `{test}` {reason}."


def kinds_in(row):
    return {kind.strip() for kind in row.rstrip("| ").rpartition("|")[2].split(",")}


def is_still_true(written, now):
    """A row may say less than is so, never more."""
    same = written.rpartition(" | ")[0] == now.rpartition(" | ")[0]
    return written == now or (now.startswith("| `") and same and kinds_in(written) <= kinds_in(now))


def main(arguments):
    by, served = seen()
    document = DOCUMENT.read_text()
    before, _, rest = document.partition(BEGIN)
    written, _, after = rest.partition(END)
    if not after:
        sys.exit(f"{DOCUMENT} has lost its marks: {BEGIN} and {END}")
    now = list(table(by, served))
    unchecked = [name for name, _ in operations() if name in served and not by.get(name, set()) - {"generated"}]
    if unchecked:
        sys.exit(f"no test has called with success: {', '.join(unchecked)}")
    if arguments == ["--check"]:
        old = written.strip().splitlines()
        if len(old) != len(now) or not all(map(is_still_true, old, now)):
            print("\n".join(difflib.unified_diff(old, now, "docs/emulator.md", "what the tests saw", lineterm="", n=0)))
            sys.exit("the parity table is not what the tests saw: look why, then tools/parity.py writes it anew")
    else:
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n" + "\n".join(now) + f"\n\n{END}{after}")
    print(f"{len(served)} of {len(list(operations()))} operations are served, each called with success by a test")


main(sys.argv[1:])
