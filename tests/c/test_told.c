/* What errors tell: of the answer that they were born behind, of a server's words, and of time. */

#include "scripted.h"

#define REQUEST_ID "x-request-id: req-7\r\n"

static runloop_devbox *devbox;

static void start(void)
{
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
}

static void stop(void)
{
    runloop_devbox_free(devbox);
    scripted_stop();
}

static void answer_of_7(const char *body)
{
    script_answer(server, 200, REQUEST_ID, body);
}

static void check_behind(int attempts)
{
    CHECK_INT(runloop_error_http_status(last_error()), 200);
    CHECK_INT(runloop_error_attempts(last_error()), attempts);
    CHECK_TEXT(runloop_error_request_id(last_error()), "req-7");
}

/* ---- good answers that are of no use ---- */

static void lists(void)
{
    runloop_devbox_cursor *cursor;
    runloop_secret_cursor *secrets;
    runloop_devbox *item;
    runloop_secret *secret;
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    answer_of_7("{}");
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    script_answer(server, 500, "", "{}");
    answer_of_7("{}");
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E), RUNLOOP_PROTOCOL);
    check_behind(2);
    answer_of_7("{\"devboxes\":[{\"id\":\"a\"},{\"name\":\"b\"}],\"has_more\":true}");
    OK(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E));
    runloop_devbox_free(item);
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    /* Nothing says where the next page begins. */
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    runloop_devbox_cursor_free(cursor);
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    answer_of_7("{\"devboxes\":[{\"id\":\"a\"}],\"has_more\":true}");
    answer_of_7("{\"devboxes\":[{\"id\":\"a\"}],\"has_more\":true}");
    OK(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E));
    runloop_devbox_free(item);
    CHECK_STATUS(runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    runloop_devbox_cursor_free(cursor);
    OK(runloop_secret_list(client, NULL, &secrets, E));
    answer_of_7("{\"secrets\":[{\"id\":\"sec_1\"}]}");
    CHECK_STATUS(runloop_secret_cursor_next(secrets, NULL, &secret, NULL, E), RUNLOOP_PROTOCOL);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "sec_1");
    check_behind(1);
    runloop_secret_cursor_free(secrets);
}

