"""A server on loopback whose answers a scenario scripts, and which remembers what it was asked."""

import json
import socket
import struct
import threading


class Request:
    def __init__(self, connection, reader):
        self.connection, self.reader = connection, reader
        line = reader.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the client has gone")
        self.method, self.target, _ = line.decode().split(" ", 2)
        self.path, _, self.query = self.target.partition("?")
        self.headers = {}
        while (line := reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()

    def body(self):
        """The length of the body, and its beginning."""
        length, beginning = 0, b""
        for piece in self._pieces():
            length += len(piece)
            beginning = (beginning + piece)[:4096]
        return length, beginning

    def _pieces(self):
        if self.headers.get("transfer-encoding") == "chunked":
            while size := int(self.reader.readline().split(b";")[0], 16):
                yield self._exactly(size)
                self.reader.readline()
            self.reader.readline()
            return
        left = int(self.headers.get("content-length", 0))
        while left:
            piece = self._exactly(min(left, 1 << 16))
            left -= len(piece)
            yield piece

    def _exactly(self, size):
        data = self.reader.read(size)
        if len(data) < size:
            raise ConnectionError("the client has gone")
        return data

    def offset(self):
        """The offset that a stream is asked from; 0 where none is named."""
        found = [part[7:] for part in self.query.split("&") if part.startswith("offset=")]
        return int(found[0]) if found else 0

    # ---- answers ----

    def send(self, data):
        self.connection.sendall(data)

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send(b"HTTP/1.1 %d Scripted\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)

    def events(self, chunked=False):
        """The head of a stream of events, which the connection's end ends, or a last chunk."""
        self.chunked = chunked
        last = "Transfer-Encoding: chunked" if chunked else "Connection: close"
        self.send(f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{last}\r\n\r\n".encode())

    def event(self, value, kind=None):
        text = (f"event: {kind}\n" if kind else "") + f"data: {json.dumps(value)}\n\n"
        self.send(f"{len(text):x}\r\n{text}\r\n".encode() if self.chunked else text.encode())

    def end(self):
        """The connection's end, in good order."""
        if getattr(self, "chunked", False):
            self.send(b"0\r\n\r\n")
        raise Gone

    def cut(self):
        """The connection's end in the midst."""
        raise Gone

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone


class Gone(Exception):
    pass


class Server:
    def __init__(self, scenario):
        self.scenario = scenario
        self.requests = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def count(self, end):
        """How many requests there were whose path ends so."""
        with self.lock:
            return sum(request.path.endswith(end) for request in self.requests)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as reader:
            try:
                while True:
                    request = Request(connection, reader)
                    request.length, request.beginning = request.body()
                    with self.lock:
                        self.requests.append(request)
                    self.scenario.serve(self, request)
            except (Gone, OSError, ValueError):
                pass
            reader.close()
