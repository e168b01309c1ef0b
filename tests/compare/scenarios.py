"""The faults: what the server does, and what was seen, in words. Nothing here knows either client."""

DEVBOX = {"id": "dbx_1", "status": "running", "create_time_ms": 0, "capabilities": [], "metadata": {}, "state_transitions": [],
          "launch_parameters": {}, "end_time_ms": None}
TIMEOUT = {"code": 408, "message": "request timed out"}
LINES = [f"line{number}\n" for number in range(1, 9)]
# What a stream delivers within its first bytes, by its offset.
STARTS = [sum(map(len, LINES[:number])) for number in range(len(LINES))]


def devbox(status):
    return {**DEVBOX, "status": status}


def execution(status, stdout=""):
    view = {"devbox_id": "dbx_1", "execution_id": "exec_1", "status": status, "stdout": stdout, "stderr": "",
            "stdout_truncated": False, "stderr_truncated": False}
    return {**view, "exit_status": 0} if status == "completed" else view


def held(server, request, seconds):
    """A hold of the server's, then what it answers where nothing has come about."""
    server.over.wait(seconds)
    request.answer(408, TIMEOUT)


class Scenario:
    """`told` is what a client process has told, `asked` the server."""

    pitfalls = ""
    title = ""
    # Whether it takes seconds with this library.
    slow = False
    # How long a client may take altogether.
    limit = 60
    # Whether something is to be served at all.
    serves = True

    def serve(self, server, request):
        if request.path.endswith("stream_stderr_updates"):
            request.events(chunked=True)
            request.end()
        self.answer(server, request)

    def answer(self, server, request):
        raise NotImplementedError

    def seen(self, told, asked):
        """What was seen, in words."""
        raise NotImplementedError

    def right(self, told, asked):
        """Whether it is what this library promises."""
        raise NotImplementedError


def ending(told):
    return told["error"] or "no error"


def counted(number, what):
    return f"{number} {what}" + ("" if number == 1 else "s")


def yes(holds):
    return "yes" if holds else "no"


class Refused(Scenario):
    pitfalls, title = "P30", "A wait for a devbox, limited to 8 s, on a port that refuses connections"
    slow = True
    serves = False

    def seen(self, told, asked):
        return f"{told['connects']:,} connects; {ending(told)}; refusal named: {yes('refused' in told['causes'].lower())}"

    def right(self, told, asked):
        return told["connects"] <= 12 and told["error"] and "refused" in told["causes"].lower()


class AtOnce(Scenario):
    pitfalls, title = "P30", "A wait limited to 5 s, at a server that answers 408 without holding the request"
    slow = True

    def answer(self, server, request):
        request.answer(408, TIMEOUT)

    def seen(self, told, asked):
        return f"{asked.count('wait_for_status'):,} requests; {ending(told)}"

    def right(self, told, asked):
        return asked.count("wait_for_status") <= 20 and told["error"]


class UnknownStatus(Scenario):
    pitfalls, title = "P13", "A devbox reports a status that no client knows three times, then runs"

    def answer(self, server, request):
        request.answer(200, devbox("rehearsing" if asked_before(server, "wait_for_status") < 3 else "running"))

    def seen(self, told, asked):
        return f"{counted(asked.count('wait_for_status'), 'request')}; {ending(told)}"

    def right(self, told, asked):
        return asked.count("wait_for_status") == 4 and not told["error"]


def asked_before(server, end):
    """How many such requests there were before this one."""
    return server.count(end) - 1