static void ends(void)
{
    runloop_snapshot *snapshot;
    runloop_blueprint *blueprint;
    runloop_value *info;
    answer_of_7("{\"id\":\"dbx_1\",\"status\":\"failure\"}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    check_behind(1);
    OK(runloop_snapshot_from_id(client, "snp_1", &snapshot, E));
    answer_of_7("{\"status\":\"error\",\"error_message\":\"why\"}");
    CHECK_STATUS(runloop_snapshot_await_completed(snapshot, NULL, &info, E), RUNLOOP_SNAPSHOT_FAILED);
    check_behind(1);
    runloop_snapshot_free(snapshot);
    OK(runloop_blueprint_from_id(client, "bpt_1", &blueprint, E));
    answer_of_7("{\"id\":\"bpt_1\",\"status\":\"failed\"}");
    answer("{\"logs\":[]}");
    CHECK_STATUS(runloop_blueprint_await_build_complete(blueprint, NULL, NULL, NULL, &info, E), RUNLOOP_BUILD_FAILED);
    check_behind(1);
    runloop_blueprint_free(blueprint);
}

static void too_long(void)
{
    runloop_config *config = new_config(script_url(server));
    runloop_client *bounded;
    runloop_devbox *box;
    runloop_value *info;
    runloop_bytes *bytes;
    OK(runloop_config_set_max_answer_bytes(config, 4, E));
    OK(runloop_client_new(config, &bounded, E));
    runloop_config_free(config);
    OK(runloop_devbox_attach(bounded, "dbx_1", &box, E));
    answer_of_7("{\"id\":\"dbx_1\"}");
    CHECK_STATUS(runloop_devbox_get_info(box, NULL, &info, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    script_answer(server, 200, "Content-Type: application/octet-stream\r\n" REQUEST_ID, "12345");
    CHECK_STATUS(runloop_devbox_download_file(box, "f", NULL, NULL, &bytes, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    runloop_devbox_free(box);
    runloop_client_free(bounded);
}

static void behind_answers(void)
{
    runloop_exec_result *result;
    runloop_object *object;
    runloop_bytes *bytes;
    start();
    lists();
    answer_of_7("{\"status\":\"running\"}");
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", NULL, NULL, &result, E), RUNLOOP_PROTOCOL);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    check_behind(1);
    answer_of_7("{\"id\":\"dbx_1\",\"tunnel\":{}}");
    CHECK_STATUS(runloop_devbox_get_tunnel_url(devbox, 80, NULL, &bytes, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    answer_of_7("{\"download_url\":null}");
    CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E), RUNLOOP_PROTOCOL);
    check_behind(1);
    runloop_object_free(object);
    ends();
    too_long();
    stop();
    group("an error behind a good answer tells its status, its attempts and its request");
}

/* ---- refusals whose words do not come ---- */

static void silent_refusals(void)
{
    static const char silent[] = "HTTP/1.1 400 Bad Request\r\n" REQUEST_ID "Content-Length: 100\r\n\r\n{";
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    start();
    options.timeout_ms = 300;
    script_add(server, silent, SCRIPT_HOLD);
    CHECK_STATUS(runloop_devbox_get_info(devbox, &options, &info, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(runloop_error_http_status(last_error()), 400);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    CHECK_TEXT(runloop_error_request_id(last_error()), "req-7");
    CHECK_INT(script_requests(server), 1);
    options.timeout_ms = 0;
    options.deadline_ms = 300;
    script_add(server, silent, SCRIPT_HOLD);
    CHECK_STATUS(runloop_devbox_keep_alive(devbox, &options, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_http_status(last_error()), 400);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 400");
    stop();
    group("an error status counts, though what the error says never comes");
}

/* ---- words ---- */

static void words(void)
{
    static const struct {
        const char *body, *said;
    } shapes[] = {
        {"{\"title\":\"why\",\"status\":400}", "HTTP 400: why."},
        {"{\"title\":\"Bad Request\",\"detail\":\"why\"}", "HTTP 400: why."},
        {"{\"Message\":\"why\"}", "HTTP 400: why."},
        {"{\"msg\":\"why\"}", "HTTP 400: why."},
        {"{\"Error\":{\"Message\":\"why\",\"Code\":\"c\"}}", "HTTP 400: why."},
        {"{\"error_description\":\"why\"}", "HTTP 400: why."},
        {"{\"message\":\"a\\u001b[2J\\rb\\n\\tc\"}", "HTTP 400: a\\u{1b}[2J\\rb\n\tc."},
        {"a\x1b]0;title\x07 b", "HTTP 400: a\\u{1b}]0;title\\u{7} b."},
    };
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    size_t i;
    start();
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        script_answer(server, 400, "", shapes[i].body);
        CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        CHECK_HAS(last_message(), shapes[i].said);
    }
    answer("{\"id\":\"dbx_1\",\"status\":\"failure\",\"failure_reason\":\"a\\u001b[2Jb\"}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    CHECK_HAS(last_message(), "a\\u{1b}[2Jb");
    /* What the server will never do is not worth a further call, unless it says so itself. */
    once.max_retries = -1;
    for (i = 0; i < 4; i++) {
        script_answer(server, i % 2 ? 505 : 501, i / 2 ? "x-should-retry: true\r\n" : "", "{}");
        CHECK_STATUS(runloop_devbox_get_info(devbox, &once, &info, E), RUNLOOP_SERVER);
        CHECK_INT(runloop_error_retryable(last_error()), i / 2 ? RUNLOOP_RETRYABLE_YES : RUNLOOP_RETRYABLE_NO);
    }
    stop();
    group("a server's words, whatever member holds them, command no terminal");
}

static void time_that_was_set(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *made;
    start();
    options.poll_timeout_ms = 700;
    options.keep_on_failure = 1;
    answer("{\"id\":\"dbx_2\",\"status\":\"provisioning\"}");
    script_add(server, "", SCRIPT_HOLD);
    answer("{\"id\":\"dbx_2\",\"status\":\"provisioning\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &made, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "Waited 700 ms for the devbox dbx_2");
    stop();
    group("a create that waits in vain names the time that was set for it");
}

int main(void)
{
    begin("test_told");
    behind_answers();
    silent_refusals();
    words();
    time_that_was_set();
    return finish();
}
