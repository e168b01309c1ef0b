/* Blueprints: built with their log passed on, failing with its end, handled, previewed, listed. */

#include "scripted.h"

#define STATE(state) "{\"id\":\"bpt_1\",\"name\":\"web\",\"status\":\"" state "\"}"
#define LINE(number) "{\"level\":\"info\",\"timestamp_ms\":" #number ",\"message\":\"step " #number "\"}"

struct seen {
    int count;
    int stop_at;
    long long last;
    char text[200];
    int missing;
};

static int32_t note(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    struct seen *seen = (struct seen *)user_data;
    if (!strncmp(message, "librunloop: ", 12)) {
        CHECK_TEXT(level, "warn");
        seen->missing++;
        snprintf(seen->text, sizeof seen->text, "%s", message);
        return 0;
    }
    CHECK_TEXT(level, "info");
    CHECK(timestamp_ms > seen->last);
    seen->last = timestamp_ms;
    seen->count++;
    snprintf(seen->text, sizeof seen->text, "%s", message);
    return seen->count == seen->stop_at;
}

static runloop_call_options brisk(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.poll_interval_ms = 10;
    return options;
}

static void built(void)
{
    runloop_call_options options = brisk();
    runloop_blueprint *blueprint;
    runloop_params *params = params_of("{\"name\":\"web\",\"dockerfile\":\"FROM scratch\"}");
    runloop_value *info;
    struct seen seen = {0, 0, 0, "", 0};
    int before = script_requests(server);
    answer(STATE("queued"));
    answer(STATE("queued"));
    answer(STATE("building"));
    answer(STATE("what_is_to_come"));
    answer(STATE("build_complete"));
    OK(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E));
    CHECK_TEXT(runloop_blueprint_id(blueprint), "bpt_1");
    CHECK_INT(script_requests(server), before + 5);
    CHECK_HAS(script_request(server, before), "POST /v1/blueprints ");
    CHECK_HAS(script_request(server, before), "{\"name\":\"web\",\"dockerfile\":\"FROM scratch\",\"metadata\":{\"librunloop_create_id\":\"");
    check_sent(0, "GET /v1/blueprints/bpt_1", "");
    runloop_blueprint_free(blueprint);

    /* With its log: every line once, in order, and those that come with the end too. */
    answer(STATE("queued"));
    answer(STATE("building"));
    answer("{\"blueprint_id\":\"bpt_1\",\"logs\":[" LINE(1) "]}");
    answer(STATE("building"));
    script_answer(server, 404, "", "{\"message\":\"no logs at the moment\"}");
    answer(STATE("building"));
    answer("{\"blueprint_id\":\"bpt_1\",\"logs\":[" LINE(1) "," LINE(2) "," LINE(3) "]}");
    answer(STATE("build_complete"));
    answer("{\"blueprint_id\":\"bpt_1\",\"logs\":[" LINE(1) "," LINE(2) "," LINE(3) "," LINE(4) "]}");
    OK(runloop_blueprint_create(client, params, note, &seen, &options, &blueprint, E));
    CHECK_INT(seen.count, 4);
    CHECK_TEXT(seen.text, "step 4");
    check_sent(0, "GET /v1/blueprints/bpt_1/logs", "");
    runloop_blueprint_free(blueprint);

    answer(STATE("queued"));
    OK(runloop_blueprint_create_async(client, params, NULL, &blueprint, E));
    check_sent(0, "POST /v1/blueprints", "{\"name\":\"web\",\"dockerfile\":\"FROM scratch\"}");
    answer(STATE("build_complete"));
    answer("{\"logs\":[" LINE(7) "]}");
    memset(&seen, 0, sizeof seen);
    OK(runloop_blueprint_await_build_complete(blueprint, note, &seen, &options, &info, E));
    check_answer(info, "/status", "build_complete");
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.missing, 0);
    /* The last lines cannot be had: it is built all the same, and the function is told. */
    memset(&seen, 0, sizeof seen);
    answer(STATE("building"));
    answer("{\"logs\":[" LINE(7) "]}");
    answer(STATE("build_complete"));
    script_answer(server, 403, "", "{\"message\":\"no logs today\"}");
    OK(runloop_blueprint_await_build_complete(blueprint, note, &seen, &options, &info, E));
    check_answer(info, "/status", "build_complete");
    CHECK_INT(seen.count, 1);
    CHECK_INT(seen.missing, 1);
    CHECK_HAS(seen.text, "the end of this log is missing");
    answer(STATE("build_complete"));
    OK(runloop_blueprint_await_build_complete(blueprint, NULL, NULL, NULL, NULL, E));
    runloop_blueprint_free(blueprint);
    runloop_params_free(params);
    group("built, with and without their log");
}

