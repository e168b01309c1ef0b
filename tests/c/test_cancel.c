/* A token triggered in another thread ends whatever a call waits for; nothing is left behind. */

#include "harness.h"

#include <pthread.h>
#include <unistd.h>

/* Each call would take so long at least if it were left alone, and end otherwise. */
enum { NATURAL_SECONDS = 1000 };

static runloop_client *client;
static runloop_devbox *devbox;
static runloop_cancel *cancel;

typedef int32_t call_fn(const runloop_call_options *options);
typedef int under_way_fn(void);

struct trigger {
    under_way_fn *under_way;
};

static void *trigger_later(void *argument)
{
    struct trigger *trigger = (struct trigger *)argument;
    EVENTUALLY(trigger->under_way());
    OK(runloop_cancel_trigger(cancel, E));
    OK(runloop_cancel_trigger(cancel, E)); /* once more changes nothing */
    forget_error();
    return NULL;
}

static void cancelled(const char *what, call_fn *call, under_way_fn *under_way)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    struct trigger trigger;
    pthread_t thread;
    trigger.under_way = under_way;
    OK(runloop_cancel_new(&cancel, E));
    options.cancel = cancel;
    options.poll_timeout_ms = 1000 * NATURAL_SECONDS;
    journal_clear();
    CHECK(!pthread_create(&thread, NULL, trigger_later, &trigger));
    CHECK_STATUS(call(&options), RUNLOOP_CANCELLED);
    pthread_join(thread, NULL);
    /* A token that was triggered stays so: no request is made. */
    CHECK_STATUS(runloop_devbox_keep_alive(devbox, &options, E), RUNLOOP_CANCELLED);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(journal_count("devboxes.keep_alive"), 0);
    runloop_cancel_free(cancel);
    group(what);
}

/* ---- what is cancelled ---- */

static int32_t create(const runloop_call_options *options)
{
    runloop_devbox *made = (runloop_devbox *)1;
    int32_t status = runloop_devbox_create(client, NULL, options, &made, E);
    CHECK(made == NULL);
    return status;
}

static int creating(void)
{
    return devboxes_left() == 2;
}

static int32_t await(const runloop_call_options *options)
{
    runloop_devbox *other;
    int32_t status;
    OK(runloop_devbox_create_async(client, NULL, NULL, &other, E));
    status = runloop_devbox_await_running(other, options, NULL, E);
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_devbox_id(other));
    CHECK_INT(runloop_error_status(last_error()), status);
    /* A wait has not made the devbox: it stays. */
    CHECK_INT(devboxes_left(), 2);
    {
        runloop_error *kept = NULL;
        CHECK_INT(runloop_devbox_shutdown(other, NULL, NULL, &kept), RUNLOOP_OK);
    }
    runloop_devbox_free(other);
    return status;
}

static int waiting(void)
{
    return journal_count("devboxes.wait_for_status") > 0;
}

static int32_t exec(const runloop_call_options *options)
{
    runloop_exec_result *result = (runloop_exec_result *)1;
    int32_t status = runloop_devbox_exec(devbox, "sleep 1000 & sleep 1000; sleep 1000", NULL, options, &result, E);
    CHECK(result == NULL);
    return status;
}

static int sleeping(void)
{
    return process_left("sleep 1000");
}

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream, (void)data, (void)length;
    return 0;
}

static int32_t exec_with_output(const runloop_call_options *options)
{
    runloop_exec_options with = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    with.on_output = ignore;
    return runloop_devbox_exec(devbox, "echo begun; sleep 1000", &with, options, &result, E);
}

static runloop_execution *execution;

static int32_t result(const runloop_call_options *options)
{
    runloop_exec_result *end;
    return runloop_execution_result(execution, options, &end, E);
}

static int asked_for_the_end(void)
{
    return journal_count("devboxes.wait_for_command") > 0;
}

static int32_t stream_read(const runloop_call_options *options)
{
    runloop_output_stream *stream;
    const char *data;
    size_t length;
    int32_t which, status;
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    OK(runloop_output_stream_next(stream, NULL, &which, &data, &length, E));
    CHECK(length == 6 && !memcmp(data, "begun\n", 6));
    status = runloop_output_stream_next(stream, options, &which, &data, &length, E);
    /* The stream is as it was. */
    {
        runloop_call_options brief = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_error *late = NULL;
        brief.deadline_ms = 20;
        CHECK_INT(runloop_output_stream_next(stream, &brief, &which, &data, &length, &late), RUNLOOP_DEADLINE);
        runloop_error_free(late);
    }
    runloop_output_stream_free(stream);
    return status;
}

