/* Callers of one handle of whom the first waits for the network: whoever waits for him ends by his own bounds, and goes on where the
 * first has given up; whoever needs no turn waits for nobody. */

#include "scripted.h"

#include <pthread.h>

#define STREAM "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n"
#define NO_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
#define TRUNCATED                                                                                                                       \
    "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":0,\"stdout\":\"cd\\n\",\"stderr\":\"e\"," \
    "\"stdout_truncated\":true,\"stderr_truncated\":false}"

/* A call that waits for its turn, or for the network. */
struct caller {
    int32_t (*call)(const runloop_call_options *options);
    runloop_call_options options;
    int32_t expected;
    pthread_t thread;
};

static runloop_devbox_cursor *cursor;
static runloop_exec_result *result;
static runloop_execution *execution;
static runloop_cancel *of_the_first, *of_the_second;

static int32_t next_item(const runloop_call_options *options)
{
    runloop_devbox *devbox = NULL;
    int32_t status = runloop_devbox_cursor_next(cursor, options, &devbox, NULL, E);
    CHECK((devbox != NULL) == (status == RUNLOOP_OK));
    runloop_devbox_free(devbox);
    return status;
}

static int32_t output(const runloop_call_options *options)
{
    runloop_bytes *bytes = NULL;
    int32_t status = runloop_exec_result_stdout(result, 0, options, &bytes, E);
    if (status == RUNLOOP_OK) CHECK_OUTPUT(bytes, "ab\ncd\n");
    return status;
}

static int32_t input(const runloop_call_options *options)
{
    return runloop_execution_send_stdin(execution, "text", options, E);
}

static void *make_call(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    CHECK_STATUS(caller->call(&caller->options), caller->expected);
    forget_error();
    return NULL;
}

static void begin_call(struct caller *caller, int32_t (*call)(const runloop_call_options *), const runloop_cancel *cancel, int32_t expected)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    caller->call = call;
    caller->options = options;
    caller->options.cancel = cancel;
    caller->expected = expected;
    CHECK(!pthread_create(&caller->thread, NULL, make_call, caller));
}

static void make_handles(void)
{
    runloop_devbox *devbox;
    OK(runloop_cancel_new(&of_the_first, E));
    OK(runloop_cancel_new(&of_the_second, E));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    answer(TRUNCATED);
    OK(runloop_devbox_exec(devbox, "talk", NULL, NULL, &result, E));
    runloop_devbox_free(devbox);
}

static void free_handles(void)
{
    runloop_exec_result_free(result);
    runloop_execution_free(execution);
    runloop_devbox_cursor_free(cursor);
    runloop_cancel_free(of_the_first);
    runloop_cancel_free(of_the_second);
}

/* The request of the first is at a server that does not answer. */
static void begin_first(struct caller *first, int32_t (*call)(const runloop_call_options *), int32_t expected)
{
    int before = script_requests(server);
    script_add(server, call == output ? STREAM "data: {\"output\":\"ab\\n\",\"offset\":0}\n\n" : NO_ANSWER, SCRIPT_HOLD);
    begin_call(first, call, of_the_first, expected);
    EVENTUALLY(script_requests(server) == before + 1);
}

