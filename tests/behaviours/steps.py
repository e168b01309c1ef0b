"""Steps in one language, one after the other, with a server."""

import json
import pathlib
import socket
import time

import judge
from interpreter import PATIENCE

TOKEN = "behaviour-token-7d1e"
# Arguments that are bytes; they go to the programs in hex.
BYTES = ("data", "contents")
# What the driver keeps for itself.
OWN = ("expect", "cancel_when", "c", "cpp", "go", "says")


class Wrong(Exception):
    """A step has not done what is expected."""


class Steps:
    """What steps have in common: the program, the server or the emulator, and what earlier ones answered."""

    def __init__(self, language, server=None, emulator=None):
        self.language, self.server, self.emulator = language, server, emulator
        self.answers = {}
        self.interpreter = None
        self.scratch = None
        self.refusing = None

    def do(self, step):
        """What is wrong with what the program did, as sentences."""
        if "emulator" in step:
            return judge.problems(step.get("expect", {}), self.emulator.control(step["emulator"], step.get("body")))
        if "files" in step:
            return self._files(step["files"], step["expect"])
        own = step.get(self.language, {})
        expected = {key: value for key, value in {**step.get("expect", {}), **own}.items() if own.get(key, 1) is not None}
        sent = {key: value for key, value in step.items() if key not in OWN}
        for key in BYTES:
            if key in sent:
                sent[key] = judge.content(sent[key]).hex()
        if sent["do"] in ("devbox_exec", "execution_result"):
            read = [output for output in ("stdout", "stderr") if output in expected]
            sent.update({"read": read} if read else {})
        self.interpreter.tell(json.dumps(sent))
        answer = self._told(step["cancel_when"]) if "cancel_when" in step else self.interpreter.answer()
        if answer is None:
            raise Wrong(f"{step['do']} has not returned after {PATIENCE} s")
        self.answers[step.get("as", step["do"])] = answer
        return judge.step_problems(expected, answer)

    def _told(self, event):
        """Has the call cancelled once the event has happened."""
        end = time.monotonic() + PATIENCE
        told = False
        while time.monotonic() < end:
            answer = self.interpreter.answer(0.01)
            if answer is not None:
                if not told:
                    self.interpreter.tell("done")
                    raise Wrong(f"the call returned before {event} had happened: {answer}")
                return answer
            if not told and self._happened(event):
                told = True
                self.interpreter.tell("cancel")
        return None

    def _happened(self, event):
        if "requests" in event:
            return len(self.server.requests) >= event["requests"]
        if "process" in event:
            return self.emulator.runs(event["process"])
        if "devboxes" in event:
            return len(self.emulator.control("GET leaks")["devboxes"]) >= event["devboxes"]
        return self.emulator.count(event["operation"]) >= event.get("count", 1)

    def _files(self, folder, expected):
        root = pathlib.Path(folder)
        found = {str(path.relative_to(root)): {"hex": path.read_bytes().hex()} for path in root.rglob("*") if path.is_file()} \
            if root.is_dir() else {"": {"hex": root.read_bytes().hex()}} if root.exists() else None
        if expected is None or found is None or set(expected) != set(found):
            return [] if expected is None and found is None else [f"files {found and sorted(found)}, not {expected and sorted(expected)}"]
        return judge.problems(expected, found)

    def filled(self, value):
        """A value with its ${…} replaced."""
        if isinstance(value, dict):
            return {self.filled(key): self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str) or "${" not in value:
            return value
        before, _, rest = value.partition("${")
        name, _, after = rest.partition("}")
        return before + self._place(name) + self.filled(after)

    def _place(self, name):
        if name == "url":
            return self.server.url if self.server else self.emulator.url if self.emulator else "${url}"
        if name == "scratch":
            return self.scratch
        if name == "token":
            return TOKEN
        if name == "refused":
            # Bound, and not listening: whoever calls is refused.
            self.refusing = self.refusing or socket.socket()
            if self.refusing.getsockname()[1] == 0:
                self.refusing.bind(("127.0.0.1", 0))
            return f"127.0.0.1:{self.refusing.getsockname()[1]}"
        step, _, key = name.partition(".")
        found = judge.at(self.answers[step], "/" + key.replace(".", "/"))
        return judge.text_of(judge.plain(key, found))
