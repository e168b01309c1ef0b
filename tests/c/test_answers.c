/* Answers with something wrong in one place, secrets that a server repeats, and answers without end. */

#include "scripted.h"

static runloop_devbox *devbox;

static runloop_exec_result *ran(const char *body)
{
    runloop_exec_result *result;
    answer(body);
    OK(runloop_devbox_exec(devbox, "make", NULL, NULL, &result, E));
    return result;
}

static void check_output(runloop_exec_result *result, const char *expected)
{
    runloop_bytes *out;
    CHECK_INT(runloop_exec_result_exit_code(result), 3);
    CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_EXITED);
    OK(runloop_exec_result_stdout(result, 0, NULL, &out, E));
    CHECK_OUTPUT(out, expected);
    runloop_exec_result_free(result);
}

static void one_bad_leaf(void)
{
    static const struct {
        const char *stdout_member, *expected;
    } leaves[] = {
        {"\"ok \\ud83d\"", "ok \xef\xbf\xbd"}, {"\"\\ude00\\ud83d!\"", "\xef\xbf\xbd\xef\xbf\xbd!"},
        {"\"a\xff" "b\"", "a\xef\xbf\xbd" "b"}, {"\"a\x01\tb\"", "a\x01\tb"},
        {"\"\\x41\"", "\\x41"},                 {"null", ""},
        {"7", "7"},                             {"[\"a\"]", "[\"a\"]"},
    };
    static const char *const statuses[] = {"\"3\"", "3.0", "3"};
    char body[512];
    size_t i;
    for (i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        snprintf(body, sizeof body,
                 "{\"execution_id\":\"exec_1\",\"status\":\"completed\",\"exit_status\":3,\"stdout\":%s,\"stdout_truncated\":false}",
                 leaves[i].stdout_member);
        check_output(ran(body), leaves[i].expected);
    }
    group("a text that is no text leaves the rest of the answer, and the command's end");

    for (i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        snprintf(body, sizeof body,
                 "\xef\xbb\xbf{\"execution_id\":\"exec_1\",\"status\":\"completed\",\"exit_status\":%s,\"stdout\":\"a\",\"stdout\":\"b\","
                 "\"stdout_truncated\":\"false\",\"cost\":NaN,\"much\":1e999}\n",
                 statuses[i]);
        check_output(ran(body), "b");
    }
    group("members of another type, members given twice, a byte order mark, numbers that are none");
}

/* What an answer describes is known from the question: waits and input need no identifier in it. */
static void answers_without_an_id(void)
{
    static const char *const no[] = {"false", "\"false\"", "\"False\"", "0", "\"0\""}, *const yes[] = {"true", "\"true\"", "1", "null", "{}"};
    runloop_blueprint *blueprint;
    runloop_execution *execution;
    runloop_secret *secret;
    runloop_value *info;
    char body[100];
    size_t i;
    answer("{\"status\":\"running\"}");
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    check_answer(info, "/status", "running");
    OK(runloop_blueprint_from_id(client, "bpt_1", &blueprint, E));
    answer("{\"id\":\"\",\"status\":\"build_complete\"}");
    OK(runloop_blueprint_await_build_complete(blueprint, NULL, NULL, NULL, &info, E));
    check_answer(info, "/status", "build_complete");
    runloop_blueprint_free(blueprint);
    answer("{\"id\":\"sec_1\"}");
    OK(runloop_secret_create(client, "NAME", "value", NULL, &secret, E));
    CHECK_TEXT(runloop_secret_name(secret), "NAME");
    CHECK_TEXT(runloop_secret_id(secret), "sec_1");
    runloop_secret_free(secret);
    group("answers that do not say what they are about");

    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    for (i = 0; i < sizeof no / sizeof *no; i++) {
        snprintf(body, sizeof body, "{\"success\":%s}", no[i]);
        answer(body);
        CHECK_STATUS(runloop_execution_send_stdin(execution, "y", NULL, E), RUNLOOP_WRONG_STATE);
        answer(body);
        CHECK_STATUS(runloop_execution_close_stdin(execution, NULL, E), RUNLOOP_WRONG_STATE);
    }
    for (i = 0; i < sizeof yes / sizeof *yes; i++) {
        snprintf(body, sizeof body, "{\"success\":%s}", yes[i]);
        answer(body);
        OK(runloop_execution_send_stdin(execution, "y", NULL, E));
    }
    runloop_execution_free(execution);
    group("input that a command did not take, however the answer says no");
}