static void not_built(void)
{
    runloop_call_options options = brisk();
    runloop_blueprint *blueprint;
    runloop_params *params = params_of("{\"name\":\"web\"}");
    struct seen seen = {0, 0, 0, "", 0};
    char *logs = (char *)allocate(20000);
    int before, i;
    size_t used = (size_t)sprintf(logs, "{\"logs\":[");
    for (i = 1; i <= 50; i++)
        used += (size_t)sprintf(logs + used, "%s{\"level\":\"info\",\"timestamp_ms\":%d,\"message\":\"line number %d;\\n\"}", i > 1 ? "," : "", i, i);
    strcpy(logs + used, "]}");

    answer(STATE("queued"));
    answer("{\"id\":\"bpt_1\",\"status\":\"failed\",\"failure_reason\":\"out_of_memory\"}");
    answer(logs);
    before = script_requests(server);
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E), RUNLOOP_BUILD_FAILED);
    CHECK(blueprint == NULL);
    CHECK_HAS(last_message(), "bpt_1");
    CHECK_HAS(last_message(), "out_of_memory");
    CHECK_HAS(last_message(), "line number 50;");
    CHECK_HAS(last_message(), "line number 31;");
    CHECK_HAS_NOT(last_message(), "line number 30;");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "bpt_1");
    CHECK_HAS(runloop_error_body(last_error(), NULL), "\"failed\"");
    CHECK_INT(script_requests(server), before + 3);
    free(logs);

    /* Its log cannot be had: the failure is told all the same. */
    answer(STATE("queued"));
    answer(STATE("failed"));
    script_answer(server, 404, "", "{}");
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E), RUNLOOP_BUILD_FAILED);
    CHECK_HAS(last_message(), "runloop_blueprint_logs");

    /* Stopped by its log function: deleted. */
    seen.stop_at = 2;
    answer(STATE("queued"));
    answer(STATE("building"));
    answer("{\"logs\":[" LINE(1) "," LINE(2) "," LINE(3) "]}");
    answer("{}");
    before = script_requests(server);
    CHECK_STATUS(runloop_blueprint_create(client, params, note, &seen, &options, &blueprint, E), RUNLOOP_STOPPED);
    CHECK_INT(seen.count, 2);
    CHECK_HAS(last_message(), "The blueprint bpt_1 is being deleted.");
    EVENTUALLY(script_requests(server) == before + 4);
    check_sent(0, "POST /v1/blueprints/bpt_1/delete", "");

    /* The time for waiting is over while the log is asked for: told as what it is. */
    options.keep_on_failure = 1;
    options.poll_timeout_ms = 1500;
    options.deadline_ms = 20000;
    seen.stop_at = 0;
    answer(STATE("queued"));
    answer(STATE("building"));
    script_add(server, "", SCRIPT_HOLD);
    CHECK_STATUS(runloop_blueprint_create(client, params, note, &seen, &options, &blueprint, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "building");
    options.deadline_ms = 0;

    /* Kept where that is wanted. */
    options.poll_timeout_ms = 1500;
    options.poll_interval_ms = 3000;
    answer(STATE("queued"));
    answer(STATE("building"));
    answer(STATE("building"));
    before = script_requests(server);
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "bpt_1");
    CHECK_HAS_NOT(last_message(), "deleted");
    CHECK_INT(script_requests(server), before + 3);
    CHECK_HAS_NOT(script_request(server, before), "librunloop_create_id");

    /* The service refuses it: nothing is looked for. */
    script_answer(server, 400, "", "{\"message\":\"name is taken\"}");
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, NULL, &blueprint, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(script_requests(server), before + 4);
    runloop_params_free(params);
    group("a failed build carries the end of its log");
}

