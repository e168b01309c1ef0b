"""A server that gives the answers of a row, in their order, and remembers what it was asked."""

import json
import socket
import struct
import threading

from judge import content


class Script:
    """Serves on a port of its own until it is closed; one request a connection."""

    def __init__(self, answers):
        self.answers = [dict(answer, left=answer.get("times", 1)) for answer in answers]
        self.requests = []
        self.unexpected = []
        self.changed = threading.Condition()
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self._accept)]
        self.threads[0].start()

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in list(self.threads):
            thread.join()

    def unused(self):
        """The answers that nobody has asked for."""
        return [answer for answer in self.answers if answer["left"] > 0 and not answer.get("spare")]

    def _accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(30)
            try:
                request = _read(connection)
                if request:
                    self._answer(connection, self._choose(request))
            except OSError:
                pass  # the client has gone, as some rows want it to

    def _choose(self, request):
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
            line = f"{request['method']} {request['path']}"
            for answer in self.answers:
                if answer["left"] != -1 and answer.get("for", "") in line:
                    # 0 from the start is for ever.
                    answer["left"] = {0: 0, 1: -1}.get(answer["left"], answer["left"] - 1)
                    return answer
            self.unexpected.append(line)
            return {"status": 500, "body": "The row has no answer left."}

    def _answer(self, connection, answer):
        if answer.get("hold"):
            self._until_gone(connection)
        if answer.get("hold") or answer.get("close"):
            return
        body = self._body(answer)
        status = answer.get("status", 200)
        headers = {"content-type": "application/json", "content-length": str(len(body)), "connection": "close"}
        headers.update(answer.get("headers", {}))
        head = f"HTTP/1.1 {status} Scripted\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
        cut = answer.get("cut", len(body))
        connection.sendall(head.encode() + b"\r\n" + body[:cut])
        if answer.get("then_hold"):
            self._until_gone(connection)
        if answer.get("reset"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _body(self, answer):
        if "json" in answer:
            return json.dumps(answer["json"]).replace("${url}", self.url).encode()
        if "content" in answer:
            return content(answer["content"])
        if "events" in answer:
            return "".join(f"data: {json.dumps(event)}\n\n" for event in answer["events"]).encode()
        return answer.get("body", "").replace("${url}", self.url).encode()

    def _until_gone(self, connection):
        """Says nothing until the client hangs up or the row is over."""
        connection.settimeout(0.05)
        while not self.over.is_set():
            try:
                if not connection.recv(4096):
                    return
            except TimeoutError:
                continue


def _read(connection):
    """A request; None if the client closes without one."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("expect"):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = _chunks(connection, rest) if headers.get("transfer-encoding") == "chunked" else _length(connection, rest, headers)
    return {"method": method, "path": path, "headers": headers, "body": body}


def _length(connection, data, headers):
    wanted = int(headers.get("content-length", 0))
    while len(data) < wanted:
        piece = connection.recv(65536)
        if not piece:
            break
        data += piece
    return data


def _chunks(connection, data):
    body = b""
    while True:
        while b"\r\n" not in data:
            data += connection.recv(65536) or b"0\r\n\r\n"
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        while len(data) < length + 2:
            data += connection.recv(65536) or b"\0" * (length + 2)
        if length == 0:
            return body
        body, data = body + data[:length], data[length + 2:]
