/* The boundary itself: versions, numbers, handles, growing structs, the log. In the common subset of
 * C99, C11 and C++17, in each of which it is compiled. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>

static void versions_and_numbers(void)
{
    static const struct {
        int32_t number;
        const char *name;
    } statuses[] = {
        {0, "RUNLOOP_OK"}, {1, "RUNLOOP_INVALID_ARGUMENT"}, {2, "RUNLOOP_INVALID_HANDLE"}, {3, "RUNLOOP_WRONG_STATE"},
        {4, "RUNLOOP_FORKED"}, {5, "RUNLOOP_ABI_MISMATCH"}, {6, "RUNLOOP_MISSING_CREDENTIALS"}, {7, "RUNLOOP_STOPPED"},
        {8, "RUNLOOP_LOCAL_IO"}, {9, "RUNLOOP_NO_SUCH_FIELD"}, {100, "RUNLOOP_CONNECT"}, {101, "RUNLOOP_TLS"},
        {102, "RUNLOOP_TIMEOUT"}, {103, "RUNLOOP_DEADLINE"}, {104, "RUNLOOP_CANCELLED"}, {105, "RUNLOOP_CLOSED"},
        {106, "RUNLOOP_BROKEN"}, {107, "RUNLOOP_PROTOCOL"}, {200, "RUNLOOP_BAD_REQUEST"}, {201, "RUNLOOP_AUTHENTICATION"},
        {202, "RUNLOOP_PERMISSION"}, {203, "RUNLOOP_NOT_FOUND"}, {204, "RUNLOOP_CONFLICT"}, {205, "RUNLOOP_UNPROCESSABLE"},
        {206, "RUNLOOP_RATE_LIMITED"}, {207, "RUNLOOP_SERVER"}, {208, "RUNLOOP_API"}, {300, "RUNLOOP_DEVBOX_FAILED"},
        {301, "RUNLOOP_BUILD_FAILED"}, {302, "RUNLOOP_SNAPSHOT_FAILED"}, {303, "RUNLOOP_WAIT_TIMED_OUT"},
        {304, "RUNLOOP_BAD_ARCHIVE"}, {305, "RUNLOOP_REMOTE_IO"},
        {900, "RUNLOOP_INTERNAL_PANIC"}, {901, "RUNLOOP_OUT_OF_MEMORY"}, {902, "RUNLOOP_INTERNAL"}};
    const size_t call = sizeof(runloop_call_options), exec = sizeof(runloop_exec_options);
    char version[64];
    size_t i;
    int32_t number;

    CHECK_TEXT(runloop_version(), RUNLOOP_VERSION);
    snprintf(version, sizeof version, "%d.%d.%d", RUNLOOP_VERSION_MAJOR, RUNLOOP_VERSION_MINOR, RUNLOOP_VERSION_PATCH);
    CHECK_TEXT(runloop_version(), version);
    CHECK_INT(RUNLOOP_VERSION_NUMBER, RUNLOOP_VERSION_MAJOR * 10000 + RUNLOOP_VERSION_MINOR * 100 + RUNLOOP_VERSION_PATCH);

    for (i = 0; i < sizeof statuses / sizeof *statuses; i++) CHECK_TEXT(runloop_status_name(statuses[i].number), statuses[i].name);
    for (number = -3, i = 0; number < 1000; number++) {
        if (i < sizeof statuses / sizeof *statuses && number == statuses[i].number)
            i++;
        else
            CHECK_TEXT(runloop_status_name(number), "RUNLOOP_?");
    }
    CHECK_INT(RUNLOOP_WAIT_TIMED_OUT, 303);
    CHECK_INT(RUNLOOP_INTERNAL_PANIC, 900);

    OK(runloop_abi_check(RUNLOOP_ABI, call, exec, E));
    CHECK_INT(runloop_abi_check(RUNLOOP_ABI, call, exec, NULL), RUNLOOP_OK);
    OK(runloop_abi_check(RUNLOOP_ABI, call - 16, exec - 8, E)); /* an older header */
    CHECK_STATUS(runloop_abi_check(RUNLOOP_ABI + 1, call, exec, E), RUNLOOP_ABI_MISMATCH);
    CHECK_HAS(last_message(), "ABI");
    CHECK_STATUS(runloop_abi_check(-1, call, exec, E), RUNLOOP_ABI_MISMATCH);
    CHECK_STATUS(runloop_abi_check(RUNLOOP_ABI, call + 8, exec, E), RUNLOOP_ABI_MISMATCH);
    CHECK_HAS(last_message(), "runloop_call_options");
    CHECK_STATUS(runloop_abi_check(RUNLOOP_ABI, call, exec + 8, E), RUNLOOP_ABI_MISMATCH);
    CHECK_HAS(last_message(), "runloop_exec_options");
    CHECK_INT(runloop_abi_check(RUNLOOP_ABI, call + 8, exec, NULL), RUNLOOP_ABI_MISMATCH);
    group("versions, names of statuses, abi_check");
}

