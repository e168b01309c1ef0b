/* What was given to a call, and the token, in texts of the service that errors are made of: reasons of failures, logs of builds, states,
 * and what answers a later request of the same call or handle. */

#include "scripted.h"

#define KEY "h1dden \"k\xc3\xa4y\""
/* As JSON writes it. */
#define KEY_IN_JSON "h1dden \\\"k\xc3\xa4y\\\""
#define SPOKEN TOKEN " and " KEY_IN_JSON

static runloop_devbox *devbox;

static void check_hidden(void)
{
    check_no_secret(TOKEN);
    check_no_secret("h1dden");
}

/* Hidden, and said otherwise: there is something to read. */
static void check_said(const char *part)
{
    check_hidden();
    CHECK_HAS(last_message(), part);
}

static runloop_params *with_variable(void)
{
    runloop_params *params = params_of("{\"name\":\"b\",\"dockerfile\":\"FROM x\"}");
    OK(runloop_params_set_string(params, "/environment_variables/KEY", KEY, E));
    OK(runloop_params_set_string(params, "/build_args/KEY", KEY, E));
    return params;
}

static void devboxes(void)
{
    runloop_params *params = with_variable();
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *made;
    runloop_value *info;
    int before = script_requests(server);
    /* The create, which waits. */
    answer("{\"id\":\"dbx_1\",\"status\":\"provisioning\"}");
    answer("{\"id\":\"dbx_1\",\"status\":\"failure\",\"failure_reason\":\"no " SPOKEN "!\",\"other\":\"" SPOKEN "\"}");
    CHECK_STATUS(runloop_devbox_create(client, params, NULL, &made, E), RUNLOOP_DEVBOX_FAILED);
    check_said("no [redacted] and [redacted]!");
    CHECK_HAS(runloop_error_body(last_error(), NULL), "\"other\":\"[redacted] and [redacted]\"");
    answer("{\"id\":\"dbx_1\",\"status\":\"provisioning\"}");
    script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
    answer("{}");
    CHECK_STATUS(runloop_devbox_create(client, params, NULL, &made, E), RUNLOOP_BAD_REQUEST);
    check_said("no [redacted] and [redacted]!");
    EVENTUALLY(script_requests(server) == before + 5);
    /* What a handle of another program's knows is the token, and what the answer shows. */
    answer("{\"id\":\"dbx_1\",\"status\":\"failure\",\"failure_reason\":\"no " SPOKEN "!\",\"launch_parameters\":{\"environment_variables\":{\"KEY\":\""
           KEY_IN_JSON "\"}}}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    check_said("no [redacted] and [redacted]!");
    options.poll_timeout_ms = 1500;
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", SCRIPT_HOLD);
    answer("{\"id\":\"dbx_1\",\"status\":\"" TOKEN "\"}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
    check_said("last seen [redacted]");
    CHECK_HAS(runloop_error_body(last_error(), NULL), "[redacted]");
    runloop_params_free(params);
    group("devboxes that fail, and waits for them");
}

static void builds(void)
{
    runloop_params *params = with_variable();
    runloop_blueprint *made;
    answer("{\"id\":\"bpt_1\",\"status\":\"provisioning\"}");
    answer("{\"id\":\"bpt_1\",\"status\":\"failed\",\"failure_reason\":\"no " SPOKEN "!\"}");
    answer("{\"logs\":[{\"level\":\"info\",\"timestamp_ms\":1,\"message\":\"KEY=" KEY_IN_JSON "\"},{\"message\":\"Bearer " TOKEN " refused\"}]}");
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, NULL, &made, E), RUNLOOP_BUILD_FAILED);
    check_said("(no [redacted] and [redacted]!)");
    CHECK_HAS(last_message(), "KEY=[redacted]\n[redacted] refused");
    runloop_params_free(params);
    group("builds that fail, and their logs");
}

static void snapshots(void)
{
    runloop_snapshot *snapshot;
    answer("{\"id\":\"snp_1\"}");
    answer("{\"status\":\"error\",\"error_message\":\"no " TOKEN ".\"}");
    CHECK_STATUS(runloop_devbox_snapshot_disk(devbox, NULL, NULL, &snapshot, E), RUNLOOP_SNAPSHOT_FAILED);
    check_said("(no [redacted])");
    group("snapshots that fail");
}

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    return 0;
}