static void by_ones_own_bounds(int32_t (*call)(const runloop_call_options *))
{
    struct caller first, second;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_bytes *bytes;
    int before;
    make_handles();
    begin_first(&first, call, RUNLOOP_CANCELLED);
    before = script_requests(server);
    options.deadline_ms = 300;
    CHECK_STATUS(call(&options), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    begin_call(&second, call, of_the_second, RUNLOOP_CANCELLED);
    OK(runloop_cancel_trigger(of_the_second, E));
    CHECK(!pthread_join(second.thread, NULL));
    /* What is here, and the other output, wait for nobody. */
    if (call == output) {
        OK(runloop_exec_result_stderr(result, 0, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, "e");
        CHECK_INT(runloop_exec_result_exit_code(result), 0);
    }
    CHECK_INT(script_requests(server), before);
    OK(runloop_cancel_trigger(of_the_first, E));
    CHECK(!pthread_join(first.thread, NULL));
    free_handles();
}

/* The first gives up; the next in turn makes the request of its own. */
static void the_next_in_turn(int32_t (*call)(const runloop_call_options *))
{
    struct caller first, second;
    make_handles();
    begin_first(&first, call, RUNLOOP_CANCELLED);
    if (call == next_item) answer("{\"devboxes\":[{\"id\":\"dbx_1\"}]}");
    if (call == input) answer("{\"success\":true}");
    if (call == output) {
        script_add(server, STREAM "data: {\"output\":\"ab\\n\",\"offset\":0}\n\ndata: {\"output\":\"cd\\n\",\"offset\":3}\n\n", SCRIPT_CLOSE);
        answer(TRUNCATED);
        script_add(server, STREAM, SCRIPT_CLOSE);
    }
    begin_call(&second, call, of_the_second, RUNLOOP_OK);
    OK(runloop_cancel_trigger(of_the_first, E));
    CHECK(!pthread_join(first.thread, NULL));
    CHECK(!pthread_join(second.thread, NULL));
    free_handles();
}

/* Both end where the client is closed. */
static void closing(int32_t (*call)(const runloop_call_options *))
{
    struct caller first, second;
    make_handles();
    begin_first(&first, call, RUNLOOP_CLOSED);
    begin_call(&second, call, of_the_second, RUNLOOP_CLOSED);
    OK(runloop_client_close(client, E));
    CHECK(!pthread_join(first.thread, NULL));
    CHECK(!pthread_join(second.thread, NULL));
    free_handles();
}

/* ---- what holds no turn ---- */

static int32_t wait_for_devbox(const runloop_call_options *options)
{
    runloop_devbox *devbox;
    runloop_value *info = NULL;
    int32_t status;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    status = runloop_devbox_await_running(devbox, options, &info, E);
    runloop_value_free(info);
    runloop_devbox_free(devbox);
    return status;
}

static int32_t wait_for_command(const runloop_call_options *options)
{
    runloop_exec_result *own = NULL;
    return runloop_execution_result(execution, options, &own, E);
}

/* A wait is not in the way of other calls on its handle. */
static void beside_a_wait(int32_t (*call)(const runloop_call_options *))
{
    struct caller first;
    runloop_value *state;
    make_handles();
    begin_first(&first, call, RUNLOOP_CANCELLED);
    answer("{\"success\":true}");
    OK(input(NULL));
    answer("{\"execution_id\":\"exec_1\",\"status\":\"running\"}");
    OK(runloop_execution_get_state(execution, NULL, &state, E));
    runloop_value_free(state);
    answer("{\"devboxes\":[{\"id\":\"dbx_1\"}]}");
    OK(next_item(NULL));
    OK(runloop_cancel_trigger(of_the_first, E));
    CHECK(!pthread_join(first.thread, NULL));
    free_handles();
}

static int called;

/* On the thread of the call whose output it is: every handle can be used. */
static int32_t use_handles(void *user_data, int32_t stream, const char *data, size_t length)
{
    runloop_value *state;
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    if (called++) return 0;
    OK(input(NULL));
    OK(runloop_execution_get_state(execution, NULL, &state, E));
    runloop_value_free(state);
    OK(next_item(NULL));
    OK(output(NULL));
    return 0;
}

static void within_a_callback(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *own;
    runloop_execution *started;
    runloop_devbox *devbox;
    make_handles();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    exec.on_stdout = use_handles;
    answer("{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_devbox_exec_async(devbox, "talk", &exec, NULL, &started, E));
    script_add(server, STREAM "data: {\"output\":\"ab\\n\",\"offset\":0}\n\ndata: {\"output\":\"cd\\n\",\"offset\":3}\n\n", SCRIPT_CLOSE);
    /* Of the callback. */
    answer("{\"success\":true}");
    answer("{\"execution_id\":\"exec_1\",\"status\":\"running\"}");
    answer("{\"devboxes\":[{\"id\":\"dbx_1\"}]}");
    script_add(server, STREAM "data: {\"output\":\"ab\\n\",\"offset\":0}\n\ndata: {\"output\":\"cd\\n\",\"offset\":3}\n\n", SCRIPT_CLOSE);
    answer(TRUNCATED);
    script_add(server, STREAM, SCRIPT_CLOSE);
    /* Of the call. */
    answer(TRUNCATED);
    script_add(server, STREAM, SCRIPT_CLOSE);
    OK(runloop_execution_result(started, NULL, &own, E));
    CHECK(called >= 1);
    CHECK_INT(runloop_exec_result_outcome(own), RUNLOOP_OUTCOME_EXITED);
    runloop_exec_result_free(own);
    runloop_execution_free(started);
    runloop_devbox_free(devbox);
    free_handles();
}

int main(void)
{
    int32_t (*const calls[])(const runloop_call_options *) = {next_item, output, input};
    int i;
    begin("test_turns");
    for (i = 0; i < 3; i++) {
        scripted_start();
        by_ones_own_bounds(calls[i]);
        the_next_in_turn(calls[i]);
        closing(calls[i]);
        scripted_stop();
    }
    group("who waits for another's page, output or input ends by his own bounds, or goes on behind him");
    scripted_start();
    beside_a_wait(wait_for_devbox);
    beside_a_wait(wait_for_command);
    within_a_callback();
    scripted_stop();
    group("a wait and a callback are in nobody's way");
    return finish();
}