static char lines[256];

static int32_t keep_line(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    size_t used = strlen(lines);
    (void)user_data;
    snprintf(lines + used, sizeof lines - used, "%d %s %s|", (int)timestamp_ms, level, message);
    return 0;
}

static void odd_logs(void)
{
    runloop_blueprint *blueprint;
    runloop_value *info;
    OK(runloop_blueprint_from_id(client, "bpt_1", &blueprint, E));
    answer("{\"status\":\"building\"}");
    answer("{\"logs\":null}");
    answer("{\"status\":\"build_complete\"}");
    answer("{\"logs\":[{\"level\":\"info\",\"timestamp_ms\":\"5\",\"message\":7},\"bare\",null,{\"timestamp_ms\":6.0,\"message\":\"ok\"}]}");
    OK(runloop_blueprint_await_build_complete(blueprint, keep_line, NULL, NULL, &info, E));
    CHECK_TEXT(lines, "5 info 7|0  bare|0  |6  ok|");
    runloop_value_free(info);
    runloop_blueprint_free(blueprint);
    group("lines of a build's log that are of other types");
}

/* The service's two shapes, and those of what stands before it. */
static void shapes_of_errors(void)
{
    static const struct {
        const char *body, *said;
    } shapes[] = {
        {"{\"message\":\"\",\"error\":\"why\"}", "HTTP 400: why."},
        {"{\"message\":null,\"error\":{\"message\":\"why\",\"code\":\"c0de\"}}", "HTTP 400: why."},
        {"{\"message\":[\"one\",\"two\"]}", "HTTP 400: one; two."},
        {"{\"detail\":[{\"loc\":[\"body\",\"name\"],\"msg\":\"too long\"}]}", "HTTP 400: too long."},
        {"{\"errors\":[{\"message\":\"why\"}]}", "HTTP 400: why."},
        {"\xef\xbb\xbf{\"message\":\"why\"}", "HTTP 400: why."},
        {"{\"message\":{},\"errors\":[[]]}", "without a message"},
    };
    runloop_value *info;
    size_t i;
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        script_answer(server, 400, "", shapes[i].body);
        CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        CHECK_HAS(last_message(), shapes[i].said);
        if (i == 1) CHECK_TEXT(runloop_error_code(last_error()), "c0de");
    }
    group("shapes of errors");
}

static void numbers_and_depth(void)
{
    static const char *const numbers = "{\"id\":\"dbx_1\",\"status\":\"running\",\"a\":123456789012345678901234567890,\"b\":-0.10000000000000000001}";
    enum { DEEP = 20000 };
    char *deep = (char *)allocate(2 * DEEP + 100);
    runloop_value *info;

    const char *text;
    size_t length;
    answer(numbers);
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    text = runloop_value_json(info, &length);
    CHECK_TEXT(text, numbers);
    runloop_value_free(info);
    group("numbers keep all their digits");


    sprintf(deep, "{\"id\":\"dbx_1\",\"status\":\"running\",\"deep\":");
    length = strlen(deep);
    memset(deep + length, '[', DEEP);
    memset(deep + length + DEEP, ']', DEEP);
    strcpy(deep + length + 2 * DEEP, "}");
    answer(deep);
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    check_field(info, "/status", "running");
    runloop_value_free(info);
    free(deep);
    group("an answer that is nested 20,000 deep");
}

/* ---- secrets ---- */

static void check_hidden(const char *secret)
{
    const char *body;
    size_t length;
    check_no_secret(secret);
    body = runloop_error_body(last_error(), &length);
    CHECK(!body || !memmem(body, length, secret, strlen(secret)));
}