static void live_handles(void)
{
    runloop_params *params;
    runloop_config *config;
    runloop_cancel *cancel;
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    OK(runloop_params_new(&params, E));
    OK(runloop_config_new(&config, E));
    OK(runloop_cancel_new(&cancel, E));
    CHECK_INT(runloop_live_handles("params"), 1);
    CHECK_INT(runloop_live_handles("config"), 1);
    CHECK_INT(runloop_live_handles("cancel"), 1);
    CHECK_INT(runloop_live_handles("client"), 0);
    CHECK_INT(runloop_live_handles("no such kind"), 0);
    CHECK_INT(runloop_live_handles("\xff"), 0);
    CHECK_INT(runloop_live_handles(NULL), 3);
    runloop_params_free(params);
    runloop_params_free(params);
    runloop_config_free(config);
    CHECK_INT(runloop_live_handles(NULL), 1);
    runloop_cancel_free(cancel);
    CHECK_INT(runloop_live_handles(NULL), 0);
    group("live handles are counted");
}

static void wrong_handles(void)
{
    runloop_client *client = new_client("http://127.0.0.1:1");
    runloop_devbox *devbox, *other;
    runloop_execution *execution;
    runloop_params *params, *copy = (runloop_params *)&copy;
    runloop_bytes *json;
    runloop_value *value;
    runloop_exec_result *result;
    char local[64] = "not a handle";
    int i;
    void *const never[] = {(void *)local, (void *)(local + 1), (void *)(uintptr_t)1, (void *)(uintptr_t)0x10, (void *)(uintptr_t)-1, (void *)(uintptr_t)-16};

    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_params_new(&params, E));

    /* Of another kind. */
    CHECK_STATUS(runloop_devbox_attach((runloop_client *)(void *)params, "dbx_1", &other, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "client");
    CHECK_HAS(last_message(), "params");
    CHECK(other == NULL);
    CHECK_STATUS(runloop_devbox_get_info((runloop_devbox *)(void *)client, NULL, &value, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_params_set_int((runloop_params *)(void *)devbox, "/a", 1, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_devbox_exec((runloop_devbox *)(void *)execution, "true", NULL, NULL, &result, E), RUNLOOP_INVALID_HANDLE);
    CHECK(runloop_devbox_id((runloop_devbox *)(void *)client) == NULL);
    CHECK(runloop_bytes_data((runloop_bytes *)(void *)client) == NULL);
    CHECK_INT(runloop_bytes_length((runloop_bytes *)(void *)client), 0);
    CHECK_INT(runloop_value_kind((runloop_value *)(void *)client, ""), RUNLOOP_KIND_NONE);
    CHECK_TEXT(runloop_error_message((runloop_error *)(void *)client), "");
    CHECK_INT(runloop_error_status((runloop_error *)(void *)client), 0);
    /* A _free of another kind ends nothing. */
    runloop_devbox_free((runloop_devbox *)(void *)client);
    runloop_params_free((runloop_params *)(void *)devbox);
    runloop_error_free((runloop_error *)(void *)params);
    CHECK_INT(runloop_live_handles("client"), 1);
    CHECK_INT(runloop_live_handles("devbox"), 1);
    CHECK_INT(runloop_live_handles("params"), 1);

    /* NULL, and what never was a handle. */
    CHECK_STATUS(runloop_params_clone(NULL, &copy, E), RUNLOOP_INVALID_HANDLE);
    CHECK(copy == NULL);
    for (i = 0; i < (int)(sizeof never / sizeof *never); i++) {
        CHECK_STATUS(runloop_params_to_json((runloop_params *)never[i], &json, E), RUNLOOP_INVALID_HANDLE);
        CHECK(json == NULL);
        CHECK(runloop_devbox_id((runloop_devbox *)never[i]) == NULL);
        runloop_params_free((runloop_params *)never[i]);
        runloop_client_free((runloop_client *)never[i]);
        if ((uintptr_t)never[i] != 0x10) CHECK_TEXT(runloop_error_message((runloop_error *)never[i]), "");
    }

    /* Freed: the parent first, then the rest is still whole. */
    runloop_client_free(client);
    CHECK_TEXT(runloop_devbox_id(devbox), "dbx_1");
    CHECK_STATUS(runloop_devbox_attach(client, "dbx_1", &other, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_client_close(client, E), RUNLOOP_INVALID_HANDLE);
    runloop_devbox_free(devbox);
    runloop_devbox_free(devbox);
    CHECK(runloop_devbox_id(devbox) == NULL);
    CHECK_TEXT(runloop_execution_devbox_id(execution), "dbx_1");
    CHECK_TEXT(runloop_execution_id(execution), "exec_1");
    CHECK_STATUS(runloop_devbox_shutdown(devbox, NULL, NULL, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", NULL, NULL, &result, E), RUNLOOP_INVALID_HANDLE);
    /* The number of a freed handle is given to nobody else. */
    for (i = 0; i < 1000; i++) {
        runloop_params *another;
        CHECK_INT(runloop_params_new(&another, NULL), RUNLOOP_OK);
        CHECK((void *)another != (void *)devbox && (void *)another != (void *)client);
        runloop_params_free(another);
    }
    runloop_execution_free(execution);
    runloop_params_free(params);
    runloop_params_free(NULL);
    runloop_client_free(NULL);
    runloop_devbox_free(NULL);
    runloop_devbox_cursor_free(NULL);
    runloop_execution_free(NULL);
    runloop_exec_result_free(NULL);
    runloop_output_stream_free(NULL);
    runloop_error_free(NULL);
    runloop_bytes_free(NULL);
    runloop_value_free(NULL);
    runloop_config_free(NULL);
    runloop_cancel_free(NULL);
    group("handles that are NULL, freed, foreign, or none");
}

/* A struct of a later version. */
typedef struct {
    runloop_call_options known;
    int64_t later[3];
} later_call_options;

static void sized_structs(void)
{
    runloop_client *client = new_client("http://127.0.0.1:1");
    runloop_devbox *devbox;
    runloop_execution *execution, *started;
    runloop_output_stream *stream;
    runloop_cancel *cancel;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT, cancelled = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT, forgotten = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    later_call_options later;
    size_t wrong[] = {0, 1, sizeof(size_t) - 1, 1 << 20, (size_t)-1}, i;

    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_cancel_new(&cancel, E));
    OK(runloop_cancel_trigger(cancel, E));
    cancelled.cancel = cancel;

    /* What a shorter struct lacks is zero, whatever lies there. */
    options.max_retries = -99;
    CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "max_retries");
    options.extra_headers = (runloop_params *)(void *)&options;
    options.struct_size = offsetof(runloop_call_options, max_retries);
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
    runloop_output_stream_free(stream);
    options.struct_size = sizeof(size_t);
    options.timeout_ms = -1;
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
    runloop_output_stream_free(stream);

    /* What a longer one has beyond must be zero. */
    memset(&later, 0, sizeof later);
    later.known.struct_size = sizeof later;
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &later.known, &stream, E));
    runloop_output_stream_free(stream);
    ((char *)&later)[sizeof later - 1] = 1;
    CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &later.known, &stream, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "runloop_call_options");
    CHECK(stream == NULL);

    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        options.struct_size = exec.struct_size = source.struct_size = sink.struct_size = wrong[i];
        CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "struct_size");
        CHECK_STATUS(runloop_devbox_exec_async(devbox, "true", &exec, &cancelled, &started, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "struct_size");
        source.data = "x";
        CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &source, &cancelled, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "struct_size");
        CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, &cancelled, NULL, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "struct_size");
    }

    /* One that ends within a member is no version of anybody's: what is left of a pointer would be followed. */
    for (i = 1; i < sizeof(runloop_call_options); i++) {
        int32_t whole = i % sizeof(void *) == 0 || i == offsetof(runloop_call_options, keep_on_failure);
        memset(&options, 0, sizeof options);
        options.struct_size = i;
        if (whole) {
            OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E));
            runloop_output_stream_free(stream);
        } else {
            CHECK_STATUS(runloop_execution_stream(execution, RUNLOOP_STDOUT, &options, &stream, E), RUNLOOP_INVALID_ARGUMENT);
            CHECK_HAS(last_message(), "struct_size");
        }
    }
    exec.struct_size = offsetof(runloop_exec_options, user) + 3;
    exec.user = "nobody";
    CHECK_STATUS(runloop_devbox_exec_async(devbox, "true", &exec, &cancelled, &started, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "struct_size");
    source.struct_size = offsetof(runloop_source, fd) - 1;
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &source, &cancelled, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "struct_size");
    sink.struct_size = offsetof(runloop_sink, write) + 7;
    CHECK_STATUS(runloop_devbox_download_file(devbox, "/x", &sink, &cancelled, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "struct_size");

    /* Memory whose length was forgotten is not an empty file. */
    forgotten.data = "x";
    CHECK_STATUS(runloop_devbox_upload_file(devbox, "/x", &forgotten, &cancelled, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "length");

    /* Exec options: shorter ones are fine too, which the cancelled call shows. */
    exec.struct_size = offsetof(runloop_exec_options, user);
    exec.user = "\xff";
    exec.reserved = 1;
    CHECK_STATUS(runloop_devbox_exec_async(devbox, "true", &exec, &cancelled, &started, E), RUNLOOP_CANCELLED);
    exec.struct_size = sizeof exec;
    exec.user = NULL;
    CHECK_STATUS(runloop_devbox_exec_async(devbox, "true", &exec, &cancelled, &started, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "reserved");

    runloop_cancel_free(cancel);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    group("structs that grow");
}

struct heard {
    pthread_mutex_t lock;
    int lines, above, at[8];
    int level;
};

static const char secret_header[] = "header-secret-71c2";

static void hear(void *user_data, int32_t level, const char *message)
{
    struct heard *heard = (struct heard *)user_data;
    pthread_mutex_lock(&heard->lock);
    heard->lines++;
    if (level < 1 || level > heard->level) heard->above++;
    if (level >= 0 && level < 8) heard->at[level]++;
    if (strchr(message, '\n') || strstr(message, TOKEN) || strstr(message, secret_header) || !*message)
        fail_at(__FILE__, __LINE__, "this must not be logged: %s", message);
    pthread_mutex_unlock(&heard->lock);
}

static void log_of_failures(struct heard *heard, int32_t level)
{
    script_server *server = script_start();
    runloop_config *config = new_config(script_url(server));
    runloop_client *client;
    runloop_devbox *devbox;
    runloop_value *info;
    memset(heard->at, 0, sizeof heard->at);
    heard->lines = 0;
    heard->level = level;
    script_answer(server, 503, "retry-after-ms: 5\r\n", "{\"message\":\"" TOKEN " is overloaded\\nwith line feeds\"}");
    script_answer(server, 200, "", "{\"id\":\"dbx_1\",\"status\":\"running\"}");
    script_answer(server, 404, "", "{\"message\":\"no devbox for " TOKEN "\"}");
    OK(runloop_config_add_header(config, "X-Secret", secret_header, E));
    OK(runloop_client_new(config, &client, E));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_NOT_FOUND);
    check_no_secret(TOKEN);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    runloop_config_free(config);
    script_stop(server);
}

static void logging(void)
{
    static struct heard heard;
    pthread_mutex_init(&heard.lock, NULL);
    CHECK_STATUS(runloop_log_set(hear, &heard, 5, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_log_set(hear, &heard, -1, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_log_set(hear, &heard, RUNLOOP_LOG_DEBUG, E));
    log_of_failures(&heard, RUNLOOP_LOG_DEBUG);
    CHECK(heard.at[RUNLOOP_LOG_WARN] >= 1 && heard.at[RUNLOOP_LOG_INFO] >= 1 && heard.at[RUNLOOP_LOG_DEBUG] >= 1);
    OK(runloop_log_set(hear, &heard, RUNLOOP_LOG_WARN, E));
    log_of_failures(&heard, RUNLOOP_LOG_WARN);
    CHECK(heard.at[RUNLOOP_LOG_WARN] >= 1);
    CHECK_INT(heard.above, 0);
    OK(runloop_log_set(hear, &heard, RUNLOOP_LOG_OFF, E));
    log_of_failures(&heard, RUNLOOP_LOG_OFF);
    CHECK_INT(heard.lines, 0);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_DEBUG, E));
    log_of_failures(&heard, RUNLOOP_LOG_OFF);
    CHECK_INT(heard.lines, 0);
    group("the log tells what it should, and no secret");
}

int main(void)
{
    begin("test_abi");
    versions_and_numbers();
    live_handles();
    wrong_handles();
    sized_structs();
    logging();
    return finish();
}
