/* Devboxes: made, found, waited for, listed, ended; and what a create that fails leaves behind. */

#include "harness.h"
#include "json.h"

static runloop_client *client;

static void check_field(const runloop_value *info, const char *pointer, const char *expected)
{
    const char *text;
    OK(runloop_value_get_string(info, pointer, &text, NULL, E));
    CHECK_TEXT(text, expected);
}

static void check_status(runloop_devbox *devbox, const char *expected)
{
    runloop_value *info;
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    check_field(info, "/status", expected);
    runloop_value_free(info);
}

static void with_parameters(void)
{
    runloop_params *params;
    runloop_devbox *devbox;
    runloop_value *info;
    runloop_bytes *out;
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_string(params, "/name", "m\xc3\xbchle", E));
    OK(runloop_params_set_string(params, "/metadata/team", "core", E));
    OK(runloop_params_set_string(params, "/environment_variables/GREETING", "hello  $HOME 'x' \xe2\x82\xac", E));
    OK(runloop_params_set_int(params, "/launch_parameters/keep_alive_time_seconds", 600, E));
    OK(runloop_devbox_create(client, params, NULL, &devbox, E));
    CHECK(!strncmp(runloop_devbox_id(devbox), "dbx_", 4));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    check_field(info, "/id", runloop_devbox_id(devbox));
    check_field(info, "/status", "running");
    check_field(info, "/name", "m\xc3\xbchle");
    check_field(info, "/metadata/team", "core");
    runloop_value_free(info);
    CHECK_INT(run(devbox, "printf %s \"$GREETING\"", &out, NULL), 0);
    CHECK_OUTPUT(out, "hello  $HOME 'x' \xe2\x82\xac");
    OK(runloop_devbox_keep_alive(devbox, NULL, E));

    /* The caller's parameters are used, not changed. */
    {
        runloop_bytes *json;
        OK(runloop_params_to_json(params, &json, E));
        CHECK_OUTPUT(json, "{\"name\":\"m\xc3\xbchle\",\"metadata\":{\"team\":\"core\"},\"environment_variables\":{\"GREETING\":\"hello  $HOME 'x' "
                           "\xe2\x82\xac\"},\"launch_parameters\":{\"keep_alive_time_seconds\":600}}");
    }
    runloop_params_free(params);

    OK(runloop_devbox_shutdown(devbox, NULL, &info, E));
    check_field(info, "/status", "shutdown");
    runloop_value_free(info);
    check_status(devbox, "shutdown");
    OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    CHECK_HAS(last_message(), "shutdown");
    CHECK_HAS(last_message(), runloop_devbox_id(devbox));
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_devbox_id(devbox));
    {
        runloop_exec_result *result;
        int32_t status = runloop_devbox_exec(devbox, "true", NULL, NULL, &result, E);
        CHECK_INT(status, RUNLOOP_BAD_REQUEST);
        CHECK_HAS(last_message(), "shutdown");
    }
    runloop_devbox_free(devbox);
    group("created with parameters, used, shut down");
}

