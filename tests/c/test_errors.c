/* What goes wrong on the way: each failure its status, a message that names the thing and the next
 * step, the right number of attempts, and no secret. A scripted server, then the emulator. */

#include "harness.h"
#include "script_server.h"

#define DEVBOX "{\"id\":\"dbx_1\",\"status\":\"running\"}"

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;
static runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;

static void scripted(void)
{
    server = script_start();
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
}

static void unscripted(void)
{
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    script_stop(server);
}

static int32_t get_info(const runloop_call_options *options, runloop_error **error)
{
    runloop_value *info;
    int32_t status = runloop_devbox_get_info(devbox, options, &info, error);
    runloop_value_free(info);
    return status;
}

static int32_t create_async(const runloop_call_options *options, runloop_error **error)
{
    runloop_devbox *created;
    int32_t status = runloop_devbox_create_async(client, NULL, options, &created, error);
    runloop_devbox_free(created);
    return status;
}

static void check_details(int http_status, int attempts, int retryable, int side_effect)
{
    CHECK_INT(runloop_error_http_status(last_error()), http_status);
    CHECK_INT(runloop_error_attempts(last_error()), attempts);
    CHECK_INT(runloop_error_retryable(last_error()), retryable);
    CHECK_INT(runloop_error_side_effect(last_error()), side_effect);
    check_no_secret(TOKEN);
}

static void still_usable(void)
{
    script_answer(server, 200, "", DEVBOX);
    OK(get_info(NULL, E));
}

/* ---- no server ---- */

static void unreachable(const char *url, const char *host)
{
    runloop_client *lost = new_client(url);
    runloop_devbox *box, *created;
    runloop_execution *execution, *started;
    runloop_output_stream *stream;
    runloop_value *info;
    runloop_exec_result *result;
    runloop_bytes *contents;
    const char *data;
    int32_t which;
    size_t length;
    int i;
    OK(runloop_devbox_attach(lost, "dbx_1", &box, E));
    OK(runloop_execution_attach(box, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    for (i = 0; i < 8; i++) {
        switch (i) {
        case 0: CHECK_STATUS(runloop_devbox_get_info(box, NULL, &info, E), RUNLOOP_CONNECT); break;
        case 1: CHECK_STATUS(runloop_devbox_create(lost, NULL, NULL, &created, E), RUNLOOP_CONNECT); break;
        case 2: CHECK_STATUS(runloop_devbox_await_running(box, NULL, &info, E), RUNLOOP_CONNECT); break;
        case 3: CHECK_STATUS(runloop_devbox_exec(box, "true", NULL, NULL, &result, E), RUNLOOP_CONNECT); break;
        case 4: CHECK_STATUS(runloop_devbox_exec_async(box, "true", NULL, NULL, &started, E), RUNLOOP_CONNECT); break;
        case 5: CHECK_STATUS(runloop_execution_result(execution, NULL, &result, E), RUNLOOP_CONNECT); break;
        case 6: CHECK_STATUS(runloop_devbox_download_file(box, "/x", NULL, NULL, &contents, E), RUNLOOP_CONNECT); break;
        case 7: CHECK_STATUS(runloop_output_stream_next(stream, NULL, &which, &data, &length, E), RUNLOOP_CONNECT); break;
        }
        /* Given up soon: a server that has answered before would be asked far more often. */
        CHECK(runloop_error_attempts(last_error()) <= 4);
        CHECK_HAS(last_message(), host);
        CHECK_HAS(last_message(), "RUNLOOP_BASE_URL");
        CHECK(runloop_error_cause(last_error()) != NULL);
        CHECK_INT(runloop_error_http_status(last_error()), 0);
        CHECK(runloop_error_attempts(last_error()) >= 1);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
        CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
        check_no_secret(TOKEN);
    }
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_free(box);
    runloop_client_free(lost);
}

static void no_server(void)
{
    char url[64];
    script_server *gone = script_start();
    snprintf(url, sizeof url, "%s", script_url(gone));
    script_stop(gone);
    unreachable(url, url + strlen("http://"));
    group("a port that refuses");
    unreachable("http://no-such-host.invalid", "no-such-host.invalid");
    group("a name that does not resolve");
}

/* ---- answers that are errors ---- */

static void each_http_status(void)
{
    static const struct {
        int http;
        int32_t status;
        int retryable, side_effect;
        const char *next_step;
    } cases[] = {{400, RUNLOOP_BAD_REQUEST, 0, 0, "parameters"}, {401, RUNLOOP_AUTHENTICATION, 0, 0, "RUNLOOP_API_KEY"},
                 {403, RUNLOOP_PERMISSION, 0, 0, "API key"}, {404, RUNLOOP_NOT_FOUND, 0, 0, "identifier"},
                 {409, RUNLOOP_CONFLICT, 0, 0, "state"}, {418, RUNLOOP_API, 0, 0, "418"}, {422, RUNLOOP_UNPROCESSABLE, 0, 0, "parameters"},
                 {429, RUNLOOP_RATE_LIMITED, 1, 0, "later"}, {500, RUNLOOP_SERVER, 2, 2, "before making"}, {503, RUNLOOP_SERVER, 2, 2, "before making"},
                 {599, RUNLOOP_SERVER, 2, 2, "before making"}};
    size_t i, length;
    scripted();
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        script_answer(server, cases[i].http, "x-request-id: req-7\r\nretry-after-ms: 30\r\n", "{\"message\":\"The cause, in the service's words for " TOKEN "\",\"code\":\"its_code\"}");
        CHECK_STATUS(create_async(&once, E), cases[i].status);
        check_details(cases[i].http, 1, cases[i].retryable, cases[i].side_effect);
        CHECK_HAS(last_message(), "The cause, in the service's words");
        CHECK_HAS(last_message(), cases[i].next_step);
        CHECK_HAS(last_message(), "/v1/devboxes");
        CHECK_TEXT(runloop_error_code(last_error()), "its_code");
        CHECK_TEXT(runloop_error_request_id(last_error()), "req-7");
        CHECK_INT(runloop_error_retry_after_ms(last_error()), 30);
        CHECK_HAS(runloop_error_body(last_error(), &length), "\"its_code\"");
        CHECK_INT(strlen(runloop_error_body(last_error(), NULL)), length);
    }
    script_answer(server, 404, "Content-Type: text/plain\r\n", "Endpoint GET /v1/devboxes/dbx_1 not found");
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_HAS(last_message(), "Endpoint GET /v1/devboxes/dbx_1 not found");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "dbx_1");
    CHECK_INT(runloop_error_retry_after_ms(last_error()), -1);
    CHECK(runloop_error_code(last_error()) == NULL && runloop_error_request_id(last_error()) == NULL);
    script_answer(server, 404, "", "");
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_HAS(last_message(), "404");
    script_answer(server, 502, "Content-Type: text/html\r\n", "<html><head><title>Bad gateway</title></head></html>");
    CHECK_STATUS(get_info(&once, E), RUNLOOP_SERVER);
    CHECK_HAS(last_message(), "proxy");
    CHECK_HAS_NOT(last_message(), "<html>");
    CHECK_HAS(runloop_error_body(last_error(), NULL), "Bad gateway");
    still_usable();
    unscripted();
    group("every HTTP status, JSON, plain text, web page");
}

