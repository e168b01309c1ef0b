/* Axons: events published and followed, each once, whatever happens to the connection; and SQL. */

#include "memory.h"
#include "scripted.h"

#define HTML "Content-Type: text/html\r\n"
#define STREAM(events) "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n\r\n" events
#define EVENT(number) \
    "data: {\"axon_id\":\"axn_1\",\"event_type\":\"t\",\"origin\":\"USER_EVENT\",\"payload\":\"p" #number "\",\"sequence\":" #number \
    ",\"source\":\"s\",\"timestamp_ms\":1}\n\n"
#define AXON(deleted) "{\"id\":\"axn_1\",\"created_at_ms\":1,\"metadata\":{},\"deleted_at_ms\":" deleted "}"

static runloop_axon *axon;

static void expect_event(runloop_event_stream *stream, long long sequence)
{
    runloop_value *event;
    int64_t number;
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    CHECK(event != NULL);
    OK(runloop_value_get_int(event, "/sequence", &number, E));
    CHECK_INT(number, sequence);
    runloop_value_free(event);
}

static void handled(void)
{
    runloop_params *params = params_of("{\"name\":\"bus\",\"metadata\":{\"a\":\"b\"}}");
    runloop_axon *found;
    runloop_axon_cursor *cursor;
    runloop_value *info;
    answer(AXON("null"));
    OK(runloop_axon_create(client, params, NULL, &axon, E));
    CHECK_TEXT(runloop_axon_id(axon), "axn_1");
    check_sent(0, "POST /v1/axons", "{\"name\":\"bus\",\"metadata\":{\"a\":\"b\"}}");
    CHECK_STATUS(runloop_axon_from_id(client, "", &found, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_axon_from_id(client, "axn_2", &found, E));
    answer(AXON("null"));
    OK(runloop_axon_get_info(found, NULL, &info, E));
    check_answer(info, "/id", "axn_1");
    check_sent(0, "GET /v1/axons/axn_2", "");
    answer(AXON("null"));
    OK(runloop_axon_update(found, params, NULL, &info, E));
    runloop_value_free(info);
    check_sent(0, "POST /v1/axons/axn_2", "{\"name\":\"bus\",\"metadata\":{\"a\":\"b\"}}");
    answer("{}");
    OK(runloop_axon_delete(found, NULL, NULL, E));
    check_sent(0, "DELETE /v1/axons/axn_2", "");
    runloop_axon_free(found);
    runloop_params_free(params);

    OK(runloop_axon_list(client, NULL, &cursor, E));
    answer("{\"axons\":[" AXON("null") "]}");
    OK(runloop_axon_cursor_next(cursor, NULL, &found, NULL, E));
    CHECK_TEXT(runloop_axon_id(found), "axn_1");
    check_sent(0, "GET /v1/axons", "");
    runloop_axon_free(found);
    OK(runloop_axon_cursor_next(cursor, NULL, &found, NULL, E));
    CHECK(found == NULL);
    runloop_axon_cursor_free(cursor);
    group("created, found, changed, deleted, listed");
}

static void published(void)
{
    runloop_params *params = params_of("{\"event_type\":\"push\",\"origin\":\"USER_EVENT\",\"payload\":\"{}\",\"source\":\"test\"}");
    runloop_value *result, *event;
    runloop_axon_event_cursor *cursor;
    int64_t sequence;
    int before;
    answer("{\"sequence\":5,\"timestamp_ms\":1}");
    OK(runloop_axon_publish(axon, params, NULL, &result, E));
    OK(runloop_value_get_int(result, "/sequence", &sequence, E));
    CHECK_INT(sequence, 5);
    runloop_value_free(result);
    check_sent(0, "POST /v1/axons/axn_1/publish", "{\"event_type\":\"push\",\"origin\":\"USER_EVENT\",\"payload\":\"{}\",\"source\":\"test\"}");

    /* What may have been published is not published again. */
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_axon_publish(axon, params, NULL, &result, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "axn_1");
    CHECK_INT(script_requests(server), before + 1);
    runloop_params_free(params);

    OK(runloop_axon_events(axon, NULL, &cursor, E));
    answer("{\"events\":[{\"sequence\":1},{\"sequence\":2}],\"has_more\":true}");
    OK(runloop_axon_event_cursor_next(cursor, NULL, &event, E));
    runloop_value_free(event);
    check_sent(0, "GET /v1/axons/axn_1/events", "");
    OK(runloop_axon_event_cursor_next(cursor, NULL, &event, E));
    runloop_value_free(event);
    answer("{\"events\":[{\"sequence\":3}],\"has_more\":false}");
    OK(runloop_axon_event_cursor_next(cursor, NULL, &event, E));
    OK(runloop_value_get_int(event, "/sequence", &sequence, E));
    CHECK_INT(sequence, 3);
    runloop_value_free(event);
    check_sent(0, "GET /v1/axons/axn_1/events?starting_after=2", "");
    OK(runloop_axon_event_cursor_next(cursor, NULL, &event, E));
    CHECK(event == NULL);
    runloop_axon_event_cursor_free(cursor);
    group("published, and listed");
}

/* An error of a stream is kept in part, and a number that is no HTTP status is not taken for one. */
static void ended_oddly(void)
{
    runloop_event_stream *stream;
    runloop_value *event = NULL;
    char *said = (char *)malloc(100000);
    CHECK(said != NULL);
    OK(runloop_axon_subscribe(axon, -1, NULL, &stream, E));
    script_add(server, STREAM("event: error\ndata: {\"code\":999,\"message\":\"odd\"}\n\n"), SCRIPT_CLOSE);
    script_add(server, STREAM(EVENT(1)), SCRIPT_CLOSE);
    expect_event(stream, 1);
    snprintf(said, 100000, "%sevent: error\ndata: {\"code\":400,\"message\":\"%090000d\"}\n\n", STREAM(""), 7);
    script_add(server, said, SCRIPT_CLOSE);
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_BAD_REQUEST);
    CHECK(strlen(last_message()) < 5000);
    runloop_event_stream_free(stream);
    free(said);
    group("errors of streams that are long or no HTTP statuses");
}

