#!/usr/bin/env python3
"""The emulator's own figures: its start, a devbox's creation, many devboxes at once. Printed, never asserted.

    benches/emulator.py [how many at once]      RUNLOOP_EMULATOR names the binary
"""

import concurrent.futures
import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time

BINARY = os.environ["RUNLOOP_EMULATOR"]
AT_ONCE = int(sys.argv[1]) if len(sys.argv) > 1 else 500
CALLERS = 32
local = threading.local()


class Emulator:
    def __init__(self):
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [BINARY, "--port", "0", "--exit-on-stdin-close"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().split("//")[-1].strip()
        self.start_ms = (time.perf_counter() - began) * 1000
        self.isolation = self.process.stderr.readline().split("isolation: ")[-1].split(":")[0].strip()

    def post(self, path, body=None):
        connection = getattr(local, "connection", None)
        if connection is None or local.address != self.address:
            connection = local.connection = http.client.HTTPConnection(self.address, timeout=120)
            local.address = self.address
        headers = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body or {}), headers)
        answer = connection.getresponse()
        value = json.loads(answer.read())
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {value}")
        return value

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def end(self):
        began = time.perf_counter()
        self.process.stdin.close()
        self.process.wait()
        return time.perf_counter() - began


def row(what, figure):
    print(f"{what:56} {figure}")


def create(emulator):
    began = time.perf_counter()
    devbox = emulator.post("/v1/devboxes/create_and_await_running")
    if devbox["status"] != "running":
        sys.exit(f"a devbox is {devbox['status']}")
    return devbox["id"], (time.perf_counter() - began) * 1000


def spread(times):
    ordered = sorted(times)
    return f"median {statistics.median(ordered):.1f} ms, slowest {ordered[-1]:.1f} ms"


def main():
    starts = []
    for _ in range(20):
        emulator = Emulator()
        starts.append(emulator.start_ms)
        emulator.end()
    row(f"ready after the start ({emulator.isolation})", spread(starts))

    emulator = Emulator()
    row("one devbox created, until it runs", spread([create(emulator)[1] for _ in range(50)]))
    emulator.end()

    emulator = Emulator()
    with concurrent.futures.ThreadPoolExecutor(CALLERS) as callers:
        began = time.perf_counter()
        ids, _ = zip(*callers.map(lambda _: create(emulator), range(AT_ONCE)))
        row(f"{AT_ONCE} devboxes created by {CALLERS} callers", f"{time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        said = callers.map(lambda id: emulator.post(f"/v1/devboxes/{id}/execute", {"command": "hostname", "optimistic_timeout": 25}), ids)
        names = {done["stdout"].strip() for done in said}
        row(f"a command in each of {len(names)}", f"{time.perf_counter() - began:.1f} s")
    row("the emulator's resident memory with them", f"{emulator.resident_mib():.0f} MiB")
    row("all ended and removed", f"{emulator.end():.1f} s")


main()