static void commands(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    const char *const environment[] = {"KEY=" KEY, NULL};
    runloop_exec_result *result;
    runloop_execution *execution;
    runloop_value *state;
    int listens;
    exec.environment = environment;
    for (listens = 0; listens < 2; listens++) {
        int before = script_requests(server);
        /* Of the requests that follow the first none holds the variables. */
        answer("{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
        script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
        if (listens) script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
        answer("{}");
        exec.on_stdout = listens ? ignore : NULL;
        CHECK_STATUS(runloop_devbox_exec(devbox, "make", &exec, NULL, &result, E), RUNLOOP_BAD_REQUEST);
        check_said("no [redacted] and [redacted]!");
        EVENTUALLY(script_requests(server) == before + 3 + listens);
    }
    exec.on_stdout = NULL;
    answer("{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_devbox_exec_async(devbox, "make", &exec, NULL, &execution, E));
    script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
    CHECK_STATUS(runloop_execution_get_state(execution, NULL, &state, E), RUNLOOP_BAD_REQUEST);
    check_said("no [redacted] and [redacted]!");
    script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
    CHECK_STATUS(runloop_execution_result(execution, NULL, &result, E), RUNLOOP_BAD_REQUEST);
    check_said("no [redacted] and [redacted]!");
    script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
    CHECK_STATUS(runloop_execution_kill(execution, 1, NULL, E), RUNLOOP_BAD_REQUEST);
    check_said("no [redacted] and [redacted]!");
    script_answer(server, 400, "", "{\"message\":\"no " SPOKEN "!\"}");
    CHECK_STATUS(runloop_execution_send_stdin(execution, "h1dden too", NULL, E), RUNLOOP_BAD_REQUEST);
    check_said("no [redacted] and [redacted]!");
    runloop_execution_free(execution);
    group("what follows the start of a command");
}

/* Answers that cannot be read as JSON hold the token as servers may write it: escaped at any place, once and again, and cut. */
static void spellings(void)
{
    static const char *const said[] = {
        "{\"message\":\"test\\u002dtoken-3f9a1c",
        "{\"message\":\"\\u0074\\u0065\\u0073\\u0074-token-3f9a1c\\",
        "{\"a\":\"{\\\"b\\\":\\\"test\\\\u002Dtoken\\\\u002d3f9a1c\\\"}",
        "<p>test&#45;token&#x2d;3f9a1c",
        "key=test%2Dtoken%2d3f9a1c",
        "key=test%252Dtoken%252d3f9a1c",
        "key=test%u002dtoken\\x2d3f9a1c",
        "'test&amp;#45;token\\u{2d}3f9a1c'",
    };
    static const char *const cut[] = {"bad key test-to", "bad key t", "bad key %74est%2", "{\"message\":\"bad key t\\u0065st\\u002"};
    char answer_text[300];
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *headers = params_of("{\"X-Auth\":\"Basic aGlkZGVuLXVzZXI6aDFkZGVuLXBhc3M=\"}");
    runloop_value *info;
    size_t i;
    for (i = 0; i < sizeof said / sizeof *said; i++) {
        script_answer(server, 400, "Content-Type: text/plain\r\n", said[i]);
        CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        CHECK_HAS(runloop_error_body(last_error(), NULL), "[redacted]");
        check_hidden();
        check_no_secret("token");
        check_no_secret("3f9a");
    }
    for (i = 0; i < sizeof cut / sizeof *cut; i++) {
        snprintf(answer_text, sizeof answer_text, "HTTP/1.1 400 No\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n%s", cut[i]);
        script_add(server, answer_text, SCRIPT_CLOSE);
        CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        check_said("bad key [redacted].");
    }
    options.extra_headers = headers;
    script_answer(server, 400, "", "{\"message\":\"hidden-user, h1dden-pass is no password\"}");
    CHECK_STATUS(runloop_devbox_get_info(devbox, &options, &info, E), RUNLOOP_BAD_REQUEST);
    check_said("[redacted] is no password");
    runloop_params_free(headers);
    group("whatever way a server writes them, and where it is cut");
}

/* Servers leave out what a token begins with, or write the rest of it otherwise. */
static void without_its_beginning(void)
{
    runloop_config *config = new_config(script_url(server));
    runloop_client *own;
    runloop_value *value;
    char body[200];
    size_t i;
    OK(runloop_config_set_bearer_token(config, "ak_live_0a1B2c3D4e5F6g7H8i9J", E));
    OK(runloop_client_new(config, &own, E));
    runloop_config_free(config);
    for (i = 0; i < 4; i++) {
        static const char *const parts[] = {"0a1B2c3D4e5F6g7H8i9J", "live_0a1B2c3D4e5F6g7H", "MGExQjJjM0Q0ZTVGNmc3SDhpOUo=",
                                            "306131423263334434653546366737483869394a"};
        snprintf(body, sizeof body, "{\"message\":\"no key %s!\"}", parts[i]);
        script_answer(server, 401, "", body);
        CHECK_STATUS(runloop_client_request(own, "GET", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E), RUNLOOP_AUTHENTICATION);
        CHECK_HAS(last_message(), "no key [redacted]!");
        check_no_secret(parts[i]);
    }
    runloop_client_free(own);
    group("a token without its prefix, as it is, in base64 and in digits");
}

/* What cannot be used is told without being repeated where it may be a secret. */
static void arguments(void)
{
    static const char *const paths[] = {"/v1/x?token=h1dden", "https://user:h1dden@host/v1/x", "h1dden", "/v1/x h1dden", "//user:h1dden@host/"};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *headers = params_of("{}");
    runloop_config *config = new_config(script_url(server));
    runloop_execution *execution;
    runloop_client *other;
    runloop_params *params = params_of("{}");
    runloop_value *value;
    runloop_object *object;
    size_t i;
    for (i = 0; i < sizeof paths / sizeof *paths; i++) {
        CHECK_STATUS(runloop_client_request(client, "GET", paths[i], NULL, NULL, NULL, NULL, NULL, &value, NULL, E), RUNLOOP_INVALID_ARGUMENT);
        check_hidden();
    }
    CHECK_HAS(last_message(), "begins with two slashes");
    CHECK_STATUS(runloop_client_request(client, "h1dden-token", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("GET, POST");
    OK(runloop_params_set_string(headers, "/Authorization: Bearer h1dden", "x", E));
    options.extra_headers = headers;
    CHECK_STATUS(runloop_client_request(client, "GET", "/v1/x", NULL, NULL, &options, NULL, NULL, &value, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("holds ':'");
    runloop_params_free(headers);
    headers = params_of("{}");
    OK(runloop_params_set_string(headers, "/X-Key", "h1dden\n", E));
    options.extra_headers = headers;
    CHECK_STATUS(runloop_client_request(client, "GET", "/v1/x", NULL, NULL, &options, NULL, NULL, &value, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("X-Key");
    CHECK_STATUS(runloop_params_set_string(params, "h1dden", "/name", E), RUNLOOP_INVALID_ARGUMENT);
    check_said("JSON Pointer");
    CHECK_STATUS(runloop_execution_attach(devbox, "h1dden\n", &execution, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("identifier");
    {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_exec_result *result;
        const char *const nameless[] = {"=h1dden", NULL};
        exec.user = "user:h1dden";
        CHECK_STATUS(runloop_devbox_exec(devbox, "true", &exec, NULL, &result, E), RUNLOOP_INVALID_ARGUMENT);
        check_said("user");
        exec.user = NULL;
        exec.environment = nameless;
        CHECK_STATUS(runloop_devbox_exec(devbox, "true", &exec, NULL, &result, E), RUNLOOP_INVALID_ARGUMENT);
        check_said("environment");
    }
    CHECK_STATUS(runloop_object_upload_from_file(client, "https://user:h1dden@host/f?X-Amz-Signature=h1dden", NULL, NULL, &object, E), RUNLOOP_LOCAL_IO);
    check_said("https://[redacted]@host/f?X-Amz-Signature=[redacted]");
    OK(runloop_config_set_ca_file(config, "https://user:h1dden@host/ca.pem", E));
    CHECK_STATUS(runloop_client_new(config, &other, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("[redacted]@host/ca.pem");
    runloop_config_free(config);
    config = new_config("https://user:h1dden@host");
    CHECK_STATUS(runloop_client_new(config, &other, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("user or a password");
    runloop_config_free(config);
    config = new_config(script_url(server));
    OK(runloop_config_set_proxy(config, "ftp://user:h1dden@host", E));
    CHECK_STATUS(runloop_client_new(config, &other, E), RUNLOOP_INVALID_ARGUMENT);
    check_said("scheme");
    runloop_config_free(config);
    runloop_params_free(headers);
    runloop_params_free(params);
    group("arguments that cannot be used");
}

/* HTTP/2: settings, and a GOAWAY for every stream, whose text repeats the token. */
static void behind_a_connection(void)
{
    static const char text[] = "bad authorization: Bearer " TOKEN;
    char bytes[200] = {0};
    size_t length = sizeof text - 1, i;
    runloop_config *config = new_config(script_url(server));
    runloop_client *own;
    runloop_devbox *its;
    runloop_value *value = NULL;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    bytes[3] = 4;
    bytes[9 + 2] = (char)(8 + length);
    bytes[9 + 3] = 7;
    bytes[9 + 9 + 7] = 11;
    memcpy(bytes + 26, text, length);
    for (i = 0; i < 20; i++) script_add_bytes(server, bytes, 26 + length, SCRIPT_CLOSE);
    OK(runloop_config_set_http_version(config, RUNLOOP_HTTP_2, E));
    OK(runloop_client_new(config, &own, E));
    runloop_config_free(config);
    OK(runloop_devbox_attach(own, "dbx_1", &its, E));
    options.max_retries = 0;
    CHECK_STATUS(runloop_devbox_get_info(its, &options, &value, E), RUNLOOP_BROKEN);
    check_hidden();
    runloop_devbox_free(its);
    runloop_client_free(own);
    group("the text of a GOAWAY");
}

int main(void)
{
    begin("test_repeated_secrets");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    spellings();
    devboxes();
    builds();
    snapshots();
    commands();
    without_its_beginning();
    arguments();
    behind_a_connection();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
