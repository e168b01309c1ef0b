"""Calls every function of the library with secrets in every place that takes one, against a server that repeats them, and searches all that
the library says: log lines, messages, causes, codes, identifiers of requests, bodies."""

import argparse
import ctypes as c
import itertools
import json
import os
import sys
import tempfile
import threading
import urllib.parse
from pathlib import Path

import server as repeating
from interface import BUILD_LOG, FUNCTIONS, LOG, OUTPUT, SCALARS, Keep, error_texts, lib, text
from known import GIVEN, told_in

DEBUG, NAME = 4, b"thing"
lines = []
lines_lock = threading.Lock()


@LOG
def note(_, __, line):
    with lines_lock:
        lines.append(line)


def fail(what):
    print(f"error: {what}", file=sys.stderr)
    sys.exit(1)


def expect(name, *arguments):
    error = c.c_void_p()
    if getattr(lib, name)(*arguments, c.byref(error)):
        fail(f"{name}: {text(lib.runloop_error_message(error))}")


def give(name, *arguments):
    handle = c.c_void_p()
    expect(name, *arguments, c.byref(handle))
    return handle


def params(value):
    content = json.dumps(value).encode()
    return give("runloop_params_from_json", content, len(content))


BODY = {
    "name": "thing", "endpoint": "https://e.example", "scopes": [{"resource_type": "devbox", "access_level": "read"}], "event_type": "e", "source": "s", "origin": "o",
    "environment_variables": {"A": GIVEN["variable"]}, "launch_parameters": {"environment_variables": {"B": GIVEN["launch variable"]}},
    "build_args": {"C": GIVEN["build argument"]}, "file_mounts": {"/a": GIVEN["file mount"]}, "dockerfile": "FROM x",
    "mounts": [{"type": "file_mount", "target": "/b", "content": GIVEN["mounted file"]}],
    "code_mounts": [{"repo_name": "r", "repo_owner": "o", "token": GIVEN["code mount"]}],
    "services": [{"name": "db", "image": "i", "credentials": {"username": "user", "password": GIVEN["service password"]}}],
}


def client(port, proxy=None):
    config = give("runloop_config_new")
    expect("runloop_config_set_bearer_token", config, GIVEN["token"].encode())
    expect("runloop_config_set_base_url", config, b"http://127.0.0.1:%d" % port if not proxy else b"http://api.example")
    expect("runloop_config_add_header", config, b"X-Api-Key", GIVEN["config header"].encode())
    expect("runloop_config_add_query", config, b"api_key", GIVEN["config query"].encode())
    if proxy:
        expect("runloop_config_set_proxy", config, proxy.encode())
    made = give("runloop_client_new", config)
    lib.runloop_config_free(config)
    return made


