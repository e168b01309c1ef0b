"""One client in one scenario: client.py official|library SCENARIO URL. What it has seen is printed as JSON."""

import contextlib
import importlib
import json
import logging
import os
import sys
import tempfile

MEGABYTE = 2**20


def greatest_memory():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))


def connects():
    """How many connects there were, as connects.c has noted them."""
    return os.path.getsize(os.environ["COMPARE_CONNECTS"])


class Told(dict):
    """What a client has told; the members that a scenario does not touch are as here."""

    def __init__(self):
        super().__init__(error="", causes="", pieces=[], late=0, exit_code=None, threads=0, side_effect="", timed_out=False, grown=0, url="")


def main():
    kind, name, url = sys.argv[1:]
    # The error is told by its own words; what is logged as well is for whoever reads the log.
    logging.disable()
    told = Told()
    client = importlib.import_module(kind)
    with contextlib.ExitStack() as stack:
        if name == "upload":
            file = stack.enter_context(tempfile.NamedTemporaryFile())
            for _ in range(64):
                file.write(os.urandom(MEGABYTE))
            file.flush()
            told["path"] = file.name
        client.run(name, url, told)
    told["connects"] = connects()
    print(json.dumps(told), flush=True)
    # Threads that have outlived their call are told of; they are not waited for.
    os._exit(0)


if __name__ == "__main__":
    main()
