"""The operations of the matrix: calls of the library, and how often the service has done them."""

import ctypes as c
import dataclasses
import json
import os
import re
import tempfile
from collections.abc import Callable

import library
from library import call, content_of, free, give, text_of
from upstream import ask

CONTENT = bytes(range(256)) * 1200


class Wrong(Exception):
    """A call that has ended well, and gave something else than it should."""


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    # What doing it twice would do: "reads", "sets", "ends", "once"; "create" is a "once" that is cleaned up.
    kind: str
    # Of the requests that the call makes, those that the faults are for.
    pattern: str
    run: Callable
    # Whether those are the requests to the storage.
    storage: bool = False
    # Whether the answer to them is JSON.
    json: bool = True
    # Whether the call wants something of that answer.
    json_matters: bool = True
    # Whether the call asks again and again, so that a bad answer is one of many.
    waits: bool = False
    # Whether the call has changed something before it makes those requests.
    behind: bool = False
    # Whether the requests are commands of the library's own, which it may run again.
    own: bool = False
    # Whether the call looks whether it has been done, where its answer does not tell.
    looks: bool = False
    # How often the service has done it, as the service tells; else by its answers.
    done: Callable | None = None

    def main(self, method, path):
        return not self.storage and re.fullmatch(self.pattern, f"{method} {path}") is not None


OPERATIONS = []


def operation(name, kind, pattern, **more):
    def put(run):
        OPERATIONS.append(Operation(name, kind, pattern, run, **more))
        return run
    return put


class Scene:
    """What a call needs: a client of the cell, a devbox that nobody else has, call options."""

    def __init__(self, service, client, cell, name, options):
        self.service, self.client, self.cell, self.name = service, client, cell, name
        self.options = c.byref(options)
        self.created = ask(service, "POST", "/v1/devboxes/create_and_await_running", {"name": name, "metadata": {"cell": name}})["id"]
        self.devbox = give("devbox_attach", client, self.created.encode())

    def warm(self):
        """One call, so that the host has answered before."""
        text_of(give("devbox_get_info", self.devbox, None))
        self.cell.arm()

    def end(self):
        ask(self.service, "POST", f"/v1/devboxes/{self.created}/shutdown", {})
        free("devbox", self.devbox)

    def command(self, text):
        """A command beside the faults; gives its output."""
        execution = ask(self.service, "POST", f"/v1/devboxes/{self.created}/execute", {"command": text, "command_id": f"{self.name}-{os.urandom(8).hex()}"})
        return execution["stdout"]

    def lines(self, path):
        return len(self.command(f"cat {path} 2>/dev/null || true").splitlines())

    def others(self):
        """The devboxes of this cell that the service has, but for the one made beside the faults."""
        listed = ask(self.service, "GET", "/v1/devboxes?limit=5000")["devboxes"]
        return [devbox for devbox in listed if devbox["metadata"].get("cell") == self.name and devbox["id"] != self.created]


def expect(found, wanted):
    if found != wanted:
        raise Wrong(f"{str(found)[:80]!r} where {str(wanted)[:80]!r} is right")


def member(value, name):
    """A member of an object; None where there is none."""
    found = json.loads(text_of(value))
    return found.get(name) if isinstance(found, dict) else found


@operation("get_info", "reads", r"GET /v1/devboxes/[^/]+")
def get_info(scene):
    expect(member(give("devbox_get_info", scene.devbox, scene.options), "id"), scene.created)


@operation("keep_alive", "sets", r"POST /v1/devboxes/[^/]+/keep_alive", json_matters=False)
def keep_alive(scene):
    call("devbox_keep_alive", scene.devbox, scene.options)


@operation("shutdown", "ends", r"POST /v1/devboxes/[^/]+/shutdown", json_matters=False)
def shutdown(scene):
    call("devbox_shutdown", scene.devbox, scene.options, None)


@operation("create", "create", r"POST /v1/devboxes(/create_and_await_running)?", done=lambda scene: len(scene.others()))
def create(scene):
    made = library.params(json.dumps({"name": scene.name, "metadata": {"cell": scene.name}}))
    try:
        devbox = give("devbox_create", scene.client, made, scene.options)
    finally:
        free("params", made)
    try:
        expect(lib_text("devbox_id", devbox) in [other["id"] for other in scene.others()], True)
    finally:
        call("devbox_shutdown", devbox, None, None)
        free("devbox", devbox)


