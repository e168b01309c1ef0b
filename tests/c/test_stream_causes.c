/* Streams that their deadline ends, or that are given up, while a gateway or a broken network stands in their way: the error says what the
 * last failure was, with its HTTP status and how often it was tried. */

#include "scripted.h"

#include <sys/resource.h>

#define EVENTS "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
#define MANY 200
#define BREAK 4

static runloop_devbox *devbox;
static runloop_execution *execution;

/* What stands in the way, and a part of what is said of it. */
static const struct {
    const char *name, *bytes;
    enum script_end end;
    int http;
    const char *cause;
} ways[] = {
    {"502", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 13\r\n\r\n{\"message\":1}", SCRIPT_CLOSE, 502, "HTTP 502"},
    {"429", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 19\r\n\r\n{\"message\":\"slow\"}\n", SCRIPT_CLOSE, 429, "slow"},
    {"page", "HTTP/1.1 503 Unavailable\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", SCRIPT_CLOSE, 503, "web page"},
    {"page as a good answer", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", SCRIPT_CLOSE, 200,
     "not a stream of events"},
    {"break", EVENTS "Content-Length: 100\r\n\r\n", SCRIPT_RESET, 0, "broke"},
    {"no answer", "", SCRIPT_RESET, 0, "broke"},
};

static void start(void)
{
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    answer("{\"id\":\"dbx_1\",\"status\":\"running\"}");
    {
        runloop_value *value;
        OK(runloop_devbox_get_info(devbox, NULL, &value, E));
        runloop_value_free(value);
    }
}

static void stop(void)
{
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    scripted_stop();
}

static void in_the_way(size_t way)
{
    int i;
    for (i = 0; i < MANY; i++) script_add(server, ways[way].bytes, ways[way].end);
}

/* A deadline that two attempts fit into, whatever the machine is busy with: called again with longer ones until that is so. */
static int64_t longer(int64_t deadline)
{
    return deadline < 60000 && runloop_error_attempts(last_error()) < 2 ? deadline * 2 : 0;
}

static void check_told(size_t way, const char *cause)
{
    if (!cause || !strstr(cause, ways[way].cause))
        fail_at(__FILE__, __LINE__, "%s: the cause is \"%s\" of \"%s\"", ways[way].name, cause ? cause : "(none)", last_message());
    if (runloop_error_http_status(last_error()) != ways[way].http)
        fail_at(__FILE__, __LINE__, "%s: the status is %d", ways[way].name, runloop_error_http_status(last_error()));
    if (runloop_error_attempts(last_error()) < 2)
        fail_at(__FILE__, __LINE__, "%s: attempts: %d", ways[way].name, (int)runloop_error_attempts(last_error()));
}

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    return 0;
}

static void by_deadline(void)
{
    size_t way;
    for (way = 0; way < sizeof ways / sizeof *ways; way++) {
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_output_stream *output;
        runloop_event_stream *events;
        runloop_exec_result *result;
        runloop_axon *axon;
        const char *piece;
        size_t length;
        runloop_value *event;
        int32_t from;
        int64_t deadline;
        int by_patience;
        start();
        OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &output, E));
        for (deadline = 500; deadline; deadline = longer(deadline)) {
            in_the_way(way);
            options.deadline_ms = deadline;
            CHECK_STATUS(runloop_output_stream_next(output, &options, &from, &piece, &length, E), RUNLOOP_DEADLINE);
        }
        check_told(way, runloop_error_cause(last_error()));
        CHECK_TEXT(runloop_error_resource_id(last_error()), "exec_1");
        CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
        runloop_output_stream_free(output);
        stop();
        start();
        OK(runloop_axon_from_id(client, "axn_1", &axon, E));
        OK(runloop_axon_subscribe(axon, 0, NULL, &events, E));
        for (deadline = 500; deadline; deadline = longer(deadline)) {
            in_the_way(way);
            options.deadline_ms = deadline;
            CHECK_STATUS(runloop_event_stream_next(events, &options, &event, E), RUNLOOP_DEADLINE);
        }
        check_told(way, runloop_error_cause(last_error()));
        CHECK_TEXT(runloop_error_resource_id(last_error()), "axn_1");
        runloop_event_stream_free(events);
        runloop_axon_free(axon);
        stop();
        /* The same within a call that runs a command to its end, which its own patience may end too. */
        exec.on_stdout = ignore;
        for (by_patience = 0; by_patience < 2; by_patience++) {
            for (deadline = 500; deadline; deadline = longer(deadline)) {
                start();
                answer("{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
                in_the_way(way);
                options.deadline_ms = by_patience ? 0 : deadline;
                options.poll_timeout_ms = by_patience ? deadline : 0;
                CHECK_STATUS(runloop_devbox_exec(devbox, "make", &exec, &options, &result, E),
                             by_patience ? RUNLOOP_WAIT_TIMED_OUT : RUNLOOP_DEADLINE);
                stop();
            }
            check_told(way, runloop_error_cause(last_error()));
        }
    }
    group("a deadline in the midst of it: streams of output and of events, and commands with output functions");
}

