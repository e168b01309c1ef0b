/* What the structs of options hold, and what configurations hold: wrong values are refused by name,
 * before anything is sent. */

#include "harness.h"
#include "script_server.h"

static runloop_client *client;
static runloop_devbox *devbox;
static runloop_execution *execution;
static runloop_exec_result *result;
static runloop_config *config;

#define REFUSED(member, bad, word)                                                                                           \
    do {                                                                                                                     \
        runloop_call_options refused = RUNLOOP_CALL_OPTIONS_INIT;                                                            \
        runloop_output_stream *none;                                                                                         \
        refused.member = bad;                                                                                                \
        CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &refused, &none, E), RUNLOOP_INVALID_ARGUMENT);     \
        CHECK_HAS(last_message(), word);                                                                                     \
    } while (0)
#define EXEC_REFUSED(member, bad, word)                                                                                      \
    do {                                                                                                                     \
        runloop_exec_options refused = RUNLOOP_EXEC_OPTIONS_INIT;                                                            \
        runloop_execution *none;                                                                                             \
        refused.member = bad;                                                                                                \
        CHECK_STATUS(runloop_devbox_exec_async(devbox, "true", &refused, NULL, &none, E), RUNLOOP_INVALID_ARGUMENT);         \
        CHECK_HAS(last_message(), word);                                                                                     \
    } while (0)

