/* Whatever values the requests held, a server that repeats them brings them into no error and no log: from headers, queries,
 * bodies, in every place of an answer and in every spelling. What is ordinary stays legible. */

#include "scripted.h"

static char logged[1 << 18];

static void keep(void *user_data, int32_t level, const char *message)
{
    size_t used = strlen(logged);
    (void)user_data;
    (void)level;
    snprintf(logged + used, sizeof logged - used, "%s\n", message);
}

static void check_untold(const char *secret)
{
    check_no_secret(secret);
    CHECK_HAS_NOT(logged, secret);
}

static runloop_call_options once(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.max_retries = -1;
    return options;
}

/* The server repeats a value in all the places and spellings that it has. */
static void repeat(const char *json, const char *url, const char *base64)
{
    char body[2048], headers[512];
    snprintf(headers, sizeof headers, "X-Request-Id: %s\r\nX-Runloop-Error-Code: %s\r\nLocation: /x?v=%s\r\n", url, url, url);
    snprintf(body, sizeof body,
             "{\"message\":\"the box is bad: %s, %s, %s.\",\"code\":\"%s\",\"other\":[\"%s\",{\"%s\":1}],\"cut\":\"%.*s\"}", json, url, base64,
             json, json, url, (int)strlen(url) - 3, url);
    script_answer(server, 400, headers, body);
}

#define PARTS 4

/* ---- headers and queries ---- */

