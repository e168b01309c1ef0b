#include "shim.h"
#include "_cgo_export.h"

runloop_go_call *runloop_go_call_new(void)
{
    static const runloop_go_call initial = {RUNLOOP_CALL_OPTIONS_INIT, RUNLOOP_EXEC_OPTIONS_INIT, RUNLOOP_SOURCE_INIT,
                                            RUNLOOP_SINK_INIT, RUNLOOP_TREE_OPTIONS_INIT};
    runloop_go_call *call = malloc(sizeof *call);
    if (call) *call = initial;
    return call;
}

static int32_t progress(void *user_data, int64_t done, int64_t total)
{
    return runloopGoProgress((uintptr_t)user_data, done, total);
}

static int32_t output(void *user_data, int32_t stream, const char *data, size_t length)
{
    return runloopGoOutput((uintptr_t)user_data, stream, (char *)data, length);
}

static int64_t read_some(void *user_data, char *buffer, size_t capacity)
{
    return runloopGoRead((uintptr_t)user_data, buffer, capacity);
}

static int32_t write_some(void *user_data, const char *data, size_t length)
{
    return runloopGoWrite((uintptr_t)user_data, (char *)data, length);
}

static void skipped(void *user_data, const char *path, const char *reason)
{
    runloopGoSkipped((uintptr_t)user_data, (char *)path, (char *)reason);
}

static int32_t build_log(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    return runloopGoBuildLog((uintptr_t)user_data, timestamp_ms, (char *)level, (char *)message);
}

/* Whether what this thread tells is dropped. */
static _Thread_local int32_t muted;

static void log_line(void *user_data, int32_t level, const char *message)
{
    if (!muted) runloopGoLog((uintptr_t)user_data, level, (char *)message);
}

void runloop_go_log_mute(int32_t on)
{
    muted = on;
}

void runloop_go_set_progress(runloop_go_call *call, uintptr_t callbacks)
{
    call->options.progress = progress;
    call->options.progress_data = (void *)callbacks;
}

void runloop_go_set_output(runloop_go_call *call, uintptr_t callbacks, int32_t which)
{
    if (which == (RUNLOOP_STDOUT | RUNLOOP_STDERR)) call->exec.on_output = output;
    if (which == RUNLOOP_STDOUT) call->exec.on_stdout = output;
    if (which == RUNLOOP_STDERR) call->exec.on_stderr = output;
    call->exec.user_data = (void *)callbacks;
}

void runloop_go_set_read(runloop_go_call *call, uintptr_t callbacks, int64_t length)
{
    call->source.read = read_some;
    call->source.length = length;
    call->source.user_data = (void *)callbacks;
}

void runloop_go_set_write(runloop_go_call *call, uintptr_t callbacks)
{
    call->sink.write = write_some;
    call->sink.user_data = (void *)callbacks;
}

void runloop_go_set_skipped(runloop_go_call *call, uintptr_t callbacks)
{
    call->tree.on_skipped = skipped;
    call->tree.user_data = (void *)callbacks;
}

int32_t runloop_go_blueprint_create(const runloop_client *client, const runloop_params *params, uintptr_t callbacks,
                                    const runloop_call_options *opts, runloop_blueprint **blueprint, runloop_error **error)
{
    return runloop_blueprint_create(client, params, callbacks ? build_log : NULL, (void *)callbacks, opts, blueprint, error);
}

int32_t runloop_go_blueprint_await_build_complete(const runloop_blueprint *blueprint, uintptr_t callbacks,
                                                  const runloop_call_options *opts, runloop_value **info,
                                                  runloop_error **error)
{
    return runloop_blueprint_await_build_complete(blueprint, callbacks ? build_log : NULL, (void *)callbacks, opts, info, error);
}

int32_t runloop_go_log_set(uintptr_t logger, int32_t level, runloop_error **error)
{
    return runloop_log_set(level == RUNLOOP_LOG_OFF ? NULL : log_line, (void *)logger, level, error);
}

int32_t runloop_go_abi_check(runloop_error **error)
{
    return runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), error);
}
