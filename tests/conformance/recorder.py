"""A server that records what it is asked, and answers as the description says it might."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SPEC = json.loads((Path(__file__).parents[2] / "spec" / "openapi.json").read_text())


def _operations():
    for template, methods in SPEC["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                # Literal parts before parameters: /objects/list_public is not an object's id.
                pattern = re.compile("^" + re.sub(r"\{[^}]+\}", "([^/]+)", template) + "$")
                yield template.count("{"), pattern, method.upper(), operation


OPERATIONS = sorted(_operations(), key=lambda o: o[0])


def operation_of(method, path):
    for _, pattern, wanted, operation in OPERATIONS:
        if wanted == method and pattern.match(path):
            return operation
    return None


def _resolve(schema):
    while "$ref" in schema:
        node = SPEC
        for part in schema["$ref"].lstrip("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def instance(schema, depth=0):
    """The smallest value that fits a schema."""
    schema = _resolve(schema)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return instance(schema[several][0], depth)
    if "allOf" in schema:
        value = {}
        for part in schema["allOf"]:
            value.update(instance(part, depth))
        return value
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object" or "properties" in schema:
        required = schema.get("required", [])
        properties = schema.get("properties", {})
        return {name: instance(properties[name], depth + 1) for name in required if name in properties and depth < 6}
    return {"array": [], "string": "x", "integer": 1, "number": 1, "boolean": False, "null": None}.get(kind, {})


# What a flow needs to go on: members laid over the smallest answer.
OVER = {
    "devboxes.create": {"id": "dbx_1", "status": "running"},
    "devboxes.create_and_await_running": {"id": "dbx_1", "status": "running"},
    "devboxes.wait_for_status": {"id": "dbx_1", "status": "running"},
    "devboxes.retrieve": {"id": "dbx_1", "status": "running", "tunnel": {"tunnel_key": "key1", "auth_mode": "open"}},
    "devboxes.suspend": {"id": "dbx_1", "status": "suspending"},
    "devboxes.resume": {"id": "dbx_1", "status": "resuming"},
    "devboxes.shutdown": {"id": "dbx_1", "status": "shutdown"},
    "devboxes.execute": {"status": "completed", "execution_id": "exec_1", "exit_status": 0, "stdout": "", "stderr": ""},
    "devboxes.execute_async": {"status": "completed", "execution_id": "exec_1", "exit_status": 0, "stdout": "", "stderr": ""},
    "devboxes.wait_for_command": {"status": "completed", "execution_id": "exec_1", "exit_status": 0, "stdout": "", "stderr": ""},
    "executions.retrieve": {"status": "completed", "execution_id": "exec_1", "exit_status": 0, "stdout": "", "stderr": ""},
    "executions.send_std_in": {"success": True},
    "devboxes.snapshot_disk_async": {"id": "snp_1"},
    "devboxes.snapshot_disk": {"id": "snp_1"},
    "disksnapshots.query_status": {"status": "complete", "snapshot": {"id": "snp_1"}},
    "blueprints.create": {"id": "bpt_1", "status": "build_complete"},
    "blueprints.retrieve": {"id": "bpt_1", "status": "build_complete"},
    "objects.create": {"id": "obj_1", "upload_url": "{base}/signed/upload?sig=s", "upload_headers": {"x-ms-blob-type": "BlockBlob"}},
    "objects.download": {"download_url": "{base}/signed/download?sig=s"},
    "secrets.create": {"id": "sec_1", "name": "NAME"},
}


def answer_to(operation, base, body):
    name = operation["operationId"]
    good = next((r for status, r in operation["responses"].items() if status.startswith("2")), {})
    content = good.get("content", {})
    if "text/event-stream" in content:
        return "text/event-stream", b""
    if "application/json" not in content:
        kind = next(iter(content), "application/octet-stream")
        return kind, b"contents"
    value = instance(content["application/json"].get("schema", {}))
    over = OVER.get(name, {})
    over = json.loads(json.dumps(over).replace("{base}", base))
    if isinstance(value, dict):
        value.update(over)
    if name == "devboxes.wait_for_status" and "suspended" in json.loads(body or b"{}").get("statuses", []):
        value["status"] = "suspended"
    return "application/json", json.dumps(value).encode()


class Recorder:
    """Records what is asked with one API key, or, as a transfer to a signed address is, with none."""

    def __init__(self):
        recorder = self
        self.requests = []
        self.key = None
        self.lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _serve(self):
                length = self.headers.get("content-length")
                if length is not None:
                    body = self.rfile.read(int(length))
                elif self.headers.get("transfer-encoding", "").lower() == "chunked":
                    body = b""
                    while True:
                        size = int(self.rfile.readline().split(b";")[0], 16)
                        body += self.rfile.read(size)
                        self.rfile.readline()
                        if not size:
                            break
                else:
                    body = b""
                path, _, query = self.path.partition("?")
                operation = operation_of(self.command, path)
                with recorder.lock:
                    if self.headers.get("authorization") in (None, f"Bearer {recorder.key}"):
                        recorder.requests.append({
                            "method": self.command,
                            "operation": operation["operationId"] if operation else None,
                            "path": path,
                            "query": query,
                            "headers": [(name.lower(), value) for name, value in self.headers.items()],
                            "body": body,
                        })
                if operation:
                    kind, answer = answer_to(operation, recorder.url, body)
                else:
                    kind, answer = "application/octet-stream", b"signed contents"
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _serve

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def begin(self, key):
        """Begins to record what is asked with this key; what comes late of a call before is not recorded."""
        with self.lock:
            self.key, self.requests = key, []

    def take(self):
        with self.lock:
            taken, self.requests = self.requests, []
        return taken