class World:
    """The handles that calls are given, and what they point to."""

    def __init__(self, port, folder, proxy=None):
        self.folder = folder
        # What the times of calls are multiplied by.
        self.slowness = 1
        self.client = client(port, proxy)
        self.headers = params({"Cookie": GIVEN["call header"]})
        self.query = params({"access_token": GIVEN["call query"]})
        self.extra = params({"auth_token": GIVEN["call body"]})
        self.body = params(BODY)

    def options(self, keep, function, retries=0):
        # Streams are begun again and again, and what they say is seen soon.
        endless = any(part in function for part in ("stream", "exec_result_std", "subscribe", "watch", "devbox_exec"))
        deadline = 400 * self.slowness if endless else 60000
        return keep.struct("runloop_call_options", timeout_ms=60000, deadline_ms=deadline, poll_timeout_ms=60 * self.slowness, poll_interval_ms=1, max_retries=-1 if retries == 0 else retries,
                           extra_headers=self.headers, extra_query=self.query, extra_body=self.extra)

    def handle(self, kind, keep):
        """A handle of a type, and what frees it."""
        if kind == "runloop_client":
            return self.client, None
        if kind == "runloop_params":
            return self.body, None
        made = {
            "runloop_devbox": lambda: give("runloop_devbox_attach", self.client, b"dbx_1"),
            "runloop_execution": self.execution,
            "runloop_exec_result": self.result,
            "runloop_output_stream": self.output_stream,
            "runloop_event_stream": lambda: self.asked("runloop_eviction_watch", self.client, None),
            "runloop_object": lambda: self.asked("runloop_object_create", self.client, self.body, None),
            "runloop_secret": lambda: give("runloop_secret_from_name", self.client, NAME),
            "runloop_axon_event_cursor": self.axon_events,
        }.get(kind)
        if made is None and kind.endswith("_cursor"):
            return give(kind.removesuffix("_cursor") + "_list", self.client, None), kind + "_free"
        if made is None:
            return give(kind + "_from_id", self.client, b"thing_1"), kind + "_free"
        handle = made()
        return handle, kind + "_free" if handle else None

    def asked(self, name, *arguments):
        """What a call gives that asks the server, which answers well."""
        patience, repeating.Repeater.patience = repeating.Repeater.patience, 1 << 30
        handle, error = c.c_void_p(), c.c_void_p()
        getattr(lib, name)(*arguments, c.byref(handle), c.byref(error))
        lib.runloop_error_free(error)
        repeating.Repeater.patience, repeating.Repeater.served = patience, 0
        return handle

    def execution(self):
        devbox = give("runloop_devbox_attach", self.client, b"dbx_1")
        keep = Keep()
        exec_options = keep.struct("runloop_exec_options", environment=keep.texts(b"K=" + GIVEN["command variable"].encode()))
        execution = self.asked("runloop_devbox_exec_async", devbox, b"make", exec_options, None)
        lib.runloop_devbox_free(devbox)
        return execution

    def result(self):
        patience, manner = repeating.Repeater.patience, repeating.Repeater.manner
        execution = self.execution()
        answer = {"id": "exec_1", "execution_id": "exec_1", "devbox_id": "dbx_1", "status": "completed", "exit_status": 0, "stdout": "a", "stderr": "b", "stdout_truncated": True,
                  "stderr_truncated": True}
        repeating.Repeater.patience, repeating.Repeater.manner = 0, lambda server, _: server.send(200, repeating.JSON, json.dumps(answer).encode())
        result, error = c.c_void_p(), c.c_void_p()
        lib.runloop_execution_result(execution, None, c.byref(result), c.byref(error))
        lib.runloop_error_free(error)
        lib.runloop_execution_free(execution)
        repeating.Repeater.patience, repeating.Repeater.manner, repeating.Repeater.served = patience, manner, 0
        return result

    def output_stream(self):
        execution = self.execution()
        stream = give("runloop_execution_stream", execution, 1, None)
        lib.runloop_execution_free(execution)
        return stream

    def axon_events(self):
        axon = give("runloop_axon_from_id", self.client, b"thing_1")
        cursor = give("runloop_axon_events", axon, None)
        lib.runloop_axon_free(axon)
        return cursor

    def text(self, function, name):
        if name == "method":
            return b"POST"
        if name == "path" and function == "runloop_client_request":
            return b"/v1/things"
        if name in ("path", "local_path"):
            return str(self.folder / ("tree" if "dir" in function or "docker" in function else "file")).encode()
        secret = {"value": "secret value", "text": "stdin" if "stdin" in function else "file contents", "contents": "file contents", "data": "file contents"}.get(name)
        return GIVEN[secret].encode() if secret else b"SELECT 1" if name == "sql" else NAME

    def close(self):
        for handle in (self.headers, self.query, self.extra, self.body):
            lib.runloop_params_free(handle)
        expect("runloop_client_close", self.client)
        lib.runloop_client_free(self.client)


@OUTPUT
def take(*_):
    return 0


@BUILD_LOG
def take_log(*_):
    return 0


