"""The same calls for the official SDK and for the library: a name, parameters as JSON, how the official SDK is
called with them, and the steps of a row (tests/behaviours/README.md) that make the same call in each language."""

from typing import NamedTuple


UNICODE = "grün €😀 \"quoted\" \\ back\nslash\ttab\u0000"[:-1]
MAPS = {"empty": "", "plain": "value", "ünïcode": "wért", "with space": "a=b&c", "nested.dots/slash~tilde": "~1"}
LAUNCH = {
    "keep_alive_time_seconds": 600,
    "launch_commands": ["echo one", "echo 'two'"],
    "resource_size_request": "SMALL",
    "after_idle": {"idle_time_seconds": 60, "on_idle": "suspend"},
}

CASES = []


class Case(NamedTuple):
    name: str
    number: int
    params: dict
    call: object
    steps: list


def do(operation, params=None, /, **arguments):
    """A step; no parameters are an absent argument, as a program would leave them out."""
    return {"do": operation, **arguments, **({"params": params} if params else {})}


def without(params, *names):
    return {name: value for name, value in params.items() if name not in names}


DEVBOX = [do("devbox_attach", id="dbx_1")]
EXECUTION = [*DEVBOX, do("execution_attach", id="exec_1")]
OBJECT = [do("object_from_id", id="obj_1")]


def case(name, *variants, on=(), steps=None):
    """A call with each of the variants of its parameters. Without `steps` the step is the operation of the case's
    name with these parameters, after those of `on`, which make the handle that it is about."""
    steps = steps or (lambda params: [*on, do(name, params)])

    def add(call):
        for number, params in enumerate(variants or ({},)):
            CASES.append(Case(name, number, params, call, steps(params)))
        return call

    return add


# ---- devboxes ----


@case(
    "devbox_create",
    {},
    {"name": UNICODE, "metadata": MAPS},
    {"environment_variables": MAPS, "launch_parameters": LAUNCH, "file_mounts": {"/home/user/a": UNICODE}},
    {"name": None, "metadata": {}, "secrets": {"TOKEN": "MY_SECRET"}},
    {"mounts": [{"type": "object_mount", "object_id": "obj_1", "object_path": "/data"}], "entrypoint": "sleep 5"},
    {"code_mounts": [{"repo_name": "r", "repo_owner": "o", "token": None}]},
)
def _(sdk, p):
    sdk.devbox.create(**p)


@case("devbox_create_async", {}, {"name": "n", "metadata": MAPS})
def _(sdk, p):
    sdk.api.devboxes.create(**p)


@case(
    "devbox_create_from_blueprint_id", {}, {"name": "n", "metadata": {"a": "b"}},
    steps=lambda p: [do("devbox_create_from_blueprint_id", p, id="bpt_1")],
)
def _(sdk, p):
    sdk.devbox.create_from_blueprint_id("bpt_1", **p)


@case(
    "devbox_create_from_blueprint_name", {}, {"launch_parameters": LAUNCH},
    steps=lambda p: [do("devbox_create_from_blueprint_name", p, name="a name")],
)
def _(sdk, p):
    sdk.devbox.create_from_blueprint_name("a name", **p)


@case("devbox_create_from_snapshot", {}, {"name": "n"}, steps=lambda p: [do("devbox_create_from_snapshot", p, id="snp_1")])
def _(sdk, p):
    sdk.devbox.create_from_snapshot("snp_1", **p)


@case("devbox_from_id", steps=lambda p: [do("devbox_from_id", id="dbx_1")])
def _(sdk, p):
    sdk.devbox.from_id("dbx_1")


@case("devbox_list", {}, {"limit": 7, "status": "running"}, {"starting_after": "dbx_9 ü/&?"})
def _(sdk, p):
    sdk.devbox.list(**p)


@case("devbox_get_info", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).get_info()


@case("devbox_odd_id", steps=lambda p: [do("devbox_attach", id="a b/c?d#e%ü"), do("devbox_get_info")])
def _(sdk, p):
    sdk.api.devboxes.retrieve("a b/c?d#e%ü")


@case("devbox_await_running", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).await_running()


@case("devbox_keep_alive", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).keep_alive()


@case("devbox_shutdown", on=DEVBOX)
def _(sdk, p):
    devbox(sdk).shutdown()


# ---- commands ----


@case("devbox_exec", {"command": "echo 'hi' \"there\" $HOME ü"}, steps=lambda p: [*DEVBOX, do("devbox_exec", **p)])
def _(sdk, p):
    devbox(sdk).cmd.exec(**p)


@case("devbox_exec_output", {"command": "true"}, steps=lambda p: [*DEVBOX, do("devbox_exec", watch="output", **p)])
def _(sdk, p):
    devbox(sdk).cmd.exec(output=lambda text: None, **p)


@case(
    "devbox_exec_async", {"command": "true"}, {"command": "cat", "attach_stdin": True},
    steps=lambda p: [*DEVBOX, do("devbox_exec_async", command=p["command"], exec=without(p, "command"))],
)
def _(sdk, p):
    devbox(sdk).cmd.exec_async(**p)


@case("execution_get_state", on=EXECUTION)
def _(sdk, p):
    execution(sdk).get_state()