static void step_by_step(void)
{
    runloop_devbox *devbox, *found, *attached;
    runloop_value *info;
    const char *state;
    settings("{\"boot_ms\":400}");
    OK(runloop_devbox_create_async(client, NULL, NULL, &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    OK(runloop_value_get_string(info, "/status", &state, NULL, E));
    CHECK(!strcmp(state, "provisioning") || !strcmp(state, "initializing"));
    runloop_value_free(info);
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    check_field(info, "/status", "running");
    check_field(info, "/id", runloop_devbox_id(devbox));
    runloop_value_free(info);
    OK(runloop_devbox_await_running(devbox, NULL, NULL, E));

    /* While it boots, and when it runs. */
    OK(runloop_devbox_from_id(client, runloop_devbox_id(devbox), NULL, &found, E));
    CHECK_TEXT(runloop_devbox_id(found), runloop_devbox_id(devbox));
    runloop_devbox_free(found);
    shut_down_and_free(devbox);
    OK(runloop_devbox_create_async(client, NULL, NULL, &devbox, E));
    OK(runloop_devbox_from_id(client, runloop_devbox_id(devbox), NULL, &found, E));
    check_status(found, "running");
    runloop_devbox_free(found);

    journal_clear();
    OK(runloop_devbox_attach(client, runloop_devbox_id(devbox), &attached, E));
    CHECK_INT(journal_count(NULL), 0);
    CHECK_INT(run(attached, "exit 3", NULL, NULL), 3);
    CHECK_INT(journal_count(NULL), 1);
    runloop_devbox_free(attached);
    CHECK_STATUS(runloop_devbox_from_id(client, "dbx_nobody", NULL, &found, E), RUNLOOP_NOT_FOUND);
    CHECK(found == NULL);

    /* A wait that meets short holds and failures goes on. */
    shut_down_and_free(devbox);
    settings("{\"boot_ms\":1500,\"hold_max_ms\":100}");
    OK(runloop_devbox_create_async(client, NULL, NULL, &devbox, E));
    fault("devboxes.wait_for_status", 1, 1, "{\"type\":\"status\",\"status\":503}");
    fault("devboxes.wait_for_status", 2, 1, "{\"type\":\"close\",\"when\":\"before\"}");
    journal_clear();
    OK(runloop_devbox_await_running(devbox, NULL, NULL, E));
    CHECK_INT(faults_fired(), 2);
    CHECK(journal_count("devboxes.wait_for_status") >= 4 && journal_count("devboxes.wait_for_status") < 20);
    faults_clear();
    settings("{\"boot_ms\":20,\"hold_max_ms\":null}");
    shut_down_and_free(devbox);
    group("create_async, await_running, from_id, attach");
}

/* Walks to the end; gives how many there were, checks that each of `ids` came once. */
static int walk(runloop_devbox_cursor *cursor, char ids[][64], int count, int failures)
{
    int seen[16] = {0}, total = 0, i;
    for (;;) {
        runloop_devbox *devbox;
        runloop_value *info;
        int32_t status = runloop_devbox_cursor_next(cursor, NULL, &devbox, &info, E);
        if (status == RUNLOOP_BAD_REQUEST && failures-- > 0) {
            CHECK(devbox == NULL && info == NULL);
            continue;
        }
        CHECK_STATUS(status, RUNLOOP_OK);
        if (!devbox) {
            CHECK(info == NULL);
            break;
        }
        check_field(info, "/id", runloop_devbox_id(devbox));
        for (i = 0; i < count; i++) seen[i] += !strcmp(ids[i], runloop_devbox_id(devbox));
        total++;
        runloop_devbox_free(devbox);
        runloop_value_free(info);
    }
    for (i = 0; i < count; i++) CHECK_INT(seen[i], 1);
    return total;
}

static void listing(void)
{
    enum { COUNT = 7 };
    runloop_devbox *devboxes[COUNT], *devbox;
    runloop_devbox_cursor *cursor;
    runloop_params *filter;
    char ids[COUNT][64];
    char *query;
    int i, others;
    free(control("POST", "/_emulator/reset", NULL));
    for (i = 0; i < COUNT; i++) {
        devboxes[i] = new_devbox(client);
        snprintf(ids[i], sizeof ids[i], "%s", runloop_devbox_id(devboxes[i]));
    }
    OK(runloop_params_from_json("{\"limit\":2}", 11, &filter, E));
    journal_clear();
    OK(runloop_devbox_list(client, filter, &cursor, E));
    CHECK_INT(journal_count(NULL), 0);
    CHECK_INT(walk(cursor, ids, COUNT, 0), COUNT);
    CHECK_INT(journal_count("devboxes.list"), 4);
    query = journal_at("devboxes.list", 0, "/query");
    CHECK_TEXT(query, "limit=2");
    free(query);
    query = journal_at("devboxes.list", 1, "/query");
    CHECK_HAS(query, "starting_after=dbx_");
    free(query);
    /* The end stays the end. */
    OK(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E));
    CHECK(devbox == NULL);
    runloop_devbox_cursor_free(cursor);

    /* A page that failed is asked for again; nothing is lost or doubled. */
    fault("devboxes.list", 1, 1, "{\"type\":\"status\",\"status\":400}");
    OK(runloop_devbox_list(client, filter, &cursor, E));
    CHECK_INT(walk(cursor, ids, COUNT, 1), COUNT);
    CHECK_INT(faults_fired(), 1);
    faults_clear();
    runloop_devbox_cursor_free(cursor);

    /* Filters. */
    for (i = 0; i < 3; i++) OK(runloop_devbox_shutdown(devboxes[i], NULL, NULL, E));
    OK(runloop_params_set_string(filter, "/status", "running", E));
    OK(runloop_devbox_list(client, filter, &cursor, E));
    CHECK_INT(walk(cursor, ids + 3, COUNT - 3, 0), COUNT - 3);
    runloop_devbox_cursor_free(cursor);
    OK(runloop_params_set_string(filter, "/status", "failure", E));
    OK(runloop_devbox_list(client, filter, &cursor, E));
    CHECK_INT(walk(cursor, ids, 0, 0), 0);
    runloop_devbox_cursor_free(cursor);

    /* Without filters, and with a cursor that outlives its client. */
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    runloop_client_free(client);
    others = walk(cursor, ids, COUNT, 0);
    CHECK_INT(others, COUNT);
    runloop_devbox_cursor_free(cursor);
    client = new_client(NULL);
    runloop_params_free(filter);
    for (i = 0; i < COUNT; i++) shut_down_and_free(devboxes[i]);
    group("the list: pages, failures, filters");
}

static void origins(void)
{
    static const struct {
        const char *key, *value, *other;
        int32_t (*create)(const runloop_client *, const char *, const runloop_params *, const runloop_call_options *, runloop_devbox **, runloop_error **);
    } cases[] = {{"blueprint_id", "bpt_42", "snapshot_id", runloop_devbox_create_from_blueprint_id},
                 {"blueprint_name", "tools \xc3\xa4", "blueprint_id", runloop_devbox_create_from_blueprint_name},
                 {"snapshot_id", "snp_7", "blueprint_name", runloop_devbox_create_from_snapshot}};
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    size_t i;
    once.max_retries = -1;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        runloop_params *params;
        runloop_devbox *devbox;
        char pointer[64], *text;
        int32_t status;
        OK(runloop_params_new(&params, E));
        OK(runloop_params_set_string(params, "/name", "from", E));
        journal_clear();
        /* There is no such origin; what counts is what was asked for. */
        status = cases[i].create(client, cases[i].value, params, &once, &devbox, E);
        CHECK(status >= 200 && status < 300);
        CHECK(devbox == NULL);
        snprintf(pointer, sizeof pointer, "/body/%s", cases[i].key);
        CHECK_TEXT(text = journal_at("devboxes.create_and_await_running", 0, pointer), cases[i].value);
        free(text);
        CHECK_TEXT(text = journal_at("devboxes.create_and_await_running", 0, "/body/name"), "from");
        free(text);

        /* Two origins at once are refused before anything is sent. */
        journal_clear();
        snprintf(pointer, sizeof pointer, "/%s", cases[i].other);
        OK(runloop_params_set_string(params, pointer, "x", E));
        CHECK_STATUS(cases[i].create(client, cases[i].value, params, &once, &devbox, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), cases[i].key);
        CHECK_HAS(last_message(), cases[i].other);
        CHECK_INT(journal_count("devboxes.create_and_await_running"), 0);
        runloop_params_free(params);
    }
    group("made from a blueprint or a snapshot: what is asked for");
}