def call(world, function, retries=0):
    """Calls a function; what its error says. A call that its time has ended before the server did what it is to do is made again with
    more time, so that a slow machine tries the same as a fast one."""
    for slowness in (1, 4, 16, 64):
        world.slowness = slowness
        said = call_once(world, function, retries)
        ended_by_time = said.get("status") in (b"RUNLOOP_DEADLINE", b"RUNLOOP_WAIT_TIMED_OUT")
        if not ended_by_time or repeating.Repeater.served > repeating.Repeater.patience:
            break
    return said


def call_once(world, function, retries):
    keep, arguments, ends, outputs = Keep(), [], [], []
    for kind, name in function.arguments:
        if kind == "runloop_error**":
            error = c.c_void_p()
            arguments.append(c.byref(error))
        elif kind.endswith("**") and "const char" not in kind or kind in ("int32_t*", "int64_t*", "size_t*", "double*", "const char**"):
            outputs.append((kind, c.c_void_p()))
            arguments.append(c.byref(outputs[-1][1]))
        elif kind == "const runloop_call_options*":
            arguments.append(world.options(keep, function.name, retries))
        elif kind == "const runloop_exec_options*":
            arguments.append(keep.struct("runloop_exec_options", environment=keep.texts(b"K=" + GIVEN["command variable"].encode()),
                                         on_stdout=c.cast(take, c.c_void_p).value if retries else None))
        elif kind == "const runloop_tree_options*":
            arguments.append(None)
        elif kind == "const runloop_source*":
            content = GIVEN["file contents"].encode()
            arguments.append(keep.struct(kind[6:-1], data=keep.pointer(content), length=len(content), fd=-1))
        elif kind == "const runloop_sink*":
            arguments.append(keep.struct(kind[6:-1], path=keep.pointer(str(world.folder / "sink").encode()), fd=-1))
        elif kind == "runloop_build_log_fn":
            arguments.append(c.cast(take_log, c.c_void_p).value)
        elif kind == "const char*":
            arguments.append(keep.pointer(world.text(function.name, name)))
        elif name == "user_data":
            arguments.append(None)
        elif name == "query" and function.name == "runloop_client_request":
            arguments.append(world.query)
        elif kind in SCALARS:
            content = len(world.text(function.name, "data")) if name == "length" else 1
            arguments.append(content)
        else:
            handle, end = world.handle(kind.removeprefix("const ").removesuffix("*"), keep)
            if end:
                ends.append((end, handle))
            if not handle:
                arguments = None
                break
            arguments.append(handle)
    said = {}
    if arguments is not None:
        repeating.Repeater.served = 0
        status = getattr(lib, function.name)(*arguments)
        said = error_texts(error) if status else {}
        said["status"] = text(lib.runloop_status_name(status))
        lib.runloop_error_free(error)
        for kind, output in outputs:
            if kind.startswith("runloop_") and output:
                getattr(lib, kind.removesuffix("**") + "_free")(output)
    for end, handle in ends:
        getattr(lib, end)(handle)
    return said


def operations():
    """The functions that ask the server."""
    return [function for function in FUNCTIONS.values()
            if any(argument.type == "const runloop_call_options*" for argument in function.arguments)]


class Findings:
    def __init__(self, verbose):
        self.verbose = verbose
        self.found, self.calls, self.statuses, self.heard = {}, 0, {}, b""

    def search(self, what, where, said):
        for name in told_in(said):
            if self.verbose and (name, where) not in self.found:
                print(f"first: {name} in {where}: {what}", flush=True)
            self.found.setdefault((name, where), []).append((what, said))

    def after_call(self, what, said):
        self.calls += 1
        status = said.pop("status", b"?")
        self.statuses[status] = self.statuses.get(status, 0) + 1
        for where, content in said.items():
            self.search(what, where, content)
        with lines_lock:
            told, lines[:] = list(lines), []
        for line in told:
            self.search(what, "log", line)
        self.heard += repeating.Repeater.take_heard()

    def report(self):
        for (name, where), places in sorted(self.found.items()):
            print(f"LEAK {name} in {where}: {len(places)} times")
            for at in (1, 2, 0):
                parts = sorted({what.split(", ")[at] for what, _ in places if what.count(", ") >= at})
                print(f"    {', '.join(parts[:40])}{' …' if len(parts) > 40 else ''}")
            if self.verbose:
                content = places[0][1]
                print(f"    {content[:600]!r}")


