"""Whether what an interpreter answered is what a row expects: one judge for all languages."""

import json

WORDS = {
    "retryable": ["no", "yes", "unknown"],
    "side_effect": ["none", "happened", "unknown"],
    "outcome": ["unknown", "exited", "signalled", "timed_out", "output_incomplete"],
}


def content(wanted):
    """Bytes that a row names: a text, {"hex": …}, or {"text": …, "times": …}."""
    if isinstance(wanted, str):
        return wanted.encode()
    if "hex" in wanted:
        return bytes.fromhex(wanted["hex"])
    return wanted["text"].encode() * wanted["times"]


def at(value, pointer):
    """What is at a JSON Pointer; None where there is nothing."""
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(token)] if token.isdigit() and int(token) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(token)
        else:
            return None
    return value


def shown(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def plain(key, value):
    """An answer's member as rows write it."""
    if isinstance(value, dict) and set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if key == "status" and isinstance(value, str):
        return value.removeprefix("RUNLOOP_").lower()
    if key in WORDS and isinstance(value, int):
        return WORDS[key][value]
    return value


def text_of(value):
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


MATCHERS = {
    "has": lambda wanted, found: all(part in text_of(found) for part in ([wanted] if isinstance(wanted, str) else wanted)),
    "has_not": lambda wanted, found: not any(part in text_of(found) for part in ([wanted] if isinstance(wanted, str) else wanted)),
    "starts": lambda wanted, found: text_of(found).startswith(wanted),
    "at_least": lambda wanted, found: isinstance(found, (int, float)) and found >= wanted,
    "at_most": lambda wanted, found: isinstance(found, (int, float)) and found <= wanted,
    "one_of": lambda wanted, found: found in wanted,
    "not": lambda wanted, found: found != wanted,
    "bytes": lambda wanted, found: isinstance(found, bytes) and len(found) == wanted,
}


def problems(wanted, found, place="", key=""):
    """What is wrong, as sentences; none if all is right."""
    found = plain(key, found)
    if isinstance(wanted, dict) and wanted and set(wanted) <= set(MATCHERS):
        return [f"{place}: {shown(found)}, not {name} {shown(argument)}" for name, argument in wanted.items() if not MATCHERS[name](argument, found)]
    if isinstance(found, bytes):
        if found == content(wanted):
            return []
        return [f"{place}: {shown(found)}, not {shown(content(wanted))}"]
    if isinstance(wanted, dict) and wanted and all(name.startswith("/") for name in wanted):
        return [problem for pointer, inner in wanted.items() for problem in problems(inner, at(found, pointer), place + pointer)]
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [problem for name, inner in wanted.items() for problem in problems(inner, found.get(name), f"{place}.{name}", name)]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [problem for index, inner in enumerate(wanted) for problem in problems(inner, found[index], f"{place}[{index}]")]
    if type(wanted) is not type(found) and {type(wanted), type(found)} != {int, float} or wanted != found:
        return [f"{place}: {shown(found)}, not {shown(wanted)}"]
    return []


def step_problems(expected, answer):
    """What is wrong with the answer to a step."""
    for gap, words in (("unknown", "knows no operation"), ("unread", "knows no argument"), ("missing", "has no handle")):
        if gap in answer:
            return [f"this language {words} {answer[gap]!r}"]
    found = problems(expected, answer)
    if "error" in answer and "error" not in expected:
        error = answer["error"]
        found.insert(0, f"failed: {error.get('status')}: {error.get('message')}")
    return found


def with_json(given, body):
    try:
        given["json"] = json.loads(body)
    except ValueError:
        given["json"] = None
    return given


def request_problems(expected, requests):
    """What is wrong with the requests that a scripted server has seen."""
    seen = [f"{request['method']} {request['path']}" for request in requests]
    if isinstance(expected, int):
        return [] if len(requests) == expected else [f"{len(requests)} requests, not {expected}: {seen}"]
    if len(expected) != len(requests):
        return [f"{len(requests)} requests, not {len(expected)}: {seen}"]
    found = []
    for index, (wanted, request) in enumerate(zip(expected, requests)):
        place = f"request {index}"
        if isinstance(wanted, str):
            wanted = {"line": wanted}
        given = {"line": seen[index], "headers": request["headers"], "body": {"hex": request["body"].hex()}}
        found += problems({key: inner for key, inner in wanted.items() if key != "json_is"}, with_json(given, request["body"]), place)
        if "json_is" in wanted and wanted["json_is"] != given["json"]:
            found.append(f"{place}: the body is {shown(given['json'])}, not {shown(wanted['json_is'])}")
    return found
