# quickstart.py: the library from Python by ctypes, which needs its binary interface alone.
#
#     RUNLOOP_LIBRARY=/usr/local/lib/librunloop.so.0 RUNLOOP_API_KEY=... python3 quickstart.py
#
# It prints:
#     devbox dbx_… is running
#     line 1
#     line 2
#     exit code 3
#     hello.txt holds: Hello from Python.
#     devbox dbx_… is shut down, handles left: 0
import ctypes as c, os

lib = c.CDLL(os.environ.get("RUNLOOP_LIBRARY", "librunloop.so.0"))
for name in ("error_message", "devbox_id", "bytes_data"):
    getattr(lib, "runloop_" + name).restype = c.c_char_p
lib.runloop_live_handles.restype = c.c_size_t
OUTPUT = c.CFUNCTYPE(c.c_int32, c.c_void_p, c.c_int32, c.POINTER(c.c_char), c.c_size_t)


class ExecOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("working_directory", c.c_char_p), ("environment", c.c_void_p),
                ("user", c.c_char_p), ("timeout_ms", c.c_int64), ("max_output_bytes", c.c_int64),
                ("on_stdout", OUTPUT), ("on_stderr", OUTPUT), ("on_output", OUTPUT), ("user_data", c.c_void_p)]


def call(name, *arguments):
    error = c.c_void_p()
    if getattr(lib, "runloop_" + name)(*arguments, c.byref(error)):
        message = lib.runloop_error_message(error).decode()
        lib.runloop_error_free(error)
        raise RuntimeError(message)


def give(name, *arguments):
    handle = c.c_void_p()
    call(name, *arguments, c.byref(handle))
    return handle


def show(user_data, stream, data, length):
    print(c.string_at(data, length).decode(), end="")
    return 0


client = give("client_new", None)
devbox = give("devbox_create", client, None, None)
identifier = lib.runloop_devbox_id(devbox).decode()
print(f"devbox {identifier} is running")
live = ExecOptions(struct_size=c.sizeof(ExecOptions), on_output=OUTPUT(show))
result = give("devbox_exec", devbox, b"echo line 1; echo line 2; exit 3", c.byref(live), None)
print("exit code", lib.runloop_exec_result_exit_code(result))
call("devbox_write_file", devbox, b"hello.txt", b"Hello from Python.\n", c.c_size_t(19), None)
content = give("devbox_read_file", devbox, b"hello.txt", None)
print("hello.txt holds:", lib.runloop_bytes_data(content).decode(), end="")
call("devbox_shutdown", devbox, None, None)
for kind, handle in (("bytes", content), ("exec_result", result), ("devbox", devbox), ("client", client)):
    getattr(lib, f"runloop_{kind}_free")(handle)
print(f"devbox {identifier} is shut down, handles left: {lib.runloop_live_handles(None)}")
