/* quickstart.c: a devbox from C, from its creation to its end.
 *
 *     cc quickstart.c -o quickstart $(pkg-config --cflags --libs runloop)
 *     RUNLOOP_API_KEY=... ./quickstart
 *
 * Without an account: start runloop-emulator, and set RUNLOOP_BASE_URL to the address that it
 * prints and RUNLOOP_API_KEY to anything. `make demo` does all of this.
 */
#include <runloop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every function that can fail returns a status, 0 on success. On failure its last argument
 * receives an error that says what went wrong and what to do; it must be freed. */
static void check(int32_t status, runloop_error **error)
{
    if (status == RUNLOOP_OK)
        return;
    fprintf(stderr, "%s: %s\n", runloop_status_name(status), runloop_error_message(*error));
    runloop_error_free(*error);
    exit(1);
}

/* Gets output as the command produces it, on the thread that made the call. The bytes are not
 * NUL-terminated. Returning something else than 0 would stop the call. */
static int32_t print(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    fwrite(data, 1, length, stream == RUNLOOP_STDERR ? stderr : stdout);
    fflush(stdout);
    return 0;
}

int main(void)
{
    runloop_error *error = NULL;

    /* A client. NULL: the API key and the address come from RUNLOOP_API_KEY and
     * RUNLOOP_BASE_URL. One client serves a whole program, with all its threads. */
    runloop_client *client = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);

    /* What the devbox shall be like is a JSON object, built place by place. */
    runloop_params *params = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_params_set_string(params, "/name", "quickstart", &error), &error);
    check(runloop_params_set_int(params, "/launch_parameters/keep_alive_time_seconds", 600, &error), &error);

    /* Creates the devbox and waits until it runs. */
    runloop_devbox *devbox = NULL;
    check(runloop_devbox_create(client, params, NULL, &devbox, &error), &error);
    runloop_params_free(params);
    printf("devbox %s is running\n", runloop_devbox_id(devbox));

    /* A command, its output as it comes. */
    runloop_exec_options live = RUNLOOP_EXEC_OPTIONS_INIT;
    live.on_output = print;
    runloop_exec_result *result = NULL;
    check(runloop_devbox_exec(devbox, "for i in 1 2 3 4 5; do echo \"line $i of 5\"; sleep 0.4; done",
                              &live, NULL, &result, &error), &error);
    runloop_exec_result_free(result);

    /* A file, written and read back. */
    const char *text = "Hello from C.\n";
    check(runloop_devbox_write_file(devbox, "hello.txt", text, strlen(text), NULL, &error), &error);
    runloop_bytes *contents = NULL;
    check(runloop_devbox_read_file(devbox, "hello.txt", NULL, &contents, &error), &error);
    printf("hello.txt holds: %s", runloop_bytes_data(contents));
    runloop_bytes_free(contents);

    /* A command's output, whole, when it has ended. */
    check(runloop_devbox_exec(devbox, "wc -c < hello.txt", NULL, NULL, &result, &error), &error);
    runloop_bytes *output = NULL;
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf("it has this many bytes: %s", runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);

    /* A command that fails is a result, not an error. */
    check(runloop_devbox_exec(devbox, "ls /no/such/folder", NULL, NULL, &result, &error), &error);
    printf("a failing command exits with %d\n", (int)runloop_exec_result_exit_code(result));
    runloop_exec_result_free(result);

    /* Ends the devbox. Freeing a handle never does: it frees memory alone. */
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    printf("devbox %s is shut down\n", runloop_devbox_id(devbox));
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
