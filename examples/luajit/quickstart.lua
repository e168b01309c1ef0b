-- quickstart.lua: the library from LuaJIT, whose ffi reads declarations as the header has them.
--
--     RUNLOOP_LIBRARY=/usr/local/lib/librunloop.so.0 RUNLOOP_API_KEY=... luajit quickstart.lua
--
-- It prints:
--     devbox dbx_… is running
--     line 1
--     line 2
--     exit code 3
--     hello.txt holds: Hello from Lua.
--     devbox dbx_… is shut down, handles left: 0
local ffi = require("ffi")
ffi.cdef [[
int32_t runloop_client_new(const void *config, void **client, void **error);
int32_t runloop_devbox_create(void *client, const void *params, const void *opts, void **devbox, void **error);
int32_t runloop_devbox_exec(void *devbox, const char *command, const void *exec, const void *opts, void **result, void **error);
int32_t runloop_exec_result_stdout(void *result, int64_t last_n, const void *opts, void **output, void **error);
int32_t runloop_devbox_write_file(void *devbox, const char *path, const char *data, size_t length, const void *opts, void **error);
int32_t runloop_devbox_read_file(void *devbox, const char *path, const void *opts, void **contents, void **error);
int32_t runloop_devbox_shutdown(void *devbox, const void *opts, void **view, void **error);
int32_t runloop_exec_result_exit_code(void *result);
const char *runloop_devbox_id(void *devbox);
const char *runloop_bytes_data(void *bytes);
size_t runloop_bytes_length(void *bytes); const char *runloop_error_message(void *error);
size_t runloop_live_handles(const char *kind);
void runloop_error_free(void *); void runloop_bytes_free(void *); void runloop_exec_result_free(void *);
void runloop_devbox_free(void *); void runloop_client_free(void *);
]]
local lib = ffi.load(os.getenv("RUNLOOP_LIBRARY") or "librunloop.so.0")

local function call(name, ...)
    local place, count = ffi.new("void *[1]"), select("#", ...)
    local arguments = { ... }
    arguments[count + 1] = place
    if lib["runloop_" .. name](unpack(arguments, 1, count + 1)) ~= 0 then
        error(ffi.string(lib.runloop_error_message(ffi.gc(place[0], lib.runloop_error_free))))
    end
end
local function give(free, name, ...) -- Lua's collector frees what was given.
    local place, count = ffi.new("void *[1]"), select("#", ...)
    local arguments = { ... }
    arguments[count + 1] = place
    call(name, unpack(arguments, 1, count + 1))
    return ffi.gc(place[0], lib["runloop_" .. free .. "_free"])
end
local function text(bytes) return ffi.string(lib.runloop_bytes_data(bytes), lib.runloop_bytes_length(bytes)) end
local client = give("client", "client_new", nil)
local devbox = give("devbox", "devbox_create", client, nil, nil)
local id = ffi.string(lib.runloop_devbox_id(devbox))
print("devbox " .. id .. " is running")
local result = give("exec_result", "devbox_exec", devbox, "echo line 1; echo line 2; exit 3", nil, nil)
io.write(text(give("bytes", "exec_result_stdout", result, 0, nil)))
print("exit code " .. lib.runloop_exec_result_exit_code(result))
call("devbox_write_file", devbox, "hello.txt", "Hello from Lua.\n", 16, nil)
io.write("hello.txt holds: " .. text(give("bytes", "devbox_read_file", devbox, "hello.txt", nil)))
call("devbox_shutdown", devbox, nil, nil)
client, devbox, result = nil, nil, nil
collectgarbage()
print("devbox " .. id .. " is shut down, handles left: " .. tonumber(lib.runloop_live_handles(nil)))
