"""Requests to the emulator, and its answers."""

import asyncio
import json
import urllib.error
import urllib.request


class Reply:
    """An answer: its body is whole, or, for a stream of events, comes in pieces."""

    def __init__(self, status, headers, body=b"", pieces=None):
        self.status = status
        self.headers = headers
        self.body = body
        self.pieces = pieces

    def kind(self):
        return dict(self.headers).get("content-type", "")


HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "te", "upgrade", "proxy-connection", "host"}


async def forward(address, method, path, headers, body):
    """Sends one request on a connection of its own."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        lines = [f"{method} {path} HTTP/1.1", f"host: {address[0]}:{address[1]}", "connection: close", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers if name not in HOP_BY_HOP]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        status = int(first.split(" ")[1])
        found = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        pieces = _pieces(reader, writer, dict(found))
        kept = [(name, value) for name, value in found if name not in HOP_BY_HOP]
        if dict(found).get("content-type", "").startswith("text/event-stream"):
            return Reply(status, kept, pieces=pieces)
        return Reply(status, kept, b"".join([piece async for piece in pieces]))
    except BaseException:
        writer.close()
        raise


async def _pieces(reader, writer, headers):
    try:
        if headers.get("transfer-encoding") == "chunked":
            while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                yield await reader.readexactly(size)
                await reader.readexactly(2)
        elif "content-length" in headers:
            left = int(headers["content-length"])
            while left > 0:
                piece = await reader.read(min(left, 65536))
                if not piece:
                    raise ConnectionResetError("the emulator's answer is cut")
                left -= len(piece)
                yield piece
        else:
            while piece := await reader.read(65536):
                yield piece
    finally:
        writer.close()


def ask(url, method, path, body=None):
    """A request of the tests' own, beside the faults; gives the JSON of the answer."""
    request = urllib.request.Request(url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                     headers={"content-type": "application/json", "authorization": "Bearer tests"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        data = answer.read()
        return json.loads(data) if answer.headers.get_content_type() == "application/json" else data.decode()
