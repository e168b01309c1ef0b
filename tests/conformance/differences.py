"""Where the library's requests differ from the official SDK's on purpose."""

ALL = {
    "one-round-trip": "a command without output functions is sent to execute, which answers with the result of a quick one, "
    "instead of execute_async and a wait",
    "create-tag": "a create that is waited for carries the metadata librunloop_create_id, by which what was made is found where "
    "its id did not come back",
    "absent-null": "an upload without metadata or ttl leaves them out, where the official SDK sends null",
    "hold": "a wait asks for the time that it has left, at most 25 s, where the official SDK asks for its own number",
    "empty-body": "no parameters are no body, without a content type, where the official SDK names one or sends an empty object",
    "confirmed-end": "the end of a stream is told from an interruption by asking for the execution",
    "streams-go-on": "a stream of events that ends for no reason is opened again, where the official SDK takes it for the end",
    "events-are-asked-for": "the watch for evictions accepts text/event-stream, without which the service has answered with nothing",
    "one-page": "a list of secrets without a limit asks for as many as the API gives at most, since it gives one page",
}

TAGGED = ("devboxes.create", "devboxes.create_and_await_running", "devboxes.snapshot_disk_async", "blueprints.create", "objects.create")


def settle(name, official, ours, used):
    """The two recordings without their differences on purpose; notes which there were."""

    def note(what):
        used.add(what)

    for request in ours:
        body = request["body"]
        if request["operation"] in TAGGED and isinstance(body, dict):
            metadata = body.get("metadata")
            if isinstance(metadata, dict) and metadata.pop("librunloop_create_id", None):
                note("create-tag")
    if name in ("axon_subscribe", "eviction_watch") and len(ours) > len(official):
        note("streams-go-on")
        ours = ours[: len(official)]
    for theirs, request in zip(official, ours):
        a, b = theirs["body"], request["body"]
        if name.startswith("object_upload") and request["operation"] == "objects.create":
            for key in ("metadata", "ttl_ms"):
                if key in a and a[key] is None and not b.get(key):
                    note("absent-null")
                    a.pop(key)
                    b.pop(key, None)
        for body in (a, b):
            # A set, which the official SDK sends in any order.
            if isinstance(body, dict) and isinstance(body.get("statuses"), list):
                body["statuses"].sort()
        if name == "eviction_watch" and request["headers"].get("accept") == "text/event-stream" != theirs["headers"].get("accept"):
            note("events-are-asked-for")
            theirs["headers"]["accept"] = "text/event-stream"
        if name == "secret_list" and not theirs["query"] and request["query"] == [("limit", "5000")]:
            note("one-page")
            request["query"] = []
        tagged = request["operation"] in TAGGED and isinstance(a, dict) and isinstance(b, dict)
        if tagged and not a.get("metadata") and b.get("metadata") == {}:
            # Made for the tag alone.
            b.pop("metadata")
            a.pop("metadata", None)
        if isinstance(a, dict) and isinstance(b, dict) and a.get("timeout_seconds") != b.get("timeout_seconds"):
            note("hold")
            a["timeout_seconds"] = b["timeout_seconds"]
        if a in (None, {}) and b is None:
            if a != b or "content-type" in theirs["headers"]:
                note("empty-body")
            theirs["body"] = None
            theirs["headers"].pop("content-type", None)
    if name == "devbox_exec":
        expected = official[0]["body"]["command"]
        if [r["operation"] for r in ours] == ["devboxes.execute"] and ours[0]["body"]["command"] == expected:
            note("one-round-trip")
            return [], []
    if name == "devbox_exec_output":
        extra = [request for request in ours if request["operation"] == "executions.retrieve"]
        if extra:
            note("confirmed-end")
            ours = [request for request in ours if request not in extra]
        # Both streams are opened at once.
        official, ours = (sorted(requests, key=lambda request: request["operation"]) for requests in (official, ours))
    return official, ours
