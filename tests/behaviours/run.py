"""Runs every row in every language, and says which do not hold.

    run.py [--only NAME] [--times] [--wrong FILE] LANGUAGE=PROGRAM …

With --wrong the rows of a file are to fail, each with the sentence that it names: so that a suite which
cannot fail is noticed.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

import judge
from emulator import Emulator
from interpreter import Gone, Interpreter
from script_server import Script
from steps import TOKEN, Steps, Wrong

HERE = pathlib.Path(__file__).parent


class Row(Steps):
    """One row in one language."""

    def __init__(self, row, language, program, emulator):
        super().__init__(language, emulator=emulator if "emulator" in row else None)
        self.row, self.program = row, program

    def run(self):
        """What is wrong, as sentences."""
        self.scratch = tempfile.mkdtemp(prefix="behaviours-")
        if "server" in self.row:
            self.server = Script(self.filled(self.row["server"]))
        elif self.emulator:
            self.emulator.begin(self.row["emulator"])
        for name, wanted in self.row.get("local", {}).items():
            path = pathlib.Path(self.scratch, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(judge.content(wanted))
        self.interpreter = Interpreter(self.program, self.scratch)
        try:
            self._steps()
            return self._end()
        except (Wrong, Gone) as error:
            return [str(error)]
        finally:
            self.interpreter.kill()
            if self.server:
                self.server.close()
            if self.refusing:
                self.refusing.close()
            shutil.rmtree(self.scratch, ignore_errors=True)

    def _steps(self):
        config = {"base_url": "${url}", "bearer_token": TOKEN, **self.row.get("config", {})}
        steps = [{"do": "client_new", "config": config}] if self.row.get("client", True) else []
        if self.row.get("devbox"):
            steps.append({"do": "devbox_create"})
        steps += self.row["steps"]
        if self.row.get("devbox"):
            steps.append({"do": "devbox_shutdown"})
        for number, step in enumerate(steps):
            found = self.do(self.filled(step))
            if found:
                raise Wrong(f"step {number} ({step.get('do') or step.get('emulator') or step.get('files')}): " + "; ".join(found))

    def _end(self):
        found = []
        last, status, printed = self.interpreter.finish()
        log = bytes.fromhex(last.pop("log", {}).get("hex", "")).decode(errors="replace")
        if last != {"live_handles": 0}:
            found.append(f"at the end: {last}")
        if self.server and self.server.requests and not log:
            found.append("the library told nothing of its requests")
        if status != 0 or printed:
            found.append(f"the program ended with {status} and printed {printed!r}")
        found += self._secrets(log)
        if self.server:
            if "requests" in self.row:
                found += judge.request_problems(self.filled(self.row["requests"]), self.server.requests)
            if self.server.unexpected:
                found.append(f"requests without an answer in the row: {self.server.unexpected}")
            if self.server.unused():
                found.append(f"answers that nobody asked for: {self.server.unused()}")
        elif self.emulator:
            for operation, count in self.row.get("journal", {}).items():
                seen = self.emulator.count(operation)
                found += judge.problems(count, seen, operation)
            left = self.emulator.left(self.row.get("patience", 10))
            if left:
                found.append(f"left at the emulator: {left}")
        return found

    def _secrets(self, log):
        """Secrets that came out in an error's texts or in what the library told, and the token wherever it came out."""
        secrets = self.filled(self.row.get("secrets", []))
        found = ["the API key came out"] if any(TOKEN.encode() in line for line in self.interpreter.said) else []
        found += [f"the secret {secret!r} is in the log" for secret in [*secrets, TOKEN] if secret in log]
        for line in self.interpreter.said:
            error = json.loads(line).get("error", {})
            for secret in secrets:
                found += [f"the secret {secret!r} is in the error's {key}" for key in ("message", "cause", "code", "text") if secret in str(error.get(key))]
        return found


def timed(row):
    """What is wrong with a row, and how many seconds it took."""
    started = time.monotonic()
    return row.run(), time.monotonic() - started


def run_language(language, program, rows):
    """What is wrong with each row, by its name, and how many seconds it took."""
    emulator = Emulator(os.environ["RUNLOOP_EMULATOR"], "--check-answers") if any("emulator" in row for row in rows) else None
    try:
        return {row["name"]: timed(Row(row, language, program, emulator)) for row in rows}
    finally:
        if emulator:
            emulator.stop()


def read_rows(files):
    rows = [row for file in files for row in json.loads(file.read_text())]
    names = [row["name"] for row in rows]
    if len(set(names)) != len(names):
        sys.exit(f"two rows of one name: {sorted(name for name in set(names) if names.count(name) > 1)}")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--times", action="store_true")
    parser.add_argument("--wrong", type=pathlib.Path)
    parser.add_argument("languages", nargs="+", metavar="LANGUAGE=PROGRAM")
    arguments = parser.parse_args()
    rows = read_rows([arguments.wrong] if arguments.wrong else sorted((HERE / "rows").glob("*.json")))
    if arguments.only:
        rows = [row for row in rows if arguments.only in row["name"]]
    languages = dict(given.split("=", 1) for given in arguments.languages)
    with concurrent.futures.ThreadPoolExecutor(len(languages)) as pool:
        started = {language: pool.submit(run_language, language, program, rows) for language, program in languages.items()}
        results = {language: future.result() for language, future in started.items()}
    failures = 0
    for row in rows:
        for language in languages:
            found, seconds = results[language][row["name"]]
            if arguments.times:
                print(f"{seconds:6.2f} s {row['name']} in {language}")
            if arguments.wrong:
                if not any(row["fails_with"] in problem for problem in found):
                    failures += 1
                    print(f"NOT NOTICED {row['name']} in {language}: {row['says']}\n    {found}")
            elif found:
                failures += 1
                print(f"FAILED {row['name']} in {language}: {row['says']}")
                for problem in found:
                    print(f"    {problem}")
    print(f"{len(rows)} {'wrong rows' if arguments.wrong else 'behaviours'} in {len(languages)} languages, {failures} failures")
    sys.exit(1 if failures or not rows else 0)


if __name__ == "__main__":
    main()
