/* Every function, with each of its arguments in turn NULL, no UTF-8, or empty: a status and a
 * message that names the argument, outputs cleared, nothing leaked, nothing crashed. */

#include "harness.h"
#include "script_server.h"

/* What is done to one of a call's arguments. */
static enum { NOTHING, NULLED, BAD_UTF8, EMPTY, NO_ERROR_PLACE } twist;
static int twisted;

/* Places for outputs of any kind. */
static union slot {
    void *pointer;
    int32_t number;
    unsigned char bytes[sizeof(double) > sizeof(void *) ? sizeof(double) : sizeof(void *)];
} out[6];

#define IS(what, at) (twist == (what) && twisted == (at))
/* An argument that may be NULL in C; a text; an output. */
#define A(at, value) (IS(NULLED, at) ? NULL : (value))
#define T(at, value) (IS(NULLED, at) ? NULL : IS(BAD_UTF8, at) ? "ab\xff\xfe" : IS(EMPTY, at) ? "" : (value))
#define O(at, type) ((type *)(IS(NULLED, at) ? NULL : (void *)&out[at]))
#define ERROR (twist == NO_ERROR_PLACE ? NULL : E)

static runloop_client *client, *to_close, *open_client;
static runloop_devbox *devbox;
static runloop_devbox_cursor *cursor;
static runloop_execution *execution;
static runloop_output_stream *stream;
static runloop_exec_result *result;
static runloop_params *params, *scratch_params;
static runloop_config *config, *scratch;
static runloop_cancel *cancel;
static runloop_value *value;
static runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
static runloop_exec_options exec_options = RUNLOOP_EXEC_OPTIONS_INIT;
static runloop_source source = RUNLOOP_SOURCE_INIT;

#define PROBE(name, call) \
    static int32_t probe_##name(void) { return runloop_##name call; }

