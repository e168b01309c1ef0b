"""What schemathesis cannot know: which identifiers there are. It makes one thing of each kind, puts their
identifiers where it would send made-up ones, most of the time, and learns of further things from the answers."""

import json
import os
import random
import time
import urllib.request

import schemathesis

URL = os.environ["RUNLOOP_BASE_URL"]
KEPT = 6
# What names a thing of another kind in a body.
FIELDS = {
    "blueprint_id": "blueprints",
    "base_blueprint_id": "blueprints",
    "snapshot_id": "disk_snapshots",
    "object_id": "objects",
    "axon_id": "axons",
    "network_policy_id": "network-policies",
    "gateway_config_id": "gateway-configs",
    "mcp_config_id": "mcp-configs",
}
# What gets further than a made-up text.
TEXTS = {
    "command": "echo out",
    "dockerfile": "FROM x\nRUN true",
    "file_path": "file",
    "path": "file",
    "sql": "SELECT 1 AS one",
    "endpoint": "https://api.example.com",
}
ENDS = ("/delete", "/shutdown")
chance = random.Random(int(os.environ["FUZZ_SEED"]))


def post(path, body=None):
    headers = {"Authorization": "Bearer fuzz", "Content-Type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body or {}).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def get(path):
    request = urllib.request.Request(URL + path, headers={"Authorization": "Bearer fuzz"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def made_devbox():
    # The clock is fast and the machine may be slow: it lives long, and is waited for without an end.
    lasting = {"keep_alive_time_seconds": 172800}
    devbox = post("/v1/devboxes", {"file_mounts": {"file": "content"}, "launch_parameters": lasting})["id"]
    while get(f"/v1/devboxes/{devbox}")["status"] in ("provisioning", "initializing"):
        time.sleep(0.05)
    return devbox


def made_execution():
    # In a devbox of its own: requests may have ended or suspended the others.
    devbox = made_devbox()
    return devbox, post(f"/v1/devboxes/{devbox}/execute", {"command": "echo out; echo err >&2", "optimistic_timeout": 20})["execution_id"]


def made_object():
    made = post("/v1/objects", {"name": "x.txt", "content_type": "text"})
    upload = urllib.request.Request(made["upload_url"], b"content", dict(made.get("upload_headers") or {}), method="PUT")
    urllib.request.urlopen(upload).close()
    return post(f"/v1/objects/{made['id']}/complete")["id"]


def made_blueprint():
    return post("/v1/blueprints", {"name": "base", "dockerfile": "FROM x\nRUN true"})["id"]


names = iter(range(10**6))
MAKE = {
    "devboxes": made_devbox,
    "executions": made_execution,
    "disk_snapshots": lambda: post(f"/v1/devboxes/{made_devbox()}/snapshot_disk")["id"],
    "blueprints": made_blueprint,
    "objects": made_object,
    "axons": lambda: post("/v1/axons", {"name": f"a{next(names)}"})["id"],
    "secrets": lambda: post("/v1/secrets", {"name": f"S{next(names)}", "value": "v"})["name"],
    "secrets/id": lambda: post("/v1/secrets", {"name": f"S{next(names)}", "value": "v"})["id"],
    "network-policies": lambda: post("/v1/network-policies", {"name": f"n{next(names)}"})["id"],
    "gateway-configs": lambda: post(
        "/v1/gateway-configs",
        {"name": f"g{next(names)}", "endpoint": "https://api.example.com", "auth_mechanism": {"type": "bearer"}},
    )["id"],
    "mcp-configs": lambda: post(
        "/v1/mcp-configs", {"name": f"m{next(names)}", "endpoint": "https://mcp.example.com", "allowed_tools": ["*"]}
    )["id"],
}
pool = {kind: [] for kind in MAKE}


def one(kind):
    if not pool[kind]:
        pool[kind].append(MAKE[kind]())
    return chance.choice(pool[kind][-KEPT:])


def kind_of(path):
    """Of the thing that the path's first parameter names."""
    before = path.split("{")[0].strip("/").removeprefix("v1/")
    kind = "disk_snapshots" if before.endswith("disk_snapshots") else before
    return kind if kind in MAKE else None


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    kind = kind_of(context.operation.path)
    if not kind or not path_parameters or chance.random() < 0.15:
        return path_parameters
    given = dict(path_parameters)
    if "execution_id" in given:
        given["devbox_id"], given["execution_id"] = one("executions")
    else:
        given[next(iter(given))] = one(kind)
    return given


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        return {name: exchanged(name, map_body(context, value)) for name, value in body.items()}
    return [map_body(context, value) for value in body] if isinstance(body, list) else body


def exchanged(name, value):
    if not isinstance(value, str) or chance.random() < 0.3:
        return value
    return one(FIELDS[name]) if name in FIELDS else TEXTS.get(name, value)


@schemathesis.hook
def after_call(context, case, response):
    kind = kind_of(case.operation.path)
    if response.status_code != 200 or not kind:
        return
    if case.operation.path.endswith(ENDS) or case.operation.method == "delete":
        gone = next(iter(case.path_parameters.values()))
        pool[kind] = [thing for thing in pool[kind] if thing != gone]
    elif "{" not in case.operation.path and case.operation.method == "post":
        made = response.json().get("name" if kind == "secrets" else "id")
        if made:
            pool[kind].append(made)