/* After the client's end nothing of what its failed creates began is left. */
static void close_and_look(int expected)
{
    OK(runloop_client_close(client, E));
    CHECK_INT(devboxes_left(), expected);
    runloop_client_free(client);
    client = new_client(NULL);
}

static void creates_that_fail(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    char *id;

    settings("{\"boot_result\":\"failure\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_DEVBOX_FAILED);
    CHECK(devbox == NULL);
    CHECK_HAS(last_message(), "failure");
    CHECK_HAS(last_message(), runloop_error_resource_id(last_error()));
    CHECK_HAS(runloop_error_body(last_error(), NULL), "\"failure\"");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    settings("{\"boot_result\":\"running\"}");
    group("a devbox that fails to boot");

    /* The service answers soon, with what is not running yet. */
    settings("{\"never_running\":true}");
    options.poll_timeout_ms = 3000;
    settings("{\"hold_max_ms\":100}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK(!strncmp(runloop_error_resource_id(last_error()), "dbx_", 4));
    CHECK_HAS(last_message(), runloop_error_resource_id(last_error()));
    CHECK_HAS(last_message(), "shut down");
    CHECK_HAS(last_message(), "poll_timeout_ms");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    close_and_look(0);

    options.keep_on_failure = 1;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS_NOT(last_message(), "shut down");
    id = strdup(runloop_error_resource_id(last_error()));
    close_and_look(1);
    OK(runloop_devbox_attach(client, id, &devbox, E));
    free(id);
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_INT(devboxes_left(), 1);
    shut_down_and_free(devbox);
    options.keep_on_failure = 0;
    settings("{\"never_running\":false,\"hold_max_ms\":null}");
    group("a devbox that never runs: shut down, or kept");

    /* No identifier came back, but there is a devbox: it is found by its mark. */
    options.poll_timeout_ms = 0;
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(last_message(), "shut down");
    close_and_look(0);
    faults_clear();
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"cut\",\"after_bytes\":10,\"how\":\"reset\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_BROKEN);
    close_and_look(0);
    faults_clear();
    options.deadline_ms = 300;
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"delay\",\"ms\":800}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_DEADLINE);
    close_and_look(0);
    faults_clear();
    group("a create whose answer is lost: its devbox is found and shut down");
}

static void unreadable_answer(void)
{
    runloop_devbox *devbox;
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"cut\",\"after_bytes\":10,\"how\":\"eof\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_PROTOCOL);
    close_and_look(0);
    faults_clear();
    group("an answer that cannot be read: its devbox is shut down too");
}

static void check_last_state(void)
{
    char *status;
    CHECK_HAS(last_message(), "provisioning");
    CHECK(runloop_error_body(last_error(), NULL) != NULL);
    CHECK_TEXT(status = json_at(runloop_error_body(last_error(), NULL), "/status"), "provisioning");
    free(status);
}

/* Each hold ends with 408, which tells no state; the error tells it all the same. */
static void last_state_seen(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox, *none;
    options.poll_timeout_ms = 3000;
    settings("{\"never_running\":true,\"hold_max_ms\":100}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &none, E), RUNLOOP_WAIT_TIMED_OUT);
    check_last_state();
    OK(runloop_devbox_create_async(client, NULL, NULL, &devbox, E));
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    check_last_state();
    shut_down_and_free(devbox);
    settings("{\"never_running\":false,\"hold_max_ms\":null}");
    group("the last state seen by a wait that timed out");
}

static void bounded_create(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    /* The service would hold the create for longer than this test may take; the wait's own bound comes first. */
    settings("{\"never_running\":true,\"hold_max_ms\":100000000}");
    options.poll_timeout_ms = 500;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK(devbox == NULL);
    close_and_look(0);
    settings("{\"never_running\":false,\"hold_max_ms\":null}");
    group("a create that the service holds for longer than its wait may last");
}

int main(void)
{
    begin("test_lifecycle");
    emulator_start(NULL);
    client = new_client(NULL);
    with_parameters();
    step_by_step();
    listing();
    origins();
    creates_that_fail();
    unreadable_answer();
    last_state_seen();
    bounded_create();
    runloop_client_free(client);
    return finish();
}
