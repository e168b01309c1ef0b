"""HTTP/1.1 as the server's side of an exchange."""

import asyncio
import os
import socket
import struct

END_OF_HEAD = b"\r\n\r\n"


class Exchange:
    """A request, and the ways to answer it or not."""

    def __init__(self, method, path, headers, reader, writer):
        self.method, self.path, self.headers = method, path, headers
        self.reader, self.writer = reader, writer
        self.over = False
        self.chunked = False
        # Whether the head goes out byte by byte.
        self.slow = False

    async def body(self):
        headers = dict(self.headers)
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                body += await self.reader.readexactly(size)
                await self.reader.readexactly(2)
            await self.reader.readexactly(2)
            return body
        return await self.reader.readexactly(int(headers.get("content-length", 0)))

    async def part_of_body(self):
        if int(dict(self.headers).get("content-length", 0)) > 0:
            await self.reader.read(1000)

    async def raw(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status, headers, length):
        self.chunked = length is None and status != 204
        lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in headers)]
        if self.chunked:
            lines.append("transfer-encoding: chunked")
        elif status != 204:
            lines.append(f"content-length: {length}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if not self.slow:
            return await self.raw(head)
        for at in range(len(head)):
            await self.raw(head[at:at + 1])
            await asyncio.sleep(0.002)

    async def send(self, data):
        if data:
            await self.raw(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data)

    async def end(self):
        if self.chunked:
            await self.raw(b"0\r\n\r\n")

    def abort(self):
        self.over = True
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self):
        self.over = True
        self.writer.close()

    async def garbage(self):
        """Below TLS: what no side can decrypt. The client's alert is read below TLS, too: asyncio leaves OpenSSL's error of one
        in the thread's queue (`SSLProtocol._do_shutdown`), where the next connection finds it and takes it for its own."""
        below = socket.socket(fileno=os.dup(self.writer.get_extra_info("socket").fileno()))
        below.setblocking(False)
        self.over = True
        self.writer.transport.abort()
        loop = asyncio.get_running_loop()
        with below:
            await loop.sock_sendall(below, b"\x17\x03\x03\x00\x20" + b"x" * 32)
            while await loop.sock_recv(below, 65536):
                pass

    async def gone(self):
        """Waits until the client hangs up."""
        while await self.reader.read(65536):
            pass
        self.close()


async def serve(reader, writer, handle):
    """Serves a connection: a request after the other."""
    try:
        while not writer.is_closing():
            head = await reader.readuntil(END_OF_HEAD)
            first, *rest = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
            method, path, _ = first.split(" ")
            headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)]
            exchange = Exchange(method, path, headers, reader, writer)
            await handle(exchange)
            if exchange.over:
                return
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        pass  # the client has gone
    finally:
        writer.close()