@case("execution_result", on=EXECUTION)
def _(sdk, p):
    from runloop_api_client.sdk.execution import Execution

    running = execution(sdk)._initial_result.model_copy(update={"status": "running"})
    Execution(sdk.api, "dbx_1", running, None).result()


@case(
    "execution_kill", {}, {"kill_process_group": True},
    steps=lambda p: [*EXECUTION, do("execution_kill", process_group=p.get("kill_process_group", False))],
)
def _(sdk, p):
    execution(sdk).kill(**p)


@case("execution_send_stdin", {"text": UNICODE}, steps=lambda p: [*EXECUTION, do("execution_send_stdin", **p)])
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", **p)


@case("execution_close_stdin", on=EXECUTION)
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", signal="EOF")


@case("execution_interrupt", on=EXECUTION)
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", signal="INTERRUPT")


# ---- files ----


@case("devbox_read_file", {"file_path": "/home/user/ü \"file\""}, steps=lambda p: [*DEVBOX, do("devbox_read_file", path=p["file_path"])])
def _(sdk, p):
    devbox(sdk).file.read(**p)


@case(
    "devbox_write_file", {"file_path": "a/b", "contents": UNICODE}, {"file_path": "empty", "contents": ""},
    steps=lambda p: [*DEVBOX, do("devbox_write_file", path=p["file_path"], contents=p["contents"])],
)
def _(sdk, p):
    devbox(sdk).file.write(**p)


@case("devbox_download_file", {"path": "/tmp/x y"}, steps=lambda p: [*DEVBOX, do("devbox_download_file", to="memory", **p)])
def _(sdk, p):
    devbox(sdk).file.download(**p)


@case(
    "devbox_upload_file", {"path": "dir/data.bin", "text": UNICODE}, {"path": "ü \"q\" \\b.bin", "text": ""},
    steps=lambda p: [*DEVBOX, do("devbox_upload_file", path=p["path"], data=p["text"])],
)
def _(sdk, p):
    name = p["path"].rsplit("/")[-1]
    devbox(sdk).file.upload(path=p["path"], file=(name, p["text"].encode(), "application/octet-stream"))


# ---- storage objects ----


@case(
    "object_create",
    {"name": UNICODE, "content_type": "text"},
    {"name": "n", "content_type": "tgz", "metadata": MAPS, "ttl_ms": 60000},
    {"name": "n", "content_type": "unspecified", "metadata": None, "ttl_ms": None},
)
def _(sdk, p):
    sdk.storage_object.create(**p)


@case("object_list", {}, {"limit": 3, "name": "a b/ü", "content_type": "text", "state": "READ_ONLY", "search": "x&y"})
def _(sdk, p):
    sdk.storage_object.list(**p)


@case("object_list_public", {}, {"limit": 3})
def _(sdk, p):
    sdk.api.objects.list_public(**p)


@case(
    "object_upload_from_text", {"name": "ü.txt", "text": UNICODE}, {"name": "n", "text": "", "metadata": MAPS, "ttl_ms": 60000},
    steps=lambda p: [do("object_upload_from_text", without(p, "name", "text"), name=p["name"], text=p["text"])],
)
def _(sdk, p):
    sdk.storage_object.upload_from_text(p["text"], **rest(p))


@case(
    "object_upload_from_bytes", {"name": "n", "text": "bytes", "content_type": "binary"},
    steps=lambda p: [do("object_upload_from_bytes", without(p, "name", "text"), name=p["name"], data=p["text"])],
)
def _(sdk, p):
    sdk.storage_object.upload_from_bytes(p["text"].encode(), **rest(p))


@case("object_refresh", on=[do("object_from_id", id="obj 1/ü")])
def _(sdk, p):
    sdk.storage_object.from_id("obj 1/ü").refresh()


@case("object_complete", on=OBJECT)
def _(sdk, p):
    sdk.storage_object.from_id("obj_1").complete()


@case("object_delete", on=OBJECT)
def _(sdk, p):
    sdk.storage_object.from_id("obj_1").delete()


@case("object_get_download_url", {}, {"duration_seconds": 77}, on=OBJECT)
def _(sdk, p):
    sdk.storage_object.from_id("obj_1").get_download_url(**p)


@case("object_download_as_bytes", {}, {"duration_seconds": 77}, on=OBJECT)
def _(sdk, p):
    sdk.storage_object.from_id("obj_1").download_as_bytes(**p)


@case("object_download_as_text", on=OBJECT)
def _(sdk, p):
    sdk.storage_object.from_id("obj_1").download_as_text(**p)


def rest(p):
    """The parameters of an upload as the official SDK names them."""
    from datetime import timedelta

    given = {name: value for name, value in p.items() if name not in ("text", "ttl_ms")}
    if "ttl_ms" in p:
        given["ttl"] = timedelta(milliseconds=p["ttl_ms"])
    return given


def devbox(sdk):
    from runloop_api_client.sdk.devbox import Devbox

    return Devbox(sdk.api, "dbx_1")


def execution(sdk):
    """Made without a request of its own."""
    from runloop_api_client.sdk.execution import Execution
    from runloop_api_client.types.devbox_async_execution_detail_view import DevboxAsyncExecutionDetailView

    view = DevboxAsyncExecutionDetailView(devbox_id="dbx_1", execution_id="exec_1", status="completed", exit_status=0, stdout="", stderr="")
    return Execution(sdk.api, "dbx_1", view, None)
