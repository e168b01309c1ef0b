#!/usr/bin/env python3
"""Holds docs/from-python.md against the official SDK, which has to be installed, and against what it names here.

    from_python.py ROOT

Each public method of the SDK's synchronous layer, each argument of its client, each option of its calls and
each of its exceptions has a row; a row names nothing that the SDK, the C header or the bindings do not have.
"""

import ast
import dataclasses
import importlib
import inspect
import os
import pkgutil
import re
import sys

import runloop_api_client
from runloop_api_client import _exceptions, sdk
from runloop_api_client.lib import polling
from runloop_api_client.sdk import _types

import declared

# What a variable of each class is called in the page's rows.
CALLED = {
    "RunloopSDK": "runloop",
    "DevboxOps": "runloop.devbox",
    "BlueprintOps": "runloop.blueprint",
    "SnapshotOps": "runloop.snapshot",
    "StorageObjectOps": "runloop.storage_object",
    "AxonOps": "runloop.axon",
    "SecretOps": "runloop.secret",
    "NetworkPolicyOps": "runloop.network_policy",
    "GatewayConfigOps": "runloop.gateway_config",
    "McpConfigOps": "runloop.mcp_config",
    "Devbox": "devbox",
    "CommandInterface": "devbox.cmd",
    "FileInterface": "devbox.file",
    "NetworkInterface": "devbox.net",
    "Execution": "execution",
    "ExecutionResult": "result",
    "Snapshot": "snapshot",
    "Blueprint": "blueprint",
    "StorageObject": "storage_object",
    "Axon": "axon",
    "AxonSqlOps": "axon.sql",
    "Secret": "secret",
    "SecretById": "secret_by_id",
    "NetworkPolicy": "network_policy",
    "GatewayConfig": "gateway_config",
    "McpConfig": "mcp_config",
}


def classes():
    """The classes of the synchronous layer."""
    for module in pkgutil.iter_modules(sdk.__path__):
        if module.name.startswith(("_", "async_")):
            continue
        loaded = importlib.import_module(f"{sdk.__name__}.{module.name}")
        # By the source: the SDK changes the __module__ of what it exports.
        for item in ast.parse(inspect.getsource(loaded)).body:
            if isinstance(item, ast.ClassDef) and not item.name.startswith("_"):
                yield item.name, getattr(loaded, item.name)


def expected():
    """What has to have a row, as the rows write it."""
    names = {"RunloopSDK"}
    for name, found in classes():
        if name not in CALLED:
            yield None, f"the SDK has a class {name}, of which the page and this test know nothing"
            continue
        for member in {*vars(found), *vars(found).get("__annotations__", {})}:
            if not member.startswith("_"):
                names.add(f"{CALLED[name]}.{member}")
            elif member == "__enter__":
                names.add(f"with {CALLED[name]}")
    names |= {f"RunloopSDK({argument}=)" for argument in inspect.signature(runloop_api_client.RunloopSDK).parameters}
    for options in (_types.LongPollingRequestOptions, _types.ExecuteStreamingCallbacks, _types.DevboxCommandOptions):
        names |= {f"{option}=" for option in options.__annotations__}
    names |= {f"PollingConfig({field.name}=)" for field in dataclasses.fields(polling.PollingConfig)}
    names |= {name for name, found in inspect.getmembers(_exceptions, inspect.isclass) if issubclass(found, Exception)}
    names.add("PollingTimeout")
    # Where the methods themselves are found.
    for name in names - set(CALLED.values()):
        yield name, None


def tables(page):
    """The rows of the tables: line, and the cells by their headings."""
    headings = None
    for number, line in enumerate(page, 1):
        if not line.startswith("|"):
            headings = None
            continue
        cells = [cell.strip() for cell in line.strip("|\n").split("|")]
        if headings is None:
            headings = cells
        elif len(cells) != len(headings):
            sys.exit(f"line {number}: {len(cells)} cells below {len(headings)} headings")
        elif set(line) - set("|-\n"):
            yield number, dict(zip(headings, cells))


def spans(text):
    return re.findall(r"`([^`]+)`", text)


def in_the_api(client, name):
    """Whether the generated client has it."""
    here = client
    for part in name.removeprefix("runloop.").split("."):
        here = getattr(here, part, None)
    return callable(here)


def check(root):
    wrong = []
    with open(os.path.join(root, "docs", "from-python.md"), encoding="utf-8") as file:
        page = file.readlines()
    has = {"C": declared.c(root), "C++": declared.cpp(root), "Go": declared.go(root)}
    wanted = set()
    for name, complaint in expected():
        wanted.add(name) if name else wrong.append(complaint)

    rows, named = 0, set()
    client = runloop_api_client.RunloopSDK(bearer_token="none")
    for number, cells in tables(page):
        rows += 1
        for name in spans(cells.get("Python", "")):
            named.add(name)
            if name not in wanted and not (name.startswith("runloop.api.") and in_the_api(client, name)):
                wrong.append(f"line {number}: the SDK has no {name}")
        for language, names in has.items():
            for name in spans(cells.get(language, "")):
                if name not in names:
                    wrong.append(f"line {number}: {language} has no {name}")
    wrong += [f"{name} has no row" for name in sorted(wanted - named)]

    # What the sentences name.
    for number, line in enumerate(page, 1):
        for span in spans(line):
            found = [("C", name) for name in re.findall(r"\b(?:runloop|RUNLOOP)_\w+", span) if name != runloop_api_client.__name__]
            found += [("C++", name) for name in re.findall(r"\b(?:runloop::)?([A-Z]\w*::\w+|(?<=runloop::)\w+)", span)]
            found += [("Go", name) for name in re.findall(r"^(?:runloop\.)?([A-Z]\w*\.[A-Z]\w*|(?<=runloop\.)[A-Z]\w*)$", span)]
            wrong += [f"line {number}: {language} has no {name}" for language, name in found if name not in has[language]]
    if wrong:
        sys.exit("docs/from-python.md:\n  " + "\n  ".join(dict.fromkeys(wrong)))
    print(f"ok docs/from-python.md: {rows} rows, {len(wanted)} names of the SDK")


check(sys.argv[1])
