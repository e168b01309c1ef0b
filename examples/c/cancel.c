/* cancel.c: calls that end early: by a deadline, by another thread, by a command's own timeout.
 *
 *     cc cancel.c -o cancel -pthread $(pkg-config --cflags --libs runloop)
 *
 * It prints:
 *
 *     after half a second: RUNLOOP_DEADLINE
 *     from another thread: RUNLOOP_CANCELLED
 *     the command itself: printed "begun", and was killed
 *     left running in the devbox: 0
 */
#include "check.h"

#include <pthread.h>
#include <string.h>

static int32_t begun(void *user_data, int32_t stream, const char *data, size_t length)
{
    pthread_mutex_unlock(user_data);
    (void)stream, (void)data, (void)length;
    return 0;
}

struct other_thread {
    pthread_mutex_t wait;
    runloop_cancel *cancel;
};

static void *cancel_it(void *argument)
{
    struct other_thread *other = argument;
    pthread_mutex_lock(&other->wait); /* until the command has begun */
    runloop_error *error = NULL;
    check(runloop_cancel_trigger(other->cancel, &error), &error);
    return NULL;
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);
    runloop_exec_result *result = NULL;

    /* A deadline is for the whole call, with all its attempts, pauses and waits. */
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.deadline_ms = 500;
    int32_t status = runloop_devbox_exec(devbox, "sleep 1000", NULL, &options, &result, &error);
    printf("after half a second: %s\n", runloop_status_name(status));
    runloop_error_free(error);

    /* A token ends every call that was given it, from any thread, within 100 ms. The command, which
     * the call owned, is killed behind it. */
    struct other_thread other = {PTHREAD_MUTEX_INITIALIZER, NULL};
    check(runloop_cancel_new(&other.cancel, &error), &error);
    pthread_mutex_lock(&other.wait);
    pthread_t thread;
    pthread_create(&thread, NULL, cancel_it, &other);
    options = (runloop_call_options)RUNLOOP_CALL_OPTIONS_INIT;
    options.cancel = other.cancel;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.on_output = begun;
    exec.user_data = &other.wait;
    status = runloop_devbox_exec(devbox, "echo begun; sleep 1000", &exec, &options, &result, &error);
    printf("from another thread: %s\n", runloop_status_name(status));
    runloop_error_free(error);
    pthread_join(thread, NULL);
    runloop_cancel_free(other.cancel);

    /* A command's own timeout is another thing: the call succeeds, and its result says what came of
     * the command: all that it had printed is there. */
    exec = (runloop_exec_options)RUNLOOP_EXEC_OPTIONS_INIT;
    exec.timeout_ms = 500;
    check(runloop_devbox_exec(devbox, "echo begun; sleep 1000 & sleep 1000", &exec, NULL, &result, &error), &error);
    runloop_bytes *output = NULL;
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf("the command itself: printed \"%.5s\", and was %s\n", runloop_bytes_data(output),
           runloop_exec_result_outcome(result) == RUNLOOP_OUTCOME_TIMED_OUT ? "killed" : "not killed");
    runloop_bytes_free(output);
    runloop_exec_result_free(result);

    /* What a call had begun is undone behind it: wait for that, and nothing is left. */
    check(runloop_devbox_exec(devbox, "for i in $(seq 50); do pgrep -x sleep >/dev/null || break; sleep 0.1; done; pgrep -cx sleep",
                              NULL, NULL, &result, &error), &error);
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf("left running in the devbox: %s", runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);

    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return 0;
}
