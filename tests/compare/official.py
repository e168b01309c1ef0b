"""The official Python SDK in the scenarios."""

import pathlib
import threading

from runloop_api_client import RunloopSDK
from runloop_api_client.lib.polling import PollingConfig
from runloop_api_client.sdk.devbox import Devbox
from runloop_api_client.sdk.execution import Execution
from runloop_api_client.types import DevboxAsyncExecutionDetailView

import client as common


def words(error):
    """What an error and its causes say."""
    text = ""
    while error is not None:
        text += f"{type(error).__name__}: {error}; "
        error = error.__cause__ or error.__context__
    return text


def streaming():
    return [thread for thread in threading.enumerate() if thread.name.startswith("runloop-devbox-")]


def run(name, url, told):
    sdk = RunloopSDK(bearer_token="any-key", base_url=url, max_retries=2 if name.startswith("lost") else 5)
    devbox = Devbox(sdk.api, "dbx_1")
    try:
        act(name, sdk, devbox, told)
    except Exception as error:
        status = getattr(error, "status_code", None)
        told["error"] = f"`{type(error).__name__}`" + (f" {status}" if status else "")
        told["causes"] = words(error)
    before = len(told["pieces"])
    told["threads"] = len(streaming())
    if name == "slow-stream":
        for thread in streaming():
            thread.join(30)
    told["late"] = len(told["pieces"]) - before


def act(name, sdk, devbox, told):
    if name in ("refused", "at-once", "unknown-status"):
        devbox.await_running(polling_config=PollingConfig(timeout_seconds={"refused": 8, "at-once": 5, "unknown-status": 30}[name]))
    elif name in ("early-end", "cut", "resumed", "slow-stream", "other-events"):
        told["exit_code"] = devbox.cmd.exec("a command", stdout=told["pieces"].append).exit_code
    elif name == "long-command":
        told["exit_code"] = devbox.cmd.exec_async("a command").result().exit_code
    elif name == "create-times-out":
        with sdk.devbox.create(name="one", polling_config=PollingConfig(timeout_seconds=2)):
            pass
    elif name == "exec-times-out":
        devbox.cmd.exec("a command", stdout=told["pieces"].append, polling_config=PollingConfig(timeout_seconds=2))
    elif name == "lost-input":
        view = DevboxAsyncExecutionDetailView(devbox_id="dbx_1", execution_id="exec_1", status="running")
        Execution(sdk.api, "dbx_1", view).send_std_in("line\n")
    elif name == "lost-command":
        devbox.cmd.exec_async("a command")
    elif name == "same-id":
        devbox.keep_alive()
    elif name == "upload":
        before = common.greatest_memory()
        devbox.file.upload(path="uploaded", file=pathlib.Path(told["path"]))
        told["grown"] = common.greatest_memory() - before
    elif name == "tunnel-url":
        told["url"] = devbox.get_tunnel_url(8080)
