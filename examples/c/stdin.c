/* stdin.c: a command that is talked to: its input, its end of input, Ctrl-C.
 *
 * It prints:
 *
 *     the shell says: 42
 *     the shell says: 1099511627776
 *     the shell exited with 0
 *     interrupted, it exited with 130
 */
#include "check.h"

#include <string.h>

/* Reads a line, which may come in several pieces; they are few here. */
static void read_line(runloop_output_stream *stream, char *line, size_t size)
{
    size_t used = 0;
    runloop_error *error = NULL;
    do {
        int32_t which;
        const char *data;
        size_t length;
        check(runloop_output_stream_next(stream, NULL, &which, &data, &length, &error), &error);
        if (which == 0 || used + length >= size)
            break;
        memcpy(line + used, data, length);
        used += length;
    } while (used == 0 || line[used - 1] != '\n');
    line[used] = 0;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    /* Input can be sent to a command that was started with attach_stdin. */
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.attach_stdin = 1;
    runloop_execution *shell = NULL;
    check(runloop_devbox_exec_async(devbox, "while read -r line; do echo \"$((line))\"; done", &exec, NULL, &shell, &error), &error);
    runloop_output_stream *answers = NULL;
    check(runloop_execution_stream(shell, RUNLOOP_STDOUT, NULL, &answers, &error), &error);

    char line[128];
    check(runloop_execution_send_stdin(shell, "6 * 7\n", NULL, &error), &error);
    read_line(answers, line, sizeof line);
    printf("the shell says: %s", line);
    check(runloop_execution_send_stdin(shell, "2 ** 40\n", NULL, &error), &error);
    read_line(answers, line, sizeof line);
    printf("the shell says: %s", line);
    runloop_output_stream_free(answers);

    /* The end of its input: the loop ends, and with it the command. */
    check(runloop_execution_close_stdin(shell, NULL, &error), &error);
    runloop_exec_result *result = NULL;
    check(runloop_execution_result(shell, NULL, &result, &error), &error);
    printf("the shell exited with %d\n", (int)runloop_exec_result_exit_code(result));
    runloop_exec_result_free(result);
    runloop_execution_free(shell);

    /* What Ctrl-C would do. */
    runloop_execution *sleeper = NULL;
    check(runloop_devbox_exec_async(devbox, "trap 'exit 130' INT; echo ready; while :; do sleep 0.1; done", &exec, NULL, &sleeper,
                                    &error), &error);
    check(runloop_execution_stream(sleeper, RUNLOOP_STDOUT, NULL, &answers, &error), &error);
    read_line(answers, line, sizeof line);
    runloop_output_stream_free(answers);
    check(runloop_execution_interrupt(sleeper, NULL, &error), &error);
    check(runloop_execution_result(sleeper, NULL, &result, &error), &error);
    printf("interrupted, it exited with %d\n", (int)runloop_exec_result_exit_code(result));
    runloop_exec_result_free(result);
    runloop_execution_free(sleeper);

    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