class Stream(Scenario):
    """A command that has ended, whose output stream has a fault."""

    def answer(self, server, request):
        if request.path.endswith("execute_async"):
            request.answer(200, execution("running"))
        elif request.path.endswith("wait_for_status"):
            request.answer(200, execution("completed", "".join(LINES)))
        elif request.path.endswith("stream_stdout_updates"):
            self.stream(server, request, asked_before(server, "stream_stdout_updates") == 0)
        else:
            request.answer(200, execution("completed", "".join(LINES)))

    def whole(self, request):
        request.events(chunked=True)
        offset = request.offset()
        for start, line in zip(STARTS, LINES):
            if start + len(line) > offset:
                begin = max(offset, start)
                request.event({"output": line[begin - start:], "offset": begin})
        request.end()

    def beginning(self, request):
        for start, line in list(zip(STARTS, LINES))[:2]:
            request.event({"output": line, "offset": start})

    def seen(self, told, asked):
        lines = "".join(piece for piece in told["pieces"] if piece).splitlines()
        late = f", {told['late']} of them after the call had returned" if told["late"] else ""
        twice = len(lines) - len(set(lines))
        doubled = f", {twice} of them twice" if twice else ""
        none = f", {told['pieces'].count(None)} calls with None" if None in told["pieces"] else ""
        return f"{len(lines)} of {len(LINES)} lines delivered{doubled}{late}{none}; exit code {told['exit_code']}; {ending(told)}"

    def right(self, told, asked):
        return "".join(piece or "?" for piece in told["pieces"]) == "".join(LINES) and not told["late"] and not told["error"]


class EarlyEnd(Stream):
    pitfalls, title = "P19", "An output stream ends cleanly after 2 of 8 lines; when reopened, it continues"

    def stream(self, server, request, first):
        if not first:
            return self.whole(request)
        request.events()
        self.beginning(request)
        request.end()


class Cut(Stream):
    pitfalls, title = "P19", "An output stream is cut inside a chunked body after 2 of 8 lines; when reopened, it continues"

    def stream(self, server, request, first):
        if not first:
            return self.whole(request)
        request.events(chunked=True)
        self.beginning(request)
        request.cut()


class Resumed(Stream):
    pitfalls, title = "P20", "An output stream ends with a 408 error event after 2 lines; when reopened, it starts at the requested byte"

    def stream(self, server, request, first):
        if not first:
            return self.whole(request)
        request.events(chunked=True)
        self.beginning(request)
        request.event(TIMEOUT, kind="error")
        request.end()


class Slow(Stream):
    pitfalls, title = "P21", "The command has ended, and its stream delivers one line per second"
    slow = True

    def answer(self, server, request):
        if request.path.endswith("wait_for_status"):
            return request.answer(200, execution("completed", "".join(LINES)))
        return super().answer(server, request)

    def stream(self, server, request, first):
        request.events(chunked=True)
        offset = request.offset()
        for start, line in zip(STARTS, LINES):
            if start >= offset:
                server.over.wait(1)
                request.event({"output": line, "offset": start})
        request.end()


class OtherEvents(Stream):
    pitfalls, title = "P38", "Two messages of an output stream contain no output"

    def stream(self, server, request, first):
        request.events(chunked=True)
        offset = request.offset()
        for number, (start, line) in enumerate(zip(STARTS, LINES)):
            if number in (2, 4):
                request.event({"note": "no output here"})
            if start >= offset:
                request.event({"output": line, "offset": start})
        request.end()


class LongCommand(Scenario):
    pitfalls, title = "P22", "While a command's result is awaited, the server answers ten times that it is still running (408), then that it has ended"
    slow = True
    limit = 120

    def answer(self, server, request):
        if request.path.endswith("execute_async"):
            request.answer(200, execution("running"))
        elif request.path.endswith("wait_for_status") and asked_before(server, "wait_for_status") < 10:
            request.answer(408, TIMEOUT)
        elif request.path.endswith("updates"):
            request.events(chunked=True)
            request.event({"output": "done\n", "offset": 0})
            request.end()
        else:
            request.answer(200, execution("completed", "done\n"))

    def seen(self, told, asked):
        code = "" if told["exit_code"] is None else f"; exit code {told['exit_code']}"
        return f"{asked.count('wait_for_status')} waits; {ending(told)}{code}"

    def right(self, told, asked):
        return not told["error"] and told["exit_code"] == 0


class CreateTimesOut(Scenario):
    pitfalls, title = "P12", "A create limited to 2 s (in Python under `with`); the devbox does not become ready"

    def answer(self, server, request):
        if request.path.endswith("wait_for_status"):
            return held(server, request, 0.5)
        request.answer(200, devbox("shutdown" if request.path.endswith("shutdown") else "provisioning"))

    def seen(self, told, asked):
        return f"{ending(told)}; shutdown sent: {yes(asked.count('shutdown'))}; error names the devbox: {yes('dbx_1' in told['causes'])}"

    def right(self, told, asked):
        return told["error"] and asked.count("shutdown") == 1 and "dbx_1" in told["causes"]