@operation("await_running", "reads", r"POST /v1/devboxes/[^/]+/wait_for_status", waits=True)
def await_running(scene):
    expect(member(give("devbox_await_running", scene.devbox, scene.options), "status"), "running")


def run_command(scene, command, how=None):
    result = give("devbox_exec", scene.devbox, command, how and c.byref(how), scene.options)
    try:
        if library.lib.runloop_exec_result_outcome(result) != 1:
            raise Incomplete(f"outcome {library.lib.runloop_exec_result_outcome(result)}")
        expect(library.lib.runloop_exec_result_exit_code(result), 0)
        return content_of(give("exec_result_stdout", result, c.c_int64(0), None)) if how is None else None
    finally:
        free("exec_result", result)


class Incomplete(Exception):
    """A command that ended, with output that is said to be incomplete: no failure, and no lie."""


def with_output(scene, command):
    pieces = []

    def take(user_data, stream, data, length):
        pieces.append(c.string_at(data, length))
        return 0
    run_command(scene, command, library.ExecOptions(struct_size=c.sizeof(library.ExecOptions), on_output=library.OUTPUT(take)))
    return b"".join(pieces)


COMMAND = b"echo line >> ran; seq 1 300"
PRINTED = "".join(f"{number}\n" for number in range(1, 301)).encode()


@operation("exec", "once", r"POST /v1/devboxes/[^/]+/execute", done=lambda scene: scene.lines("ran"))
def execute(scene):
    expect(run_command(scene, COMMAND), PRINTED)


@operation("exec with output functions", "once", r"POST /v1/devboxes/[^/]+/execute_async", done=lambda scene: scene.lines("ran"))
def execute_async(scene):
    expect(with_output(scene, COMMAND), PRINTED)


@operation("output stream", "reads", r"GET /v1/devboxes/[^/]+/executions/[^/]+/stream_stdout_updates", json=False, waits=True, behind=True)
def output_stream(scene):
    expect(with_output(scene, b"seq 1 200; sleep 0.1; seq 201 300"), PRINTED)


@operation("wait for a command", "reads", r"POST /v1/devboxes/[^/]+/executions/[^/]+/wait_for_status", waits=True)
def execution_wait(scene):
    execution = give("devbox_exec_async", scene.devbox, b"sleep 0.1; exit 0", None, None)
    try:
        result = give("execution_result", execution, scene.options)
        expect(library.lib.runloop_exec_result_exit_code(result), 0)
        free("exec_result", result)
    finally:
        free("execution", execution)


def own_execution(scene, command):
    execution = ask(scene.service, "POST", f"/v1/devboxes/{scene.created}/execute_async", {"command": command, "attach_stdin": True})
    scene.execution = execution["execution_id"]
    return give("execution_attach", scene.devbox, scene.execution.encode())


def typed(scene):
    """How many lines the command has read, when there are no more to come."""
    path = f"/v1/devboxes/{scene.created}/executions/{scene.execution}"
    ask(scene.service, "POST", f"{path}/send_std_in", {"signal": "EOF"})
    ask(scene.service, "POST", f"{path}/wait_for_status", {"statuses": ["completed"], "timeout_seconds": 25})
    return scene.lines("typed")


@operation("send_stdin", "once", r"POST /v1/devboxes/[^/]+/executions/[^/]+/send_std_in", json_matters=False, done=typed)
def send_stdin(scene):
    execution = own_execution(scene, "cat >> typed")
    try:
        call("execution_send_stdin", execution, b"line\n", scene.options)
    finally:
        free("execution", execution)


@operation("kill", "ends", r"POST /v1/devboxes/[^/]+/executions/[^/]+/kill", json_matters=False)
def kill(scene):
    execution = own_execution(scene, "sleep 600")
    try:
        call("execution_kill", execution, 1, scene.options)
    finally:
        free("execution", execution)


@operation("write_file", "sets", r"POST /v1/devboxes/[^/]+/write_file_contents", json_matters=False)
def write_file(scene):
    call("devbox_write_file", scene.devbox, b"written", b"content", c.c_size_t(7), scene.options)
    expect(scene.command("cat written"), "content")


@operation("read_file", "reads", r"POST /v1/devboxes/[^/]+/read_file_contents", json=False)
def read_file(scene):
    scene.command("printf content > readable")
    expect(content_of(give("devbox_read_file", scene.devbox, b"readable", scene.options)), b"content")


