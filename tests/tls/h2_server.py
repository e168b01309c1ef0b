"""A server over TLS that speaks HTTP/2 by the library h2, and HTTP/1.1, and does on demand what servers do seldom.

Usage: h2_server.py CERTIFICATE KEY. It prints the ports of its listeners: those that offer both protocols,
HTTP/1.1 alone, and no ALPN, and that of its control, which is plain HTTP:

  POST /set     {"streams": how many it allows on a connection, "plan": what becomes of the next requests,
                 "hold": whether answers wait for a release, "starve": whether uploads get no window until then};
                 clears what has been counted
  POST /release answers what is held, and gives windows
  GET /seen     what has been counted
"""

import asyncio
import json
import os
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

DEVBOX = {"id": "dbx_1", "status": "running"}
EXECUTION = {"devbox_id": "dbx_1", "execution_id": "exec_1", "status": "completed", "exit_status": 0, "stdout": "hello\n", "stderr": ""}


class World:
    def __init__(self):
        self.open = 0
        self.reset({})

    def reset(self, wanted):
        self.streams = wanted.get("streams", 100)
        self.plan = list(wanted.get("plan", []))
        self.hold = wanted.get("hold", False)
        self.starve = wanted.get("starve", False)
        self.uploads = self.with_uploads = self.filled = self.connections = self.requests = self.held = self.most_held = self.stalled = self.resets = 0
        self.protocols = {}
        self.waiting, self.starved = [], []

    def next(self):
        self.requests += 1
        return self.plan.pop(0) if self.plan else "answer"

    def wait(self, answer):
        self.waiting.append(answer)
        self.held += 1
        self.most_held = max(self.most_held, self.held)

    def release(self):
        self.hold = False
        self.starve = False
        waiting, self.waiting, self.held = self.waiting + self.starved, [], 0
        self.starved = []
        for answer in waiting:
            answer()

    def seen(self):
        names = ("connections", "requests", "held", "most_held", "stalled", "resets", "open", "uploads", "with_uploads", "filled")
        return {**{name: getattr(self, name) for name in names}, **{"by " + name: count for name, count in self.protocols.items()}}


world = World()
# Connections that are left alone, open for ever, as a machine that has lost its network leaves them.
abandoned = []


CONTENT = b"0123456789" * 100


def body_for(path, port):
    if path.endswith("/download_file") or path == "/content":
        return "application/octet-stream", CONTENT
    if path.endswith("/read_file_contents"):
        return "text/plain", CONTENT
    if path.startswith("/v1/objects/"):
        return "application/json", json.dumps({"id": "obj_1", "download_url": f"https://127.0.0.1:{port}/content"}).encode()
    if path.endswith("_updates"):
        return "text/event-stream", b'data: {"output": "hello\\n", "offset": 0}\n\n'
    return "application/json", json.dumps(EXECUTION if "/executions/" in path else DEVBOX).encode()


class Both(asyncio.Protocol):
    """HTTP/2 or HTTP/1.1, as the handshake said."""

    def connection_made(self, transport):
        self.transport = transport
        chosen = transport.get_extra_info("ssl_object").selected_alpn_protocol() or "nothing"
        world.connections += 1
        world.open += 1
        world.protocols[chosen] = world.protocols.get(chosen, 0) + 1
        self.speaker = (Http2 if chosen == "h2" else Http1)(transport)

    def data_received(self, data):
        self.speaker.received(data)

    def connection_lost(self, error):
        world.open -= 1
        self.speaker.lost()


