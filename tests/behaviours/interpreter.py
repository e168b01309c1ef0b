"""The program of a language, which does a row's steps: one line of JSON to it, one from it."""

import json
import os
import queue
import subprocess
import tempfile
import threading

PATIENCE = 60


class Gone(Exception):
    """The program has ended, or says nothing any more."""


class Interpreter:
    def __init__(self, program, scratch):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RUNLOOP_")}
        environment.update(NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost", TMPDIR=scratch)
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=environment)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        self.said = []

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def tell(self, text):
        try:
            self.process.stdin.write(text.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise Gone(self.last_words()) from error

    def answer(self, seconds=PATIENCE):
        """The next answer; None if there is none yet after so many seconds."""
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            return None
        if line is None:
            raise Gone(self.last_words())
        self.said.append(line)
        return json.loads(line)

    def last_words(self):
        self.process.wait(PATIENCE)
        return f"the program ended with {self.process.returncode}: {self.printed()}"

    def printed(self):
        """What it has printed on its standard error."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace").strip()

    def finish(self):
        """Has it free everything; gives its last answer, its exit status, and what it has printed."""
        self.process.stdin.close()
        last = self.answer()
        status = self.process.wait(PATIENCE)
        self.reader.join()
        return last, status, self.printed()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        self.errors.close()