@operation("upload_file", "sets", r"POST /v1/devboxes/[^/]+/upload_file", json_matters=False)
def upload_file(scene):
    call("devbox_upload_file", scene.devbox, b"uploaded", c.byref(library.source(CONTENT)), scene.options)
    expect(scene.command("wc -c < uploaded").strip(), str(len(CONTENT)))


@operation("download_file", "reads", r"POST /v1/devboxes/[^/]+/download_file", json=False)
def download_file(scene):
    scene.command("seq 1 60000 > numbers")
    wanted = "".join(f"{number}\n" for number in range(1, 60001)).encode()
    expect(content_of(give("devbox_download_file", scene.devbox, b"numbers", None, scene.options)) == wanted, True)


def tree(folder):
    os.mkdir(f"{folder}/sub")
    for name in ("one", "sub/two"):
        with open(f"{folder}/{name}", "w") as file:
            file.write(name)


TREE = "find . -type f | sort | xargs cat"


def upload_dir(scene):
    with tempfile.TemporaryDirectory() as folder:
        tree(folder)
        call("devbox_upload_dir", scene.devbox, folder.encode(), b"tree", None, scene.options)
    expect(scene.command(f"cd tree && {TREE}"), "onesub/two")


operation("upload_dir: the archive", "sets", r"POST /v1/devboxes/[^/]+/upload_file", json_matters=False)(upload_dir)
operation("upload_dir: unpacking", "sets", r"POST /v1/devboxes/[^/]+/execute(_async)?", behind=True, own=True)(upload_dir)


def download_dir(scene):
    scene.command("mkdir -p tree/sub && printf one > tree/one && printf sub/two > tree/sub/two")
    with tempfile.TemporaryDirectory() as folder:
        call("devbox_download_dir", scene.devbox, b"tree", folder.encode(), None, scene.options)
        for name in ("one", "sub/two"):
            with open(f"{folder}/{name}") as file:
                expect(file.read(), name)


operation("download_dir: packing", "sets", r"POST /v1/devboxes/[^/]+/execute(_async)?", own=True)(download_dir)
operation("download_dir: the archive", "reads", r"POST /v1/devboxes/[^/]+/download_file", json=False)(download_dir)


@operation("list", "reads", r"GET /v1/devboxes")
def list_devboxes(scene):
    cursor = give("devbox_list", scene.client, None)
    try:
        devbox = library.HANDLE()
        call("devbox_cursor_next", cursor, scene.options, c.byref(devbox), None)
        free("devbox", devbox)
    finally:
        free("devbox_cursor", cursor)


@operation("event stream", "reads", r"GET /v1/axons/[^/]+/subscribe/sse", json=False, waits=True)
def event_stream(scene):
    axon = ask(scene.service, "POST", "/v1/axons", {"name": scene.name})["id"]
    event = {"event_type": "tick", "origin": "EXTERNAL_EVENT", "payload": "{}", "source": "matrix"}
    for _ in range(3):
        ask(scene.service, "POST", f"/v1/axons/{axon}/publish", event)
    handle = give("axon_from_id", scene.client, axon.encode())
    try:
        stream = give("axon_subscribe", handle, c.c_int64(-1), scene.options)
        try:
            seen = [member(give("event_stream_next", stream, scene.options), "sequence") for _ in range(3)]
            expect(seen, sorted(set(seen)))
        finally:
            free("event_stream", stream)
    finally:
        free("axon", handle)


def objects(scene):
    listed = ask(scene.service, "GET", f"/v1/objects?limit=1000&name={scene.name}")["objects"]
    return len([found for found in listed if found["name"] == scene.name])


def upload_object(scene):
    handle = give("object_upload_from_text", scene.client, scene.name.encode(), b"content of an object", None, scene.options)
    scene.cell.armed = False
    try:
        expect(content_of(give("object_download_as_bytes", handle, None, None)), b"content of an object")
    finally:
        free("object", handle)


operation("object: create", "once", r"POST /v1/objects", done=objects)(upload_object)
operation("object: the storage", "sets", "", storage=True, behind=True, json=False, json_matters=False)(upload_object)
operation("object: complete", "once", r"POST /v1/objects/[^/]+/complete", behind=True, looks=True)(upload_object)


def lib_text(name, handle):
    return getattr(library.lib, "runloop_" + name)(handle).decode()
