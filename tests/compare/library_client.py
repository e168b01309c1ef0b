"""This library in the scenarios, through its binary interface."""

import ctypes as c
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../matrix"))

import client as common
import library
from library import call, content_of, free, give, options

TIMED_OUT = 3


def run(name, url, told):
    config = give("config_new")
    call("config_set_base_url", config, url.encode())
    call("config_set_bearer_token", config, b"any-key")
    if name.startswith("lost"):
        call("config_set_max_retries", config, 2)
    client = give("client_new", config)
    devbox = give("devbox_attach", client, b"dbx_1")
    try:
        act(name, client, devbox, told)
    except library.Failed as error:
        told["error"] = f"`RUNLOOP_{error.status}`" + (f" {error.http_status}" if error.http_status else "")
        told["causes"] = f"{error.message}; {error.cause}; {error.resource}"
        told["side_effect"] = error.side_effect
    before = len(told["pieces"])
    # Waits for what is under way, such as a clean-up.
    call("client_close", client)
    told["late"] = len(told["pieces"]) - before


def finish(result, told):
    told["exit_code"] = library.lib.runloop_exec_result_exit_code(result)
    told["timed_out"] = library.lib.runloop_exec_result_outcome(result) == TIMED_OUT
    free("exec_result", result)


def exec_with_output(devbox, told, **how):
    def take(user_data, stream, data, length):
        told["pieces"].append(c.string_at(data, length).decode())
        return 0
    function = library.OUTPUT(take)
    exec_options = library.ExecOptions(struct_size=c.sizeof(library.ExecOptions), on_output=function, **how)
    finish(give("devbox_exec", devbox, b"a command", c.byref(exec_options), None), told)


def act(name, client, devbox, told):
    if name in ("refused", "at-once", "unknown-status"):
        limit = {"refused": 8000, "at-once": 5000, "unknown-status": 30000}[name]
        free("value", give("devbox_await_running", devbox, c.byref(options(poll_timeout_ms=limit))))
    elif name in ("early-end", "cut", "resumed", "slow-stream", "other-events"):
        exec_with_output(devbox, told)
    elif name == "long-command":
        execution = give("devbox_exec_async", devbox, b"a command", None, None)
        finish(give("execution_result", execution, None), told)
    elif name == "create-times-out":
        params = library.params('{"name": "one"}')
        give("devbox_create", client, params, c.byref(options(poll_timeout_ms=2000)))
    elif name == "exec-times-out":
        exec_with_output(devbox, told, timeout_ms=2000)
    elif name == "lost-input":
        execution = give("execution_attach", devbox, b"exec_1")
        call("execution_send_stdin", execution, b"line\n", None)
    elif name == "lost-command":
        give("devbox_exec_async", devbox, b"a command", None, None)
    elif name == "same-id":
        call("devbox_keep_alive", devbox, None)
    elif name == "upload":
        source = library.Source(struct_size=c.sizeof(library.Source), path=told["path"].encode(), fd=-1)
        before = common.greatest_memory()
        call("devbox_upload_file", devbox, b"uploaded", c.byref(source), None)
        told["grown"] = common.greatest_memory() - before
    elif name == "tunnel-url":
        told["url"] = content_of(give("devbox_get_tunnel_url", devbox, 8080, None)).decode().rstrip("\0")