PROBE(cancel_new, (O(0, runloop_cancel *), ERROR))
PROBE(cancel_trigger, (A(0, cancel), ERROR))
PROBE(params_new, (O(0, runloop_params *), ERROR))
PROBE(params_from_json, (T(0, "{\"a\":1}"), 7, O(1, runloop_params *), ERROR))
PROBE(params_set_string, (A(0, scratch_params), T(1, "/a"), T(2, "x"), ERROR))
PROBE(params_set_int, (A(0, scratch_params), T(1, "/a"), 1, ERROR))
PROBE(params_set_double, (A(0, scratch_params), T(1, "/a"), 1, ERROR))
PROBE(params_set_bool, (A(0, scratch_params), T(1, "/a"), 1, ERROR))
PROBE(params_set_null, (A(0, scratch_params), T(1, "/a"), ERROR))
PROBE(params_set_json, (A(0, scratch_params), T(1, "/a"), T(2, "{}"), ERROR))
PROBE(params_append_string, (A(0, scratch_params), T(1, "/l"), T(2, "x"), ERROR))
PROBE(params_append_int, (A(0, scratch_params), T(1, "/l"), 1, ERROR))
PROBE(params_append_double, (A(0, scratch_params), T(1, "/l"), 1, ERROR))
PROBE(params_append_json, (A(0, scratch_params), T(1, "/l"), T(2, "{}"), ERROR))
PROBE(params_to_json, (A(0, scratch_params), O(1, runloop_bytes *), ERROR))
PROBE(params_clone, (A(0, scratch_params), O(1, runloop_params *), ERROR))
PROBE(value_get_string, (A(0, value), T(1, "/text"), O(2, const char *), O(3, size_t), ERROR))
PROBE(value_get_int, (A(0, value), T(1, "/int"), O(2, int64_t), ERROR))
PROBE(value_get_double, (A(0, value), T(1, "/int"), O(2, double), ERROR))
PROBE(value_get_bool, (A(0, value), T(1, "/bool"), O(2, int32_t), ERROR))
PROBE(value_length, (A(0, value), T(1, ""), O(2, size_t), ERROR))
PROBE(value_key, (A(0, value), T(1, ""), 0, O(2, const char *), ERROR))
PROBE(value_child, (A(0, value), T(1, "/int"), O(2, runloop_value *), ERROR))
PROBE(config_new, (O(0, runloop_config *), ERROR))
PROBE(config_set_bearer_token, (A(0, scratch), T(1, TOKEN), ERROR))
PROBE(config_set_base_url, (A(0, scratch), T(1, "http://127.0.0.1:1"), ERROR))
PROBE(config_set_timeout_ms, (A(0, scratch), 0, ERROR))
PROBE(config_set_connect_timeout_ms, (A(0, scratch), 0, ERROR))
PROBE(config_set_max_retries, (A(0, scratch), 0, ERROR))
PROBE(config_add_header, (A(0, scratch), T(1, "X-A"), T(2, "x"), ERROR))
PROBE(config_add_query, (A(0, scratch), T(1, "a"), T(2, "x"), ERROR))
PROBE(config_set_proxy, (A(0, scratch), T(1, ""), ERROR))
PROBE(config_set_ca_file, (A(0, scratch), T(1, "/etc/ca"), ERROR))
PROBE(config_set_client_certificate, (A(0, scratch), T(1, "/chain"), T(2, "/key"), ERROR))
PROBE(config_set_max_answer_bytes, (A(0, scratch), 0, ERROR))
PROBE(config_set_http_version, (A(0, scratch), RUNLOOP_HTTP_1, ERROR))
PROBE(config_set_user_agent, (A(0, scratch), T(1, "x"), ERROR))
PROBE(client_new, (A(0, config), O(1, runloop_client *), ERROR))
PROBE(client_close, (A(0, to_close), ERROR))
PROBE(devbox_create, (A(0, client), A(1, params), A(2, &options), O(3, runloop_devbox *), ERROR))
PROBE(devbox_create_from_blueprint_id, (A(0, client), T(1, "bpt_1"), A(2, params), A(3, &options), O(4, runloop_devbox *), ERROR))
PROBE(devbox_create_from_blueprint_name, (A(0, client), T(1, "b"), A(2, params), A(3, &options), O(4, runloop_devbox *), ERROR))
PROBE(devbox_create_from_snapshot, (A(0, client), T(1, "snp_1"), A(2, params), A(3, &options), O(4, runloop_devbox *), ERROR))
PROBE(devbox_create_async, (A(0, client), A(1, params), A(2, &options), O(3, runloop_devbox *), ERROR))
PROBE(devbox_from_id, (A(0, client), T(1, "dbx_1"), A(2, &options), O(3, runloop_devbox *), ERROR))
PROBE(devbox_attach, (A(0, client), T(1, "dbx_1"), O(2, runloop_devbox *), ERROR))
PROBE(devbox_get_info, (A(0, devbox), A(1, &options), O(2, runloop_value *), ERROR))
PROBE(devbox_await_running, (A(0, devbox), A(1, &options), O(2, runloop_value *), ERROR))
PROBE(devbox_keep_alive, (A(0, devbox), A(1, &options), ERROR))
PROBE(devbox_shutdown, (A(0, devbox), A(1, &options), O(2, runloop_value *), ERROR))
PROBE(devbox_list, (A(0, client), A(1, params), O(2, runloop_devbox_cursor *), ERROR))
PROBE(devbox_cursor_next, (A(0, cursor), A(1, &options), O(2, runloop_devbox *), O(3, runloop_value *), ERROR))
PROBE(exec_result_stdout, (A(0, result), 0, A(1, &options), O(2, runloop_bytes *), ERROR))
PROBE(exec_result_stderr, (A(0, result), 0, A(1, &options), O(2, runloop_bytes *), ERROR))
PROBE(exec_result_value, (A(0, result), O(1, runloop_value *), ERROR))
PROBE(devbox_exec, (A(0, devbox), T(1, "true"), A(2, &exec_options), A(3, &options), O(4, runloop_exec_result *), ERROR))
PROBE(devbox_exec_async, (A(0, devbox), T(1, "true"), A(2, &exec_options), A(3, &options), O(4, runloop_execution *), ERROR))
PROBE(execution_attach, (A(0, devbox), T(1, "exec_1"), O(2, runloop_execution *), ERROR))
PROBE(execution_get_state, (A(0, execution), A(1, &options), O(2, runloop_value *), ERROR))
PROBE(execution_result, (A(0, execution), A(1, &options), O(2, runloop_exec_result *), ERROR))
PROBE(execution_kill, (A(0, execution), 1, A(1, &options), ERROR))
PROBE(execution_send_stdin, (A(0, execution), T(1, "x"), A(2, &options), ERROR))
PROBE(execution_close_stdin, (A(0, execution), A(1, &options), ERROR))
PROBE(execution_interrupt, (A(0, execution), A(1, &options), ERROR))
PROBE(execution_stream, (A(0, execution), RUNLOOP_STDOUT, A(1, &options), O(2, runloop_output_stream *), ERROR))
PROBE(output_stream_next, (A(0, stream), A(1, &options), O(2, int32_t), O(3, const char *), O(4, size_t), ERROR))
PROBE(devbox_read_file, (A(0, devbox), T(1, "/x"), A(2, &options), O(3, runloop_bytes *), ERROR))
PROBE(devbox_write_file, (A(0, devbox), T(1, "/x"), A(2, "abc"), 3, A(3, &options), ERROR))
PROBE(devbox_upload_file, (A(0, devbox), T(1, "/x"), A(2, &source), A(3, &options), ERROR))
PROBE(devbox_download_file, (A(0, devbox), T(1, "/x"), NULL, A(2, &options), O(3, runloop_bytes *), ERROR))