def wrong_arguments(findings, folder):
    """What a configuration refuses is repeated by no error either."""
    config = give("runloop_config_new")
    key = folder / "key.pem"
    key.write_text(f"-----BEGIN PRIVATE KEY-----\n{GIVEN['token']}\n-----END PRIVATE KEY-----\n")
    token, proxy = GIVEN["token"].encode(), urllib.parse.quote(GIVEN["proxy password"], safe="").encode()
    tried = [
        ("set_bearer_token", token + b"\n"), ("set_bearer_token", b"\xff" + token), ("add_header", b"X-Api-Key", token + b"\n"),
        ("set_base_url", b"http://user:" + proxy + b"@127.0.0.1:1"), ("set_base_url", b"nothing://user:" + proxy + b"@h"), ("set_base_url", b"http://user:" + proxy + b"@:x"),
        ("set_base_url", b"http://127.0.0.1/?api_key=" + proxy), ("set_base_url", b"http://127.0.0.1/#" + proxy),
        ("set_proxy", b"http://user:" + proxy + b"@:x"), ("set_proxy", b"ftp://user:" + proxy + b"@h:1"), ("set_proxy", b"user:" + proxy), ("set_proxy", b"http://user:" + proxy + b"@h:99999"),
        ("set_user_agent", token + b"\n"), ("set_client_certificate", str(key).encode(), str(key).encode()), ("set_ca_file", str(key).encode()),
    ]
    for name, *values in tried:
        error = c.c_void_p()
        if name != "set_bearer_token":
            expect("runloop_config_set_bearer_token", config, token)
        status = getattr(lib, "runloop_config_" + name)(config, *values, c.byref(error))
        said = error_texts(error) if status else {}
        lib.runloop_error_free(error)
        if not status:
            made = c.c_void_p()
            status = lib.runloop_client_new(config, c.byref(made), c.byref(error))
            said = error_texts(error) if status else {}
            lib.runloop_error_free(error)
            lib.runloop_client_free(made)
            lib.runloop_config_free(config)
            config = give("runloop_config_new")
        findings.after_call(f"config_{name}", {**said, "status": text(lib.runloop_status_name(status))})
    lib.runloop_config_free(config)
    for name in ("set_string", "set_json"):
        made, error = give("runloop_params_new"), c.c_void_p()
        for content in (b"\xff" + token, b'{"a":' + token):
            status = getattr(lib, "runloop_params_" + name)(made, b"/environment_variables/A", content, c.byref(error))
            findings.after_call(f"params_{name}", {**(error_texts(error) if status else {}), "status": text(lib.runloop_status_name(status))})
            lib.runloop_error_free(error)
        lib.runloop_params_free(made)
    made, error = c.c_void_p(), c.c_void_p()
    content = b'{"environment_variables": {"A": "%s' % token
    status = lib.runloop_params_from_json(content, len(content), c.byref(made), c.byref(error))
    findings.after_call("params_from_json", {**(error_texts(error) if status else {}), "status": text(lib.runloop_status_name(status))})
    lib.runloop_error_free(error)


