/* Secrets: by name and by identifier; a value goes to the service and nowhere else. */

#include "scripted.h"

#define ROW(id) "{\"id\":\"" id "\",\"name\":\"DATABASE\",\"create_time_ms\":1,\"update_time_ms\":2}"
#define VALUE "hunter \"2\" \\ \xc3\xbc"
#define VALUE_AS_JSON "hunter \\\"2\\\" \\\\ \xc3\xbc"

static char logged[1 << 16];

static void keep(void *user_data, int32_t level, const char *message)
{
    size_t used = strlen(logged);
    (void)user_data;
    (void)level;
    snprintf(logged + used, sizeof logged - used, "%s\n", message);
}

static void by_name(void)
{
    runloop_secret *secret;
    runloop_value *info;
    int before;
    answer(ROW("sec_3"));
    OK(runloop_secret_create(client, "DATABASE", VALUE, NULL, &secret, E));
    CHECK_TEXT(runloop_secret_name(secret), "DATABASE");
    CHECK_TEXT(runloop_secret_id(secret), "sec_3");
    check_sent(0, "POST /v1/secrets", "{\"name\":\"DATABASE\",\"value\":\"" VALUE_AS_JSON "\"}");
    runloop_secret_free(secret);

    before = script_requests(server);
    CHECK_STATUS(runloop_secret_from_name(client, "", &secret, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_secret_from_name(client, "DATA/BASE", &secret, E));
    CHECK_INT(script_requests(server), before);
    CHECK(runloop_secret_id(secret) == NULL);
    answer(ROW("sec_3"));
    OK(runloop_secret_get_info(secret, NULL, &info, E));
    check_answer(info, "/id", "sec_3");
    check_sent(0, "GET /v1/secrets/DATA%2FBASE", "");
    answer(ROW("sec_3"));
    OK(runloop_secret_update(secret, "another", NULL, &info, E));
    check_answer(info, "/id", "sec_3");
    check_sent(0, "POST /v1/secrets/DATA%2FBASE", "{\"value\":\"another\"}");
    CHECK(runloop_secret_id(secret) == NULL);
    answer(ROW("sec_3"));
    OK(runloop_secret_delete(secret, NULL, NULL, E));
    check_sent(0, "POST /v1/secrets/DATA%2FBASE/delete", "");
    script_answer(server, 404, "", "{\"message\":\"no such secret\"}");
    CHECK_STATUS(runloop_secret_get_info(secret, NULL, &info, E), RUNLOOP_NOT_FOUND);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "DATA/BASE");
    runloop_secret_free(secret);
    group("by name");
}

