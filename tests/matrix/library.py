"""The library through its binary interface."""

import ctypes as c
import os

HANDLE = c.c_void_p
OUTPUT = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int32, c.POINTER(c.c_char), c.c_size_t)
PROGRESS = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int64, c.c_int64)
LOG = c.CFUNCTYPE(None, c.c_void_p, c.c_int32, c.c_char_p)

lib = c.CDLL(os.environ["RUNLOOP_LIBRARY"])
for name in ("error_message", "error_code", "error_cause", "error_resource_id", "devbox_id", "execution_id", "status_name", "object_id"):
    getattr(lib, "runloop_" + name).restype = c.c_char_p
lib.runloop_error_body.restype = c.c_char_p
lib.runloop_error_retry_after_ms.restype = c.c_int64
lib.runloop_bytes_data.restype = c.c_void_p
lib.runloop_bytes_length.restype = c.c_size_t
lib.runloop_value_json.restype = c.c_char_p
lib.runloop_live_handles.restype = c.c_size_t

SIDE_EFFECTS = {0: "none", 1: "happened", 2: "unknown"}
RETRYABLE = {0: "no", 1: "yes", 2: "unknown"}


class CallOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("timeout_ms", c.c_int64), ("deadline_ms", c.c_int64), ("poll_timeout_ms", c.c_int64),
                ("poll_interval_ms", c.c_int64), ("max_retries", c.c_int32), ("keep_on_failure", c.c_int32),
                ("idempotency_key", c.c_char_p), ("extra_headers", HANDLE), ("extra_query", HANDLE), ("extra_body", HANDLE),
                ("cancel", HANDLE), ("progress", HANDLE), ("progress_data", c.c_void_p)]


class ExecOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("working_directory", c.c_char_p), ("environment", c.c_void_p), ("user", c.c_char_p),
                ("timeout_ms", c.c_int64), ("max_output_bytes", c.c_int64), ("on_stdout", HANDLE), ("on_stderr", HANDLE),
                ("on_output", OUTPUT), ("user_data", c.c_void_p), ("attach_stdin", c.c_int32), ("reserved", c.c_int32)]


class Source(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("path", c.c_char_p), ("data", c.c_char_p), ("length", c.c_int64), ("read", HANDLE),
                ("user_data", c.c_void_p), ("fd", c.c_int32), ("reserved", c.c_int32)]


class Failed(Exception):
    """A call that has failed, with what its error says."""

    def __init__(self, error):
        text = lambda name: (getattr(lib, "runloop_error_" + name)(error) or b"").decode()
        self.status = lib.runloop_status_name(lib.runloop_error_status(error)).decode().removeprefix("RUNLOOP_")
        self.message = text("message")
        self.cause = text("cause")
        self.resource = text("resource_id")
        self.http_status = lib.runloop_error_http_status(error)
        self.side_effect = SIDE_EFFECTS[lib.runloop_error_side_effect(error)]
        self.retryable = RETRYABLE[lib.runloop_error_retryable(error)]
        self.attempts = lib.runloop_error_attempts(error)
        self.retry_after_ms = lib.runloop_error_retry_after_ms(error)
        lib.runloop_error_free(error)
        super().__init__(self.message)


def call(name, *arguments):
    error = HANDLE()
    if getattr(lib, "runloop_" + name)(*arguments, c.byref(error)):
        raise Failed(error)


def give(name, *arguments):
    """The handle that a call gives by its last argument but one."""
    handle = HANDLE()
    call(name, *arguments, c.byref(handle))
    return handle


def free(kind, handle):
    getattr(lib, f"runloop_{kind}_free")(handle)


def text_of(value):
    """A value as JSON text; it is freed."""
    text = lib.runloop_value_json(value, None)
    free("value", value)
    return text.decode()


def content_of(handle):
    """The content of bytes; they are freed."""
    content = c.string_at(lib.runloop_bytes_data(handle), lib.runloop_bytes_length(handle))
    free("bytes", handle)
    return content


def params(text):
    data = text.encode()
    return give("params_from_json", data, c.c_size_t(len(data)))


def source(data):
    return Source(struct_size=c.sizeof(Source), data=data, length=len(data), fd=-1)


def options(**wanted):
    return CallOptions(struct_size=c.sizeof(CallOptions), **wanted)


KINDS = ("client", "config", "params", "value", "bytes", "error", "cancel", "devbox", "devbox_cursor", "execution", "exec_result",
         "output_stream", "object", "axon", "event_stream")


def live_handles():
    """How many handles are live, by kind; empty where none is."""
    counts = {kind: lib.runloop_live_handles(kind.encode()) for kind in KINDS}
    return {kind: count for kind, count in counts.items() if count} or ({"others": lib.runloop_live_handles(None)} if lib.runloop_live_handles(None) else {})
