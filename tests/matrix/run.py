"""The fault matrix: every operation, every fault, once and for ever, over HTTP/1.1 and HTTP/2.

    run.py [--part K/N] [--only TEXT ...] [--jobs J] [--table FILE]

A text of `--only` is part of a cell's name: "exec | 429 | once | http2". Each cell has a server and a client of its own; the
emulator, which does what is asked, is theirs together.
"""

import argparse
import collections
import concurrent.futures
import faulthandler
import json
import os
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "behaviours"))

import faults
import library
import operations
from cell import Cell, Servers
from emulator import Emulator
from library import Failed, call, free, give
from right import right_for

PROTOCOLS = ("http1", "http2", "tls")
# Long beside what a busy machine needs, and, for what stands still, short enough to wait for.
DEADLINE_MS = 60_000
TIMEOUT_MS = 30_000
STANDSTILL_MS = 5_000
PATIENCE = 60


def cells():
    for operation in operations.OPERATIONS:
        for fault in [None, *faults.FAULTS]:
            if fault and fault.json_only and not operation.json:
                continue
            for for_ever in (False, True) if fault else (False,):
                for protocol in PROTOCOLS:
                    if fault and fault.only and fault.only != protocol or protocol == "tls" and not (fault and fault.only == "tls"):
                        continue
                    if operation.storage and protocol != "http1":
                        continue
                    yield operation, fault, for_ever, protocol


def name_of(operation, fault, for_ever, protocol):
    return " | ".join([operation.name, fault.name if fault else "no fault", "for ever" if for_ever else "once", protocol])


class Run:
    def __init__(self, emulator, servers, authority):
        self.emulator, self.servers, self.authority = emulator, servers, authority

    def client(self, cell):
        config = give("config_new")
        try:
            call("config_set_base_url", config, cell.url.encode())
            call("config_set_bearer_token", config, b"matrix")
            if cell.protocol != "http1":
                call("config_set_ca_file", config, self.authority.encode())
            return give("client_new", config)
        finally:
            free("config", config)

    def cell(self, number, operation, fault, for_ever, protocol):
        """Runs a cell; gives what is wrong with it, and what was seen."""
        cell = Cell(self.servers, protocol, operation, fault, None if for_ever else 1)
        wanted = right_for(operation, fault, for_ever)
        still = fault and "TIMEOUT" in fault.statuses and not fault.http_status
        # As many attempts as the library makes of itself, or few where all of them fail.
        options = library.options(timeout_ms=STANDSTILL_MS if still else TIMEOUT_MS, deadline_ms=DEADLINE_MS, max_retries=2 if for_ever else 0)
        deadline = DEADLINE_MS
        if operation.waits and for_ever and "DEADLINE" in wanted.statuses:
            options.deadline_ms = deadline = 6_000
        client = self.client(cell)
        wrong, seen, late = [], {}, 0.0
        try:
            scene = operations.Scene(self.emulator.url, client, cell, f"cell-{number}", options)
            scene.warm()
            began = time.monotonic()
            try:
                operation.run(scene)
                seen = {"status": "OK"}
            except Failed as error:
                seen = {name: getattr(error, name) for name in ("status", "side_effect", "retryable", "attempts", "message", "cause", "http_status")}
                if error.status == "DEADLINE":
                    late = time.monotonic() - began - deadline / 1000
            except operations.Incomplete as error:
                seen = {"status": "INCOMPLETE", "message": str(error)}
            except operations.Wrong as error:
                seen = {"status": "OK"}
                wrong.append(f"it gave {error}")
            # The call may have given up before the servers had their turn.
            met = cell.has_met.wait(PATIENCE) if fault else True
            cell.armed = False
            if not met:
                wrong.append("the fault was not met")
            done = operation.done(scene) if operation.done and operation.kind != "create" else len([status for status in cell.answers if status < 300])
            wrong += self.judge(wanted, seen, done)
            if operation.kind == "create":
                wrong += self.left_over(scene)
            scene.end()
        finally:
            error = None
            try:
                call("client_close", client)
            except Failed as failed:
                error = failed
            free("client", client)
            cell.close()
        if error:
            wrong.append(f"close: {error}")
        if wrong:
            seen["connections"] = list(cell.ends)
        return wrong, {**seen, "done": done, "met": cell.met, "right because": wanted.why}, late

    @staticmethod
    def judge(wanted, seen, done):
        if seen["status"] not in wanted.statuses:
            yield f"{seen['status']} is not among {', '.join(sorted(wanted.statuses))}"
        if seen["status"] not in ("OK", "INCOMPLETE"):
            if wanted.side_effects and seen["side_effect"] not in wanted.side_effects:
                yield f"side effect {seen['side_effect']}, where {' or '.join(sorted(wanted.side_effects))} is right"
            if wanted.retryable and seen["retryable"] not in wanted.retryable:
                yield f"retryable {seen['retryable']}, where {' or '.join(sorted(wanted.retryable))} is right"
        if wanted.done is not None and done not in wanted.done:
            yield f"done {done} times"

    def left_over(self, scene):
        """Devboxes that nobody ended, when the clean-ups have had their time."""
        end = time.monotonic() + PATIENCE
        while True:
            left = [other["id"] for other in scene.others() if other["status"] not in ("shutdown", "failure")]
            if not left:
                return []
            if time.monotonic() > end:
                return [f"left at the service: {', '.join(left)}"]
            time.sleep(0.05)