static void free_cancel(void *p) { runloop_cancel_free((runloop_cancel *)p); }
static void free_params(void *p) { runloop_params_free((runloop_params *)p); }
static void free_bytes(void *p) { runloop_bytes_free((runloop_bytes *)p); }
static void free_value(void *p) { runloop_value_free((runloop_value *)p); }
static void free_config(void *p) { runloop_config_free((runloop_config *)p); }
static void free_client(void *p) { runloop_client_free((runloop_client *)p); }
static void free_devbox(void *p) { runloop_devbox_free((runloop_devbox *)p); }
static void free_cursor(void *p) { runloop_devbox_cursor_free((runloop_devbox_cursor *)p); }
static void free_execution(void *p) { runloop_execution_free((runloop_execution *)p); }
static void free_stream(void *p) { runloop_output_stream_free((runloop_output_stream *)p); }

/* Arguments, each `name:kinds`. The kinds: H a handle that must be given, A something else that
 * must be; N what may be NULL; T a text that must be given, I one that must not be empty either,
 * D bytes with a length; O an output that must be given, P one that may be NULL. */
static const struct function {
    const char *name;
    int32_t (*probe)(void);
    const char *arguments;
    void (*release)(void *);
} functions[] = {
#define F(name, arguments, release) {"runloop_" #name, probe_##name, arguments, release}
    F(cancel_new, "cancel:O", free_cancel),
    F(cancel_trigger, "cancel:H", NULL),
    F(params_new, "params:O", free_params),
    F(params_from_json, "json:D params:O", free_params),
    F(params_set_string, "params:H pointer:T value:T", NULL),
    F(params_set_int, "params:H pointer:T", NULL),
    F(params_set_double, "params:H pointer:T", NULL),
    F(params_set_bool, "params:H pointer:T", NULL),
    F(params_set_null, "params:H pointer:T", NULL),
    F(params_set_json, "params:H pointer:T value:T", NULL),
    F(params_append_string, "params:H pointer:T value:T", NULL),
    F(params_append_int, "params:H pointer:T", NULL),
    F(params_append_double, "params:H pointer:T", NULL),
    F(params_append_json, "params:H pointer:T value:T", NULL),
    F(params_to_json, "params:H json:O", free_bytes),
    F(params_clone, "params:H copy:O", free_params),
    F(value_get_string, "value:H pointer:T text:O length:P", NULL),
    F(value_get_int, "value:H pointer:T number:O", NULL),
    F(value_get_double, "value:H pointer:T number:O", NULL),
    F(value_get_bool, "value:H pointer:T truth:O", NULL),
    F(value_length, "value:H pointer:T length:O", NULL),
    F(value_key, "value:H pointer:T key:O", NULL),
    F(value_child, "value:H pointer:T child:O", free_value),
    F(config_new, "config:O", free_config),
    F(config_set_bearer_token, "config:H token:I", NULL),
    F(config_set_base_url, "config:H url:T", NULL),
    F(config_set_timeout_ms, "config:H", NULL),
    F(config_set_connect_timeout_ms, "config:H", NULL),
    F(config_set_max_retries, "config:H", NULL),
    F(config_add_header, "config:H name:T value:T", NULL),
    F(config_add_query, "config:H name:T value:T", NULL),
    F(config_set_proxy, "config:H url:T", NULL),
    F(config_set_ca_file, "config:H path:T", NULL),
    F(config_set_client_certificate, "config:H chain_path:T key_path:T", NULL),
    F(config_set_max_answer_bytes, "config:H", NULL),
    F(config_set_http_version, "config:H", NULL),
    F(config_set_user_agent, "config:H user_agent:T", NULL),
    F(client_new, "config:N client:O", free_client),
    F(client_close, "client:H", NULL),
    F(devbox_create, "client:H params:N opts:N devbox:O", NULL),
    F(devbox_create_from_blueprint_id, "client:H blueprint_id:I params:N opts:N devbox:O", NULL),
    F(devbox_create_from_blueprint_name, "client:H blueprint_name:I params:N opts:N devbox:O", NULL),
    F(devbox_create_from_snapshot, "client:H snapshot_id:I params:N opts:N devbox:O", NULL),
    F(devbox_create_async, "client:H params:N opts:N devbox:O", NULL),
    F(devbox_from_id, "client:H id:I opts:N devbox:O", NULL),
    F(devbox_attach, "client:H id:I devbox:O", free_devbox),
    F(devbox_get_info, "devbox:H opts:N info:O", NULL),
    F(devbox_await_running, "devbox:H opts:N info:P", NULL),
    F(devbox_keep_alive, "devbox:H opts:N", NULL),
    F(devbox_shutdown, "devbox:H opts:N info:P", NULL),
    F(devbox_list, "client:H params:N cursor:O", free_cursor),
    F(devbox_cursor_next, "cursor:H opts:N devbox:O info:P", NULL),
    F(exec_result_stdout, "result:H opts:N output:O", free_bytes),
    F(exec_result_stderr, "result:H opts:N output:O", free_bytes),
    F(exec_result_value, "result:H value:O", free_value),
    F(devbox_exec, "devbox:H command:I exec:N opts:N result:O", NULL),
    F(devbox_exec_async, "devbox:H command:I exec:N opts:N execution:O", NULL),
    F(execution_attach, "devbox:H id:I execution:O", free_execution),
    F(execution_get_state, "execution:H opts:N state:O", NULL),
    F(execution_result, "execution:H opts:N result:O", NULL),
    F(execution_kill, "execution:H opts:N", NULL),
    F(execution_send_stdin, "execution:H text:T opts:N", NULL),
    F(execution_close_stdin, "execution:H opts:N", NULL),
    F(execution_interrupt, "execution:H opts:N", NULL),
    F(execution_stream, "execution:H opts:N stream:O", free_stream),
    F(output_stream_next, "stream:H opts:N which:O data:O length:O", NULL),
    F(devbox_read_file, "devbox:H path:I opts:N contents:O", NULL),
    F(devbox_write_file, "devbox:H path:I contents:A opts:N", NULL),
    F(devbox_upload_file, "devbox:H path:I source:A opts:N", NULL),
    F(devbox_download_file, "devbox:H path:I opts:N contents:O", NULL),
#undef F
};