class Http1:
    def __init__(self, transport):
        self.transport, self.buffer = transport, b""

    def lost(self):
        pass

    def cut(self):
        """Ends the connection without a word of TLS, once all has gone out."""
        if self.transport.get_write_buffer_size():
            return asyncio.get_running_loop().call_soon(self.cut)
        self.transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def received(self, data):
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.request(head.split(b" ")[1].decode())

    def request(self, path):
        action = world.next()
        if action == "close":
            return self.transport.close()
        kind, body = body_for(path, self.transport.get_extra_info("sockname")[1])
        if action in ("unframed", "unframed, cut"):
            # Its end is that of the connection, which TLS tells from one that was cut.
            self.transport.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body[:len(body) if action == "unframed" else len(body) // 2])
            return self.transport.close() if action == "unframed" else self.cut()
        extra = {"short": "Keep-Alive: timeout=2\r\n", "last but one": "Keep-Alive: timeout=60, max=2\r\n"}.get(action, "")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode()
        answer = lambda: self.transport.write(head + body)
        if world.hold:
            world.wait(answer)
        else:
            answer()


class Http2:
    def __init__(self, transport):
        self.transport = transport
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        limits = {h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: world.streams}
        self.connection.local_settings = h2.settings.Settings(client=False, initial_values=limits)
        self.connection.initiate_connection()
        self.paths, self.floods, self.stalled, self.last = {}, {}, set(), 0
        self.has_uploads, self.owed = False, 0
        self.flush()

    def flush(self):
        if not self.transport.is_closing():
            self.transport.write(self.connection.data_to_send())

    def lost(self):
        self.floods.clear()

    def received(self, data):
        try:
            events = self.connection.receive_data(data)
        except h2.exceptions.ProtocolError:
            self.flush()
            return self.transport.close()
        for event in events:
            if isinstance(event, h2.events.RequestReceived):
                self.paths[event.stream_id] = dict(event.headers)[b":path"].decode()
                if self.paths[event.stream_id].endswith("upload_file"):
                    world.uploads += 1
                    world.with_uploads += not self.has_uploads
                    self.has_uploads = True
            elif isinstance(event, h2.events.DataReceived):
                if world.starve and self.paths[event.stream_id].endswith("upload_file"):
                    world.starved.append(lambda event=event: self.give_window(event))
                    self.owed += event.flow_controlled_length
                    # What HTTP/2 gives a connection to begin with.
                    world.filled += self.owed == 65535
                else:
                    self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                world.resets += 1
                self.floods.pop(event.stream_id, None)
            if isinstance(event, h2.events.StreamEnded):
                self.request(event.stream_id, self.paths.pop(event.stream_id))
            if isinstance(event, h2.events.WindowUpdated):
                self.flood()
        self.flush()

    def give_window(self, event):
        self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self.flush()

    def drip(self, stream, body):
        """Sends one byte, then the rest of them."""
        try:
            self.connection.send_data(stream, body[:1], end_stream=len(body) == 1)
        except h2.exceptions.ProtocolError:
            return  # the client has gone
        self.flush()
        if body[1:]:
            asyncio.get_running_loop().call_soon(self.drip, stream, body[1:])

    def body_for(self, path):
        return body_for(path, self.transport.get_extra_info("sockname")[1])

    def reset_quietly(self, stream):
        """RST_STREAM with NO_ERROR, as servers send it that want no more of a request."""
        self.flush()
        self.transport.write(b"\x00\x00\x04\x03\x00" + stream.to_bytes(4, "big") + b"\x00\x00\x00\x00")

    def go_away(self, last):
        self.connection.close_connection(last_stream_id=last)
        self.flush()

    def request(self, stream, path):
        if self.transport in abandoned:
            return  # it came in one piece with the request that was the last to be read
        action = world.next()
        before, self.last = self.last, stream
        if action == "refuse":
            self.connection.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        elif action == "reset":
            self.connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif action == "goaway unprocessed":
            self.go_away(before)
            self.transport.close()
        elif action == "close":
            self.transport.abort()
        elif action == "garbage":
            # Below TLS: what no side can decrypt.
            os.write(self.transport.get_extra_info("socket").fileno(), b"\x17\x03\x03\x00\x20" + b"x" * 32)
        elif action == "half":
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", "application/json"), ("content-length", "40")])
            self.connection.send_data(stream, b'{"id":')
            self.connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif action == "too short":
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", "application/json"), ("content-length", "40")])
            self.connection.send_data(stream, b'{"id":"dbx_1"}', end_stream=True)
        elif action == "drip":
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
            self.drip(stream, self.body_for(path)[1])
        elif action == "quiet":
            kind, body = self.body_for(path)
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", kind)])
            self.connection.send_data(stream, body[:len(body) // 2])
            self.reset_quietly(stream)
        elif action == "silence":
            abandoned.append(self.transport)
            self.transport.pause_reading()
        elif "flood" in path and path.endswith("_updates"):
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", "text/event-stream")])
            self.floods[stream] = 0
            self.flood()
        else:
            if action == "no more":
                self.connection.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 0})
                self.flush()
            answer = lambda: self.answer(stream, path, action)
            if world.hold or path.endswith("wait_for_status"):
                world.wait(answer)
            else:
                answer()

    def answer(self, stream, path, action):
        kind, body = self.body_for(path)
        try:
            self.connection.send_headers(stream, [(":status", "200"), ("content-type", kind), ("content-length", str(len(body)))])
            if action == "goaway first":
                # What has begun is ended; nothing else is begun.
                frame = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + stream.to_bytes(4, "big") + b"\x00\x00\x00\x00"
                self.flush()
                self.transport.write(frame)
            self.connection.send_data(stream, body, end_stream=True)
            if action == "quiet behind":
                self.reset_quietly(stream)
            self.flush()
        except (h2.exceptions.StreamClosedError, h2.exceptions.ProtocolError):
            return  # the client has gone

    def flood(self):
        """Sends as much as the windows allow, for ever."""
        for stream in list(self.floods):
            while True:
                room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size, 8192)
                piece = b'data: {"output": "%s", "offset": %d}\n\n' % (b"x" * 4000, self.floods[stream])
                if room < len(piece):
                    if stream not in self.stalled:
                        self.stalled.add(stream)
                        world.stalled += 1
                    break
                self.connection.send_data(stream, piece)
                self.floods[stream] += 4000


async def control(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next((int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0)
            body = await reader.readexactly(length)
            path = head.split(" ")[1]
            if path == "/set":
                world.reset(json.loads(body))
            elif path == "/release":
                world.release()
            answer = json.dumps(world.seen()).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    loop = asyncio.get_running_loop()
    ports = []
    for alpn in (["h2", "http/1.1"], ["http/1.1"], []):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        if alpn:
            context.set_alpn_protocols(alpn)
        server = await loop.create_server(Both, "127.0.0.1", 0, ssl=context, backlog=1000)
        ports.append(server.sockets[0].getsockname()[1])
    server = await asyncio.start_server(control, "127.0.0.1", 0)
    ports.append(server.sockets[0].getsockname()[1])
    print("ports", *ports, flush=True)
    # Ends with whoever started it.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