static void files_are_measured(void)
{
    runloop_blueprint *blueprint;
    runloop_params *params = params_of("{\"name\":\"web\"}");
    char *contents = (char *)allocate(98252);
    int before = script_requests(server), i;
    memset(contents, 'x', 98251);
    contents[98251] = 0;
    OK(runloop_params_set_string(params, "/file_mounts/~1etc~1motd", contents, E));
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, NULL, &blueprint, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "\"/etc/motd\" has 98251 bytes, and a file may have 98250");
    CHECK_STATUS(runloop_blueprint_create_async(client, params, NULL, &blueprint, E), RUNLOOP_INVALID_ARGUMENT);
    contents[98250] = 0;
    for (i = 0; i < 81; i++) {
        char place[40];
        snprintf(place, sizeof place, "/file_mounts/~1etc~1%s%d", i ? "f" : "motd", i);
        if (i == 0) strcpy(place, "/file_mounts/~1etc~1motd");
        OK(runloop_params_set_string(params, place, contents, E));
    }
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, NULL, &blueprint, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "7860000");
    CHECK_INT(script_requests(server), before);
    free(contents);
    runloop_params_free(params);
    group("files too large are refused before anything is sent");
}

static void handled(void)
{
    runloop_blueprint *blueprint;
    runloop_blueprint_cursor *cursor;
    runloop_devbox *devbox;
    runloop_value *value;
    runloop_params *params = params_of("{\"name\":\"web\"}");
    int lists;
    CHECK_STATUS(runloop_blueprint_from_id(client, "..", &blueprint, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_blueprint_from_id(client, "bpt_5", &blueprint, E));
    answer(STATE("building"));
    OK(runloop_blueprint_get_info(blueprint, NULL, &value, E));
    check_answer(value, "/name", "web");
    check_sent(0, "GET /v1/blueprints/bpt_5", "");
    answer("{\"logs\":[" LINE(1) "]}");
    OK(runloop_blueprint_logs(blueprint, NULL, &value, E));
    check_answer(value, "/logs/0/message", "step 1");
    check_sent(0, "GET /v1/blueprints/bpt_5/logs", "");
    answer("{\"dockerfile\":\"FROM x\"}");
    OK(runloop_blueprint_preview(client, params, NULL, &value, E));
    check_answer(value, "/dockerfile", "FROM x");
    check_sent(0, "POST /v1/blueprints/preview", "{\"name\":\"web\"}");
    answer("{\"id\":\"dbx_2\",\"status\":\"running\"}");
    OK(runloop_blueprint_create_devbox(blueprint, NULL, NULL, &devbox, E));
    CHECK_HAS(script_request(server, script_requests(server) - 1), "\"blueprint_id\":\"bpt_5\"");
    runloop_devbox_free(devbox);

    /* A deletion whose answer was lost, and that is done when it is asked for again, has succeeded. */
    script_add(server, "", SCRIPT_CLOSE);
    script_answer(server, 404, "", "{\"message\":\"gone\"}");
    OK(runloop_blueprint_delete(blueprint, NULL, E));
    check_sent(0, "POST /v1/blueprints/bpt_5/delete", "");
    script_answer(server, 404, "", "{\"message\":\"gone\"}");
    CHECK_STATUS(runloop_blueprint_delete(blueprint, NULL, E), RUNLOOP_NOT_FOUND);
    runloop_blueprint_free(blueprint);

    for (lists = 0; lists < 2; lists++) {
        if (lists)
            OK(runloop_blueprint_list_public(client, params, &cursor, E));
        else
            OK(runloop_blueprint_list(client, params, &cursor, E));
        answer("{\"blueprints\":[" STATE("building") ",{\"id\":\"bpt_2\"}],\"has_more\":false}");
        OK(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, &value, E));
        check_answer(value, "/status", "building");
        check_sent(0, lists ? "GET /v1/blueprints/list_public?name=web" : "GET /v1/blueprints?name=web", "");
        runloop_blueprint_free(blueprint);
        OK(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, NULL, E));
        CHECK_TEXT(runloop_blueprint_id(blueprint), "bpt_2");
        runloop_blueprint_free(blueprint);
        OK(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, NULL, E));
        CHECK(blueprint == NULL);
        runloop_blueprint_cursor_free(cursor);
    }
    runloop_params_free(params);
    group("looked at, previewed, made devboxes of, deleted, listed");
}

int main(void)
{
    begin("test_blueprint");
    scripted_start();
    built();
    not_built();
    files_are_measured();
    handled();
    scripted_stop();
    return finish();
}