static void followed(void)
{
    runloop_event_stream *stream;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *event;
    runloop_cancel *cancel;
    int before = script_requests(server), i;
    OK(runloop_axon_subscribe(axon, -1, NULL, &stream, E));
    CHECK_INT(script_requests(server), before);
    /* Cut within an event, ended for nothing, refused, told twice: each comes once. */
    script_add(server, STREAM(": hello\n\nevent: ping\ndata: {}\n\n" EVENT(1) EVENT(2) "data: {\"axon_id\":\"ax"), SCRIPT_RESET);
    script_add(server, STREAM(EVENT(2) EVENT(3)), SCRIPT_CLOSE);
    script_answer(server, 503, "", "{\"message\":\"one moment\"}");
    script_add(server, STREAM("event: error\ndata: {\"code\":408,\"message\":\"time\"}\n\n"), SCRIPT_CLOSE);
    script_add(server, STREAM(""), SCRIPT_CLOSE);
    answer(AXON("null"));
    script_add(server, STREAM(EVENT(4) "event: ping\ndata: no JSON\n\n" EVENT(9)), SCRIPT_CLOSE);
    expect_event(stream, 1);
    check_sent(0, "GET /v1/axons/axn_1/subscribe/sse", "");
    CHECK_HAS(script_request(server, before), "accept: text/event-stream");
    expect_event(stream, 2);
    expect_event(stream, 3);
    check_sent(0, "GET /v1/axons/axn_1/subscribe/sse?after_sequence=2", "");
    expect_event(stream, 4);
    expect_event(stream, 9);
    check_sent(0, "GET /v1/axons/axn_1/subscribe/sse?after_sequence=3", "");
    CHECK_INT(script_requests(server), before + 7);

    /* A wait that ends by its deadline has lost nothing. */
    options.deadline_ms = 1000;
    script_add(server, STREAM(""), SCRIPT_HOLD);
    CHECK_STATUS(runloop_event_stream_next(stream, &options, &event, E), RUNLOOP_DEADLINE);
    CHECK(event == NULL);
    OK(runloop_cancel_new(&cancel, E));
    OK(runloop_cancel_trigger(cancel, E));
    options.cancel = cancel;
    CHECK_STATUS(runloop_event_stream_next(stream, &options, &event, E), RUNLOOP_CANCELLED);
    runloop_cancel_free(cancel);
    EVENTUALLY(script_requests(server) == before + 8);
    runloop_event_stream_free(stream);

    /* From a place on; a deleted axon's stream has an end. */
    OK(runloop_axon_subscribe(axon, 9, NULL, &stream, E));
    script_add(server, STREAM(EVENT(10)), SCRIPT_CLOSE);
    script_add(server, STREAM(""), SCRIPT_CLOSE);
    answer(AXON("17"));
    expect_event(stream, 10);
    check_sent(0, "GET /v1/axons/axn_1/subscribe/sse?after_sequence=9", "");
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    CHECK(event == NULL);
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    CHECK(event == NULL);
    runloop_event_stream_free(stream);

    /* What no further opening heals is told. */
    OK(runloop_axon_subscribe(axon, 0, NULL, &stream, E));
    script_answer(server, 404, "", "{\"message\":\"no such axon\"}");
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_NOT_FOUND);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "axn_1");
    /* What is no stream may be a gateway's, and pass; a row of such answers ends the stream. */
    answer("{}");
    script_answer(server, 200, "Content-Type: text/html\r\n", "<html></html>");
    script_answer(server, 409, "", "{}");
    script_add(server, STREAM(EVENT(1)), SCRIPT_CLOSE);
    expect_event(stream, 1);
    for (i = 0; i < 10; i++) answer("{}");
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_PROTOCOL);
    CHECK_INT(runloop_error_attempts(last_error()), 10);
    runloop_event_stream_free(stream);

    /* A page instead of a stream, and instead of the axon, is a gateway's: not the axon's end. */
    OK(runloop_axon_subscribe(axon, 0, NULL, &stream, E));
    script_answer(server, 404, HTML, "<html></html>");
    script_answer(server, 403, HTML, "<html></html>");
    script_answer(server, 302, "Location: https://login.invalid/\r\n", "");
    script_add(server, STREAM(""), SCRIPT_CLOSE);
    script_answer(server, 404, HTML, "<html></html>");
    script_answer(server, 200, HTML, "<html></html>");
    script_add(server, STREAM(EVENT(1)), SCRIPT_CLOSE);
    expect_event(stream, 1);
    /* A server that asks for a longer pause than a stream waits is not asked again. */
    before = script_requests(server);
    script_answer(server, 429, "Retry-After: 61\r\n", "{}");
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_RATE_LIMITED);
    CHECK_INT(runloop_error_retry_after_ms(last_error()), 61000);
    CHECK_INT(script_requests(server), before + 1);
    runloop_event_stream_free(stream);
    group("followed: every event once");
}