static void given_up(void)
{
    runloop_output_stream *output;
    const char *piece;
    size_t length;
    int32_t from;
    int i;
    start();
    in_the_way(BREAK);
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &output, E));
    CHECK_STATUS(runloop_output_stream_next(output, NULL, &from, &piece, &length, E), RUNLOOP_BROKEN);
    check_told(BREAK, last_message());
    CHECK_HAS(last_message(), "attempts were made");
    runloop_output_stream_free(output);
    stop();
    /* A clean end, and a gateway that answers where the command is asked for. */
    start();
    for (i = 0; i < MANY; i++) {
        script_add(server, EVENTS "Content-Length: 0\r\n\r\n", SCRIPT_CLOSE);
        script_answer(server, 404, "Content-Type: text/html\r\nx-should-retry: false\r\n", "<html>");
    }
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &output, E));
    CHECK_STATUS(runloop_output_stream_next(output, NULL, &from, &piece, &length, E), RUNLOOP_BROKEN);
    CHECK_HAS(runloop_error_cause(last_error()), "web page");
    CHECK_INT(runloop_error_http_status(last_error()), 404);
    runloop_output_stream_free(output);
    stop();
    group("given up after many openings");
}

static void no_descriptor(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_output_stream *output;
    struct rlimit before, none;
    const char *piece;
        size_t length;
    int32_t from, status;
    int64_t deadline;
    start();
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &output, E));
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    none = before;
    none.rlim_cur = 3;
    for (deadline = 500; deadline; deadline = longer(deadline)) {
        options.deadline_ms = deadline;
        CHECK(!setrlimit(RLIMIT_NOFILE, &none));
        status = runloop_output_stream_next(output, &options, &from, &piece, &length, E);
        CHECK(!setrlimit(RLIMIT_NOFILE, &before));
        CHECK_INT(status, RUNLOOP_DEADLINE);
    }
    CHECK_HAS(runloop_error_cause(last_error()), "RLIMIT_NOFILE");
    CHECK(runloop_error_attempts(last_error()) >= 2);
    runloop_output_stream_free(output);
    stop();
    group("no descriptor for a connection");
}

/* A download that breaks, and then is not answered any more. */
static void downloads(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_bytes *bytes;
    runloop_object *object;
    char url[200];
    int i;
    int64_t deadline;
    for (deadline = 500; deadline; deadline = longer(deadline)) {
        options.deadline_ms = deadline;
        start();
        script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nab", SCRIPT_RESET);
        script_add(server, "", SCRIPT_HOLD);
        CHECK_STATUS(runloop_devbox_download_file(devbox, "/f", NULL, &options, &bytes, E), RUNLOOP_DEADLINE);
        stop();
    }
    CHECK_HAS(runloop_error_cause(last_error()), "broke");
    CHECK(runloop_error_attempts(last_error()) >= 2);
    for (deadline = 500; deadline; deadline = longer(deadline)) {
        options.deadline_ms = deadline;
        start();
        snprintf(url, sizeof url, "{\"download_url\":\"%s/content\"}", script_url(server));
        script_answer(server, 200, "", url);
        script_add(server, "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 100\r\n\r\n", SCRIPT_RESET);
        for (i = 0; i < MANY; i++) script_answer(server, 502, "", "{\"message\":\"no server\"}");
        OK(runloop_object_from_id(client, "obj_1", &object, E));
        CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, &options, &bytes, E), RUNLOOP_DEADLINE);
        runloop_object_free(object);
        stop();
    }
    CHECK_HAS(runloop_error_cause(last_error()), "no server");
    CHECK_INT(runloop_error_http_status(last_error()), 502);
    CHECK(runloop_error_attempts(last_error()) >= 2);
    group("downloads");
}

int main(void)
{
    begin("stream_causes");
    by_deadline();
    given_up();
    no_descriptor();
    downloads();
    return finish();
}