static int cleared(const union slot *slot)
{
    static const unsigned char zero[8], set[8] = {0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A};
    return !memcmp(slot->bytes, zero, 4) && (!memcmp(slot->bytes + 4, zero, 4) || !memcmp(slot->bytes + 4, set, 4));
}

/* The nth argument's name and kind; 0 if there is none. */
static char argument(const struct function *function, int nth, char *name)
{
    const char *at = function->arguments;
    while (nth-- > 0 && (at = strchr(at, ' '))) at++;
    return at && sscanf(at, "%31[^:]:", name) == 1 ? strchr(at, ':')[1] : 0;
}

static int32_t call(const struct function *function, int what, int at)
{
    char name[32], kind;
    int32_t status;
    int i;
    memset(out, 0x5A, sizeof out);
    twist = (what == NULLED) ? NULLED : (what == BAD_UTF8) ? BAD_UTF8 : (what == EMPTY) ? EMPTY : (what == NO_ERROR_PLACE) ? NO_ERROR_PLACE : NOTHING;
    twisted = at;
    status = function->probe();
    for (i = 0; (kind = argument(function, i, name)); i++) {
        if ((kind != 'O' && kind != 'P') || (what == NULLED && at == i)) continue;
        if (status != RUNLOOP_OK && !cleared(&out[i])) fail_at(__FILE__, __LINE__, "%s did not clear %s", function->name, name);
        if (status == RUNLOOP_OK && function->release) function->release(out[i].pointer);
    }
    return status;
}

