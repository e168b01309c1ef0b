"""HTTP/2, by the library h2, as the server's side of an exchange."""

import asyncio
import socket
import ssl
import struct

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions


class Exchange:
    def __init__(self, connection, stream, headers):
        fields = dict(headers)
        self.connection, self.stream = connection, stream
        self.method, self.path = fields[":method"], fields[":path"]
        self.headers = [(name, value) for name, value in headers if not name.startswith(":")]
        self.data = bytearray()
        self.got = asyncio.Event()
        self.whole = asyncio.Event()
        self.left = asyncio.Event()

    async def body(self):
        await self.connection.either(self.whole, self.left)
        return bytes(self.data)

    async def part_of_body(self):
        await self.connection.either(self.got, self.whole, self.left)

    async def head(self, status, headers, length):
        fields = [(":status", str(status)), *headers]
        if length is not None and status != 204:
            fields.append(("content-length", str(length)))
        self.connection.speak(lambda h2: h2.send_headers(self.stream, fields))

    async def send(self, data):
        await self.connection.send(self, data)

    async def end(self):
        self.connection.speak(lambda h2: h2.end_stream(self.stream))

    def abort(self):
        self.connection.abort()

    def close(self):
        self.connection.writer.close()

    def goaway(self, processed):
        last = self.stream if processed else max(0, self.stream - 2)
        self.connection.go_away(last)

    def reset(self, code):
        self.connection.speak(lambda h2: h2.reset_stream(self.stream, h2_code(code)))

    def reset_quietly(self):
        self.connection.reset_quietly(self.stream)

    async def gone(self):
        await self.left.wait()


def h2_code(name):
    return getattr(h2.errors.ErrorCodes, name)


class Connection:
    def __init__(self, reader, writer, handle):
        self.reader, self.writer, self.handle = reader, writer, handle
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8", validate_outbound_headers=False))
        self.exchanges, self.tasks = {}, set()
        self.window = asyncio.Event()
        self.ended = asyncio.Event()

    async def either(self, *events):
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def flush(self):
        if (data := self.h2.data_to_send()) and not self.writer.is_closing():
            self.writer.write(data)

    def speak(self, say):
        try:
            say(self.h2)
        except h2.exceptions.H2Error:
            raise ConnectionResetError("the stream is gone") from None
        self.flush()

    async def send(self, exchange, data):
        at = 0
        while at < len(data):
            if exchange.left.is_set() or self.ended.is_set():
                raise ConnectionResetError("the stream is gone")
            try:
                room = min(self.h2.local_flow_control_window(exchange.stream), self.h2.max_outbound_frame_size)
            except h2.exceptions.H2Error:
                raise ConnectionResetError("the stream is gone") from None
            if room <= 0:
                self.window.clear()
                await self.either(self.window, exchange.left, self.ended)
                continue
            piece = data[at:at + room]
            self.speak(lambda h2, piece=piece: h2.send_data(exchange.stream, piece))
            at += len(piece)
        await self.writer.drain()

    def abort(self):
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def reset_quietly(self, stream):
        # h2 sends none where it has ended the stream itself.
        self.flush()
        self.writer.write(b"\x00\x00\x04\x03\x00" + struct.pack(">II", stream, 0))

    def go_away(self, last):
        # h2's own method closes the connection for answers, too.
        frame = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + struct.pack(">II", last, 0)
        self.flush()
        self.writer.write(frame)

    async def serve(self):
        self.h2.initiate_connection()
        self.flush()
        try:
            while data := await self.reader.read(65536):
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
        except (h2.exceptions.ProtocolError, ConnectionError, ssl.SSLError):
            self.flush()
        finally:
            self.ended.set()
            for exchange in self.exchanges.values():
                exchange.left.set()
            self.writer.close()
            for task in list(self.tasks):
                task.cancel()

    def take(self, event):
        stream = getattr(event, "stream_id", None)
        if isinstance(event, h2.events.RequestReceived):
            exchange = self.exchanges[stream] = Exchange(self, stream, event.headers)
            answering = self.handle(exchange)
            task = asyncio.ensure_future(self._answer(answering))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
            # It may be over before it has begun.
            task.add_done_callback(lambda _: answering.close())
        elif isinstance(event, h2.events.DataReceived):
            self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
            if stream in self.exchanges:
                self.exchanges[stream].data += event.data
                self.exchanges[stream].got.set()
        elif isinstance(event, h2.events.StreamEnded):
            if stream in self.exchanges:
                self.exchanges[stream].whole.set()
        elif isinstance(event, h2.events.StreamReset):
            if stream in self.exchanges:
                self.exchanges[stream].left.set()
        elif isinstance(event, h2.events.WindowUpdated):
            self.window.set()

    async def _answer(self, answering):
        try:
            await answering
        except ConnectionError:
            pass  # the client has gone


async def serve(reader, writer, handle):
    await Connection(reader, writer, handle).serve()
