"""A small server in a devbox: says what it was asked, streams, and speaks a protocol of its own."""

import http.server
import json
import sys
import threading

# Whether the client has got the beginning of the slow answer.
going_on = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade") == "shout":
            return self.shout()
        if self.path == "/slow":
            return self.slow()
        if self.path == "/go-on":
            going_on.set()
        self.say({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}})

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else self.chunks()
        self.say({"path": self.path, "bytes": len(body), "sum": sum(body)})

    def chunks(self):
        body = b""
        while True:
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def say(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def slow(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"2\r\n0\n\r\n")
        self.wfile.flush()
        self.wfile.write(b"2\r\n1\n\r\n" if going_on.wait(60) else b"5\r\nlate\n\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def shout(self):
        self.send_response(101)
        self.send_header("Connection", "upgrade")
        self.send_header("Upgrade", "shout")
        self.end_headers()
        while line := self.rfile.readline():
            self.wfile.write(line.upper())
            self.wfile.flush()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
