"""A server that repeats what it was sent, in every place that it can, and however it likes to spell it."""

import base64
import html
import http.server
import json
import threading
import urllib.parse

from known import GIVEN, TOLD


def spelled(text):
    """A text as servers, gateways and their templates may write it."""
    raw = text.encode()
    quoted = json.dumps(text, ensure_ascii=False)[1:-1]
    percent = urllib.parse.quote(text, safe="")
    return {
        "raw": text,
        "json": quoted,
        "ascii json": json.dumps(text)[1:-1],
        "json in json": json.dumps(quoted, ensure_ascii=False)[1:-1],
        "percent": percent,
        "percent lower": "".join(part if at == 0 else "%" + part[:2].lower() + part[2:] for at, part in enumerate(percent.split("%"))),
        "plus": urllib.parse.quote_plus(text),
        "twice percent": urllib.parse.quote(percent, safe=""),
        "html": html.escape(text),
        "base64": base64.b64encode(raw).decode(),
        "base64 behind one": base64.b64encode(b"x" + raw).decode(),
        "base64 behind two": base64.b64encode(b"xy" + raw).decode(),
        "base64 for URLs": base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "hex": raw.hex(),
        "upper": text.upper(),
        "lower": text.lower(),
        "python": repr(text)[1:-1],
    }


SPELLINGS = tuple(spelled(""))
# How a text is written that holds JSON or percents already. Nobody escapes three times over.
ONCE_MORE = ("raw", "percent", "percent lower", "plus", "base64", "base64 behind one", "base64 behind two", "base64 for URLs", "hex", "upper", "lower")


def leaves(value):
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from leaves(item)


def for_header(text):
    """What a header can carry of it: all or nothing, since half of a secret is another one."""
    return text if all(" " <= character <= "~" for character in text) else ""


def good(port, host):
    """An answer with which every operation can go on, and that holds credentials of its own."""
    store = f"http://{host}:{port}/store?X-Amz-Signature={urllib.parse.quote(TOLD['signature'])}&sv=1"
    item = {"id": "thing_1", "name": "thing", "status": "running", "state": "UPLOAD_COMPLETE", "stream_id": "s", "sequence": 1}
    answer = dict(item)
    answer.update(
        object_id="obj_1", devbox_id="dbx_1", execution_id="exec_1", upload_url=store, download_url=store, upload_headers={"x-store-auth": TOLD["upload header"]},
        ssh_private_key=TOLD["ssh key"], ssh_user="user", url="u.example:22", key_secret=TOLD["key"], token=TOLD["gateway token"],
        tunnel={"auth_token": TOLD["tunnel token"], "tunnel_key": "k", "auth_mode": "authenticated"}, tunnel_key="k", auth_token=TOLD["tunnel token"], auth_mode="open",
        launch_parameters={"environment_variables": {"A": TOLD["variable"]}}, logs=[], stdout="", stderr="", exit_status=0, has_more=False, total_count=1,
        columns=[], rows=[], results=[], meta={}, connect_url=None, dockerfile="FROM x", parameters={"code_mounts": [{"token": TOLD["git"]}]},
    )
    for name in ("devboxes", "objects", "disk_snapshots", "snapshots", "blueprints", "axons", "secrets", "network_policies", "gateway_configs", "mcp_configs", "events"):
        answer[name] = [dict(item)]
    return answer


