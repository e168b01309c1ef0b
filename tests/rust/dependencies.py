#!/usr/bin/env python3
"""The licences and the sources of the locked packages are those that deny.toml allows. cargo-deny checks more; this needs nothing.

    dependencies.py      (in the root of the tree; the output of `cargo metadata` on standard input)
"""

import json
import re
import sys
import tomllib

REGISTRY = "registry+https://github.com/rust-lang/"


def allowed(expression, licences):
    """Whether an SPDX expression holds by licences that are allowed. Older crates write / for OR."""
    tokens = re.findall(r"[()]|[^()\s]+", expression.replace("/", " OR "))
    words = []
    for token in tokens:
        if token in ("(", ")"):
            words.append(token)
        elif token in ("AND", "OR"):
            words.append(token.lower())
        elif token == "WITH" or words[-1:] == ["WITH"]:
            # An exception only adds permissions.
            words = words[:-1] if token != "WITH" else [*words, "WITH"]
        else:
            words.append(str(token in licences))
    return eval(" ".join(words), {"__builtins__": {}})


def main():
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)["licenses"]
    exceptions = {one["crate"]: set(one["allow"]) for one in rules["exceptions"]}
    packages = json.load(sys.stdin)["packages"]
    wrong = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        licences = set(rules["allow"]) | exceptions.get(package["name"], set())
        if not (package["source"] or REGISTRY).startswith(REGISTRY):
            wrong.append(f"{name} comes from {package['source']}; deny.toml allows the default registry alone")
        if not package["license"]:
            wrong.append(f"{name} does not declare a licence")
        elif not allowed(package["license"], licences):
            wrong.append(f"{name} has the licence {package['license']}, which deny.toml does not allow")
    print("\n".join(wrong) or f"{len(packages)} locked packages: licences and sources are allowed")
    sys.exit(1 if wrong else 0)


main()