static void members_of_structs(void)
{
    const char *const no_utf8[] = {"A=\xff", NULL}, *const no_equals[] = {"A=1", "B", NULL}, *const bad_name[] = {"PPID=1", NULL},
                      *const dynamic[] = {"RANDOM=1", NULL}, *const no_name[] = {"=1", NULL};
    runloop_params *nested, *freed;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_output_stream *none;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_source from = RUNLOOP_SOURCE_INIT;
    runloop_bytes *contents;
    runloop_exec_options attached = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *finished;

    REFUSED(timeout_ms, -1, "timeout_ms");
    REFUSED(deadline_ms, INT64_MIN, "deadline_ms");
    REFUSED(poll_timeout_ms, -1, "poll_timeout_ms");
    REFUSED(poll_interval_ms, -1, "poll_interval_ms");
    REFUSED(max_retries, -2, "max_retries");
    REFUSED(idempotency_key, "\xff", "idempotency_key");
    REFUSED(idempotency_key, "", "idempotency_key");
    REFUSED(idempotency_key, " ", "idempotency_key");
    OK(runloop_params_from_json("{\"X-A\":{\"no\":\"text\"}}", 21, &nested, E));
    REFUSED(extra_headers, nested, "X-A");
    opts.extra_headers = (runloop_params *)(void *)client;
    CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &opts, &none, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "extra_headers");
    OK(runloop_params_new(&freed, E));
    runloop_params_free(freed);
    opts.extra_headers = NULL;
    opts.extra_body = freed;
    CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &opts, &none, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "extra_body");
    opts.extra_body = NULL;
    opts.cancel = (runloop_cancel *)(void *)nested;
    CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &opts, &none, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "cancel");
    runloop_params_free(nested);
    CHECK_STATUS(runloop_execution_stream(execution, 0, NULL, &none, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "which");
    CHECK_STATUS(runloop_execution_stream(execution, 4, NULL, &none, E), RUNLOOP_INVALID_ARGUMENT);

    EXEC_REFUSED(working_directory, "\xff", "working_directory");
    EXEC_REFUSED(working_directory, "", "directory");
    EXEC_REFUSED(user, "\xff", "user");
    EXEC_REFUSED(user, "", "user");
    EXEC_REFUSED(user, "a b", "user");
    EXEC_REFUSED(environment, no_utf8, "environment");
    EXEC_REFUSED(environment, no_equals, "environment");
    EXEC_REFUSED(environment, bad_name, "PPID");
    EXEC_REFUSED(environment, dynamic, "RANDOM");
    EXEC_REFUSED(environment, no_name, "environment");
    EXEC_REFUSED(timeout_ms, -1, "timeout_ms");
    EXEC_REFUSED(max_output_bytes, -1, "max_output_bytes");
    EXEC_REFUSED(reserved, 1, "reserved");
    attached.attach_stdin = 1;
    CHECK_STATUS(runloop_devbox_exec(devbox, "cat", &attached, NULL, &finished, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "exec_async");

    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &from, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    from.data = "x";
    from.fd = 0;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &from, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    from.fd = -1;
    from.length = -1;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &from, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    from.length = 1;
    from.reserved = 1;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &from, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", NULL, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    sink.path = "\xff";
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    sink.path = temporary("never");
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, NULL, &contents, E), RUNLOOP_INVALID_ARGUMENT);
    sink.reserved = 1;
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_config_set_timeout_ms(config, -1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_config_set_connect_timeout_ms(config, -1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_config_set_max_retries(config, -2, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_config_set_max_answer_bytes(config, -1, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_config_set_http_version(config, 3, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_exec_result_stdout(result, -1, NULL, &contents, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "last_n");
    group("members of structs, negative numbers");
}

static void bad_configuration(const char *url, const char *header, const char *word)
{
    runloop_config *bad = new_config(url);
    runloop_client *none;
    if (header) OK(runloop_config_add_header(bad, header, "x", E));
    CHECK_STATUS(runloop_client_new(bad, &none, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), word);
    CHECK(none == NULL);
    runloop_config_free(bad);
}

static void configurations(void)
{
    static const char *const urls[] = {"", "runloop", "ftp://host", "https://", "https://host?x=1", "http://ho st",
                                       /* Not in ASCII, in small letters and capitals. */
                                       "http://\xc3\xa4", "http://M\xc3\x9cNCHEN.example", "http://M%C3%9CNCHEN.example"};
    size_t i;
    for (i = 0; i < sizeof urls / sizeof *urls; i++) bad_configuration(urls[i], NULL, "base URL");
    bad_configuration("https://user:pass-5b3@host", NULL, "base URL");
    check_no_secret("pass-5b3");
    bad_configuration("http://127.0.0.1:1", "no header", "which no name of a header can");
    bad_configuration("http://127.0.0.1:1", "x\r\ny", "header");
    group("configurations that cannot be used");
}

static void environment_variables(script_server *server)
{
    runloop_client *none;
    runloop_devbox *box;
    runloop_value *info;
    char *header;
    CHECK_STATUS(runloop_client_new(NULL, &none, E), RUNLOOP_MISSING_CREDENTIALS);
    CHECK_HAS(last_message(), "RUNLOOP_API_KEY");
    CHECK(none == NULL);
    setenv("RUNLOOP_API_KEY", " ", 1);
    CHECK_STATUS(runloop_client_new(NULL, &none, E), RUNLOOP_MISSING_CREDENTIALS);
    setenv("RUNLOOP_API_KEY", "key-from-environment\n", 1);
    setenv("RUNLOOP_BASE_URL", script_url(server), 1);
    setenv("RUNLOOP_CUSTOM_HEADERS", "X-One: first\nx-two:second: with colon\n", 1);
    script_answer(server, 200, "", "{\"id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_client_new(NULL, &none, E));
    OK(runloop_devbox_attach(none, "dbx_1", &box, E));
    OK(runloop_devbox_get_info(box, NULL, &info, E));
    CHECK_TEXT(header = script_header(server, 1, "authorization"), "Bearer key-from-environment");
    free(header);
    CHECK_TEXT(header = script_header(server, 1, "x-one"), "first");
    free(header);
    CHECK_TEXT(header = script_header(server, 1, "x-two"), "second: with colon");
    free(header);
    CHECK_HAS(script_request(server, 1), "GET /v1/devboxes/dbx_1 HTTP/1.1");
    runloop_value_free(info);
    runloop_devbox_free(box);
    runloop_client_free(none);
    setenv("RUNLOOP_CUSTOM_HEADERS", "no colon", 1);
    CHECK_STATUS(runloop_client_new(NULL, &none, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "RUNLOOP_CUSTOM_HEADERS");
    unsetenv("RUNLOOP_CUSTOM_HEADERS");
    unsetenv("RUNLOOP_API_KEY");
    unsetenv("RUNLOOP_BASE_URL");
    group("what is taken from the environment");
}

/* What is given explicitly, for the client or for the call, is what goes over the wire. */
static void what_is_sent(script_server *server)
{
    runloop_config *own = new_config(script_url(server));
    runloop_client *sender;
    runloop_devbox *box, *created;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *headers, *query, *body;
    const char *request;
    char *header;
    int nth = script_requests(server);
    OK(runloop_config_add_header(own, "X-Own", "client's", E));
    OK(runloop_config_add_header(own, "X-Other", "client's too", E));
    OK(runloop_config_add_query(own, "flavour", "sweet & sour", E));
    OK(runloop_config_set_user_agent(own, "tester/7", E));
    OK(runloop_client_new(own, &sender, E));
    OK(runloop_params_from_json("{\"x-own\":\"call's\"}", 18, &headers, E));
    OK(runloop_params_from_json("{\"a\":[1,\"\\u00e4\"],\"b\":true}", 27, &query, E));
    OK(runloop_params_from_json("{\"name\":\"extra\"}", 16, &body, E));
    options.extra_headers = headers;
    options.extra_query = query;
    options.extra_body = body;
    options.idempotency_key = "my-own-key";
    script_answer(server, 200, "", "{\"id\":\"dbx_2\",\"status\":\"provisioning\"}");
    OK(runloop_devbox_create_async(sender, NULL, &options, &box, E));
    CHECK_TEXT(runloop_devbox_id(box), "dbx_2");
    request = script_request(server, nth);
    CHECK_HAS(request, "POST /v1/devboxes?flavour=sweet%20%26%20sour&a=1%2C%C3%A4&b=true HTTP/1.1");
    CHECK_HAS(request, "{\"name\":\"extra\"}");
    CHECK_TEXT(header = script_header(server, nth, "x-own"), "call's");
    free(header);
    CHECK_TEXT(header = script_header(server, nth, "x-other"), "client's too");
    free(header);
    CHECK_TEXT(header = script_header(server, nth, "x-request-id"), "my-own-key");
    free(header);
    CHECK_HAS(header = script_header(server, nth, "user-agent"), "tester/7 librunloop/");
    free(header);
    CHECK_TEXT(header = script_header(server, nth, "authorization"), "Bearer " TOKEN);
    free(header);
    options.idempotency_key = "no\nkey";
    CHECK_STATUS(runloop_devbox_create_async(sender, NULL, &options, &created, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_INT(script_requests(server), nth + 1);
    runloop_params_free(headers);
    runloop_params_free(query);
    runloop_params_free(body);
    runloop_devbox_free(box);
    runloop_client_free(sender);
    runloop_config_free(own);

    /* Identifiers are data, never a part of the path's shape. */
    sender = new_client(script_url(server));
    OK(runloop_devbox_attach(sender, "a/b?c#d%e \xc3\xa4", &box, E));
    script_answer(server, 200, "", "{}");
    OK(runloop_devbox_keep_alive(box, NULL, E));
    CHECK_HAS(script_request(server, nth + 1), "POST /v1/devboxes/a%2Fb%3Fc%23d%25e%20%C3%A4/keep_alive HTTP/1.1");
    runloop_devbox_free(box);
    {
        static const char *const dots[] = {".", "..", "..;x", "%2e%2E", "a\nb", " "};
        int i;
        for (i = 0; i < (int)(sizeof dots / sizeof *dots); i++) {
            int32_t status = runloop_devbox_attach(sender, dots[i], &box, E);
            CHECK_INT(status, RUNLOOP_INVALID_ARGUMENT);
            runloop_devbox_free(box);
        }
    }
    runloop_client_free(sender);
    group("what is sent: headers, query, body, identifiers");
}

int main(void)
{
    script_server *server;
    begin("test_options");
    server = script_start();
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    script_answer(server, 200, "", "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":0,\"stdout\":\"x\\n\",\"stderr\":\"\"}");
    OK(runloop_devbox_exec(devbox, "true", NULL, NULL, &result, E));
    config = new_config("http://127.0.0.1:1");

    members_of_structs();
    CHECK_INT(script_requests(server), 1);
    configurations();
    environment_variables(server);
    what_is_sent(server);

    runloop_config_free(config);
    runloop_exec_result_free(result);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    script_stop(server);
    return finish();
}
