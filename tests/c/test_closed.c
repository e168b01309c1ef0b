/* The program closes all descriptors, those of the library too, while streams, transfers and clean-ups are under way. Each
 * call ends with a status, later calls start afresh, and everything can be freed. Each case runs in a child. */

#include "closed_descriptors.h"
#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
#define ENDING "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define EVICTION(number) "data: {\"devbox_id\":\"dbx_" number "\",\"eviction_deadline_ms\":1}\n\n"
#define RUNNING "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}"
#define COMPLETED "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":3,\"stdout\":\"abcd\"}"

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;
static int go_on[2];

/* Whether the call has ended as it should: with a status of its own. */
static void ended(const char *what, int32_t status)
{
    if (status == RUNLOOP_INTERNAL_PANIC) fail_at(__FILE__, __LINE__, "%s: %s", what, last_message());
    forget_error();
}

static void end(void)
{
    runloop_value *account;
    /* Later calls are as if nothing had been. */
    OK(runloop_account_me(client, NULL, &account, E));
    runloop_value_free(account);
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    _exit(0);
}

/* ---- the answers of the server, in their order ---- */

static void part(const char *head, const char *events)
{
    char text[1000];
    snprintf(text, sizeof text, "%s%zx\r\n%s\r\n", head, strlen(events), events);
    script_add(server, text, SCRIPT_HOLD);
}

static void account(void)
{
    script_answer(server, 200, "", "{\"id\":\"acc_1\"}");
}

/* Runs a case in a child. The server has had so many requests when `go_on` can be read. */
static void in_a_child(int requests, void (*test)(void), const char *what)
{
    int status;
    pid_t child;
    account();
    CHECK(!pipe(go_on));
    child = fork();
    if (!child) {
        alarm(60);
        client = new_client(script_url(server));
        OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
        test();
        end();
    }
    CHECK(child > 0);
    if (requests) EVENTUALLY(script_requests(server) == requests);
    CHECK_INT(write(go_on[1], "", 1), 1);
    CHECK_INT(waitpid(child, &status, 0), child);
    close(go_on[0]);
    close(go_on[1]);
    if (status) fail_at(__FILE__, __LINE__, "%s: the child ended with the wait status 0x%x", what, status);
    script_stop(server);
    group(what);
}

/* ---- events ---- */

static runloop_event_stream *events;

static void next_event(const char *devbox_id)
{
    runloop_value *event;
    const char *id;
    OK(runloop_event_stream_next(events, NULL, &event, E));
    OK(runloop_value_get_string(event, "/devbox_id", &id, NULL, E));
    CHECK_TEXT(id, devbox_id);
    runloop_value_free(event);
}

static void events_go_on(void)
{
    OK(runloop_eviction_watch(client, NULL, &events, E));
    next_event("dbx_1");
    close_all();
    next_event("dbx_2");
    runloop_event_stream_free(events);
}

static void events_are_freed(void)
{
    OK(runloop_eviction_watch(client, NULL, &events, E));
    next_event("dbx_1");
    close_all();
    runloop_event_stream_free(events);
}

static void *wait_for_an_event(void *unused)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *event = NULL;
    options.deadline_ms = 2000;
    ended("next", runloop_event_stream_next(events, &options, &event, E));
    CHECK(event == NULL);
    return unused;
}

static void events_are_waited_for(void)
{
    pthread_t thread;
    char byte;
    OK(runloop_eviction_watch(client, NULL, &events, E));
    CHECK(!pthread_create(&thread, NULL, wait_for_an_event, NULL));
    CHECK_INT(read(go_on[0], &byte, 1), 1);
    close_all();
    CHECK(!pthread_join(thread, NULL));
    next_event("dbx_2");
    runloop_event_stream_free(events);
}

/* ---- output ---- */

static void next_output(runloop_output_stream *stream, const char *expected)
{
    const char *data;
    size_t length;
    int32_t which;
    OK(runloop_output_stream_next(stream, NULL, &which, &data, &length, E));
    CHECK_INT(length, strlen(expected));
    CHECK(!memcmp(data, expected, length));
}

static void output(int goes_on)
{
    runloop_execution *execution;
    runloop_output_stream *stream;
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    next_output(stream, "ab");
    close_all();
    if (goes_on) next_output(stream, "cd");
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
}