static int streaming(void)
{
    usleep(100000); /* the first piece is read at once */
    return journal_count("executions.stream_stdout_updates") > 0;
}

static int32_t retry_pause(const runloop_call_options *options)
{
    runloop_value *info;
    int32_t status;
    fault("devboxes.retrieve", 0, 1, "{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after\":\"50\"}}");
    status = runloop_devbox_get_info(devbox, options, &info, E);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    faults_clear();
    journal_clear();
    return status;
}

static int faulted(void)
{
    return faults_fired() > 0;
}

static int32_t silent_answer(const runloop_call_options *options)
{
    runloop_value *info;
    int32_t status;
    fault("devboxes.retrieve", 0, 1, "{\"type\":\"stall\"}");
    status = runloop_devbox_get_info(devbox, options, &info, E);
    faults_clear();
    journal_clear();
    return status;
}

static int32_t half_a_download(const runloop_call_options *options)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    int32_t status;
    CHECK_INT(run(devbox, "head -c 3000000 /dev/zero >big", NULL, NULL), 0);
    fault("devboxes.download_file", 0, 1, "{\"type\":\"stall_after\",\"after_bytes\":1000000}");
    sink.path = temporary("half");
    status = runloop_devbox_download_file(devbox, "big", &sink, options, NULL, E);
    CHECK(access(sink.path, F_OK) != 0);
    faults_clear();
    journal_clear();
    return status;
}

static int32_t half_an_upload(const runloop_call_options *options)
{
    static char data[3000000];
    runloop_source source = RUNLOOP_SOURCE_INIT;
    int32_t status;
    source.data = data;
    source.length = sizeof data;
    fault("devboxes.upload_file", 0, 1, "{\"type\":\"stall\"}");
    status = runloop_devbox_upload_file(devbox, "never", &source, options, E);
    faults_clear();
    journal_clear();
    return status;
}

/* ---- what is left ---- */

static void lost_answer(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    struct trigger trigger;
    runloop_devbox *made;
    pthread_t thread;
    settings("{\"never_running\":true}");
    trigger.under_way = creating;
    OK(runloop_cancel_new(&cancel, E));
    options.cancel = cancel;
    options.keep_on_failure = 1;
    CHECK(!pthread_create(&thread, NULL, trigger_later, &trigger));
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &made, E), RUNLOOP_CANCELLED);
    pthread_join(thread, NULL);
    CHECK_INT(devboxes_left(), 2);
    runloop_cancel_free(cancel);
    settings("{\"never_running\":false}");
    /* Kept, as was asked for: the list knows it. */
    {
        runloop_devbox_cursor *cursor;
        runloop_devbox *found;
        OK(runloop_devbox_list(client, NULL, &cursor, E));
        OK(runloop_devbox_cursor_next(cursor, NULL, &found, NULL, E));
        CHECK(found != NULL);
        CHECK(strcmp(runloop_devbox_id(found), runloop_devbox_id(devbox)));
        shut_down_and_free(found);
        runloop_devbox_cursor_free(cursor);
    }
    group("a cancelled create keeps its devbox where that was asked for");
}

int main(void)
{
    begin("test_cancel");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);

    settings("{\"never_running\":true}");
    cancelled("a create", create, creating);
    EVENTUALLY(devboxes_left() == 1);
    cancelled("a wait", await, waiting);
    settings("{\"never_running\":false}");
    CHECK_INT(devboxes_left(), 1);
    lost_answer();

    cancelled("a command", exec, sleeping);
    EVENTUALLY(processes_left() == 0);
    cancelled("a command with output functions", exec_with_output, sleeping);
    EVENTUALLY(processes_left() == 0);

    OK(runloop_devbox_exec_async(devbox, "echo begun; sleep 1000", NULL, NULL, &execution, E));
    cancelled("a wait for a command's end", result, asked_for_the_end);
    cancelled("the read of a stream", stream_read, streaming);
    CHECK(process_left("sleep 1000")); /* neither owned the command */
    OK(runloop_execution_kill(execution, 1, NULL, E));
    runloop_execution_free(execution);

    cancelled("the pause before a retry", retry_pause, faulted);
    cancelled("an answer that does not come", silent_answer, faulted);
    cancelled("half a download", half_a_download, faulted);
    cancelled("an upload", half_an_upload, faulted);

    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