def chosen(arguments):
    found = list(enumerate(cells()))
    if arguments.part:
        part, parts = map(int, arguments.part.split("/"))
        found = [numbered for numbered in found if numbered[0] % parts == part % parts]
    if arguments.only:
        found = [numbered for numbered in found if any(text in name_of(*numbered[1]) for text in arguments.only)]
    return found


def main():
    faulthandler.enable()
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", help="K/N: the cells K, K+N, K+2N …")
    parser.add_argument("--only", action="append")
    parser.add_argument("--jobs", type=int, default=24)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--certificates", type=pathlib.Path, required=True)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    emulator = Emulator(os.environ["RUNLOOP_EMULATOR"], "--isolation", "plain")
    host, port = emulator.url.removeprefix("http://").split(":")
    storage = (host, emulator.control("GET health")["object_port"])
    certificates = arguments.certificates
    servers = Servers((host, int(port)), storage, certificates / "good.pem", certificates / "good.key")
    run = Run(emulator, servers, str(certificates / "authority.pem"))
    results, latest = {}, 0.0
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        under_way = {pool.submit(run.cell, number, *cell): cell for number, cell in chosen(arguments)}
        for finished in concurrent.futures.as_completed(under_way):
            cell = under_way[finished]
            try:
                wrong, seen, late = finished.result()
            except Exception as error:
                wrong, seen, late = [f"the matrix itself failed: {error!r} at {traceback.format_tb(error.__traceback__)[-1].strip()}"], {}, 0.0
            latest = max(latest, late)
            results[cell] = wrong
            if wrong or arguments.verbose:
                print("WRONG" if wrong else "ok", name_of(*cell), "; ".join(wrong))
                print("    " + json.dumps(seen), flush=True)
    servers.stop()
    left = emulator.left(PATIENCE)
    emulator.stop()
    servers.remove_archives()
    failed = [cell for cell, wrong in results.items() if wrong]
    if arguments.table:
        arguments.table.write_text(table(results))
    handles = library.live_handles()
    print(f"{len(results)} cells, {len(failed)} wrong, {handles or 'no'} handles left, {left or 'nothing'} left at the service; "
          f"the latest end came {max(0, latest) * 1000:.0f} ms behind its deadline ({time.monotonic() - began:.0f} s)")
    return 1 if failed or handles or left else 0


def table(results):
    """A line a fault, a column an operation: how many cells are right of how many."""
    names = [operation.name for operation in operations.OPERATIONS]
    counts = collections.defaultdict(lambda: [0, 0])
    for (operation, fault, _, _), wrong in results.items():
        cell = counts[fault.name if fault else "no fault", operation.name]
        cell[0] += not wrong
        cell[1] += 1
    lines = ["| fault | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for fault in ["no fault", *(fault.name for fault in faults.FAULTS)]:
        shown = [f"{counts[fault, name][0]}/{counts[fault, name][1]}" if (fault, name) in counts else "" for name in names]
        lines.append(f"| {fault} | " + " | ".join(shown) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
