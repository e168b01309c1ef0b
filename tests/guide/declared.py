"""What the C header and the bindings declare, by the names that the documents use."""

import glob
import os
import re


def lines(*pattern):
    for path in sorted(glob.glob(os.path.join(*pattern))):
        if not path.endswith("_test.go"):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    yield line.rstrip("\n")


def first(pattern, line):
    """The group of a pattern of alternatives that was found at the line's beginning, or None."""
    match = re.match(pattern, line)
    return match and next(filter(None, match.groups()), None)


C = r"""(?x)
    \w[\w\ ]*[\ *](runloop_\w+)\(            # a function
    | typedef\ struct\ (runloop_\w+)
    | \#define\ (RUNLOOP_\w+)
    | \ {4}\w[\w\ *]*[\ *](\w+);             # a member of a struct
"""


def c(root):
    """Functions, types, numbers, members of structs, and the variables of the environment that the header names."""
    names = set()
    for line in lines(root, "include", "*.h"):
        if line.startswith("//"):
            names |= set(re.findall(r"RUNLOOP_(?:API_KEY|BASE_URL|CUSTOM_HEADERS)\b", line))
        names.add(first(C, line))
    return names


CPP = r"""(?x)
    using\ (\w+)\ =
    | [a-zA-Z][^(=;]*\b(\w+)\(               # a function
"""
CPP_MEMBER = r"""(?x)
    \ {4}(?:[a-zA-Z][^({;=/]*\b)?(\w+)\s*[({;=]   # a function, a variable, a value
    | \ {4}(\w+),?$                               # a value of an enumeration
"""


def cpp(root):
    """Classes, their members as Class::member, and free functions."""
    names, inside = set(), None
    for line in lines(root, "bindings", "cpp", "include", "runloop", "*.hpp"):
        if head := re.match(r"(?:class|struct|enum class) (?:RUNLOOP_[A-Z]+ )?(\w+)\b(?!.*;$)", line):
            inside = head[1]
            names.add(inside)
        elif line == "};":
            inside = None
        elif inside is None:
            names.add(first(CPP, line))
        else:
            names.add(f"{inside}::{first(CPP_MEMBER, line)}")
    return names


def go(root):
    """Types, functions, constants, and methods and fields as Type.Name."""
    names, inside = set(), None
    for line in lines(root, "bindings", "go", "*.go"):
        if method := re.match(r"func \(\w+ \*?(\w+)(?:\[\w+\])?\) (\w+)\(", line):
            names.add(f"{method[1]}.{method[2]}")
        elif function := re.match(r"func (\w+)[\[(]", line):
            names.add(function[1])
        elif head := re.match(r"type (\w+)", line):
            names.add(head[1])
            inside = head[1] if line.endswith("struct {") else None
        elif line == "}":
            inside = None
        elif inside and (fields := re.match(r"\t([A-Z]\w*(?:, [A-Z]\w*)*)(?: |$)", line)):
            names |= {f"{inside}.{field}" for field in fields[1].split(", ")}
        elif constant := re.match(r"\t([A-Z]\w*) +\w+ += ", line):
            names.add(constant[1])
    return names