static void repeated_secrets(void)
{
    enum { MUCH = 70000 };
    char *body = (char *)allocate(MUCH + 100);
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    const char *const environment[] = {"PASSWORD=it's \"h1dden\"/\xc3\xa4", NULL};
    runloop_exec_result *result;
    runloop_value *info;
    int cut;

    script_answer(server, 400, "X-Request-Id: r-" TOKEN "\r\n", "{\"message\":\"no\",\"code\":\"c-" TOKEN "\"}");
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    check_hidden(TOKEN);
    CHECK_TEXT(runloop_error_code(last_error()), "c-[redacted]");
    CHECK_TEXT(runloop_error_request_id(last_error()), "r-[redacted]");
    script_answer(server, 400, "", "\xff\xfe " TOKEN " \xff");
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    check_hidden(TOKEN);
    group("the token in a code, a request's identifier, and a body that is no text");

    /* At and around the place where the body is cut: in the token, and in a character. */
    for (cut = -20; cut <= 4; cut++) {
        char end[40];
        int at = (64 << 10) + cut;
        memset(body, 'x', MUCH);
        memcpy(body + at, TOKEN, strlen(TOKEN));
        memcpy(body + at + strlen(TOKEN), "\xc3\xa4\xc3\xa4\xc3\xa4", 6);
        body[MUCH] = 0;
        script_answer(server, 400, "Content-Type: text/plain\r\n", body);
        CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        snprintf(end, sizeof end, "%.8s", TOKEN);
        check_hidden(end);
    }
    group("a token, and characters, where the body of an error is cut");

    answer("welcome, " TOKEN);
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_PROTOCOL);
    check_hidden(TOKEN);
    group("the token in an answer that is not JSON");

    exec.environment = environment;
    script_answer(server, 400, "",
                  "{\"message\":\"bad: it's \\\"h1dden\\\"/\xc3\xa4\",\"as\":[\"it's \\\"h1dden\\\"\\/\\u00e4\",\"it%27s%20%22h1dden%22%2F%C3%A4\"]}");
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", &exec, NULL, &result, E), RUNLOOP_BAD_REQUEST);
    check_hidden("h1dden");
    script_answer(server, 400, "", "{\"command\":\"export PASSWORD='it'\\\\''s \\\"h1dden\\\"/\xc3\xa4' || exit 125\"}");
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", &exec, NULL, &result, E), RUNLOOP_BAD_REQUEST);
    check_hidden("h1dden");
    group("values of variables, as they are, in JSON, in URLs and in a shell's words");
    free(body);
}

static void created_secrets(void)
{
    runloop_params *params = params_of("{\"environment_variables\":{\"KEY\":\"h1dden-value\"},\"file_mounts\":{\"/etc/k\":\"h1dden-file\"}}");
    runloop_devbox *made;
    script_answer(server, 400, "", "{\"message\":\"bad h1dden-value\",\"given\":\"h1dden-file\"}");
    CHECK_STATUS(runloop_devbox_create_async(client, params, NULL, &made, E), RUNLOOP_BAD_REQUEST);
    check_hidden("h1dden");
    runloop_params_free(params);
    group("what a create was given");
}

/* ---- bounds ---- */

