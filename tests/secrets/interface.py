"""The library through its binary interface, as include/runloop.h describes it: every function, with the types of its arguments."""

import ctypes as c
import os
import re
from collections import namedtuple
from pathlib import Path

HEADER = Path(__file__).resolve().parents[2] / "include/runloop.h"
Argument = namedtuple("Argument", "type name")
Function = namedtuple("Function", "name result arguments")

LOG = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, c.c_char_p)
OUTPUT = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int32, c.POINTER(c.c_char), c.c_size_t)
BUILD_LOG = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int64, c.c_char_p, c.c_char_p)

SCALARS = {"int32_t": c.c_int32, "int64_t": c.c_int64, "size_t": c.c_size_t, "double": c.c_double}


def bare(text):
    """The header without its comments."""
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def split(declaration):
    """`const char *path` as a type and a name."""
    kind, name = re.fullmatch(r"(.*?)(\w+)", declaration.strip(), flags=re.S).groups()
    return Argument(re.sub(r"\s*\*", "*", " ".join(kind.split())), name)


def functions():
    found = re.findall(r"^((?:const )?\w+ \**)(runloop_\w+)\(([^;]*)\);", bare(HEADER.read_text()), flags=re.M)
    return [
        Function(name, split(result + "x").type, [] if arguments.strip() == "void" else [split(each) for each in arguments.split(",")])
        for result, name, arguments in found
    ]


def struct(name):
    """A struct of options as ctypes has it."""
    body = re.search(rf"typedef struct {name} \{{(.*?)\}}", bare(HEADER.read_text()), flags=re.S).group(1)
    fields = [split(member) for member in body.split(";") if member.strip()]
    return type(name, (c.Structure,), {"_fields_": [(field.name, SCALARS.get(field.type, c.c_void_p)) for field in fields]})


lib = c.CDLL(os.environ["RUNLOOP_LIBRARY"])
FUNCTIONS = {function.name: function for function in functions()}


def prepared(function):
    called = getattr(lib, function.name)
    called.argtypes = [SCALARS.get(argument.type, c.c_void_p) for argument in function.arguments]
    called.restype = SCALARS.get(function.result, None if function.result == "void" else c.c_void_p)


for each in FUNCTIONS.values():
    prepared(each)


def text(pointer):
    return c.string_at(pointer) if pointer else b""


class Keep:
    """What a call points to stays alive until the call is over."""

    def __init__(self):
        self.kept = []

    def pointer(self, content):
        buffer = c.create_string_buffer(content)
        self.kept.append(buffer)
        return c.addressof(buffer)

    def texts(self, *contents):
        array = (c.c_void_p * (len(contents) + 1))(*[self.pointer(content) for content in contents], None)
        self.kept.append(array)
        return c.addressof(array)

    def struct(self, name, **members):
        made = struct(name)(**members)
        made.struct_size = c.sizeof(made)
        self.kept.append(made)
        return c.addressof(made)

    def function(self, kind, called):
        made = kind(called)
        self.kept.append(made)
        return c.cast(made, c.c_void_p).value


def error_texts(error):
    """All that an error says, by the name of its getter."""
    said = {name: text(getattr(lib, "runloop_error_" + name)(error)) for name in ("message", "code", "request_id", "resource_id", "cause")}
    length = c.c_size_t()
    body = lib.runloop_error_body(error, c.byref(length))
    said["body"] = c.string_at(body, length.value) if body else b""
    return said