class Repeater(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # What is to be done: a function of (this, what is repeated), and how many requests are answered well first.
    manner, patience, spelling = None, 0, "raw"
    served = 0
    heard = b""
    lock = threading.Lock()

    def log_message(self, *arguments):
        pass

    def body(self):
        if "chunked" in self.headers.get("transfer-encoding", ""):
            content = b""
            while (length := int(self.rfile.readline().split(b";")[0], 16)) > 0:
                content += self.rfile.read(length)
                self.rfile.readline()
            self.rfile.readline()
            return content
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def do(self):
        body = self.body()
        cls = Repeater
        said = [f"{name}: {value}" for name, value in self.headers.items()]
        said += [self.path, urllib.parse.unquote(self.path), body.decode("utf-8", "replace")]
        try:
            said += leaves(json.loads(body))
        except ValueError:
            pass
        for name, value in self.headers.items():
            if "authorization" in name.lower() and value.startswith("Basic "):
                said += base64.b64decode(value[6:]).decode("utf-8", "replace").split(":", 1)
            elif "authorization" in name.lower():
                said.append(value.split(" ", 1)[-1])
        # A command names the values of variables in a shell's quotes.
        said += [text.replace("'\\''", "'") for text in said if "'\\''" in text]
        with cls.lock:
            cls.served += 1
            cls.heard += "\n".join(said).encode()
            answered_well = cls.served <= cls.patience
        if answered_well:
            return self.send(200, [("Content-Type", "application/json")], json.dumps(good(self.server.server_port, "127.0.0.1")).encode())
        if cls.spelling not in ONCE_MORE:
            said = [one for one in said if "%" not in one and "\\" not in one]
        # Each by itself, so that what is known of one spelling cannot hide the next.
        repeated = [spelled(one)[cls.spelling] for one in said + sorted(value for value in (*GIVEN.values(), *TOLD.values()) if value in "\n".join(said))]
        cls.manner(self, repeated)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do

    @classmethod
    def take_heard(cls):
        """What the server was told since this was last asked."""
        with cls.lock:
            heard, cls.heard = cls.heard, b""
        return heard

    def send(self, status, headers, body, reason="Said", length=None):
        head = f"HTTP/1.1 {status} {reason}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
        self.wfile.write((head + f"Content-Length: {len(body) if length is None else length}\r\n\r\n").encode("latin-1", "replace") + body)
        self.close_connection = length is not None


JSON = [("Content-Type", "application/json")]
SOON = [("retry-after-ms", "1")]


def with_headers(server, status, said, body):
    told = [one for one in map(for_header, said) if one]
    short = [one for one in told if len(one) <= 400] or [""]
    headers = [("x-request-id", " ".join(short)), ("x-runloop-error-code", " ".join(short)), ("x-ms-error-code", short[-1]), ("Location", "/" + short[-1]),
               ("WWW-Authenticate", f'Bearer error="{" ".join(short)}"'), ("Retry-After", short[-1]), ("Set-Cookie", short[-1]), ("Warning", " ".join(short)[:8000])]
    server.send(status, JSON + SOON + headers, body, reason=" ".join(short))


def json_error(status):
    def manner(server, said):
        whole = " | ".join(said)
        body = {"message": whole, "code": said[-1], "error": {"message": whole, "details": said}, "trace": said, "named": {one: one for one in said}}
        server.send(status, JSON + SOON, json.dumps(body, ensure_ascii=False).encode())
    return manner


def headers_error(status):
    return lambda server, said: with_headers(server, status, said, b'{"message":"no"}')


def texts(kind, before="", after=""):
    return lambda server, said: server.send(400, [("Content-Type", kind)], (before + "\n".join(said) + after).encode())


def bad_shape(server, said):
    whole = " ".join(said)
    server.send(200, JSON, json.dumps({"id": {"text": whole}, "status": [whole], "devboxes": whole, "upload_url": 1, "tunnel": whole, "message": whole, "name": [whole]}, ensure_ascii=False).encode())


def bad_json(server, said):
    server.send(200, JSON, ('{"id": "thing_1", "status": ' + " ".join(said)).encode())


def no_json(server, said):
    server.send(200, [("Content-Type", "text/plain")], " ".join(said).encode())


def failed_state(server, said):
    whole = " ".join(said)
    answer = good(server.server.server_port, "127.0.0.1")
    answer.update(status="failure", failure_reason=whole, error_message=whole, error=whole, state="ERROR", shutdown_reason=whole, logs=[{"level": "info", "timestamp_ms": 1, "message": one} for one in said])
    server.send(200, JSON, json.dumps(answer, ensure_ascii=False).encode())


def odd_state(server, said):
    answer = good(server.server.server_port, "127.0.0.1")
    answer.update(status=" ".join(said), state=" ".join(said), exit_status=" ".join(said))
    server.send(200, JSON, json.dumps(answer, ensure_ascii=False).encode())


def odd_urls(server, said):
    answer = good(server.server.server_port, "127.0.0.1")
    for name in ("upload_url", "download_url"):
        answer[name] = "ftp://user:" + urllib.parse.quote(said[-1]) + "@127.0.0.1:1/" + urllib.parse.quote(" ".join(said)) + "?X-Amz-Signature=" + urllib.parse.quote(TOLD["signature"])
    server.send(200, JSON, json.dumps(answer, ensure_ascii=False).encode())


def events(server, said):
    whole = json.dumps({"message": " ".join(said), "code": said[-1]}, ensure_ascii=False)
    body = f"event: error\ndata: {whole}\n\ndata: {{{whole}\n\n: {' '.join(said).splitlines()[0]}\n\n"
    server.send(200, [("Content-Type", "text/event-stream")], body.encode())


def cut(server, said):
    """The body ends within a secret: as if whole, after two thirds of it."""
    text = " and ".join(said[:-1] + [said[-1][: max(9, len(said[-1]) * 2 // 3)]])
    server.send(400, [("Content-Type", "text/plain")], text.encode())


def cut_in_json(server, said):
    text = "said " + said[-1][: max(9, len(said[-1]) * 2 // 3)] + "…"
    server.send(400, JSON, json.dumps({"message": text, "code": text[:-1]}, ensure_ascii=False).encode())


def broken_off(server, said):
    body = ('{"message": "' + " ".join(said)).encode()
    server.send(400, JSON, body[: max(10, len(body) - 6)], length=len(body) + 100)


def at_bounds(server, said):
    """Secrets that lie across the places where messages and bodies are cut."""
    lasting = said[-1]
    text = ("x" * (2000 - len(lasting) // 2) + lasting).ljust((64 << 10) - len(lasting) // 2, "y") + lasting + "z" * 100
    server.send(400, JSON, json.dumps({"message": text}, ensure_ascii=False).encode())


def redirect(server, said):
    whole = for_header(" ".join(one for one in said if len(one) < 400))
    server.send(302, JSON + [("Location", "http://127.0.0.1:1/" + whole)], json.dumps({"message": " ".join(said)}, ensure_ascii=False).encode())


def xml_error(server, said):
    whole = " ".join(said)
    # Nobody escapes three times over.
    written = html.escape(whole) if Repeater.spelling not in ("html", "json in json", "python") else whole
    server.send(403, [("Content-Type", "application/xml")], ("<Error><Code>" + said[-1] + "</Code><Message>" + written + "</Message></Error>").encode())


MANNERS = {
    "JSON error": json_error(400),
    "JSON error again": json_error(503),
    "headers": headers_error(404),
    "headers again": headers_error(500),
    "plain text": texts("text/plain"),
    "HTML": texts("text/html", "<html><body>", "</body>"),
    "XML": xml_error,
    "wrong types": bad_shape,
    "bad JSON": bad_json,
    "not JSON": no_json,
    "failed": failed_state,
    "odd status": odd_state,
    "odd URLs": odd_urls,
    "event stream": events,
    "cut": cut,
    "cut in JSON": cut_in_json,
    "broken off": broken_off,
    "bounds": at_bounds,
    "redirect": redirect,
}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


def start():
    server = Server(("127.0.0.1", 0), Repeater)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
