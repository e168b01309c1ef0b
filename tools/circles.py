#!/usr/bin/env python3
"""Prints the circles of files of a Rust crate: files of which each uses the next, by the paths that they name.

circles.py FOLDER [LARGEST]: FOLDER is the crate's src. Without LARGEST every circle is printed, with what its files use; with it only those of
more than LARGEST files, for which it fails.

A path is followed through re-exports to the file that declares the item. Declaring a module or re-exporting from it
does not count as a use of it, nor does code in #[cfg(test)] modules.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
STRING = re.compile(r'r#*"(?:.|\n)*?"#*|"(?:\\.|[^"\\])*"')


def module_of(root, path):
    parts = list(path.relative_to(root).with_suffix("").parts)
    if parts[-1] in ("mod", "lib", "main"):
        parts.pop()
    return tuple(parts)


def without_tests(text):
    at = text.find("#[cfg(test)]\nmod ")
    while at >= 0:
        line = text[at:].split("\n", 2)[1]
        if line.rstrip().endswith(";"):
            text = text[:at] + text[at + len("#[cfg(test)]\n") + len(line):]
        else:
            end = text.find("\n}\n", at)
            text = text[:at] + (text[end + 3:] if end >= 0 else "")
        at = text.find("#[cfg(test)]\nmod ")
    return text


def aliases(path):
    """(path, the name that it gets) of a use tree."""
    path = path.strip()
    brace = path.find("{")
    if brace < 0:
        name = path.split(" as ")
        return [(name[0].strip(), name[-1].strip().split("::")[-1])]
    return [(path[:brace] + p, n) for part in split(path[brace + 1:path.rindex("}")]) for p, n in aliases(part)]


def split(inner):
    """The parts of a list, at the commas that are outside of braces."""
    depth, part, found = 0, "", []
    for letter in inner + ",":
        if letter == "," and depth == 0:
            if part.strip():
                found.append(part)
            part = ""
            continue
        depth += (letter == "{") - (letter == "}")
        part += letter
    return found


class Crate:
    def __init__(self, root):
        self.files = {}
        self.uses = {}
        self.exports = {}
        for path in sorted(root.rglob("*.rs")):
            if path.name == "tests.rs" or "bin" in path.relative_to(root).parts[:1]:
                continue
            module = module_of(root, path)
            self.files[module] = str(path.relative_to(root))
            text = without_tests(COMMENT.sub("", STRING.sub('""', path.read_text())))
            exported = {}
            for match in re.finditer(r"^\s*pub(?:\([^)]*\))? use ([^;]+);", text, re.M):
                for full, name in aliases(match[1]):
                    exported[name] = full
            self.exports[module] = exported
            text = re.sub(r"^\s*pub(?:\([^)]*\))? use [^;]+;", "", text, flags=re.M)
            paths = set()
            local = {}
            for match in re.finditer(r"^\s*use ([^;]+);", text, re.M):
                for full, name in aliases(match[1]):
                    paths.add(full)
                    local[name] = full
            rest = re.sub(r"^\s*use [^;]+;", "", text, flags=re.M)
            paths |= {match[0] for match in re.finditer(r"\$?\b(?:crate|super|self)(?:::\w+)+", rest)}
            # A module that is used by name: module::item.
            for match in re.finditer(r"(?<![:\w])(\w+)((?:::\w+)+)", rest):
                if match[1] in local and local[match[1]].split("::")[0] in ("crate", "super", "self"):
                    paths.add(local[match[1]] + match[2])
            self.uses[module] = paths

    def absolute(self, module, path):
        parts = path.lstrip("$").split("::")
        base = module
        if parts[0] == "crate":
            base, parts = (), parts[1:]
        else:
            seen = False
            while parts and parts[0] in ("super", "self"):
                base = base[:-1] if parts[0] == "super" else base
                parts, seen = parts[1:], True
            declares = (module + (parts[0],)) in self.files or parts[0] in self.exports.get(module, {})
            if not seen and not declares:
                return None
        return base, parts

    def owner(self, module, path, depth=0):
        found = self.absolute(module, path)
        if found is None or depth > 8:
            return None
        at, parts = found
        while parts:
            if at + (parts[0],) in self.files:
                at, parts = at + (parts[0],), parts[1:]
                continue
            exported = self.exports.get(at, {})
            if parts[0] in exported:
                return self.owner(at, exported[parts[0]], depth + 1) or at
            break
        return at if at in self.files else None

    def graph(self):
        edges = {}
        for module, paths in self.uses.items():
            to = {self.owner(module, path) for path in paths}
            edges[module] = {other for other in to if other is not None and other != module}
        return edges


def circles(edges):
    sys.setrecursionlimit(10000)
    index, low, stack, on, found = {}, {}, [], set(), []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        on.add(node)
        for other in edges.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = []
            while True:
                top = stack.pop()
                on.discard(top)
                group.append(top)
                if top == node:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return sorted(found, key=len)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    largest = int(sys.argv[2]) if len(sys.argv) > 2 else None
    crate = Crate(root)
    edges = crate.graph()
    found = circles(edges)
    too_large = [group for group in found if len(group) > (largest or 0)]
    for group in too_large:
        print(f"a circle of {len(group)} files:")
        for node in group:
            uses = sorted(crate.files[other] for other in edges[node] if other in group)
            print(f"  {crate.files[node]} uses {', '.join(uses)}")
    print(f"{root}: {len(edges)} files, {len(found)} circles, the largest of {max(map(len, found), default=0)} files")
    return 1 if largest is not None and too_large else 0


if __name__ == "__main__":
    sys.exit(main())