static void evictions(void)
{
#define EVICTION(devbox, deadline) "data: {\"devbox_id\":\"" devbox "\",\"eviction_deadline_ms\":" deadline "}\n\n"
    runloop_event_stream *stream;
    runloop_value *event;
    int i;
    OK(runloop_eviction_watch(client, NULL, &stream, E));
    script_add(server, STREAM(EVICTION("dbx_1", "5") EVICTION("dbx_2", "6")), SCRIPT_CLOSE);
    script_add(server, STREAM(EVICTION("dbx_1", "5") EVICTION("dbx_2", "7") EVICTION("dbx_3", "8")), SCRIPT_CLOSE);
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_1");
    check_sent(0, "GET /v1/devboxes/evictions/watch", "");
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_2");
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_2");
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_3");
    runloop_event_stream_free(stream);
    /* Several of one devbox. */
    OK(runloop_eviction_watch(client, NULL, &stream, E));
    for (i = 0; i < 3; i++) script_add(server, STREAM(EVICTION("dbx_1", "5") EVICTION("dbx_1", "6")), SCRIPT_CLOSE);
    script_add(server, STREAM(EVICTION("dbx_1", "5") EVICTION("dbx_1", "6") EVICTION("dbx_2", "7")), SCRIPT_HOLD);
    for (i = 0; i < 3; i++) {
        OK(runloop_event_stream_next(stream, NULL, &event, E));
        check_answer(event, "/devbox_id", i < 2 ? "dbx_1" : "dbx_2");
    }
    runloop_event_stream_free(stream);
    group("evictions: what is told again is not given again");
}

/* Other kinds, signs of life, fields and members that nobody has asked for: what is an event comes, once. */
#define NOISE                                                                                                      \
    ": a comment\n\nretry: 1\n\nid: 7\n\nevent: ping\ndata: {\"sequence\":5,\"devbox_id\":\"dbx_0\"}\n\ndata:\n\ndata\n\n" \
    "data:   \n\ndata: {}\n\ndata: null\n\ndata: []\n\ndata: 7\n\nunknown: field\ndata: {\"type\":\"ping\"}\n\nevent: x\ndata: no JSON\n\n"

