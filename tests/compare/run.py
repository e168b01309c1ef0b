#!/usr/bin/env python3
"""The same faults against the official Python SDK and against this library: run.py [--ours [--quick]] [--table FILE] [scenario …]

Prints what was seen of both, side by side. With --ours the library alone is tried, with --quick
only where that does not take seconds. It fails where the library does something
else than it promises; what the SDK does is shown and not judged.
"""

import argparse
import ctypes
import importlib.metadata
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

from scenarios import SCENARIOS
from server import Server

HERE = pathlib.Path(__file__).resolve().parent


def refusing_port():
    """A URL at which nobody listens: its port is bound, so that nobody else can."""
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    return bound, f"http://127.0.0.1:{bound.getsockname()[1]}"


def attempt(kind, name, connects):
    """What was seen, and whether it is right for this library."""
    scenario = SCENARIOS[name]
    server = Server(scenario)
    held, url = (None, server.url) if scenario.serves else refusing_port()
    with tempfile.NamedTemporaryFile() as noted:
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy") and not key.startswith("RUNLOOP_BASE")}
        environment |= {"LD_PRELOAD": connects, "COMPARE_CONNECTS": noted.name, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run([sys.executable, HERE / "client.py", kind, name, url], env=environment, capture_output=True, text=True,
                                  timeout=scenario.limit)
        except subprocess.TimeoutExpired:
            return f"had not ended after {scenario.limit} s", False
        finally:
            if held:
                held.close()
            server.close()
    if done.returncode:
        return f"the client failed: {done.stderr.strip().splitlines()[-1:]}", False
    told = json.loads(done.stdout.splitlines()[-1])
    return scenario.seen(told, server), bool(scenario.right(told, server))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--connects", required=True)
    parser.add_argument("scenarios", nargs="*", metavar="scenario")
    wanted = parser.parse_args()
    version = ctypes.CDLL(os.environ["RUNLOOP_LIBRARY"]).runloop_version
    version.restype = ctypes.c_char_p
    ours = f"librunloop {version().decode()}"
    theirs = None if wanted.ours else f"runloop_api_client {importlib.metadata.version('runloop_api_client')}"
    rows, wrong = [], []
    for name in wanted.scenarios or [name for name in SCENARIOS if not (wanted.quick and SCENARIOS[name].slow)]:
        scenario = SCENARIOS[name]
        seen, right = attempt("library_client", name, wanted.connects)
        beside = None if wanted.ours else attempt("official", name, wanted.connects)[0]
        rows.append((scenario.pitfalls, scenario.title, *([] if wanted.ours else [beside]), seen))
        if not right:
            wrong.append(name)
        print(f"{'ok' if right else 'FAILED'} {name}: {seen}", file=sys.stderr, flush=True)
    if not wanted.ours:
        head = ("", "fault", theirs, ours)
        lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * 4, *rows)]
        lines.insert(0, f"Python {sys.version.split()[0]}, httpx {importlib.metadata.version('httpx')}, Linux, loopback, HTTP/1.1.\n")
        text = "\n".join(lines) + "\n"
        if wanted.table:
            wanted.table.write_text(text)
        print(text)
    print(f"{len(rows) - len(wrong)} as promised, {len(wrong)} not" + (f": {', '.join(wrong)}" if wrong else ""))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
