"""The faults: what each does to an exchange, and what is true of a request that met it.

`arrival` is what a client can know of the request: "never" (no server has looked at it), "refused" (the service said no),
"lost" (it may have had its effect), "answered" (with success, but not as it should be), "whole" (nothing is wrong).
"""

import asyncio
import dataclasses
import gzip
import json
from collections.abc import Awaitable, Callable

@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    arrival: str
    # What a call that meets it again and again may end with.
    statuses: frozenset
    act: Callable[..., Awaitable]
    # Whether the service gets the request.
    forwards: bool = True
    # "http1", "http2", "tls" where it is of these alone.
    only: str = ""
    # Acts before the request's body is there.
    early: bool = False
    # Has no meaning for answers that are no JSON.
    json_only: bool = False
    # The answer is nothing, with success.
    empty: bool = False
    # The answer is somebody else's, with success.
    page: bool = False
    # The status of the answer, where the fault is one.
    http_status: int = 0


FAULTS = []


def fault(name, arrival, *statuses, **more):
    def put(act):
        FAULTS.append(Fault(name, arrival, frozenset(statuses), act, **more))
        return act
    return put


# The port is closed: nothing to do here, the cell does it.
@fault("refused connections", "never", "CONNECT", forwards=False)
async def refused(exchange, forward):
    exchange.abort()


@fault("reset before the request is read", "lost", "BROKEN", "CONNECT", forwards=False, early=True)
async def reset_before(exchange, forward):
    exchange.abort()


@fault("reset within the request", "lost", "BROKEN", "CONNECT", forwards=False, early=True)
async def reset_within(exchange, forward):
    await exchange.part_of_body()
    exchange.abort()


@fault("reset after the request", "lost", "BROKEN", "CONNECT", forwards=False)
async def reset_after(exchange, forward):
    exchange.abort()


@fault("closed after the request", "lost", "BROKEN", "CONNECT", forwards=False)
async def closed_after(exchange, forward):
    exchange.close()


@fault("answer lost by a reset", "lost", "BROKEN", "CONNECT")
async def lost_by_reset(exchange, forward):
    await _drained(await forward())
    exchange.abort()


@fault("answer lost by a close", "lost", "BROKEN", "CONNECT")
async def lost_by_close(exchange, forward):
    await _drained(await forward())
    exchange.close()


@fault("reset within the answer's head", "lost", "BROKEN", "CONNECT", only="http1")
async def reset_in_head(exchange, forward):
    await _drained(await forward())
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Le")
    exchange.abort()


@fault("closed within the answer's head", "lost", "BROKEN", "CONNECT", only="http1")
async def closed_in_head(exchange, forward):
    await _drained(await forward())
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Le")
    exchange.close()


@fault("reset within the answer's body", "answered", "BROKEN", "CONNECT")
async def reset_in_body(exchange, forward):
    await _half(exchange, await forward())
    exchange.abort()


@fault("truncated answer", "answered", "BROKEN", "CONNECT")
async def truncated(exchange, forward):
    await _half(exchange, await forward())
    exchange.close()


@fault("length that is too long", "answered", "BROKEN", "CONNECT", json_only=True)
async def too_long(exchange, forward):
    body = await _drained(reply := await forward())
    await exchange.head(reply.status, reply.headers, len(body) + 10)
    await exchange.send(body)
    exchange.close()


