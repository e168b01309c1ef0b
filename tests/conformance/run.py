#!/usr/bin/env python3
"""The same calls by the official SDK and by the library in C, C++ and Go, recorded by a server, must be the same
requests. What differs on purpose stands in differences.py, with its reason.

    run.py LANGUAGE=PROGRAM … [NAME …]

The programs are those of tests/behaviours: one for each language does the steps of all cases.
"""

import concurrent.futures
import copy
import email
import email.policy
import json
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from runloop_api_client.sdk import RunloopSDK

import differences
import noun_cases  # noqa: F401 (adds to CASES)
from cases import CASES
from recorder import Recorder

sys.path.insert(0, str(Path(__file__).parents[1] / "behaviours"))
from interpreter import Interpreter
from steps import Steps

LANGUAGES = dict(given.split("=", 1) for given in sys.argv[1:] if "=" in given)
ONLY = [given for given in sys.argv[1:] if "=" not in given]
COMPARED_HEADERS = ("authorization", "content-type", "accept", "x-ms-blob-type")
NEVER = ("cookie", "referer", "expect")


def body_of(request):
    kind = dict(request["headers"]).get("content-type", "")
    if kind.startswith("multipart/form-data"):
        message = email.message_from_bytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + request["body"], policy=email.policy.HTTP)
        parts = []
        for part in message.iter_parts():
            disposition = {name: unquote(value) for name, value in part.get_params(header="content-disposition")[1:]}
            parts.append((disposition.get("name"), disposition.get("filename"), part.get_content_type() if disposition.get("filename") is not None else None,
                          part.get_payload(decode=True).decode("utf-8", "backslashreplace")))
        return sorted(parts, key=str)
    if not request["body"]:
        return None
    if kind.startswith("application/json"):
        return json.loads(request["body"])
    return request["body"].decode("latin-1") or None


def normal(request):
    headers = dict(request["headers"])
    kept = {name: headers[name] for name in COMPARED_HEADERS if name in headers}
    if kept.get("content-type", "").startswith("multipart/form-data"):
        kept["content-type"] = "multipart/form-data"
    idempotency = headers.get("x-request-id")
    if idempotency is not None:
        kept["x-request-id"] = "one of its own" if re.fullmatch(r"[\w-]{16,}", idempotency) else idempotency
    for name in NEVER:
        if name in headers:
            kept[name] = headers[name]
    return {
        "method": request["method"],
        "operation": request["operation"],
        "path": request["path"],
        "query": sorted(parse_qsl(request["query"], keep_blank_values=True)),
        "headers": kept,
        "body": body_of(request),
    }


def key_of(number):
    """The API key of a case: by it the recorder knows what belongs to the case."""
    return f"key-{number}"


def by_official(cases):
    recorder = Recorder()
    recorded = []
    for number, case in enumerate(cases):
        recorder.begin(key_of(number))
        with RunloopSDK(bearer_token=key_of(number), base_url=recorder.url, max_retries=0) as sdk:
            case.call(sdk, copy.deepcopy(case.params))
        recorded.append([normal(request) for request in recorder.take()])
        assert recorded[-1], f"{case.name}: the official SDK has sent nothing"
    return recorded


def by_language(language, program, cases):
    recorder = Recorder()
    recorded = []
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        steps = Steps(language, server=recorder)
        steps.interpreter = Interpreter(program, scratch)
        try:
            for number, case in enumerate(cases):
                recorder.begin(key_of(number))
                client = {"do": "client_new", "config": {"base_url": recorder.url, "bearer_token": key_of(number)}}
                for step in (client, *case.steps):
                    if found := steps.do(step):
                        raise SystemExit(f"{case.name} {case.params} in {language}: {step['do']}: {'; '.join(found)}")
                recorded.append([normal(request) for request in recorder.take()])
            last, status, printed = steps.interpreter.finish()
        finally:
            steps.interpreter.kill()
    if status != 0 or printed or last["live_handles"] != 0:
        raise SystemExit(f"the program in {language} ended with {status}, {last['live_handles']} live handles, and printed {printed!r}")
    return recorded


def main():
    cases = [case for case in CASES if not ONLY or case.name in ONLY]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        official = pool.submit(by_official, cases)
        started = {language: pool.submit(by_language, language, program, cases) for language, program in LANGUAGES.items()}
        official = official.result()
        recorded = {language: future.result() for language, future in started.items()}
    failed = compared = 0
    used = set()
    for number, case in enumerate(cases):
        for language in LANGUAGES:
            theirs, ours = differences.settle(case.name, copy.deepcopy(official[number]), recorded[language][number], used)
            compared += 1
            if theirs == ours:
                continue
            failed += 1
            print(f"FAILED {case.name} in {language}, variant {case.number}: {json.dumps(case.params)}")
            for who, requests in (("official", theirs), (language, ours)):
                for request in requests:
                    print(f"  {who:9}{json.dumps(request, ensure_ascii=False)}")
    unused = set(differences.ALL) - used
    if unused and not ONLY:
        failed += 1
        print(f"FAILED: differences that no case has: {', '.join(sorted(unused))}")
    print(f"{compared} calls compared ({len(cases)} in each of {', '.join(LANGUAGES)}), {failed} different")
    for name in sorted(used):
        print(f"  on purpose: {name}: {differences.ALL[name]}")
    return 1 if failed or not compared else 0


sys.exit(main())