static void large_error_bodies(void)
{
    char *body = (char *)allocate(300001);
    size_t length;
    scripted();
    memset(body, 'x', 300000);
    body[300000] = 0;
    script_answer(server, 400, "Content-Type: text/plain\r\n", body);
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK(strlen(last_message()) < 5000);
    CHECK(runloop_error_body(last_error(), &length) != NULL);
    CHECK_INT(length, 64 << 10);
    still_usable();
    unscripted();
    free(body);
    group("a large error body is bounded");
}

static void answers_of_another_kind(void)
{
    static const char *const bodies[] = {"{\"id\":", "<html>Welcome to the captive portal</html>", "", "[]", "{\"status\":\"running\"}", "null"};
    size_t i;
    scripted();
    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        script_answer(server, 200, i == 1 ? "Content-Type: text/html\r\n" : "", bodies[i]);
        CHECK_STATUS(create_async(NULL, E), RUNLOOP_PROTOCOL);
        CHECK_HAS(last_message(), "/v1/devboxes");
        CHECK_INT(runloop_error_attempts(last_error()) <= 1, 1);
        check_no_secret(TOKEN);
    }
    script_answer(server, 200, "", "{\"id\":");
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_PROTOCOL);
    script_add(server, "SSH-2.0-OpenSSH_9.6\r\n", SCRIPT_CLOSE);
    {
        int32_t status = get_info(&once, E);
        CHECK(status == RUNLOOP_PROTOCOL || status == RUNLOOP_BROKEN);
    }
    still_usable();
    unscripted();
    group("malformed JSON, a web page, another shape, no HTTP");
}

static void no_redirect_is_followed(void)
{
    script_server *elsewhere = script_start();
    char headers[128];
    scripted();
    snprintf(headers, sizeof headers, "Location: %s/v1/devboxes/dbx_1\r\n", script_url(elsewhere));
    script_answer(server, 307, headers, "");
    script_answer(elsewhere, 200, "", DEVBOX);
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_API);
    CHECK_INT(runloop_error_http_status(last_error()), 307);
    CHECK_INT(script_requests(elsewhere), 0);
    unscripted();
    script_stop(elsewhere);
    group("a redirect is not followed, least of all with the API key");
}

