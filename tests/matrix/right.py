"""What is right for a cell, by what the operation is and what is true of the fault; nothing here knows the library's code."""

import dataclasses

ANY = None
ONCE = ("once", "create")


@dataclasses.dataclass
class Right:
    """What may be seen: the statuses, the side effects and the words on a retry of an error, how often the service did it."""

    statuses: set
    side_effects: set
    retryable: set
    done: range
    # The reason, in words.
    why: str


def right_for(operation, fault, for_ever):
    right = _right_for(operation, fault, for_ever)
    if operation.behind and right.side_effects:
        right.side_effects |= {"unknown", "happened"}
        right.retryable = ANY
        # A command whose output cannot be had has ended all the same.
        right.statuses.add("INCOMPLETE")
    if operation.own and fault and not for_ever:
        if fault.arrival == "answered":
            right.statuses.add("OK")
        if fault.arrival == "refused by its state":
            right.statuses |= fault.statuses
    if operation.looks and fault and (fault.forwards or not for_ever) and (fault.arrival in ("lost", "answered") or fault.http_status == 302):
        right.statuses.add("OK")
        right.done = ANY
    return right


def _right_for(operation, fault, for_ever):
    kind = operation.kind
    once = kind in ONCE
    changes = kind != "reads"
    well = Right({"OK"}, set(), set(), range(1, 2) if once else range(0, 100), "the call goes on")
    if fault is None or fault.arrival == "whole":
        return well
    if not for_ever:
        if fault.arrival in ("never", "refused"):
            return well
        if fault.arrival == "lost" and not once:
            return well
        if fault.arrival == "answered" and (operation.waits or not once and breaks_off(fault)):
            return well
        if fault.arrival == "refused by its state" and not once:
            return well
    if fault.arrival == "answered" and not operation.json_matters:
        if fault.empty:
            return well
        if "PROTOCOL" in fault.statuses and not fault.page:
            # Success is what its status says, whatever else it says.
            return Right({"OK", "PROTOCOL"}, {"unknown", "happened"}, ANY, well.done, "it has been done")
        if operation.storage and not (fault.page and for_ever):
            return well
    waits_out = {"DEADLINE", "WAIT_TIMED_OUT"} if operation.waits else set()
    if fault.arrival == "never":
        return Right({*fault.statuses, *waits_out}, {"none"}, ANY, range(0, 1), "nothing has reached the service")
    if fault.arrival == "refused":
        # Of a 5xx nobody knows, even if it asks for another attempt.
        told = {"none", "unknown"} if fault.http_status >= 500 and changes else {"none"}
        return Right({*fault.statuses, *waits_out}, told, {"yes", "unknown"}, range(0, 1), "the service has refused it")
    if fault.arrival == "refused for good":
        # A redirect is somebody else's answer.
        if fault.http_status < 400:
            told = {"none", "unknown"} if changes else {"none"}
            # What is harmless is asked for again, where the service itself has answered before.
            again = {"OK"} if not once and not for_ever else set()
            return Right({*fault.statuses, *waits_out, *again}, told, ANY, well.done if again else range(0, 1), "the service did not say it")
        return Right({*fault.statuses}, {"none"}, {"no", "unknown"}, range(0, 1), "the service does not want it")
    if fault.arrival == "refused by its state":
        return Right({*fault.statuses, *waits_out}, {"none"}, ANY, range(0, 1), "the service cannot do it now")
    if not changes:
        return Right({*fault.statuses, *waits_out}, {"none"}, ANY, range(0, 100), "nothing is changed by asking")
    told = {"unknown"} if fault.arrival == "lost" else {"unknown", "happened"}
    return Right({*fault.statuses}, told, {"no", "unknown"} if once else ANY, range(0, 2) if once else range(0, 100),
                 "it may have had its effect")


def breaks_off(fault):
    """Whether the fault ends an answer before its end, so that what is harmless is asked for again."""
    return bool(fault.statuses & {"BROKEN", "TIMEOUT"}) and "PROTOCOL" not in fault.statuses
