"""A cell of the matrix: the way between the library and the emulator for one call, with its fault."""

import asyncio
import errno
import glob
import os
import re
import socket
import ssl
import threading
import traceback

import faults
import http1
import http2
import upstream


# Where the library has a devbox put the archive of a directory.
ARCHIVE = re.compile(rb"/tmp/\.librunloop-[0-9a-f]{32}\.tar\.gz")


def _own_ports():
    """The ports of this process's sockets."""
    ports = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            if not os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(descriptor))) as one:
                if one.family == socket.AF_INET:
                    ports.add(one.getsockname()[1])
        except OSError:
            # It is closed by now.
            continue
    return ports


class Ports:
    """Ports that no other cell has had: the library keeps connections beyond the client that has made them, and would take
    one to a cell that is over for one to its successor. Nor are they those that the system gives to whoever asks for any."""

    def __init__(self):
        with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
            end = min(int(file.read().split()[0]), 65536)
        first = end // 3
        start = os.getpid() * 101 % (end - first)
        self.rest = iter([first + (start + number) % (end - first) for number in range(end - first)])

    async def serve(self, begin, **more):
        """A server on the next one that is free."""
        for port in self.rest:
            try:
                return port, await asyncio.start_server(begin, "127.0.0.1", port, **more)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
        raise RuntimeError("no port is left")


class Servers:
    """The thread in which the servers of all cells run."""

    def __init__(self, emulator, storage, certificate, key):
        self.emulator, self.storage = emulator, storage
        # Those that devboxes were told of; their /tmp is this machine's.
        self.archives = set()
        self.ports = Ports()
        self.contexts = {}
        for protocol in ("http1", "http2"):
            self.contexts[protocol] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.contexts[protocol].load_cert_chain(certificate, key)
            self.contexts[protocol].set_alpn_protocols(["h2"] if protocol == "http2" else ["http/1.1"])
        self.loop = asyncio.new_event_loop()
        # Clients that go away in the midst are what the cells are for.
        self.loop.set_exception_handler(lambda loop, context: None)
        self.thread = threading.Thread(target=self.loop.run_forever, name="servers")
        self.thread.start()

    def do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def remove_archives(self):
        """Removes what devboxes that were ended, or never heard of the removal, have left."""
        for archive in self.archives:
            for left in glob.glob(glob.escape(archive.decode()) + "*"):
                os.unlink(left)


class Cell:
    """Where the library goes for one call. `protocol` is "http1", "tls" (HTTP/1.1 over TLS) or "http2"."""

    def __init__(self, servers, protocol, operation, fault, times):
        self.servers, self.protocol, self.operation, self.fault = servers, protocol, operation, fault
        # How many requests it still fires for; None is for ever.
        self.left = times
        self.armed = False
        # Of the requests that the operation is about: how many came, and what the service answered those that reached it.
        self.met = 0
        self.has_met = threading.Event()
        self.answers = []
        self.connections = set()
        # How each connection that is over has ended.
        self.ends = []
        self.tasks = set()
        servers.do(self._open())

    async def _open(self):
        self.begin = self._serving(http2.serve if self.protocol == "http2" else http1.serve, self._handle)
        self.context = None if self.protocol == "http1" else self.servers.contexts["http2" if self.protocol == "http2" else "http1"]
        self.port, self.listener = await self.servers.ports.serve(self.begin, ssl=self.context)
        self.storage_port, self.storage_listener = await self.servers.ports.serve(self._serving(http1.serve, self._handle_storage))

    @property
    def url(self):
        return f"{'http' if self.protocol == 'http1' else 'https'}://127.0.0.1:{self.port}"

    def arm(self):
        self.armed = True
        if self.fault and self.fault.act is faults.refused:
            again, self.left = self.left, 0
            self._meet()
            self.servers.do(self._refuse(again))

    async def _refuse(self, times):
        self.listener.close()
        ports = {writer.get_extra_info("peername")[1] for writer in self.connections}
        for writer in list(self.connections):
            writer.transport.abort()
        # The library, which is in this process, is to have seen it: a request sent on one of them may have arrived.
        while self.connections or ports & _own_ports():
            await asyncio.sleep(0.001)
        if times:
            self.reopening = asyncio.ensure_future(self._reopen(0.3))

    async def _reopen(self, pause):
        await asyncio.sleep(pause)
        self.listener = await asyncio.start_server(self.begin, "127.0.0.1", self.port, ssl=self.context)

    def close(self):
        self.armed = False
        self.servers.do(self._close())

    async def _close(self):
        self.listener.close()
        self.storage_listener.close()
        for writer in list(self.connections):
            writer.transport.abort()

    def _serving(self, speaker, handle):
        def begin(reader, writer):
            # Nobody else holds it.
            task = asyncio.ensure_future(self._serve(speaker, reader, writer, handle))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return begin

    async def _serve(self, speaker, reader, writer, handle):
        self.connections.add(writer)
        peer = writer.get_extra_info("peername")[1]
        try:
            await speaker(reader, writer, handle)
        except ssl.SSLError:
            pass  # the client has sent an alert, and gone
        except Exception:
            # A fault of the servers' own; without its words the cell would blame the library.
            traceback.print_exc()
        finally:
            self.connections.discard(writer)
            self.ends.append(f"{peer}: {reader.exception()!r}, armed: {self.armed}")

    def _meet(self):
        self.met += 1
        self.has_met.set()

    # What becomes of a request is decided when it comes, not when its turn has come: the call may be over by then.

    def _handle(self, exchange):
        return self._decided(exchange, self.servers.emulator, self.operation.main(exchange.method, exchange.path.split("?")[0]))

    def _handle_storage(self, exchange):
        return self._decided(exchange, self.servers.storage, self.operation.storage)

    def _decided(self, exchange, address, main):
        counts = main and self.armed
        fault = None
        if counts:
            self._meet()
            if self.fault and self.left != 0:
                self.left = None if self.left is None else self.left - 1
                fault = self.fault
        return self._answer(exchange, address, counts, fault)

    async def _answer(self, exchange, address, counts, fault):
        body = b"" if fault and fault.early else await exchange.body()

        async def forward():
            self.servers.archives.update(ARCHIVE.findall(body))
            reply = await upstream.forward(address, exchange.method, exchange.path, exchange.headers, body)
            if counts:
                self.answers.append(reply.status)
            if not reply.pieces and "json" in reply.kind():
                reply.body = self._own_urls(reply.body)
            return reply
        await (fault.act if fault else faults.none)(exchange, forward)

    def _own_urls(self, body):
        """The storage's addresses in an answer become the cell's."""
        host, port = self.servers.storage
        return body.replace(f"http://{host}:{port}".encode(), f"http://127.0.0.1:{self.storage_port}".encode())
