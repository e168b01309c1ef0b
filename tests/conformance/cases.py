"""The same calls for the official SDK and for the library: a name, parameters as JSON, and how the
official SDK is called with them. calls.c has how the library is called, under the same name."""


UNICODE = "grün €😀 \"quoted\" \\ back\nslash\ttab\u0000"[:-1]
MAPS = {"empty": "", "plain": "value", "ünïcode": "wért", "with space": "a=b&c", "nested.dots/slash~tilde": "~1"}
LAUNCH = {
    "keep_alive_time_seconds": 600,
    "launch_commands": ["echo one", "echo 'two'"],
    "resource_size_request": "SMALL",
    "after_idle": {"idle_time_seconds": 60, "on_idle": "suspend"},
}

CASES = []


def case(name, *variants):
    def add(call):
        for number, params in enumerate(variants or ({},)):
            CASES.append((name, number, params, call))
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


@case("devbox_create_from_blueprint_id", {}, {"name": "n", "metadata": {"a": "b"}})
def _(sdk, p):
    sdk.devbox.create_from_blueprint_id("bpt_1", **p)


@case("devbox_create_from_blueprint_name", {}, {"launch_parameters": LAUNCH})
def _(sdk, p):
    sdk.devbox.create_from_blueprint_name("a name", **p)


@case("devbox_create_from_snapshot", {}, {"name": "n"})
def _(sdk, p):
    sdk.devbox.create_from_snapshot("snp_1", **p)


@case("devbox_from_id")
def _(sdk, p):
    sdk.devbox.from_id("dbx_1")


@case("devbox_list", {}, {"limit": 7, "status": "running"}, {"starting_after": "dbx_9 ü/&?"})
def _(sdk, p):
    sdk.devbox.list(**p)


@case("devbox_get_info")
def _(sdk, p):
    devbox(sdk).get_info()


@case("devbox_odd_id")
def _(sdk, p):
    sdk.api.devboxes.retrieve("a b/c?d#e%ü")


@case("devbox_await_running")
def _(sdk, p):
    devbox(sdk).await_running()


@case("devbox_keep_alive")
def _(sdk, p):
    devbox(sdk).keep_alive()


@case("devbox_shutdown")
def _(sdk, p):
    devbox(sdk).shutdown()


# ---- commands ----


@case("devbox_exec", {"command": "echo 'hi' \"there\" $HOME ü"})
def _(sdk, p):
    devbox(sdk).cmd.exec(**p)


@case("devbox_exec_output", {"command": "true"})
def _(sdk, p):
    devbox(sdk).cmd.exec(output=lambda text: None, **p)


@case("devbox_exec_async", {"command": "true"}, {"command": "cat", "attach_stdin": True})
def _(sdk, p):
    devbox(sdk).cmd.exec_async(**p)


@case("execution_get_state")
def _(sdk, p):
    execution(sdk).get_state()


@case("execution_result")
def _(sdk, p):
    from runloop_api_client.sdk.execution import Execution

    running = execution(sdk)._initial_result.model_copy(update={"status": "running"})
    Execution(sdk.api, "dbx_1", running, None).result()


@case("execution_kill", {}, {"kill_process_group": True})
def _(sdk, p):
    execution(sdk).kill(**p)


@case("execution_send_stdin", {"text": UNICODE})
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", **p)


@case("execution_close_stdin")
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", signal="EOF")


@case("execution_interrupt")
def _(sdk, p):
    sdk.api.devboxes.executions.send_std_in("exec_1", devbox_id="dbx_1", signal="INTERRUPT")


# ---- files ----


@case("devbox_read_file", {"file_path": "/home/user/ü \"file\""})
def _(sdk, p):
    devbox(sdk).file.read(**p)


@case("devbox_write_file", {"file_path": "a/b", "contents": UNICODE}, {"file_path": "empty", "contents": ""})
def _(sdk, p):
    devbox(sdk).file.write(**p)


@case("devbox_download_file", {"path": "/tmp/x y"})
def _(sdk, p):
    devbox(sdk).file.download(**p)


@case("devbox_upload_file", {"path": "dir/data.bin", "text": UNICODE}, {"path": "ü \"q\" \\b.bin", "text": ""})
def _(sdk, p):
    name = p["path"].rsplit("/")[-1]
    devbox(sdk).file.upload(path=p["path"], file=(name, p["text"].encode(), "application/octet-stream"))


def devbox(sdk):
    from runloop_api_client.sdk.devbox import Devbox

    return Devbox(sdk.api, "dbx_1")


def execution(sdk):
    """Made without a request of its own."""
    from runloop_api_client.sdk.execution import Execution
    from runloop_api_client.types.devbox_async_execution_detail_view import DevboxAsyncExecutionDetailView

    view = DevboxAsyncExecutionDetailView(devbox_id="dbx_1", execution_id="exec_1", status="completed", exit_status=0, stdout="", stderr="")
    return Execution(sdk.api, "dbx_1", view, None)