static void headers_and_queries(void)
{
    static const char *const values[] = {"Of-A-Header-1", "Of-Each-Header-2", "Of-A-Query-3", "Of-Each-Query-4"},
                            *const base64[] = {"T2YtQS1IZWFkZXItMQ==", "T2YtRWFjaC1IZWFkZXItMg==", "T2YtQS1RdWVyeS0z", "T2YtRWFjaC1RdWVyeS00"};
    runloop_config *config = new_config(script_url(server));
    runloop_client *own;
    runloop_devbox *box;
    runloop_params *headers = params_of("{\"X-Each\":\"Of-Each-Header-2\",\"X-Short\":\"abc\"}"), *query = params_of("{\"each\":\"Of-Each-Query-4\"}");
    runloop_value *value;
    size_t i;
    int kind;
    OK(runloop_config_add_header(config, "X-Tenant", values[0], E));
    OK(runloop_config_add_query(config, "tenant", values[2], E));
    OK(runloop_client_new(config, &own, E));
    OK(runloop_devbox_attach(own, "dbx_1", &box, E));
    for (i = 0; i < PARTS; i++) {
        for (kind = 0; kind < 3; kind++) {
            runloop_call_options options = once();
            runloop_event_stream *events;
            options.extra_headers = headers;
            options.extra_query = query;
            repeat(values[i], values[i], base64[i]);
            switch (kind) {
            case 0: CHECK_STATUS(runloop_devbox_get_info(box, &options, &value, E), RUNLOOP_BAD_REQUEST); break;
            case 1: 
                CHECK_STATUS(runloop_client_request(own, "PUT", "/v1/x", NULL, NULL, &options, NULL, NULL, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
                break;
            default:
                OK(runloop_eviction_watch(own, &options, &events, E));
                CHECK_STATUS(runloop_event_stream_next(events, NULL, &value, E), RUNLOOP_BAD_REQUEST);
                runloop_event_stream_free(events);
            }
            check_untold(values[i]);
            check_untold(base64[i]);
            CHECK_HAS(last_message(), "the box is bad: [redacted], [redacted], [redacted]");
            CHECK_HAS(runloop_error_body(last_error(), NULL), "\"cut\":\"[redacted]");
        }
    }
    /* Short values are no secrets, or every text would be full of holes. */
    {
        runloop_call_options options = once();
        options.extra_headers = headers;
        script_answer(server, 400, "", "{\"message\":\"abcdef and Of-A\"}");
        CHECK_STATUS(runloop_devbox_get_info(box, &options, &value, E), RUNLOOP_BAD_REQUEST);
        CHECK_HAS(last_message(), "abcdef and Of-A");
    }
    runloop_params_free(headers);
    runloop_params_free(query);
    runloop_devbox_free(box);
    runloop_client_free(own);
    runloop_config_free(config);
    group("headers and queries, whatever their names");
}

/* ---- bodies ---- */

#define VALUE "se<cr=et>/\xc3\xa4-'5'"
#define AS_JSON "se\\u003ccr\\u003det\\u003e\\/\\u00e4-\\u00275\\u0027"
#define AS_URL "se%3Ccr%3Det%3E%2F%C3%A4-%275%27"
#define AS_BASE64 "eHNlPGNyPWV0Pi/DpC0nNSd4"

static void check_value(const char *what)
{
    CHECK_HAS(last_message(), "the box is bad: [redacted], [redacted], ");
    check_untold("se<cr");
    check_untold("cr\\u003d");
    check_untold("se%3C");
    check_untold("NlPGNyPWV0Pi");
    if (what) group(what);
}

static void bodies(void)
{
    static const char *const creates[] = {
        "{\"name\":\"my-own-box\",\"environment_variables\":{\"A\":\"%s\",\"DEBUG\":\"true\"}}",
        "{\"name\":\"my-own-box\",\"launch_parameters\":{\"environment_variables\":{\"A\":\"%s\"}}}",
        "{\"name\":\"my-own-box\",\"file_mounts\":{\"/a\":\"%s\"}}",
        "{\"name\":\"my-own-box\",\"mounts\":[{\"type\":\"file_mount\",\"target\":\"/x\",\"content\":\"%s\"}]}",
        "{\"name\":\"my-own-box\",\"mounts\":[{\"type\":\"code_mount\",\"token\":\"%s\"}]}",
        "{\"name\":\"my-own-box\",\"auth_mechanism\":{\"type\":\"header\",\"key\":\"%s\"}}",
        "{\"name\":\"my-own-box\",\"custom_headers\":[{\"name\":\"X-A\",\"value\":\"%s\"}]}",
        "{\"name\":\"my-own-box\",\"private_key\":\"%s\"}",
        "{\"name\":\"my-own-box\",\"more\":{\"api_key\":\"%s\"}}",
        "{\"name\":\"my-own-box\",\"services\":[{\"credentials\":{\"username\":\"u\",\"password\":\"%s\"},\"env\":{}}]}",
        "{\"name\":\"my-own-box\",\"build_args\":{\"A\":\"%s\"}}",
    };
    runloop_call_options options = once();
    runloop_devbox *box;
    runloop_gateway_config *gateway;
    runloop_mcp_config *mcp;
    runloop_blueprint *blueprint;
    runloop_secret *secret;
    runloop_value *value;
    size_t i;
    for (i = 0; i < sizeof creates / sizeof *creates; i++) {
        char text[400];
        runloop_params *params;
        int call;
        snprintf(text, sizeof text, creates[i], VALUE);
        params = params_of(text);
        for (call = 0; call < 6; call++) {
            runloop_params *nothing = params_of("{}");
            repeat(AS_JSON, AS_URL, AS_BASE64);
            options.extra_body = call == 4 ? params : NULL;
            switch (call) {
            case 0: CHECK_STATUS(runloop_devbox_create_async(client, params, &options, &box, E), RUNLOOP_BAD_REQUEST); break;
            case 1: CHECK_STATUS(runloop_gateway_config_create(client, params, &options, &gateway, E), RUNLOOP_BAD_REQUEST); break;
            case 2: CHECK_STATUS(runloop_mcp_config_create(client, params, &options, &mcp, E), RUNLOOP_BAD_REQUEST); break;
            case 3: CHECK_STATUS(runloop_blueprint_create_async(client, params, &options, &blueprint, E), RUNLOOP_BAD_REQUEST); break;
            case 4: CHECK_STATUS(runloop_devbox_create(client, nothing, &options, &box, E), RUNLOOP_BAD_REQUEST); break;
            default:
                CHECK_STATUS(runloop_client_request(client, "POST", "/v1/x", NULL, params, &options, NULL, NULL, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
            }
            runloop_params_free(nothing);
            check_value(NULL);
        }
        options.extra_body = params;
        script_answer(server, 400, "", "{\"message\":\"my-own-box at X-A, /x: true or not?\"}");
        CHECK_STATUS(runloop_devbox_create_async(client, NULL, &options, &box, E), RUNLOOP_BAD_REQUEST);
        CHECK_HAS(last_message(), "my-own-box at X-A, /x: true or not?");
        options.extra_body = NULL;
        runloop_params_free(params);
    }
    group("bodies: variables, contents, keys and passwords");

    repeat(AS_JSON, AS_URL, AS_BASE64);
    CHECK_STATUS(runloop_secret_create(client, "A", VALUE, &options, &secret, E), RUNLOOP_BAD_REQUEST);
    check_value(NULL);
    OK(runloop_secret_from_id(client, "sec_1", &secret, E));
    repeat(AS_JSON, AS_URL, AS_BASE64);
    CHECK_STATUS(runloop_secret_update(secret, VALUE, &options, &value, E), RUNLOOP_BAD_REQUEST);
    check_value("the value of a secret");
    runloop_secret_free(secret);

    OK(runloop_devbox_attach(client, "dbx_1", &box, E));
    repeat(AS_JSON, AS_URL, AS_BASE64);
    CHECK_STATUS(runloop_devbox_write_file(box, "/etc/x", VALUE, strlen(VALUE), &options, E), RUNLOOP_BAD_REQUEST);
    check_value(NULL);
    {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        source.data = VALUE;
        source.length = (int64_t)strlen(VALUE);
        repeat(AS_JSON, AS_URL, AS_BASE64);
        CHECK_STATUS(runloop_devbox_upload_file(box, "/etc/x", &source, &options, E), RUNLOOP_BAD_REQUEST);
        check_value("the contents of a file");
    }
    runloop_devbox_free(box);
}

/* A key of several lines, of which the server repeats one; and a token that it shortens. */
static void parts(void)
{
    runloop_call_options options = once();
    runloop_secret *secret;
    script_answer(server, 400, "Content-Type: text/plain\r\n", "bad line: 'MIIEvQIBADANBgkqhkiG9w0B', in my own words");
    CHECK_STATUS(runloop_secret_create(client, "A", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSj\n", &options, &secret, E),
                 RUNLOOP_BAD_REQUEST);
    check_untold("MIIEvQIBADAN");
    CHECK_HAS(last_message(), "bad line: '[redacted]', in my own words");
    script_answer(server, 400, "", "{\"message\":\"the value sk-live-012345678... is too short\"}");
    CHECK_STATUS(runloop_secret_create(client, "A", "sk-live-0123456789abc", &options, &secret, E), RUNLOOP_BAD_REQUEST);
    check_untold("sk-live-");
    CHECK_HAS(last_message(), "the value [redacted]... is too short");
    group("parts of values");
}

/* ---- marks ---- */

#define MARK "librunloop_create_id"
#define MARKED "\\\"" MARK "\\\":\\\"4e2b1c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6\\\""

/* The library's own metadata is not the user's business, in no answer to a create. */
static void marks(void)
{
    static const char *const said[] = {
        "{\"message\":\"bad metadata: {\\\"a\\\":\\\"b\\\"," MARKED "}\",\"metadata\":{\"" MARK "\":\"4e2b1c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6\"}}",
        "bad metadata: {a=b, " MARK "=4e2b1c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6}",
    };
    static const char *const shown[] = {"bad metadata: {\"a\":\"b\"}", "bad metadata: {a=b}"};
    runloop_params *params = params_of("{\"name\":\"n\",\"dockerfile\":\"FROM x\",\"metadata\":{\"a\":\"b\"}}");
    runloop_call_options options = once();
    runloop_devbox *box;
    runloop_snapshot *snapshot;
    runloop_blueprint *blueprint;
    runloop_object *object;
    size_t i;
    int call;
    OK(runloop_devbox_attach(client, "dbx_1", &box, E));
    for (i = 0; i < 2; i++) {
        for (call = 0; call < 5; call++) {
            runloop_devbox *made;
            /* Of a service that lacks the operation the next is asked. */
            if (call == 1) script_answer(server, 404, "", "Not here");
            script_answer(server, 400, i ? "Content-Type: text/plain\r\n" : "", said[i]);
            switch (call) {
            case 0:
            case 1: CHECK_STATUS(runloop_devbox_create(client, params, &options, &made, E), RUNLOOP_BAD_REQUEST); break;
            case 2: CHECK_STATUS(runloop_devbox_snapshot_disk(box, params, &options, &snapshot, E), RUNLOOP_BAD_REQUEST); break;
            case 3: CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E), RUNLOOP_BAD_REQUEST); break;
            default: CHECK_STATUS(runloop_object_upload_from_text(client, "n", "x", params, &options, &object, E), RUNLOOP_BAD_REQUEST);
            }
            CHECK_HAS(last_message(), shown[i]);
            check_untold(MARK);
            check_untold("4e2b1c9a");
        }
    }
    runloop_devbox_free(box);
    runloop_params_free(params);
    group("the marks of creates");
}

int main(void)
{
    begin("test_repeated_values");
    OK(runloop_log_set(keep, NULL, RUNLOOP_LOG_DEBUG, E));
    scripted_start();
    headers_and_queries();
    bodies();
    parts();
    marks();
    CHECK(strlen(logged) > 1000);
    scripted_stop();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    return finish();
}
