/* Output of a scripted server: events of other kinds, texts that are no text, and streams that break, whose offsets are scarce or
 * odd. What is delivered is right, or it is said that it may not be whole. */

#include "scripted.h"

#include <pthread.h>

#define STREAM "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n"
#define CHUNK "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

static char heard[1024];

static int32_t on_stdout(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    CHECK_INT(stream, RUNLOOP_STDOUT);
    CHECK(strlen(heard) + length < sizeof heard);
    strncat(heard, data, length);
    return 0;
}

static void started(void)
{
    answer("{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
}

/* A stream that ends cleanly, as it does when the command has. */
static void stream_ends(const char *events)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", STREAM, events);
    script_add(server, text, SCRIPT_CLOSE);
}

/* A stream that is cut off behind these events. */
static void stream_breaks(const char *events)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%zx\r\n%s\r\n", CHUNK, strlen(events), events);
    script_add(server, text, SCRIPT_CLOSE);
}

/* The finished command; `more` are further members. */
static void ended(const char *more)
{
    char text[4096];
    snprintf(text, sizeof text, "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":3%s}", more);
    answer(text);
}

/* Runs the command whose answers are scripted. */
static void hears(const char *what, const char *expected, int outcome)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_devbox *devbox;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    exec.on_stdout = on_stdout;
    heard[0] = 0;
    OK(runloop_devbox_exec(devbox, "talk", &exec, NULL, &result, E));
    CHECK_TEXT(heard, expected);
    CHECK_INT(runloop_exec_result_exit_code(result), 3);
    CHECK_INT(runloop_exec_result_outcome(result), outcome);
    runloop_exec_result_free(result);
    runloop_devbox_free(devbox);
    group(what);
}