def behind_proxies(findings, port, folder, parts):
    """A proxy that repeats what it was sent, its own password too; for http, and for the CONNECT of https."""
    password = urllib.parse.quote(GIVEN["proxy password"], safe="")
    world = World(port, folder, f"http://user:{password}@127.0.0.1:{port}")
    functions = [FUNCTIONS["runloop_account_me"], FUNCTIONS["runloop_devbox_create"], FUNCTIONS["runloop_devbox_read_file"], FUNCTIONS["runloop_object_upload_from_bytes"]]
    for number, ((name, manner), spelling, function) in enumerate(itertools.product(repeating.MANNERS.items(), repeating.SPELLINGS, functions)):
        if number % min(parts, 7):
            continue
        repeating.Repeater.manner, repeating.Repeater.patience, repeating.Repeater.spelling = manner, 0, spelling
        findings.after_call(f"{function.name[8:]} by a proxy, {name}, {spelling}", call(world, function))
    world.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="the operations whose names hold this")
    parser.add_argument("--part", default="1/1", help="K/N: of what goes with an operation and a manner only each Nth, beginning with the Kth, and one; from N of 64 on, not every manner with every operation")
    parser.add_argument("--verbose", action="store_true", help="what was found, too")
    options = parser.parse_args()
    part, parts = (int(each) for each in options.part.split("/"))

    for name in [name for name in os.environ if name.startswith("RUNLOOP_") and name != "RUNLOOP_LIBRARY" or name.lower().endswith("_proxy")]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="runloop-secrets-"))
    (folder / "tree").mkdir()
    (folder / "tree/file").write_text(GIVEN["file contents"])
    (folder / "file").write_text(GIVEN["file contents"])
    served = repeating.start()
    findings = Findings(options.verbose)
    expect("runloop_log_set", c.cast(note, c.c_void_p).value, None, DEBUG)

    chosen = [function for function in operations() if not options.only or options.only in function.name]
    number = 0
    for at, function in enumerate(chosen):
        # Handles are the function's own, lest what one call leaves behind be another's.
        world = World(served.server_port, folder)
        for manner_at, (name, manner) in enumerate(repeating.MANNERS.items()):
            # In a small part each operation has some of the manners, and each manner some of the operations.
            if (at + manner_at) % min(4, 1 + parts // 64) != 0:
                continue
            # Long texts take long, and where they are cut is the same for all.
            if name == "bounds" and function.name not in ("runloop_account_me", "runloop_devbox_create", "runloop_devbox_exec", "runloop_devbox_write_file"):
                continue
            for spelling, patience in itertools.product(repeating.SPELLINGS, (0, 1, 2)):
                # `patience` requests are answered well first.
                number += 1
                if (spelling != "raw" or patience) and number % parts != part % parts:
                    continue
                repeating.Repeater.manner, repeating.Repeater.patience, repeating.Repeater.spelling = manner, patience, spelling
                retries = 1 if name.endswith("again") and spelling == "raw" else 0
                findings.after_call(f"{function.name[8:]}, {name}, {spelling}", call(world, function, retries))
        world.close()
        findings.after_call(f"{function.name[8:]}, the end", {})
        if options.verbose:
            print(f"{function.name} is done", flush=True)
    if not options.only:
        wrong_arguments(findings, folder)
        behind_proxies(findings, served.server_port, folder, parts)
    expect("runloop_log_set", None, None, 0)
    findings.after_call("the end", {})
    import shutil

    shutil.rmtree(folder)
    findings.report()
    if not options.only:
        missing = [name for name, secret in GIVEN.items() if secret.encode() not in findings.heard and json.dumps(secret)[1:-1].encode() not in findings.heard]
        if missing:
            fail("the server was never told " + ", ".join(missing))
    left = lib.runloop_live_handles(None)
    if left:
        fail(f"{left} handles are left")
    print(f"{len(chosen)} operations, {findings.calls} calls:", ", ".join(f"{status.decode()} {count}" for status, count in sorted(findings.statuses.items(), key=lambda item: -item[1])))
    if findings.found:
        fail(f"{len(findings.found)} leaks")
    print("ok: no secret in any message, cause, code, identifier, body or line of the log")


main()