class ExecTimesOut(Scenario):
    pitfalls, title = "P23", "A command that does not end, limited to 2 s (in Python by the only limit there is, that of the wait)"

    def answer(self, server, request):
        ended = server.count("/kill")
        if request.path.endswith("updates"):
            request.events(chunked=True)
            request.event({"output": "line1\n", "offset": 0})
            while not server.over.wait(0.25) and not server.count("/kill"):
                request.send(b"3\r\n:\n\n\r\n")
            request.end()
        elif request.path.endswith("wait_for_status") and not ended:
            held(server, request, 0.5)
        else:
            request.answer(200, execution("completed" if ended else "running", "line1\n"))

    def seen(self, told, asked):
        return f"{ending(told)}; kill sent: {yes(asked.count('/kill'))}; stream thread still running: {yes(told['threads'])}"

    def right(self, told, asked):
        return asked.count("/kill") >= 1 and not told["error"] and told["timed_out"]


class LostAnswer(Scenario):
    """The request arrives whole; its answer does not."""

    end = ""

    def answer(self, server, request):
        if request.path.endswith(self.end):
            request.reset()
        request.answer(200, execution("running"))

    def seen(self, told, asked):
        return f"sent {counted(asked.count(self.end), 'time')}; {ending(told)}; side effect reported as unknown: {yes(told['side_effect'] == 'unknown')}"

    def right(self, told, asked):
        return asked.count(self.end) == 1 and told["error"] and told["side_effect"] == "unknown"


class LostInput(LostAnswer):
    pitfalls, title, end = "P18", "The answer to a command's input is lost (up to two retries allowed)", "send_std_in"


class LostCommand(LostAnswer):
    pitfalls, title, end = "P32", "The answer to the start of a command is lost (up to two retries allowed)", "execute_async"


class SameId(Scenario):
    pitfalls, title = "P31", "A request is answered with 503 twice, then with 200: the header x-request-id of its attempts"

    def answer(self, server, request):
        request.answer(503 if len(server.requests) < 3 else 200, {"message": "busy"})

    def seen(self, told, asked):
        ids = {request.headers.get("x-request-id") for request in asked.requests}
        return f"{len(asked.requests)} attempts, {len(ids)} different {'id' if len(ids) == 1 else 'ids'}; {ending(told)}"

    def right(self, told, asked):
        return len(asked.requests) == 3 and len({request.headers.get("x-request-id") for request in asked.requests}) == 1 and not told["error"]


class Upload(Scenario):
    pitfalls, title = "P27", "A file of 64 MiB is uploaded by path: growth of the process's peak resident memory"
    slow = True

    def answer(self, server, request):
        request.answer(200, {})

    def seen(self, told, asked):
        return f"{told['grown'] / 2**20:.0f} MiB; {ending(told)}"

    def right(self, told, asked):
        return told["grown"] < 32 * 2**20 and not told["error"] and asked.requests[-1].length >= 64 * 2**20


class TunnelUrl(Scenario):
    pitfalls, title = "P14", "The URL of a devbox's tunnel to port 8080, for a base URL of `http://127.0.0.1:PORT`"

    def answer(self, server, request):
        request.answer(200, {**DEVBOX, "tunnel": {"tunnel_key": "k3y", "auth_mode": "open", "create_time_ms": 0,
                                                 "http_keep_alive": False, "wake_on_http": False}})

    def seen(self, told, asked):
        return f"`{told['url'].replace(asked.url.rsplit(':')[-1], 'PORT')}`"

    def right(self, told, asked):
        return told["url"] == f"http://8080-k3y.tunnel.localhost:{asked.url.rsplit(':')[-1]}"


SCENARIOS = {
    "refused": Refused(), "at-once": AtOnce(), "unknown-status": UnknownStatus(), "early-end": EarlyEnd(), "cut": Cut(), "resumed": Resumed(),
    "slow-stream": Slow(), "other-events": OtherEvents(), "long-command": LongCommand(), "create-times-out": CreateTimesOut(),
    "exec-times-out": ExecTimesOut(), "lost-input": LostInput(), "lost-command": LostCommand(), "same-id": SameId(), "upload": Upload(),
    "tunnel-url": TunnelUrl(),
}