static void expect(const struct function *function, int what, int at, const char *name, int32_t expected)
{
    static const char *const names[] = {"as it should be", "NULL", "no UTF-8", "empty", "fine"};
    int32_t status = call(function, what, at);
    if (status != expected)
        fail_at(__FILE__, __LINE__, "%s, with %s %s, gave %s, not %s", function->name, name, names[what], runloop_status_name(status),
                runloop_status_name(expected));
    check_status_at(__FILE__, __LINE__, function->name, status, expected);
    CHECK_HAS(last_message(), name);
}

static void each_argument_in_turn(void)
{
    size_t f;
    int i, calls = 0;
    char name[32], kind;
    for (f = 0; f < sizeof functions / sizeof *functions; f++) {
        const struct function *function = &functions[f];
        int32_t usual = call(function, NOTHING, 0);
        if (usual != RUNLOOP_OK && usual != RUNLOOP_CLOSED)
            fail_at(__FILE__, __LINE__, "%s gave %s", function->name, runloop_status_name(usual));
        if (call(function, NO_ERROR_PLACE, 0) != usual)
            fail_at(__FILE__, __LINE__, "%s gives another status without a place for the error", function->name);
        for (i = 0; (kind = argument(function, i, name)); i++, calls++) {
            switch (kind) {
            case 'N':
            case 'P': {
                int32_t status = call(function, NULLED, i);
                if (status != usual && !(function->probe == probe_client_new && status == RUNLOOP_MISSING_CREDENTIALS))
                    fail_at(__FILE__, __LINE__, "%s takes no NULL for %s: %s", function->name, name, runloop_status_name(status));
                break;
            }
            case 'H': expect(function, NULLED, i, name, RUNLOOP_INVALID_HANDLE); break;
            default: expect(function, NULLED, i, name, RUNLOOP_INVALID_ARGUMENT);
            }
            if (kind == 'T' || kind == 'I') expect(function, BAD_UTF8, i, name, RUNLOOP_INVALID_ARGUMENT);
            if (kind == 'I') {
                runloop_client *closed = client;
                int32_t status;
                client = open_client;
                status = call(function, EMPTY, i);
                client = closed;
                if (status != RUNLOOP_INVALID_ARGUMENT)
                    fail_at(__FILE__, __LINE__, "%s, with %s empty, gave %s", function->name, name, runloop_status_name(status));
                CHECK_HAS(last_message(), "empty");
            }
        }
    }
    CHECK(calls > 150);
    twist = NOTHING;
    group("each argument of each function: NULL, no UTF-8, empty");
}

