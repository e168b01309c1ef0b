#!/usr/bin/env python3
"""The same calls by the official SDK and by the library, recorded by a server, must be the same
requests. What differs on purpose stands in differences.py, with its reason."""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from urllib.parse import parse_qsl, unquote

from runloop_api_client.sdk import RunloopSDK

import differences
import noun_cases  # noqa: F401 (adds to CASES)
from cases import CASES
from recorder import Recorder

PROGRAM = sys.argv[1]
ONLY = sys.argv[2:]
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


def by_official(recorder, call, params):
    with RunloopSDK(bearer_token="key", base_url=recorder.url, max_retries=0) as sdk:
        call(sdk, json.loads(json.dumps(params)))
    return [normal(request) for request in recorder.take()]


def by_library(recorder, name, params):
    environment = {**os.environ, "RUNLOOP_BASE_URL": recorder.url, "RUNLOOP_API_KEY": "key"}
    done = subprocess.run([PROGRAM, name, json.dumps(params)], env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"{name} {params}: the library's call failed: {done.stdout}{done.stderr}")
    return [normal(request) for request in recorder.take()]


def main():
    recorder = Recorder()
    failed = compared = 0
    used = set()
    for name, number, params, call in CASES:
        if ONLY and name not in ONLY:
            continue
        official = by_official(recorder, call, params)
        ours = by_library(recorder, name, params)
        assert official, f"{name}: the official SDK has sent nothing"
        official, ours = differences.settle(name, official, ours, used)
        compared += 1
        if official == ours:
            continue
        failed += 1
        print(f"FAILED {name}, variant {number}: {json.dumps(params)}")
        for who, requests in (("official", official), ("library", ours)):
            for request in requests:
                print(f"  {who:9}{json.dumps(request, ensure_ascii=False)}")
    unused = set(differences.ALL) - used
    if unused and not ONLY:
        failed += 1
        print(f"FAILED: differences that no case has: {', '.join(sorted(unused))}")
    print(f"{compared} calls compared, {failed} different")
    for name in sorted(used):
        print(f"  on purpose: {name}: {differences.ALL[name]}")
    return 1 if failed else 0


sys.exit(main())
