"""An emulator's process and its test controls."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request

GREETING = "runloop-emulator listening on "


class Emulator:
    def __init__(self, binary, *arguments):
        isolation = os.environ.get("TEST_ISOLATION")
        more = ["--isolation", isolation] if isolation else []
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen([binary, "--port", "0", "--exit-on-stdin-close", *more, *arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith(GREETING):
            raise RuntimeError(f"{binary} does not start: {line!r}")
        self.url = line.removeprefix(GREETING)
        self.settings = self.control("GET settings")

    def control(self, what, body=None):
        """Uses a test control, such as `POST faults`."""
        method, name = what.split(" ")
        request = urllib.request.Request(f"{self.url}/_emulator/{name}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"content-type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=300) as answer:
            return json.load(answer)

    def begin(self, row):
        """As fresh as a new one, with the row's settings and faults."""
        self.control("POST reset")
        self.control("DELETE journal")
        self.control("DELETE faults")
        self.control("POST settings", {**self.settings, **row.get("settings", {})})
        for fault in row.get("faults", []):
            self.control("POST faults", fault)

    def count(self, operation):
        return sum(request["operation"] == operation for request in self.control("GET journal")["requests"])

    def runs(self, command):
        """Whether a process whose command line holds the text runs in a devbox."""
        return any(command in process["command"] for process in self.control("GET leaks")["processes"])

    def left(self, patience):
        """What is still there after so many seconds of waiting for it to go."""
        end = time.monotonic() + patience
        while True:
            leaks = self.control("GET leaks")
            if not leaks["devboxes"] and not leaks["processes"]:
                return None
            if time.monotonic() > end:
                return leaks
            time.sleep(0.02)

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.read()
        if self.process.wait(30) != 0:
            self.said.seek(0)
            raise RuntimeError(f"the emulator ended with {self.process.returncode}: {self.said.read().decode(errors='replace')}")
        self.said.close()
