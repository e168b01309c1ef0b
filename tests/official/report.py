#!/usr/bin/env python3
"""A table of the reports of pytest (JUnit XML), and their comparison with what is expected to fail."""

import sys
import xml.etree.ElementTree as ET

PREFIX = "tests.smoketests."


def name(case):
    """As expected.txt spells it: sdk/test_devbox.py::TestDevbox::test_x[y]."""
    path = case.get("file", "")
    classname = case.get("classname", "")
    module = path[: -len(".py")].replace("/", ".") if path.endswith(".py") else classname
    inner = classname[len(module) :].strip(".").replace(".", "::")
    parts = [module[len(PREFIX) :].replace(".", "/") + ".py", inner, case.get("name")]
    return "::".join(part for part in parts if part)


def outcome(case):
    for kind in ("failure", "error", "skipped"):
        child = case.find(kind)
        if child is not None:
            return ("skipped" if kind == "skipped" else "failed"), child
    return "passed", None


def read(paths):
    results = {}
    for path in paths:
        for case in ET.parse(path).getroot().iter("testcase"):
            state, child = outcome(case)
            # A test whose tidying up fails is reported twice; its failure counts.
            if results.get(name(case), ("passed",))[0] == "passed":
                results[name(case)] = (state, child, float(case.get("time", 0)))
    return results


def expected(path):
    reasons = {}
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            test, _, reason = line.partition("  ")
            if not reason.strip():
                sys.exit(f"{path}: {test} has no reason")
            reasons[test] = reason.strip()
    return reasons


def table(results):
    files = {}
    for test, (state, _, seconds) in results.items():
        row = files.setdefault(test.split("::")[0], {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0})
        row[state] += 1
        row["seconds"] += seconds
    total = {"passed": 0, "failed": 0, "skipped": 0, "seconds": 0.0}
    line = "{:40} {:>6} {:>6} {:>7} {:>8}"
    print(line.format("file", "passed", "failed", "skipped", "seconds"))
    for file, row in sorted(files.items()):
        print(line.format(file, row["passed"], row["failed"], row["skipped"], f"{row['seconds']:.1f}"))
        for key, value in row.items():
            total[key] += value
    print(line.format("all", total["passed"], total["failed"], total["skipped"], f"{total['seconds']:.1f}"))


def main(arguments):
    compare = "--no-compare" not in arguments
    listed, *reports = [a for a in arguments if a != "--no-compare"]
    results, reasons = read(reports), expected(listed)
    table(results)
    unexpected = [test for test, (state, *_) in results.items() if state != "passed" and (test not in reasons or not compare)]
    passes = [test for test in reasons if results.get(test, ("",))[0] == "passed"] if compare else []
    for test in sorted(unexpected):
        state, child, _ = results[test]
        lines = ((child.get("message") or "") + "\n" + (child.text or "")).strip().splitlines()
        detail = "\n    ".join(lines[:1] + ["…"] + lines[-12:] if len(lines) > 14 else lines)
        print(f"\n{state}: {test}\n    {detail}")
    for test in passes:
        print(f"\npasses now, though listed as failing ({reasons[test]}): {test}: take it from {listed}")
    if not results:
        sys.exit("no test was run")
    sys.exit(1 if unexpected or passes else 0)


main(sys.argv[1:])
