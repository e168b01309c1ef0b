/* streaming.c: a command's output while it is produced, pushed to a function or pulled from a stream.
 *
 * It prints:
 *
 *     pushed: stdout: 1
 *     pushed: stderr: a warning
 *     pushed: stdout: 2
 *     pushed: 14 bytes, and the command exited with 3
 *     pulled: working
 *     pulled: done
 *     kept: 991 992 993 994 995 996 997 998 999 1000
 */
#include "check.h"

#include <string.h>

struct counter {
    size_t bytes;
};

/* Called on the thread that made the call, never after the call has returned. The pieces are not
 * NUL-terminated, and are as long as they happen to come. */
static int32_t pushed(void *user_data, int32_t stream, const char *data, size_t length)
{
    struct counter *counter = user_data;
    counter->bytes += length;
    printf("pushed: %s: %.*s", stream == RUNLOOP_STDERR ? "stderr" : "stdout", (int)length, data);
    return 0;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    /* Pushed: exec calls the function with each piece, and returns when the command has ended. */
    struct counter counter = {0};
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.on_output = pushed; /* or on_stdout and on_stderr apart */
    exec.user_data = &counter;
    runloop_exec_result *result = NULL;
    check(runloop_devbox_exec(devbox, "echo 1; sleep 0.3; echo a warning >&2; sleep 0.3; echo 2; exit 3", &exec, NULL, &result,
                              &error), &error);
    printf("pushed: %zu bytes, and the command exited with %d\n", counter.bytes, (int)runloop_exec_result_exit_code(result));
    runloop_exec_result_free(result);

    /* Pulled: you ask for the next piece when you want one. Whoever reads slowly slows the sender, and
     * memory stays flat, however much the command prints. */
    runloop_execution *execution = NULL;
    check(runloop_devbox_exec_async(devbox, "echo working; sleep 0.3; echo done", NULL, NULL, &execution, &error), &error);
    runloop_output_stream *stream = NULL;
    check(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, &error), &error);
    for (;;) {
        int32_t which;
        const char *data;
        size_t length;
        check(runloop_output_stream_next(stream, NULL, &which, &data, &length, &error), &error);
        if (which == 0)
            break;
        printf("pulled: %.*s", (int)length, data);
    }
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);

    /* Bounded: of a command that prints without end, only the end is kept. */
    exec = (runloop_exec_options)RUNLOOP_EXEC_OPTIONS_INIT;
    exec.max_output_bytes = 64;
    check(runloop_devbox_exec(devbox, "seq 1 1000", &exec, NULL, &result, &error), &error);
    runloop_bytes *output = NULL;
    check(runloop_exec_result_stdout(result, 10, NULL, &output, &error), &error);
    printf("kept:");
    for (const char *at = runloop_bytes_data(output); *at; at += strcspn(at, "\n") + 1)
        printf(" %.*s", (int)strcspn(at, "\n"), at);
    printf("\n");
    runloop_bytes_free(output);
    runloop_exec_result_free(result);

    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
