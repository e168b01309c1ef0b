"""Proxies that want a name and a password: an HTTP proxy (CONNECT, and plain requests) and a SOCKS5 proxy.

Usage: proxies.py USER PASSWORD. Prints the ports of the HTTP proxy, the SOCKS5 proxy and the control, where
GET /seen tells what was asked of them, in order, and forgets it. The name api.test is this machine to them. To a name like
answer-5.test the SOCKS5 proxy answers with that status.
"""

import asyncio
import base64
import json
import os
import sys

user, password = sys.argv[1].encode(), sys.argv[2].encode()
expected = b"basic " + base64.b64encode(user + b":" + password)
seen = []


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def join(reader, writer, host, port, first=b""):
    there = await asyncio.open_connection("127.0.0.1" if host == "api.test" else host, port)
    there[1].write(first)
    await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))


async def http(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head[:-4].split(b"\r\n")
        method, target, _ = lines[0].split(b" ")
        fields = dict(line.split(b": ", 1) for line in lines[1:])
        fields = {name.lower(): value for name, value in fields.items()}
        seen.append(f"{method.decode()} {target.decode()}")
        said = fields.get(b"proxy-authorization", b"")
        if said[:6].lower() + said[6:] != expected:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return writer.close()
        if b"authorization" in fields and method == b"CONNECT":
            seen.append("the API key")
        if method == b"CONNECT":
            host, _, port = target.decode().rpartition(":")
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await join(reader, writer, host, int(port))
        else:
            address, _, path = target.decode().removeprefix("http://").partition("/")
            host, _, port = address.partition(":")
            kept = [line for line in lines[1:] if not line.lower().startswith((b"proxy-", b"connection"))]
            await join(reader, writer, host, int(port or 80), b"\r\n".join([method + b" /" + path.encode() + b" HTTP/1.1", *kept]) + b"\r\n\r\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        writer.close()


async def socks(reader, writer):
    try:
        _, count = await reader.readexactly(2)
        if 2 not in await reader.readexactly(count):
            seen.append("nobody")
            writer.write(b"\x05\xff")
            return writer.close()
        writer.write(b"\x05\x02")
        _, length = await reader.readexactly(2)
        name = await reader.readexactly(length)
        word = await reader.readexactly((await reader.readexactly(1))[0])
        if (name, word) != (user, password):
            seen.append("a stranger")
            writer.write(b"\x01\x01")
            return writer.close()
        writer.write(b"\x01\x00")
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2), "big")
        if host.startswith("answer-"):
            writer.write(bytes([5, int(host[7:8]), 0, 1, 0, 0, 0, 0, 0, 0]))
            return writer.close()
        seen.append(f"SOCKS {host}:{port}")
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await join(reader, writer, host, port)
    except (ConnectionError, asyncio.IncompleteReadError):
        writer.close()


async def control(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    answer = json.dumps({"asked": "; ".join(seen)}).encode()
    seen.clear()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    writer.close()


async def main():
    ports = []
    for handler in (http, socks, control):
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
    print("ports", *ports, flush=True)
    # Ends with whoever started it.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
