#!/usr/bin/env python3
"""What is linked into the library and the emulator: a CycloneDX bill of materials, and the crates' licences.

    crates.py PACKAGE SBOM.json LICENCES.txt    (the output of `cargo metadata` on standard input)
"""

import json
import os
import sys

LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE")


def linked(metadata, package):
    """The packages that end up in the package's binary: no build scripts' and no macros' own needs."""
    packages = {p["id"]: p for p in metadata["packages"]}
    nodes = {n["id"]: n for n in metadata["resolve"]["nodes"]}
    root = next(p["id"] for p in metadata["packages"] if p["name"] == package)
    found, waiting = {}, [root]
    while waiting:
        this = waiting.pop()
        is_macro = any("proc-macro" in t["kind"] for t in packages[this]["targets"])
        if this in found or is_macro:
            continue
        found[this] = sorted(
            d["pkg"] for d in nodes[this]["deps"] if any(kind["kind"] is None for kind in d["dep_kinds"])
        )
        waiting += found[this]
    return packages, root, found


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, kind):
    entry = {
        "type": kind,
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    }
    if package["license"]:
        # Older crates write MIT/Apache-2.0, which is no SPDX expression.
        expression = package["license"].replace(" / ", " OR ").replace("/", " OR ")
        entry["licenses"] = [{"expression": expression}]
    if package["description"]:
        entry["description"] = " ".join(package["description"].split())
    return entry


def bill(packages, root, found):
    others = sorted((packages[i] for i in found if i != root), key=lambda p: (p["name"], p["version"]))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(packages[root], "library")},
        "components": [component(p, "library") for p in others],
        "dependencies": sorted(
            (
                {
                    "ref": reference(packages[i]),
                    "dependsOn": sorted(reference(packages[d]) for d in needs if d in found),
                }
                for i, needs in found.items()
            ),
            key=lambda entry: entry["ref"],
        ),
    }


def licences(packages, root, found):
    """Every crate with its licence, and every text once, below the crates that carry it."""
    names, texts, missing = [], {}, []
    for package in sorted((packages[i] for i in found if i != root), key=lambda p: (p["name"], p["version"])):
        name = f"{package['name']} {package['version']}"
        names.append(f"{name}: {package['license'] or 'see its text'}")
        folder = os.path.dirname(package["manifest_path"])
        files = sorted(f for f in os.listdir(folder) if f.upper().startswith(LICENCE_NAMES) and os.path.isfile(os.path.join(folder, f)))
        for file in files:
            with open(os.path.join(folder, file), encoding="utf-8", errors="replace") as text:
                texts.setdefault(text.read().strip(), []).append(name)
        # The texts of these two come with the package itself.
        if not files and not any(known in (package["license"] or "") for known in ("MIT", "Apache-2.0")):
            missing.append(name)
    if missing:
        sys.exit("These crates carry no licence text: " + ", ".join(missing))
    lines = ["What is linked in, and its licences. Where there is a choice of MIT or Apache-2.0, either will do.", "", *names]
    for text, crates in texts.items():
        lines += ["", "=" * 78, ", ".join(dict.fromkeys(crates)), "-" * 78, text]
    return "\n".join(lines) + "\n"


def main():
    package, sbom, texts = sys.argv[1:]
    known = linked(json.load(sys.stdin), package)
    with open(sbom, "w", encoding="utf-8") as file:
        json.dump(bill(*known), file, indent=2, sort_keys=True)
        file.write("\n")
    with open(texts, "w", encoding="utf-8") as file:
        file.write(licences(*known))


main()