@fault("length that is too short", "answered", "PROTOCOL", "BROKEN", only="http1", json_only=True)
async def too_short(exchange, forward):
    body = await _drained(reply := await forward())
    await exchange.head(reply.status, reply.headers, len(body) // 2)
    await exchange.raw(body)
    exchange.close()


@fault("no answer", "lost", "TIMEOUT", "DEADLINE")
async def stall(exchange, forward):
    await _drained(await forward())
    await exchange.gone()


@fault("no answer, no effect", "lost", "TIMEOUT", "DEADLINE", forwards=False)
async def stall_unforwarded(exchange, forward):
    await exchange.gone()


@fault("body that stands still", "answered", "TIMEOUT", "DEADLINE", "BROKEN")
async def stall_in_body(exchange, forward):
    await _half(exchange, await forward())
    await exchange.gone()


@fault("slow head", "whole", only="http1")
async def slow_head(exchange, forward):
    reply = await forward()
    exchange.slow = True
    await _give(exchange, reply)


@fault("slow body", "whole")
async def slow_body(exchange, forward):
    reply = await forward()
    if reply.pieces:
        return await _give(exchange, reply)
    await exchange.head(reply.status, reply.headers, len(reply.body))
    step = max(1, len(reply.body) // 40)
    for at in range(0, len(reply.body), step):
        await exchange.send(reply.body[at:at + step])
        await asyncio.sleep(0.005)
    await exchange.end()


@fault("a page instead of the answer", "answered", "PROTOCOL", page=True)
async def page(exchange, forward):
    await _drained(await forward())
    await _whole(exchange, 200, "text/html", b"<html><body>Please sign in.</body></html>")


@fault("half a JSON", "answered", "PROTOCOL", json_only=True)
async def half_json(exchange, forward):
    body = await _drained(await forward())
    await _whole(exchange, 200, "application/json", body[:len(body) // 2])


@fault("no JSON", "answered", "PROTOCOL", json_only=True)
async def no_json(exchange, forward):
    await _drained(await forward())
    await _whole(exchange, 200, "application/json", b"\x00\xff{]")


@fault("null", "answered", "PROTOCOL", json_only=True, empty=True)
async def null(exchange, forward):
    await _drained(await forward())
    await _whole(exchange, 200, "application/json", b"null")


@fault("half a surrogate pair", "whole", json_only=True)
async def surrogate(exchange, forward):
    reply = await forward()
    reply.body = reply.body.replace(b'{"', b'{"further": "\\ud83d", "', 1)
    await _give(exchange, reply)


@fault("empty answer", "answered", "PROTOCOL", json_only=True, empty=True)
async def empty(exchange, forward):
    await _drained(await forward())
    await _whole(exchange, 200, "application/json", b"")


@fault("204", "answered", "PROTOCOL", empty=True)
async def no_content(exchange, forward):
    await _drained(await forward())
    await exchange.head(204, [], None)
    await exchange.end()


@fault("gzip that nobody asked for", "answered", "PROTOCOL")
async def encoded(exchange, forward):
    reply = await forward()
    body = gzip.compress(await _drained(reply))
    await exchange.head(reply.status, [*reply.headers, ("content-encoding", "gzip")], len(body))
    await exchange.send(body)
    await exchange.end()


def _status(status, name, arrival, *statuses, headers=(), forwards=False, body=None):
    what = body or json.dumps({"message": f"scripted {status}", "code": "scripted"}).encode()
    kind = "application/json" if body is None else "text/html"

    async def act(exchange, forward):
        if forwards:
            await _drained(await forward())
        await _whole(exchange, status, kind, what, headers)
    fault(name, arrival, *statuses, forwards=forwards, http_status=status)(act)


PAGE = b"<html><body><h1>Bad Gateway</h1></body></html>"
_status(302, "302", "refused for good", "API", "PROTOCOL", headers=[("location", "/elsewhere")])
_status(400, "400", "refused for good", "BAD_REQUEST")
_status(401, "401", "refused for good", "AUTHENTICATION")
_status(403, "403", "refused for good", "PERMISSION")
_status(404, "404", "refused for good", "NOT_FOUND")
_status(408, "408", "lost", "TIMEOUT", "API", "SERVER")
_status(409, "409", "refused by its state", "CONFLICT")
_status(422, "422", "refused for good", "UNPROCESSABLE")
_status(429, "429", "refused", "RATE_LIMITED")
_status(429, "429 with retry-after", "refused", "RATE_LIMITED", headers=[("retry-after", "1")])
_status(500, "500 without an effect", "lost", "SERVER")
_status(500, "500 behind its effect", "lost", "SERVER", forwards=True)
_status(502, "502, a page, behind its effect", "lost", "SERVER", forwards=True, body=PAGE)
_status(503, "503 without an effect", "lost", "SERVER")
_status(503, "503 with retry-after, behind its effect", "lost", "SERVER", headers=[("retry-after", "1")], forwards=True)
_status(503, "503 that asks for a retry", "refused", "SERVER", headers=[("x-should-retry", "true")])
_status(504, "504 behind its effect", "lost", "SERVER", forwards=True, body=PAGE)


@fault("a record that nobody can decrypt", "lost", "BROKEN", "TLS", "CONNECT", only="tls")
async def garbage(exchange, forward):
    await _drained(await forward())
    await exchange.garbage()


@fault("GOAWAY before the request", "never", "BROKEN", "CONNECT", forwards=False, only="http2")
async def goaway_before(exchange, forward):
    exchange.goaway(processed=False)
    exchange.close()


@fault("GOAWAY, then the answer", "whole", only="http2")
async def goaway_answered(exchange, forward):
    reply = await forward()
    exchange.goaway(processed=True)
    await _give(exchange, reply)


@fault("GOAWAY, then no answer", "lost", "BROKEN", "CONNECT", only="http2")
async def goaway_cut(exchange, forward):
    await _drained(await forward())
    exchange.goaway(processed=True)
    exchange.close()


@fault("RST_STREAM", "lost", "BROKEN", "CONNECT", only="http2")
async def reset_stream(exchange, forward):
    await _drained(await forward())
    exchange.reset("INTERNAL_ERROR")


@fault("REFUSED_STREAM", "never", "BROKEN", "CONNECT", forwards=False, only="http2")
async def refused_stream(exchange, forward):
    exchange.reset("REFUSED_STREAM")


@fault("RST_STREAM with NO_ERROR within the body", "answered", "BROKEN", "CONNECT", only="http2")
async def reset_quietly(exchange, forward):
    body = await _drained(reply := await forward())
    await exchange.head(reply.status, reply.headers, None)
    await exchange.send(body[:len(body) // 2])
    exchange.reset_quietly()


@fault("RST_STREAM with NO_ERROR behind the answer", "whole", only="http2")
async def reset_behind(exchange, forward):
    await _give(exchange, await forward())
    exchange.reset_quietly()


@fault("a coding of the transfer that nobody asked for", "answered", "PROTOCOL", only="http1")
async def coded(exchange, forward):
    reply = await forward()
    body = gzip.compress(await _drained(reply))
    await exchange.head(reply.status, [*reply.headers, ("transfer-encoding", "gzip")], None)
    await exchange.send(body)
    await exchange.end()


async def none(exchange, forward):
    """No fault: the answer as it came."""
    await _give(exchange, await forward())


async def _drained(reply):
    """The whole body; of a stream its beginning, since it may have no end."""
    if not reply.pieces:
        return reply.body
    async for piece in reply.pieces:
        await reply.pieces.aclose()
        return piece
    return b""


async def _give(exchange, reply):
    await exchange.head(reply.status, reply.headers, None if reply.pieces else len(reply.body))
    if reply.pieces:
        async for piece in reply.pieces:
            await exchange.send(piece)
    else:
        await exchange.send(reply.body)
    await exchange.end()


async def _half(exchange, reply):
    body = await _drained(reply)
    await exchange.head(reply.status, reply.headers, None if reply.pieces else len(body))
    await exchange.send(body[:len(body) // 2])


async def _whole(exchange, status, kind, body, headers=()):
    await exchange.head(status, [("content-type", kind), *headers], len(body))
    await exchange.send(body)
    await exchange.end()