static void bounds(void)
{
    enum { MOST = 100000 };
    runloop_config *config = new_config(script_url(server));
    runloop_client *bounded;
    runloop_devbox *box;
    runloop_output_stream *stream;
    runloop_execution *execution;
    runloop_value *info;
    const char *data;
    char *body = (char *)allocate(MOST + 200);
    size_t length;
    int32_t which;
    OK(runloop_config_set_max_answer_bytes(config, MOST, E));
    OK(runloop_client_new(config, &bounded, E));
    runloop_config_free(config);
    OK(runloop_devbox_attach(bounded, "dbx_1", &box, E));

    memset(body, 'x', MOST + 100);
    memcpy(body, "{\"id\":\"", 7);
    strcpy(body + MOST - 2, "\"}");
    answer(body);
    OK(runloop_devbox_get_info(box, NULL, &info, E));
    runloop_value_free(info);
    strcpy(body + MOST - 2, "x\"}");
    body[MOST - 2] = 'x';
    answer(body);
    CHECK_STATUS(runloop_devbox_get_info(box, NULL, &info, E), RUNLOOP_PROTOCOL);
    CHECK_HAS(last_message(), "100000 bytes");
    CHECK_HAS(last_message(), "max_answer_bytes");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    /* The same without a length that is announced, to what changes something. */
    {
        char *chunked = (char *)allocate(MOST + 400);
        runloop_exec_result *result;
        sprintf(chunked, "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n", strlen(body), body);
        script_add(server, chunked, SCRIPT_CLOSE);
        CHECK_STATUS(runloop_devbox_exec(box, "true", NULL, NULL, &result, E), RUNLOOP_PROTOCOL);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        free(chunked);
    }
    /* Contents are bounded where they go into memory. */
    {
        runloop_sink sink = RUNLOOP_SINK_INIT;
        runloop_object *object;
        runloop_bytes *bytes;
        char url[200];
        int i;
        OK(runloop_object_from_id(bounded, "obj_1", &object, E));
        snprintf(url, sizeof url, "{\"download_url\":\"%s/content?sig=1\"}", script_url(server));
        for (i = 0; i < 2; i++) {
            body[MOST + i] = 0;
            script_answer(server, 200, "Content-Type: application/octet-stream\r\n", body);
            CHECK_STATUS(runloop_devbox_download_file(box, "f", NULL, NULL, &bytes, E), i ? RUNLOOP_PROTOCOL : RUNLOOP_OK);
            if (!i) CHECK_OUTPUT(bytes, body);
            else CHECK_HAS(last_message(), "runloop_config_set_max_answer_bytes");
            answer(url);
            script_answer(server, 200, "Content-Type: application/octet-stream\r\n", body);
            CHECK_STATUS(runloop_object_download_as_bytes(object, NULL, NULL, &bytes, E), i ? RUNLOOP_PROTOCOL : RUNLOOP_OK);
            if (!i) CHECK_OUTPUT(bytes, body);
            else CHECK_TEXT(runloop_error_resource_id(last_error()), "obj_1");
            body[MOST + i] = 'x';
        }
        body[MOST + 1] = 0;
        sink.path = temporary("beyond");
        script_answer(server, 200, "Content-Type: application/octet-stream\r\n", body);
        OK(runloop_devbox_download_file(box, "f", &sink, NULL, NULL, E));
        runloop_object_free(object);
    }
    group("an answer that is longer than the client allows");

    OK(runloop_execution_attach(box, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    memset(body, 'x', MOST);
    memcpy(body, "data: ", 6);
    {
        char *event = (char *)allocate(MOST + 400);
        sprintf(event, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n%s", body);
        script_add(server, event, SCRIPT_HOLD);
        free(event);
    }
    CHECK_STATUS(runloop_output_stream_next(stream, NULL, &which, &data, &length, E), RUNLOOP_PROTOCOL);
    CHECK_HAS(last_message(), "6250 bytes");
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    group("an event of a stream that has no end");

    runloop_devbox_free(box);
    runloop_client_free(bounded);
    free(body);
}

/* An error is known by its status: its body need not end. */
static void endless_error(void)
{
    runloop_value *info;
    script_add(server, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nnothing here", SCRIPT_HOLD);
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    CHECK_HAS(last_message(), "nothing here");
    group("the body of an error that never ends");
}

/* A completion whose answer is lost, and which the service does only after the object has been looked at: the next one is
 * refused, since the object is complete. */
static void a_refused_completion(void)
{
    static const char refusal[] = "{\"message\":\"The object is not in the state UPLOADING\"}";
    runloop_object *object;
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    script_add(server, "", SCRIPT_CLOSE);
    answer("{\"id\":\"obj_1\",\"state\":\"UPLOADING\"}");
    script_answer(server, 400, "", refusal);
    answer("{\"id\":\"obj_1\",\"state\":\"READ_ONLY\"}");
    OK(runloop_object_complete(object, NULL, NULL, E));
    /* Nobody knows what became of it where the object cannot be looked at, nor what it is where it takes content still. */
    script_add(server, "", SCRIPT_CLOSE);
    answer("{\"id\":\"obj_1\",\"state\":\"UPLOADING\"}");
    script_answer(server, 400, "", refusal);
    script_answer(server, 403, "", "{\"message\":\"no\"}");
    CHECK_STATUS(runloop_object_complete(object, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    /* The first one is not doubted. */
    script_answer(server, 400, "", refusal);
    CHECK_STATUS(runloop_object_complete(object, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    runloop_object_free(object);
    group("a completion that is refused since an earlier one has happened");
}

int main(void)
{
    begin("test_answers");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    one_bad_leaf();
    answers_without_an_id();
    odd_logs();
    shapes_of_errors();
    numbers_and_depth();
    repeated_secrets();
    created_secrets();
    bounds();
    endless_error();
    a_refused_completion();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