static void output_goes_on(void)
{
    output(1);
}

static void output_is_freed(void)
{
    output(0);
}

/* ---- callbacks that close all descriptors ---- */

static int32_t close_in_output(void *user_data, int32_t stream, const char *data, size_t length)
{
    char *heard = user_data;
    (void)stream;
    if (!*heard) close_all();
    strncat(heard, data, length);
    return 0;
}

static void closed_in_output(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    char heard[100] = "";
    exec.on_stdout = close_in_output;
    exec.user_data = heard;
    OK(runloop_devbox_exec(devbox, "talk", &exec, NULL, &result, E));
    CHECK_TEXT(heard, "abcd");
    CHECK_INT(runloop_exec_result_exit_code(result), 3);
    runloop_exec_result_free(result);
}

static int32_t close_in_write(void *user_data, const char *data, size_t length)
{
    (void)user_data;
    (void)data;
    (void)length;
    close_all();
    return 0;
}

static void closed_in_download(void)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    int32_t status;
    sink.write = close_in_write;
    status = runloop_devbox_download_file(devbox, "/file", &sink, NULL, NULL, E);
    CHECK(status != RUNLOOP_OK && status != RUNLOOP_TIMEOUT);
    ended("download", status);
}

static int64_t close_in_read(void *user_data, char *buffer, size_t capacity)
{
    memset(buffer, 'x', capacity);
    if (++*(int *)user_data == 2) close_all();
    return (int64_t)capacity;
}

static void closed_in_upload(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    int32_t status;
    int calls = 0;
    source.read = close_in_read;
    source.user_data = &calls;
    status = runloop_devbox_upload_file(devbox, "/file", &source, NULL, E);
    CHECK(status != RUNLOOP_OK && status != RUNLOOP_TIMEOUT);
    ended("upload", status);
}

/* ---- clean-ups ---- */

static void clean_up_under_way(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *made = NULL;
    char byte;
    options.deadline_ms = 300;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &made, E), RUNLOOP_DEADLINE);
    CHECK_INT(read(go_on[0], &byte, 1), 1);
    close_all();
}

int main(void)
{
    begin("test_closed");
    if (has_debug_assertions()) {
        group("left out: the library has debug assertions");
        return finish();
    }

    server = script_start();
    part(EVENTS, EVICTION("1"));
    part(EVENTS, EVICTION("2"));
    in_a_child(0, events_go_on, "an open stream of events goes on");
    server = script_start();
    part(EVENTS, EVICTION("1"));
    in_a_child(0, events_are_freed, "an open stream of events is freed");
    server = script_start();
    part(EVENTS, ": a remark\n\n");
    part(EVENTS, EVICTION("2"));
    in_a_child(1, events_are_waited_for, "an event is waited for");

    server = script_start();
    part(EVENTS, "data: {\"output\":\"ab\",\"offset\":0}\n\n");
    part(EVENTS, "data: {\"output\":\"cd\",\"offset\":2}\n\n");
    in_a_child(0, output_goes_on, "an open stream of output goes on");
    server = script_start();
    part(EVENTS, "data: {\"output\":\"ab\",\"offset\":0}\n\n");
    in_a_child(0, output_is_freed, "an open stream of output is freed");

    server = script_start();
    script_answer(server, 200, "", RUNNING);
    part(EVENTS, "data: {\"output\":\"ab\",\"offset\":0}\n\n");
    script_add(server, ENDING "data: {\"output\":\"cd\",\"offset\":2}\n\n", SCRIPT_CLOSE);
    script_answer(server, 200, "", COMPLETED);
    in_a_child(0, closed_in_output, "in an output function");
    server = script_start();
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nabc", SCRIPT_HOLD);
    in_a_child(0, closed_in_download, "in a download's write function");
    /* Its body never ends, so that it gets no answer. */
    server = script_start();
    in_a_child(0, closed_in_upload, "in an upload's read function");

    server = script_start();
    script_add(server, "", SCRIPT_HOLD);
    script_add(server, "", SCRIPT_HOLD);
    in_a_child(2, clean_up_under_way, "a clean-up is under way");
    return finish();
}