/* ---- attempts ---- */

static void what_is_repeated(void)
{
    runloop_call_options twice = RUNLOOP_CALL_OPTIONS_INIT;
    char *first;
    int i, before;
    twice.max_retries = 2;
    scripted();

    /* 429: also a create is repeated, as the same request. */
    for (i = 0; i < 2; i++) script_answer(server, 429, "retry-after-ms: 40\r\n", "{\"message\":\"slow down\"}");
    script_answer(server, 200, "", DEVBOX);
    OK(create_async(NULL, E));
    CHECK_INT(script_requests(server), 3);
    first = script_header(server, 0, "x-request-id");
    CHECK(first && strlen(first) > 8);
    for (i = 1; i < 3; i++) {
        char *id = script_header(server, i, "x-request-id");
        CHECK_TEXT(id, first);
        CHECK_TEXT(strstr(script_request(server, i), "\r\n\r\n"), strstr(script_request(server, 0), "\r\n\r\n"));
        free(id);
    }
    /* Another call is another request. */
    script_answer(server, 200, "", DEVBOX);
    OK(create_async(NULL, E));
    {
        char *id = script_header(server, 3, "x-request-id");
        CHECK(id && strcmp(id, first));
        free(id);
    }
    free(first);

    /* A bound on attempts, and none. */
    for (i = 0; i < 3; i++) script_answer(server, 429, "retry-after-ms: 40\r\n", "{}");
    before = script_requests(server);
    CHECK_STATUS(get_info(&twice, E), RUNLOOP_RATE_LIMITED);
    check_details(429, 3, RUNLOOP_RETRYABLE_YES, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(runloop_error_retry_after_ms(last_error()), 40);
    CHECK_INT(script_requests(server), before + 3);
    script_answer(server, 429, "", "{}");
    CHECK_STATUS(get_info(&once, E), RUNLOOP_RATE_LIMITED);
    CHECK_INT(script_requests(server), before + 4);

    /* A 503 that heals on the third attempt. */
    for (i = 0; i < 2; i++) script_answer(server, 503, "retry-after-ms: 20\r\n", "{}");
    script_answer(server, 200, "", DEVBOX);
    OK(get_info(NULL, E));

    /* 500: what only reads is repeated, a create is not. */
    script_answer(server, 500, "retry-after-ms: 20\r\n", "{\"message\":\"oops\"}");
    script_answer(server, 200, "", DEVBOX);
    OK(get_info(NULL, E));
    before = script_requests(server);
    script_answer(server, 500, "retry-after-ms: 20\r\n", "{\"message\":\"oops\"}");
    CHECK_STATUS(create_async(NULL, E), RUNLOOP_SERVER);
    check_details(500, 1, RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(script_requests(server), before + 1);

    /* The server's own word counts for more. */
    script_answer(server, 500, "retry-after-ms: 20\r\nx-should-retry: true\r\n", "{}");
    script_answer(server, 200, "", DEVBOX);
    OK(create_async(NULL, E));
    before = script_requests(server);
    script_answer(server, 503, "retry-after-ms: 20\r\nx-should-retry: false\r\n", "{}");
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_SERVER);
    check_details(503, 1, RUNLOOP_RETRYABLE_NO, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_INT(script_requests(server), before + 1);
    script_answer(server, 404, "", "{}");
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), before + 2);
    unscripted();
    group("what is repeated, how often, as the same request");
}

static void broken_connections(void)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    char bytes[256];
    int before, how;
    scripted();
    /* Closed or reset without an answer, in the headers, in a body of known length, in a chunked one. */
    for (how = 0; how < 5; how++) {
        const enum script_end end = how == 1 ? SCRIPT_RESET : SCRIPT_CLOSE;
        snprintf(bytes, sizeof bytes, "%s%s", how < 2 ? "" : head,
                 how == 3 ? "Content-Length: 500\r\n\r\n{\"id\":\"dbx_1\"," : how == 4 ? "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"id\":\"dbx_1\"" : "");
        before = script_requests(server);
        script_add(server, bytes, end);
        CHECK_STATUS(create_async(NULL, E), RUNLOOP_BROKEN);
        check_details(0, 1, RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK_INT(script_requests(server), before + 1);
        CHECK_HAS(last_message(), script_url(server) + strlen("http://"));
        CHECK(runloop_error_cause(last_error()) != NULL);
    }
    /* What only reads is repeated. */
    script_add(server, "", SCRIPT_CLOSE);
    script_answer(server, 200, "", DEVBOX);
    OK(get_info(NULL, E));
    unscripted();
    group("connections that break before the whole answer came");
}