static void functions_without_a_status(void)
{
    size_t length = 7;
    CHECK_INT(runloop_error_status(NULL), 0);
    CHECK_TEXT(runloop_error_message(NULL), "");
    CHECK_INT(runloop_error_http_status(NULL), 0);
    CHECK(!runloop_error_code(NULL) && !runloop_error_request_id(NULL) && !runloop_error_resource_id(NULL) && !runloop_error_cause(NULL));
    CHECK_INT(runloop_error_retry_after_ms(NULL), -1);
    CHECK(runloop_error_retryable(NULL) >= 0 && runloop_error_side_effect(NULL) >= 0);
    CHECK_INT(runloop_error_attempts(NULL), 0);
    CHECK(!runloop_error_body(NULL, NULL) && !runloop_error_body(NULL, &length));
    CHECK_INT(length, 0);
    CHECK(!runloop_bytes_data(NULL));
    CHECK_INT(runloop_bytes_length(NULL), 0);
    CHECK_INT(runloop_value_kind(NULL, ""), RUNLOOP_KIND_NONE);
    CHECK_INT(runloop_value_kind(value, NULL), RUNLOOP_KIND_NONE);
    length = 7;
    CHECK(!runloop_value_json(NULL, &length) && !runloop_value_json(NULL, NULL));
    CHECK_INT(length, 0);
    CHECK(!runloop_devbox_id(NULL) && !runloop_execution_id(NULL) && !runloop_execution_devbox_id(NULL) && !runloop_exec_result_execution_id(NULL));
    CHECK_INT(runloop_exec_result_exit_code(NULL), -1);
    CHECK_INT(runloop_exec_result_outcome(NULL), RUNLOOP_OUTCOME_UNKNOWN);
    CHECK_INT(runloop_exec_result_success(NULL), 0);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    OK(runloop_abi_check(RUNLOOP_ABI, 8, 8, E));
    group("NULL for the functions without a status");
}

int main(void)
{
    script_server *server;
    begin("test_arguments");
    server = script_start();
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    script_answer(server, 200, "", "{\"id\":\"dbx_1\",\"status\":\"running\",\"text\":\"x\",\"int\":1,\"bool\":true}");
    OK(runloop_devbox_get_info(devbox, NULL, &value, E));
    script_answer(server, 200, "", "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"completed\",\"exit_status\":0,\"stdout\":\"x\\n\",\"stderr\":\"\"}");
    OK(runloop_devbox_exec(devbox, "true", NULL, NULL, &result, E));
    script_stop(server);
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    OK(runloop_params_new(&params, E));
    OK(runloop_params_new(&scratch_params, E));
    OK(runloop_cancel_new(&cancel, E));
    config = new_config("http://127.0.0.1:1");
    scratch = new_config("http://127.0.0.1:1");
    source.data = "abc";
    source.length = 3;
    options.deadline_ms = 60000;
    /* A closed client sends nothing: whatever passes the checks is told so at once. */
    to_close = new_client("http://127.0.0.1:1");
    open_client = new_client("http://127.0.0.1:1");
    OK(runloop_client_close(client, E));

    each_argument_in_turn();
    functions_without_a_status();

    runloop_config_free(config);
    runloop_config_free(scratch);
    runloop_cancel_free(cancel);
    runloop_params_free(params);
    runloop_params_free(scratch_params);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    runloop_devbox_cursor_free(cursor);
    runloop_devbox_free(devbox);
    runloop_exec_result_free(result);
    runloop_value_free(value);
    runloop_client_free(to_close);
    runloop_client_free(open_client);
    runloop_client_free(client);
    return finish();
}