static void odd_events(void)
{
    static const char in_another_guise[] = "\xef\xbb\xbf"
                                           "event: message\r\nid: 1\r\ndata: {\"sequence\":\r\ndata: \"1\"}\r\n\r\n: c\rdata:{\"sequence\":2.0}\r\r";
    char answer_text[4000];
    runloop_event_stream *stream;
    runloop_value *event;
    int i;
    OK(runloop_axon_subscribe(axon, -1, NULL, &stream, E));
    snprintf(answer_text, sizeof answer_text, "%s%s%s%s", STREAM(""), in_another_guise, NOISE, EVENT(3) NOISE "data: {\"sequence\":\n\n" EVENT(4));
    script_add(server, answer_text, SCRIPT_RESET);
    for (i = 1; i <= 2; i++) {
        OK(runloop_event_stream_next(stream, NULL, &event, E));
        CHECK(event != NULL);
        runloop_value_free(event);
    }
    expect_event(stream, 3);
    /* What cannot be read is told once, and the next call goes on behind it. */
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_PROTOCOL);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "axn_1");
    CHECK_HAS(last_message(), "not JSON");
    expect_event(stream, 4);
    /* The stream went on from the last event, not from what was none. */
    script_add(server, STREAM(NOISE EVENT(4) EVENT(5)), SCRIPT_HOLD);
    expect_event(stream, 5);
    check_sent(0, "GET /v1/axons/axn_1/subscribe/sse?after_sequence=4", "");
    runloop_event_stream_free(stream);

    OK(runloop_eviction_watch(client, NULL, &stream, E));
    script_add(server, STREAM(NOISE EVICTION("dbx_1", "\"5\"") NOISE "data: {\"devbox_id\":7}\n\ndata: {\n\n" EVICTION("dbx_1", "5") EVICTION("dbx_2", "null")), SCRIPT_HOLD);
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_1");
    CHECK_STATUS(runloop_event_stream_next(stream, NULL, &event, E), RUNLOOP_PROTOCOL);
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    check_answer(event, "/devbox_id", "dbx_2");
    runloop_event_stream_free(stream);
    group("events of other kinds, without data, and of another form");
}

/* What has been told takes no memory for ever: the service tells only what is pending. */
static void many_evictions(void)
{
    enum { COUNT = 20000, PENDING = 1000, LENGTH = 500 };
    char *text = (char *)allocate(COUNT * LENGTH + 200), *at = text;
    runloop_event_stream *stream;
    runloop_value *event;
    long baseline;
    int i;
    at += sprintf(at, "%s", STREAM(""));
    for (i = 0; i < COUNT; i++) at += sprintf(at, "data: {\"devbox_id\":\"dbx_%0400d\",\"eviction_deadline_ms\":%d}\n\n", i, 1000000 + i);
    script_add(server, text, SCRIPT_CLOSE);
    /* What is still pending is told again, and something new behind it. */
    at = text + sprintf(text, "%s", STREAM(""));
    for (i = COUNT - PENDING; i <= COUNT; i++) at += sprintf(at, "data: {\"devbox_id\":\"dbx_%0400d\",\"eviction_deadline_ms\":%d}\n\n", i, 1000000 + i);
    script_add(server, text, SCRIPT_HOLD);
    OK(runloop_eviction_watch(client, NULL, &stream, E));
    baseline = memory_baseline();
    for (i = 0; i <= COUNT; i++) {
        const char *id;
        OK(runloop_event_stream_next(stream, NULL, &event, E));
        OK(runloop_value_get_string(event, "/devbox_id", &id, NULL, E));
        CHECK_INT(atoi(id + 4), i);
        runloop_value_free(event);
    }
    check_memory("20,000 evictions", baseline, 7);
    runloop_event_stream_free(stream);
    free(text);
    group("evictions without end take no memory without end");
}

static void sql(void)
{
    runloop_params *params = params_of("{\"params\":[1,\"x\",null]}");
    runloop_value *result;
    answer("{\"columns\":[{\"name\":\"a\"}],\"rows\":[[1]],\"meta\":{}}");
    OK(runloop_axon_sql_query(axon, "SELECT ? AS a", params, NULL, &result, E));
    check_answer(result, "/columns/0/name", "a");
    check_sent(0, "POST /v1/axons/axn_1/sql/query", "{\"params\":[1,\"x\",null],\"sql\":\"SELECT ? AS a\"}");
    runloop_params_free(params);
    script_answer(server, 400, "", "{\"message\":\"near SELEC: syntax error\"}");
    CHECK_STATUS(runloop_axon_sql_query(axon, "SELEC", NULL, NULL, &result, E), RUNLOOP_BAD_REQUEST);
    CHECK_HAS(last_message(), "syntax error");
    params = params_of("{\"statements\":[{\"sql\":\"DELETE FROM t\"},{\"sql\":\"INSERT INTO t VALUES (?)\",\"params\":[1]}]}");
    answer("{\"results\":[{\"error\":{\"message\":\"no\"}}]}");
    OK(runloop_axon_sql_batch(axon, params, NULL, &result, E));
    check_answer(result, "/results/0/error/message", "no");
    check_sent(0, "POST /v1/axons/axn_1/sql/batch", "{\"statements\":[{\"sql\":\"DELETE FROM t\"},{\"sql\":\"INSERT INTO t VALUES (?)\",\"params\":[1]}]}");
    runloop_params_free(params);
    group("SQL");
}

int main(void)
{
    begin("test_axon");
    scripted_start();
    handled();
    published();
    ended_oddly();
    followed();
    evictions();
    odd_events();
    many_evictions();
    sql();
    runloop_axon_free(axon);
    scripted_stop();
    return finish();
}
