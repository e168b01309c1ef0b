#!/usr/bin/env bash
# What is said of versions is true: no locked package asks for a newer Rust than Cargo.toml promises, and the
# documents say what Cargo.toml and go.mod say.
set -euo pipefail
cd "$(dirname "$0")/../.."
"${CARGO:-cargo}" metadata --format-version 1 --locked --filter-platform "$(rustc -vV | sed -n "s|^host: ||p")" | python3 -c '
import json, re, sys
from pathlib import Path

def number(version):
    return tuple(int(part) for part in (version.split(".") + ["0", "0"])[:3])

wrong = []
packages = json.load(sys.stdin)["packages"]
promised = next(package["rust_version"] for package in packages if package["name"] == "runloop")
for package in packages:
    asked = package["rust_version"]
    if asked and number(asked) > number(promised):
        name, version = package["name"], package["version"]
        wrong.append(f"{name} {version} asks for Rust {asked}, and Cargo.toml promises {promised}: cargo update -p {name} --precise …")
go = re.search(r"^go (.*)$", Path("bindings/go/go.mod").read_text(), re.M)[1]
for module in Path(".").glob("*/**/go.mod"):
    if module.parts[0] in ("build", "target"):
        continue
    found = re.search(r"^go (.*)$", module.read_text(), re.M)[1]
    if found != go:
        wrong.append(f"{module} says Go {found}, bindings/go/go.mod {go}")
documents = [Path("README.md"), *Path("docs").glob("*.md"), Path("bindings/go/doc.go")]
said = 0
for document in documents:
    text = document.read_text()
    for language, right in (("Rust", promised), ("Go", go)):
        for found in re.findall(rf"\b{language} (\d+\.\d+(?:\.\d+)?)", text):
            said += 1
            if found != right:
                wrong.append(f"{document} says {language} {found}, and it is {right}")
if said == 0:
    wrong.append("no document says which Rust and which Go are needed")
print("\n".join(wrong) or f"Rust {promised}, Go {go}; {len(packages)} locked packages ask for no newer Rust")
sys.exit(1 if wrong else 0)
'