static void too_slow(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    scripted();
    options.timeout_ms = 1000;
    options.max_retries = -1;
    script_add(server, "", SCRIPT_HOLD);
    CHECK_STATUS(create_async(&options, E), RUNLOOP_TIMEOUT);
    check_details(0, 1, RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(last_message(), "timeout_ms");
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", SCRIPT_HOLD);
    CHECK_STATUS(get_info(&options, E), RUNLOOP_TIMEOUT);
    /* An attempt that timed out is followed by another, where that is harmless. */
    options.max_retries = 1;
    options.timeout_ms = 2000;
    script_add(server, "", SCRIPT_HOLD);
    script_answer(server, 200, "", DEVBOX);
    OK(get_info(&options, E));
    /* The deadline is for the call as a whole. */
    options.max_retries = 0;
    options.timeout_ms = 0;
    options.deadline_ms = 200;
    script_answer(server, 503, "retry-after-ms: 30000\r\n", "{}");
    CHECK_STATUS(get_info(&options, E), RUNLOOP_DEADLINE);
    CHECK_HAS(last_message(), "deadline_ms");
    script_add(server, "", SCRIPT_HOLD);
    CHECK_STATUS(get_info(&options, E), RUNLOOP_DEADLINE);
    still_usable();
    unscripted();
    group("timeout and deadline");
}

/* ---- the emulator ---- */

static void wrong_token(void)
{
    static const char *const key[] = {"--api-key", "the-right-key", NULL};
    runloop_config *config;
    runloop_client *right;
    runloop_devbox *box;
    emulator_start(key);
    client = new_client(NULL);
    CHECK_STATUS(create_async(NULL, E), RUNLOOP_AUTHENTICATION);
    check_details(401, 1, RUNLOOP_RETRYABLE_NO, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(last_message(), "RUNLOOP_API_KEY");
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &box, E), RUNLOOP_AUTHENTICATION);
    check_no_secret(TOKEN);
    runloop_client_free(client);
    config = new_config(NULL);
    OK(runloop_config_set_bearer_token(config, "the-right-key", E));
    OK(runloop_client_new(config, &right, E));
    shut_down_and_free(new_devbox(right));
    runloop_client_free(right);
    runloop_config_free(config);
    EVENTUALLY(devboxes_left() == 0);
    emulator_stop();
    group("a wrong API key");
}

static void by_the_service(void)
{
    char *ids[3];
    int i;
    emulator_start(NULL);
    client = new_client(NULL);
    OK(runloop_devbox_attach(client, "dbx_nobody", &devbox, E));
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_NOT_FOUND);
    check_details(404, 1, RUNLOOP_RETRYABLE_NO, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(last_message(), "dbx_nobody");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "dbx_nobody");
    runloop_devbox_free(devbox);
    devbox = new_devbox(client);
    journal_clear();
    fault("devboxes.keep_alive", 0, 2, "{\"type\":\"status\",\"status\":429,\"headers\":{\"retry-after-ms\":\"30\"}}");
    OK(runloop_devbox_keep_alive(devbox, NULL, E));
    CHECK_INT(journal_count("devboxes.keep_alive"), 3);
    for (i = 0; i < 3; i++) CHECK((ids[i] = journal_at("devboxes.keep_alive", i, "/headers/x-request-id")) != NULL);
    CHECK_TEXT(ids[1], ids[0]);
    CHECK_TEXT(ids[2], ids[0]);
    for (i = 0; i < 3; i++) free(ids[i]);

    /* Before the effect, and after it: the caller cannot tell, and is told so. */
    for (i = 0; i < 2; i++) {
        faults_clear();
        fault("devboxes.create", 0, 1, "{\"type\":\"close\",\"when\":\"%s\"}", i ? "after" : "before");
        CHECK_STATUS(create_async(NULL, E), RUNLOOP_BROKEN);
        check_details(0, 1, RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK_INT(devboxes_left(), 1 + i);
    }
    free(control("POST", "/_emulator/reset", NULL));
    CHECK_STATUS(get_info(NULL, E), RUNLOOP_NOT_FOUND);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("what the service refuses, and what it forgets to answer");
}

int main(void)
{
    begin("test_errors");
    once.max_retries = -1;
    each_http_status();
    large_error_bodies();
    answers_of_another_kind();
    no_redirect_is_followed();
    what_is_repeated();
    broken_connections();
    too_slow();
    wrong_token();
    by_the_service();
    no_server();
    return finish();
}