/* A name that no request can hold makes no secret that nobody could name again; the name in extra_body is the one that is sent. */
static void names_are_checked_first(void)
{
    static const char *const wrong[] = {"", " ", "..", "a\nb"};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *extra = params_of("{\"name\":\"SENT\"}"), *dots = params_of("{\"name\":\".\"}");
    runloop_secret *secret;
    int before = script_requests(server);
    size_t i;
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(runloop_secret_create(client, wrong[i], VALUE, NULL, &secret, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_INT(script_requests(server), before);
    }
    options.extra_body = dots;
    CHECK_STATUS(runloop_secret_create(client, "DATABASE", VALUE, &options, &secret, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_INT(script_requests(server), before);
    options.extra_body = extra;
    answer("{\"id\":\"sec_4\",\"name\":\"SENT\",\"create_time_ms\":1,\"update_time_ms\":2}");
    OK(runloop_secret_create(client, "DATABASE", VALUE, &options, &secret, E));
    check_sent(0, "POST /v1/secrets", "{\"name\":\"SENT\",\"value\":\"" VALUE_AS_JSON "\"}");
    CHECK_TEXT(runloop_secret_name(secret), "SENT");
    runloop_secret_free(secret);
    runloop_params_free(extra);
    runloop_params_free(dots);
    group("the name is checked before anything is sent");
}

static void by_id(void)
{
    runloop_secret *secret;
    runloop_value *info;
    int before;
    OK(runloop_secret_from_id(client, "sec_1", &secret, E));
    CHECK(runloop_secret_name(secret) == NULL);
    CHECK_TEXT(runloop_secret_id(secret), "sec_1");
    answer(ROW("sec_1"));
    OK(runloop_secret_get_info(secret, NULL, &info, E));
    check_answer(info, "/name", "DATABASE");
    check_sent(0, "GET /v1/secrets/id/sec_1", "");
    answer(ROW("sec_1"));
    OK(runloop_secret_update(secret, "x", NULL, NULL, E));
    check_sent(0, "POST /v1/secrets/id/sec_1/update", "{\"value\":\"x\"}");
    answer(ROW("sec_1"));
    OK(runloop_secret_delete(secret, NULL, NULL, E));
    check_sent(0, "POST /v1/secrets/id/sec_1/delete", "");
    /* A row that is gone stands for no other. */
    before = script_requests(server);
    script_answer(server, 404, "", "{\"message\":\"no such secret\"}");
    CHECK_STATUS(runloop_secret_get_info(secret, NULL, &info, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), before + 1);
    runloop_secret_free(secret);
    CHECK(runloop_secret_name(NULL) == NULL && runloop_secret_id(NULL) == NULL);
    group("by identifier");
}

static void listed(void)
{
    runloop_secret_cursor *cursor;
    runloop_secret *secret;
    runloop_value *info;
    runloop_params *params = params_of("{\"limit\":2}");
    OK(runloop_secret_list(client, NULL, &cursor, E));
    answer("{\"secrets\":[" ROW("sec_3") "," ROW("sec_1") "],\"has_more\":false}");
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, &info, E));
    check_sent(0, "GET /v1/secrets?limit=5000", "");
    CHECK_TEXT(runloop_secret_id(secret), "sec_3");
    CHECK_TEXT(runloop_secret_name(secret), "DATABASE");
    check_answer(info, "/id", "sec_3");
    runloop_secret_free(secret);
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, E));
    CHECK_TEXT(runloop_secret_id(secret), "sec_1");
    runloop_secret_free(secret);
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, E));
    CHECK(secret == NULL);
    runloop_secret_cursor_free(cursor);

    /* So many are wanted, and the API knows no further pages. */
    OK(runloop_secret_list(client, params, &cursor, E));
    answer("{\"secrets\":[" ROW("sec_3") "," ROW("sec_1") "],\"has_more\":true}");
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, E));
    check_sent(0, "GET /v1/secrets?limit=2", "");
    runloop_secret_free(secret);
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, E));
    runloop_secret_free(secret);
    OK(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, E));
    CHECK(secret == NULL);
    runloop_secret_cursor_free(cursor);
    runloop_params_free(params);
    group("listed");
}

static void told_to_nobody(void)
{
    runloop_secret *secret;
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    once.max_retries = -1;
    /* The service repeats the value, as text and as JSON. */
    script_answer(server, 400, "", "{\"message\":\"the value " VALUE_AS_JSON " is too weak\",\"value\":\"" VALUE_AS_JSON "\"}");
    CHECK_STATUS(runloop_secret_create(client, "DATABASE", VALUE, NULL, &secret, E), RUNLOOP_BAD_REQUEST);
    CHECK(secret == NULL);
    CHECK_HAS(last_message(), "is too weak");
    check_no_secret("hunter");
    script_answer(server, 500, "Content-Type: text/plain\r\n", "cannot store " VALUE " now");
    OK(runloop_secret_from_id(client, "sec_1", &secret, E));
    CHECK_STATUS(runloop_secret_update(secret, VALUE, &once, NULL, E), RUNLOOP_SERVER);
    CHECK_HAS(last_message(), "cannot store");
    check_no_secret("hunter");
    runloop_secret_free(secret);
    script_add(server, "", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_secret_create(client, "DATABASE", VALUE, NULL, &secret, E), RUNLOOP_BROKEN);
    check_no_secret("hunter");
    answer("{\"id\":7}");
    CHECK_STATUS(runloop_secret_create(client, "DATABASE", VALUE, NULL, &secret, E), RUNLOOP_PROTOCOL);
    check_no_secret("hunter");
    CHECK(strlen(logged) > 100);
    CHECK_HAS_NOT(logged, "hunter");
    CHECK_HAS_NOT(logged, TOKEN);
    group("a value is in no error and no log");
}

int main(void)
{
    begin("test_secret");
    OK(runloop_log_set(keep, NULL, RUNLOOP_LOG_DEBUG, E));
    scripted_start();
    by_name();
    names_are_checked_first();
    by_id();
    listed();
    told_to_nobody();
    scripted_stop();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    return finish();
}
