/* Commands: results, output as it comes, output that is pulled. */

#include "call.h"
#include "step.h"

#include <stdlib.h>
#include <string.h>

FIND(devbox)
FIND(execution)
KEEP(execution)
FIND(exec_result)
RELEASE(exec_result)
FIND(output_stream)
RELEASE(output_stream)

/* ---- output as it comes ---- */

typedef struct gathered {
    char *data;
    size_t length;
} gathered;

static gathered seen_out, seen_err, both_out, both_err;

static void gather(gathered *into, const char *data, size_t length)
{
    into->data = (char *)realloc(into->data, into->length + length + 1);
    if (!into->data) abort();
    memcpy(into->data + into->length, data, length);
    into->length += length;
}

static void answer_gathered(const char *key, gathered *from)
{
    answer_bytes(key, from->data, from->length);
    free(from->data);
    from->data = NULL;
    from->length = 0;
}

static int32_t on_stdout(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    gather(&seen_out, data, length);
    return called("output");
}

static int32_t on_stderr(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    gather(&seen_err, data, length);
    return called("output");
}

static int32_t on_output(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    gather(stream == RUNLOOP_STDERR ? &both_err : &both_out, data, length);
    return called("output");
}

static const runloop_exec_options *exec_options(void)
{
    static const runloop_exec_options none = RUNLOOP_EXEC_OPTIONS_INIT;
    static runloop_exec_options exec;
    exec = none;
    exec.working_directory = text("/exec/working_directory");
    exec.environment = texts("/exec/environment");
    exec.user = text("/exec/user");
    exec.timeout_ms = number("/exec/timeout_ms", 0);
    exec.max_output_bytes = number("/exec/max_output_bytes", 0);
    exec.attach_stdin = truth("/exec/attach_stdin");
    if (says("/watch", "stdout")) exec.on_stdout = on_stdout;
    if (says("/watch", "stderr")) exec.on_stderr = on_stderr;
    if (says("/watch", "output")) exec.on_output = on_output;
    return &exec;
}

static void answer_watched(void)
{
    if (says("/watch", "stdout")) answer_gathered("on_stdout", &seen_out);
    if (says("/watch", "stderr")) answer_gathered("on_stderr", &seen_err);
    if (says("/watch", "output")) {
        answer_gathered("on_output_stdout", &both_out);
        answer_gathered("on_output_stderr", &both_err);
    }
}

/* ---- results ---- */

static void read_output(runloop_exec_result *result, const char *which)
{
    runloop_bytes *output = NULL;
    runloop_error *error = NULL;
    int out = !strcmp(which, "stdout");
    int32_t status = (out ? runloop_exec_result_stdout : runloop_exec_result_stderr)(result, number("/last_n", 0), NULL, &output,
                                                                                     &error);
    did(status, error);
    answer_owned(which, output);
}

static void answer_result(runloop_exec_result *result)
{
    if (!result) return;
    answer_int("exit_code", runloop_exec_result_exit_code(result));
    answer_int("outcome", runloop_exec_result_outcome(result));
    answer_int("success", runloop_exec_result_success(result));
    answer_text("execution_id", runloop_exec_result_execution_id(result));
    if (says("/read", "stdout")) read_output(result, "stdout");
    if (says("/read", "stderr")) read_output(result, "stderr");
    keep_handle("exec_result", result, NULL, release_exec_result);
}

static void devbox_exec(void)
{
    runloop_exec_result *result = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_devbox_exec(the_devbox(), text("/command"), exec_options(), options(), &result, &error);
    did(status, error);
    answer_watched();
    answer_result(result);
}

static void execution_result(void)
{
    runloop_exec_result *result = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_execution_result(the_execution(), options(), &result, &error);
    did(status, error);
    answer_result(result);
}

BYTES(exec_result_stdout, "stdout",
      runloop_exec_result_stdout(the_exec_result(), number("/last_n", 0), options(), &made, &error))
BYTES(exec_result_stderr, "stderr",
      runloop_exec_result_stderr(the_exec_result(), number("/last_n", 0), options(), &made, &error))
VIEW(exec_result_value, runloop_exec_result_value(the_exec_result(), &value, &error))

/* ---- executions ---- */

GIVE(devbox_exec_async, execution,
     runloop_devbox_exec_async(the_devbox(), text("/command"), exec_options(), options(), &made, &error))
GIVE(execution_attach, execution, runloop_execution_attach(the_devbox(), text("/id"), &made, &error))
VIEW(execution_get_state, runloop_execution_get_state(the_execution(), options(), &value, &error))
DO(execution_send_stdin, runloop_execution_send_stdin(the_execution(), text("/text"), options(), &error))
DO(execution_close_stdin, runloop_execution_close_stdin(the_execution(), options(), &error))
DO(execution_interrupt, runloop_execution_interrupt(the_execution(), options(), &error))
DO(execution_kill, runloop_execution_kill(the_execution(), truth("/process_group"), options(), &error))

/* ---- output that is pulled ---- */

static void execution_stream(void)
{
    runloop_output_stream *stream = NULL;
    runloop_error *error = NULL;
    int32_t which = (says("/which", "stdout") ? RUNLOOP_STDOUT : 0) | (says("/which", "stderr") ? RUNLOOP_STDERR : 0);
    int32_t status = runloop_execution_stream(the_execution(), which, options(), &stream, &error);
    did(status, error);
    if (stream) keep_handle("output_stream", stream, NULL, release_output_stream);
}

/* Reads until the end, or until so many bytes have come. */
static void output_stream_read(void)
{
    runloop_output_stream *stream = the_output_stream();
    runloop_error *error = NULL;
    const runloop_call_options *how = options();
    size_t until = (size_t)number("/until", INT64_MAX);
    int32_t which = RUNLOOP_STDOUT, status = RUNLOOP_OK;
    while (stream && which && seen_out.length + seen_err.length < until) {
        const char *data = NULL;
        size_t length = 0;
        status = runloop_output_stream_next(stream, how, &which, &data, &length, &error);
        if (status) break;
        gather(which == RUNLOOP_STDERR ? &seen_err : &seen_out, data ? data : "", length);
    }
    did(status, error);
    answer_int("ended", !status && !which);
    answer_gathered("stdout", &seen_out);
    answer_gathered("stderr", &seen_err);
}

const operation command_operations[] = {
    {"devbox_exec", devbox_exec},
    {"devbox_exec_async", devbox_exec_async},
    {"execution_attach", execution_attach},
    {"execution_result", execution_result},
    {"execution_get_state", execution_get_state},
    {"execution_send_stdin", execution_send_stdin},
    {"execution_close_stdin", execution_close_stdin},
    {"execution_interrupt", execution_interrupt},
    {"execution_kill", execution_kill},
    {"execution_stream", execution_stream},
    {"output_stream_read", output_stream_read},
    {"exec_result_stdout", exec_result_stdout},
    {"exec_result_stderr", exec_result_stderr},
    {"exec_result_value", exec_result_value},
    {NULL, NULL},
};