static void other_events(void)
{
    started();
    stream_ends("event: ping\ndata: {}\n\n"
                ": a remark\n\n"
                "data: {\"output\":\"ab\",\"offset\":0}\n\n"
                "event: progress\ndata: {\"output\":\"not the command's\",\"offset\":2}\n\n"
                "data: {}\n\ndata:\n\ndata: {\"offset\":7}\n\ndata: {\"output\":\"\",\"offset\":2}\n\ndata: {\"output\":null}\n\n"
                "event: message\ndata: {\"output\":\"cd\",\"offset\":2,\"new\":[1]}\n\n");
    ended(",\"stdout\":\"abcd\",\"stdout_truncated\":false");
    hears("events of other kinds, and pieces without output, are passed over", "abcd", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_ends("data: {\"output\":\"ab\",\"offset\":0}\n\ndata: not JSON\n\ndata: {\"output\":\"ef\",\"offset\":4}\n\n");
    ended(",\"stdout\":\"ef\",\"stdout_truncated\":true");
    stream_ends("");
    hears("a piece that cannot be read is not passed over in silence", "abef", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);
}

static void odd_texts(void)
{
    started();
    stream_ends("data: {\"output\":\"a\\ud83d\",\"offset\":0}\n\ndata: {\"output\":\"\\ude00b\",\"offset\":3}\n\n");
    ended(",\"stdout\":\"a\\ud83d\\ude00b\"");
    hears("a character cut by two events is joined", "a\xf0\x9f\x98\x80"
          "b",
          RUNLOOP_OUTCOME_EXITED);

    started();
    stream_ends("data: {\"output\":\"a\\ud83d\",\"offset\":0}\n\ndata: {\"output\":\"b\",\"offset\":2}\n\n");
    ended(",\"stdout\":\"a\\ud83d" "b\"");
    hears("half a character is replaced", "a\xef\xbf\xbd" "b", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"a\\ud83d\",\"offset\":0}\n\n");
    stream_ends("data: {\"output\":\"a\\ud83d\\ude00\",\"offset\":0}\n\n");
    ended(",\"stdout\":\"a\\ud83d\\ude00\"");
    hears("and one cut by the end of a connection", "a\xf0\x9f\x98\x80", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_ends("data: {\"output\":\"ab\\ufffd\",\"offset\":0}\n\ndata: {\"output\":\"\\ufffdcd\",\"offset\":3}\n\n");
    ended(",\"stdout\":\"ab\\u00e4cdef\",\"stdout_truncated\":false");
    stream_ends("");
    stream_ends("");
    hears("what a torn character has hidden is there, and the whole is not called whole", "ab\xef\xbf\xbd\xef\xbf\xbd" "cdef",
          RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);
}

static void scarce_offsets(void)
{
    started();
    stream_breaks("data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"cd\"}\n\n");
    stream_ends("data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"cd\"}\n\n"
                "data: {\"output\":\"ef\",\"offset\":4}\n\ndata: {\"output\":\"gh\"}\n\n");
    ended(",\"stdout\":\"abcdefgh\",\"stdout_truncated\":false");
    hears("offsets on some pieces only, at their beginning", "abcdefgh", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"ab\",\"offset\":2}\n\ndata: {\"output\":\"cd\"}\n\n");
    stream_ends("data: {\"output\":\"cd\",\"offset\":4}\n\ndata: {\"output\":\"ef\"}\n\n");
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    hears("at their end", "abcdef", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"ab\"}\n\ndata: {\"output\":\"cd\"}\n\n");
    stream_ends("data: {\"output\":\"ef\"}\n\n");
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    hears("no offsets at all: lengths are counted, and the answer shows that it is whole", "abcdef", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"ab\"}\n\ndata: {\"output\":\"cd\"}\n\n");
    stream_ends("data: {\"output\":\"abc\"}\n\ndata: {\"output\":\"def\"}\n\n");
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    hears("no offsets, from a server that begins again", "abcdef", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"aaaa\"}\n\n");
    stream_ends("data: {\"output\":\"aaaa\"}\n\n");
    ended(",\"stdout\":\"aaaa\",\"stdout_truncated\":true");
    stream_ends("");
    hears("no offsets, and a text that tells nothing: it is not called whole", "aaaa", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);

    started();
    stream_breaks("data: {\"output\":\"aaaa\",\"offset\":104}\n\ndata: {\"output\":\"aab\\n\"}\n\n");
    stream_ends("data: {\"output\":\"aaaaa\",\"offset\":105}\n\ndata: {\"output\":\"ab\\n\"}\n\n");
    ended(",\"stdout\":\"aaaaaab\\n\",\"stdout_truncated\":false");
    stream_ends("");
    hears("a line feed that came twice is not called whole", "aaaaaab\n\n", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);

    started();
    stream_ends("data: {\"output\":\"ab\\n\",\"offset\":0}\n\n");
    ended(",\"stdout\":\"ab\",\"stdout_truncated\":false");
    hears("an answer without the line feed at the end says nothing against it", "ab\n", RUNLOOP_OUTCOME_EXITED);
}

static void large_first_offset(void)
{
    int opening;
    started();
    stream_breaks("data: {\"output\":\"ab\",\"offset\":100}\n\ndata: {\"output\":\"cd\",\"offset\":102}\n\n");
    stream_ends("data: {\"output\":\"cd\",\"offset\":102}\n\ndata: {\"output\":\"ef\",\"offset\":104}\n\n");
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    hears("a first piece at offset 100, labelled by its first byte", "abcdef", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_breaks("data: {\"output\":\"ab\",\"offset\":102}\n\ndata: {\"output\":\"cd\",\"offset\":104}\n\n");
    stream_ends("data: {\"output\":\"ef\",\"offset\":106}\n\n");
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    hears("and by the byte behind its last", "abcdef", RUNLOOP_OUTCOME_EXITED);

    started();
    stream_ends("data: {\"output\":\"ab\",\"offset\":100}\n\ndata: {\"output\":\"cd\",\"offset\":102}\n\n");
    ended(",\"stdout\":\"the last words\",\"stdout_truncated\":true");
    for (opening = 0; opening < 60; opening++) stream_ends("data: {\"output\":\"cd\",\"offset\":102}\n\n");
    hears("a server that repeats itself for ever is not asked for ever", "abcd", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);
    /* The answers that are left would be the next test's. */
    CHECK(script_requests(server) < 120);
    scripted_stop();
    scripted_start();
}

static void missing_pieces(void)
{
    started();
    stream_ends("data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"ef\",\"offset\":4}\n\n");
    ended(",\"stdout\":\"ef\",\"stdout_truncated\":true");
    stream_ends("");
    hears("what the server leaves out is noticed", "abef", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);
}

/* A pulled stream says so at its end, and stays there. */
static void pulled(void)
{
    runloop_execution *execution;
    runloop_output_stream *stream;
    runloop_devbox *devbox;
    const char *data;
    size_t length;
    int32_t from;
    int again;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    stream_ends("data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"ef\",\"offset\":4}\n\n");
    ended(",\"stdout\":\"ef\",\"stdout_truncated\":true");
    stream_ends("");
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    for (again = 0; again < 2; again++) {
        CHECK_STATUS(runloop_output_stream_next(stream, NULL, &from, &data, &length, E), RUNLOOP_BROKEN);
        CHECK_TEXT(runloop_error_resource_id(last_error()), "exec_1");
        CHECK_HAS(last_message(), "complete");
    }
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    group("a pulled stream ends with an error where it is not whole");
}

/* A connection that is silently dead: the stream is asked anew, and the command asked for. */
static void silence(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_execution *execution;
    runloop_output_stream *stream;
    runloop_devbox *devbox;
    const char *data;
    size_t length;
    int32_t from;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    options.timeout_ms = 2000;
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
    script_add(server, STREAM "data: {\"output\":\"ab\",\"offset\":0}\n\n", SCRIPT_HOLD);
    answer("{\"execution_id\":\"exec_1\",\"status\":\"running\"}");
    script_add(server, STREAM "data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"cd\",\"offset\":2}\n\n", SCRIPT_HOLD);
    ended(",\"stdout\":\"abcdef\",\"stdout_truncated\":false");
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK(length == 2 && !memcmp(data, "ab", 2));
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK(length == 2 && !memcmp(data, "cd", 2));
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK(length == 2 && !memcmp(data, "ef", 2));
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK_INT(from, 0);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    group("a stream that is silent for long is asked anew, and ends with its command");
}

/* A stream that stays open and silent behind a command that has ended, whose answer does not show all of the output. */
static void silence_behind_the_end(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_execution *execution;
    runloop_output_stream *stream;
    runloop_devbox *devbox;
    const char *data;
    size_t length;
    int32_t from;
    int before = script_requests(server), again;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    options.timeout_ms = 2000;
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
    script_add(server, STREAM "data: {\"output\":\"ab\",\"offset\":0}\n\n", SCRIPT_HOLD);
    ended(",\"stdout\":\"cd\",\"stdout_truncated\":true");
    script_add(server, STREAM "data: {\"output\":\"ab\",\"offset\":0}\n\ndata: {\"output\":\"cd\",\"offset\":2}\n\n", SCRIPT_HOLD);
    ended(",\"stdout\":\"cd\",\"stdout_truncated\":true");
    script_add(server, STREAM, SCRIPT_HOLD);
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK(length == 2 && !memcmp(data, "ab", 2));
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK(length == 2 && !memcmp(data, "cd", 2));
    for (again = 0; again < 2; again++) {
        CHECK_STATUS(runloop_output_stream_next(stream, NULL, &from, &data, &length, E), RUNLOOP_BROKEN);
        CHECK_HAS(last_message(), "is not known to be complete");
    }
    CHECK_INT(script_requests(server), before + 5);
    runloop_output_stream_free(stream);

    before = script_requests(server);
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
    script_add(server, STREAM "data: {\"output\":\"ab\",\"offset\":0}\n\n", SCRIPT_HOLD);
    script_answer(server, 404, "", "{\"message\":\"there is no such execution\"}");
    OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
    CHECK_STATUS(runloop_output_stream_next(stream, NULL, &from, &data, &length, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), before + 2);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    group("a stream that stays silent behind the end of its command is given up");
}

/* ---- input ---- */

struct sender {
    const runloop_execution *execution;
    runloop_cancel *cancel;
};

static void *send_first(void *argument)
{
    struct sender *sender = (struct sender *)argument;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.cancel = sender->cancel;
    CHECK_STATUS(runloop_execution_send_stdin(sender->execution, "first", &options, E), RUNLOOP_CANCELLED);
    forget_error();
    return NULL;
}

/* The first text is on its way to a server that does not answer; the second waits for it, within its own bounds. */
static void bounded_turns(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    struct sender sender;
    runloop_execution *execution;
    runloop_devbox *devbox;
    pthread_t thread;
    int before = script_requests(server);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_cancel_new(&sender.cancel, E));
    sender.execution = execution;
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", SCRIPT_HOLD);
    CHECK(!pthread_create(&thread, NULL, send_first, &sender));
    EVENTUALLY(script_requests(server) == before + 1);
    options.deadline_ms = 300;
    CHECK_STATUS(runloop_execution_send_stdin(execution, "second", &options, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(script_requests(server), before + 1);
    OK(runloop_cancel_trigger(sender.cancel, E));
    CHECK(!pthread_join(thread, NULL));
    runloop_cancel_free(sender.cancel);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    group("input that waits for other input keeps to its own deadline");
}

/* The stream is refused, but the finished command holds the output whole. */
static void refused_streams(void)
{
    started();
    script_answer(server, 403, "", "{\"message\":\"no streams here\"}");
    ended(",\"stdout\":\"all of it\",\"stdout_truncated\":false");
    hears("a refused stream: the output is the finished command's", "all of it", RUNLOOP_OUTCOME_EXITED);
    started();
    stream_breaks("data: {\"output\":\"all \",\"offset\":0}\n\n");
    script_answer(server, 403, "", "{\"message\":\"no streams here\"}");
    ended(",\"stdout\":\"all of it\",\"stdout_truncated\":false");
    hears("a stream that is refused later", "all of it", RUNLOOP_OUTCOME_EXITED);
    started();
    stream_breaks("data: {\"output\":\"all \",\"offset\":0}\n\n");
    script_answer(server, 403, "", "{\"message\":\"no streams here\"}");
    ended(",\"stdout\":\"it\",\"stdout_truncated\":true");
    hears("a stream that is refused later, and the end alone", "all ", RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE);
}

/* The command ends while it is about to be killed: its result is its own. */
static void killed_too_late(void)
{
    static const char *const bodies[] = {"{\"message\":\"no such execution runs\"}", "{\"message\":\"it has completed already\"}",
                                         "{\"message\":\"execution is not running\"}"};
    static const int statuses[] = {404, 409, 400};
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_devbox *devbox;
    runloop_bytes *out;
    int i;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    exec.timeout_ms = 300;
    /* At last with an output function, which goes on for as long as output may take to arrive behind a kill. */
    for (i = 0; i < 4; i++) {
        started();
        script_add(server, i < 3 ? "" : STREAM "data: {\"output\":\"do\",\"offset\":0}\n\n", SCRIPT_HOLD);
        /* It still runs when it is looked at. */
        started();
        script_answer(server, statuses[i % 3], "", bodies[i % 3]);
        ended(",\"stdout\":\"done\",\"stdout_truncated\":false");
        heard[0] = 0;
        if (i >= 3) exec.on_stdout = on_stdout;
        OK(runloop_devbox_exec(devbox, "talk", &exec, NULL, &result, E));
        check_sent(0, "GET /v1/devboxes/dbx_1/executions/exec_1", "");
        CHECK_INT(runloop_exec_result_exit_code(result), 3);
        CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_EXITED);
        OK(runloop_exec_result_stdout(result, 0, NULL, &out, E));
        CHECK_OUTPUT(out, "done");
        if (i >= 3) CHECK_TEXT(heard, "done");
        runloop_exec_result_free(result);
    }
    runloop_devbox_free(devbox);
    group("a command that ends before it is killed keeps its result");
}

int main(void)
{
    begin("test_resumed");
    scripted_start();
    other_events();
    odd_texts();
    scarce_offsets();
    large_first_offset();
    missing_pieces();
    pulled();
    silence();
    silence_behind_the_end();
    bounded_turns();
    refused_streams();
    killed_too_late();
    scripted_stop();
    return finish();
}
