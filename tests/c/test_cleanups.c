/* What a failed create has begun is found and ended, through outages and however late it shows; the mark by which
 * it is found shows nowhere. */

#include "heard.h"
#include "scripted.h"

#include <pthread.h>

#define DEVBOX_PROVISIONING "{\"id\":\"dbx_1\",\"status\":\"provisioning\"}"
#define PAGE "<html>Please wait</html>"
#define HTML "Content-Type: text/html\r\n"
#define NO_DEVBOXES "{\"devboxes\":[],\"has_more\":false}"

/* The mark that the nth request carries. */
static void mark_of(int nth, char mark[37])
{
    const char *sent = strstr(script_request(server, nth), "librunloop_create_id\":\"");
    CHECK(sent != NULL);
    snprintf(mark, 37, "%.36s", sent + strlen("librunloop_create_id\":\""));
}

static int is_sent(int nth, const char *line)
{
    const char *request = script_request(server, nth);
    return request && !strncmp(request, line, strlen(line));
}

/* A create whose connection breaks behind the request, so that nobody knows what became of it. */
static void lose_create(char mark[37])
{
    runloop_devbox *devbox;
    script_add(server, "", SCRIPT_RESET);
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_BROKEN);
    CHECK_HAS(last_message(), "If the devbox was created all the same, it is being shut down.");
    mark_of(0, mark);
}

/* The service is away for as long as it takes the clean-up to fail several times: it goes on. */
static void outage(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    char url[64];
    scripted_start();
    snprintf(url, sizeof url, "%s", script_url(server));
    options.poll_timeout_ms = 1500;
    options.poll_interval_ms = 3000;
    answer(DEVBOX_PROVISIONING);
    answer(DEVBOX_PROVISIONING);
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "is being shut down");
    script_stop(server);
    EVENTUALLY(times_heard("dbx_1/shutdown: attempt") >= 5);
    server = script_start_at(url);
    answer("{\"id\":\"dbx_1\",\"status\":\"shutdown\"}");
    EVENTUALLY(times_heard("The devbox dbx_1 was shut down.") == 1);
    CHECK(is_sent(0, "POST /v1/devboxes/dbx_1/shutdown "));
    CHECK_INT(script_requests(server), 1);
    scripted_stop();
    group("a clean-up goes on through an outage, and its outcome is in the log");
}

/* A gateway's page says nothing about the devbox, and a busy or locked one is asked again. */
static void not_the_services_word(void)
{
    static const struct {
        int status;
        const char *headers, *body;
    } odd[] = {{404, HTML, PAGE}, {404, HTML, PAGE}, {404, HTML, PAGE}, {404, HTML, PAGE}, {200, HTML, PAGE},
               {403, HTML, PAGE}, {409, "", "{\"message\":\"the devbox is busy\"}"}, {423, "", "{}"}};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    int i, before, count = sizeof odd / sizeof *odd;
    scripted_start();
    options.poll_timeout_ms = 300;
    options.poll_interval_ms = 3000;
    answer(DEVBOX_PROVISIONING);
    answer(DEVBOX_PROVISIONING);
    for (i = 0; i < count; i++) script_answer(server, odd[i].status, odd[i].headers, odd[i].body);
    answer("{\"id\":\"dbx_1\",\"status\":\"shutdown\"}");
    before = times_heard("The devbox dbx_1 was shut down.");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    EVENTUALLY(times_heard("The devbox dbx_1 was shut down.") == before + 1);
    CHECK_INT(script_requests(server), count + 3);
    for (i = 2; i < count + 3; i++) CHECK(is_sent(i, "POST /v1/devboxes/dbx_1/shutdown "));
    /* What the service says itself is its word. */
    answer(DEVBOX_PROVISIONING);
    answer(DEVBOX_PROVISIONING);
    script_answer(server, 409, "", "{\"message\":\"the devbox has been shut down already\"}");
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_WAIT_TIMED_OUT);
    EVENTUALLY(times_heard("The devbox dbx_1 was gone already.") == 1);
    CHECK_INT(script_requests(server), count + 6);
    scripted_stop();
    group("a clean-up goes on through a gateway's pages, and while the devbox is busy or locked");
}

/* The list shows the devbox only in its seventh round: a few seconds after the create was lost. */
static void late(void)
{
    char mark[37], list[300];
    int i;
    scripted_start();
    for (i = 0; i < 6; i++) {
        if (i == 0) lose_create(mark);
        answer(NO_DEVBOXES);
    }
    snprintf(list, sizeof list,
             "{\"devboxes\":[{\"id\":\"dbx_7\",\"status\":\"queued\",\"metadata\":{}},"
             "{\"id\":\"dbx_8\",\"status\":\"scheduled\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}]}",
             mark);
    answer(list);
    answer("{\"id\":\"dbx_8\",\"status\":\"shutdown\"}");
    EVENTUALLY(script_requests(server) == 9);
    for (i = 1; i <= 7; i++) CHECK(is_sent(i, "GET /v1/devboxes?limit=100 "));
    CHECK(is_sent(8, "POST /v1/devboxes/dbx_8/shutdown "));
    EVENTUALLY(times_heard("may have made is dbx_8, and was shut down.") == 1);
    scripted_stop();
    group("a devbox that shows late in the list is found");
}

/* A list that goes on for ever is read as far as the create; from the second round on its first page alone. */
static void few_requests(void)
{
    char mark[37], list[300];
    long long now = (long long)time(NULL) * 1000;
    char date[100];
    struct tm utc;
    time_t seconds_now = time(NULL);
    scripted_start();
    lose_create(mark);
    CHECK(gmtime_r(&seconds_now, &utc) != NULL);
    strftime(date, sizeof date, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    snprintf(list, sizeof list, "{\"devboxes\":[{\"id\":\"dbx_9\",\"status\":\"running\",\"create_time_ms\":%lld}],\"has_more\":true}", now);
    script_answer(server, 200, date, list);
    snprintf(list, sizeof list, "{\"devboxes\":[{\"id\":\"dbx_8\",\"status\":\"running\",\"create_time_ms\":%lld}],\"has_more\":true}",
             now - 3600 * 1000);
    script_answer(server, 200, date, list);
    snprintf(list, sizeof list, "{\"devboxes\":[{\"id\":\"dbx_9\",\"status\":\"running\",\"create_time_ms\":%lld}],\"has_more\":true}", now);
    script_answer(server, 200, date, list);
    snprintf(list, sizeof list,
             "{\"devboxes\":[{\"id\":\"dbx_10\",\"status\":\"shutdown\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}],\"has_more\":true}",
             mark);
    script_answer(server, 200, date, list);
    EVENTUALLY(times_heard("may have made is dbx_10, and had ended by itself.") == 1);
    CHECK_INT(script_requests(server), 5);
    CHECK(is_sent(1, "GET /v1/devboxes?limit=100 "));
    CHECK(is_sent(2, "GET /v1/devboxes?limit=100&starting_after=dbx_9 "));
    CHECK(is_sent(3, "GET /v1/devboxes?limit=100 "));
    CHECK(is_sent(4, "GET /v1/devboxes?limit=100 "));
    scripted_stop();
    group("the search ends at what is older than the create, and reads one page from then on");
}

/* The service refused the create and asked for another attempt, but had made a devbox all the same. */
static void doubles(void)
{
    runloop_devbox *devbox;
    char mark[37], list[500];
    int i;
    scripted_start();
    script_answer(server, 503, "x-should-retry: true\r\nretry-after-ms: 10\r\n", "{}");
    answer("{\"id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    CHECK_TEXT(runloop_devbox_id(devbox), "dbx_1");
    mark_of(1, mark);
    snprintf(list, sizeof list,
             "{\"devboxes\":[{\"id\":\"dbx_2\",\"status\":\"running\",\"metadata\":{\"librunloop_create_id\":\"%s\"}},"
             "{\"id\":\"dbx_1\",\"status\":\"running\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}]}",
             mark, mark);
    answer(list);
    answer("{\"id\":\"dbx_2\",\"status\":\"shutdown\"}");
    EVENTUALLY(times_heard("create of dbx_1 may have made is dbx_2, and was shut down.") == 1);
    for (i = 0; i < script_requests(server); i++) CHECK_HAS_NOT(script_request(server, i), "dbx_1/shutdown");
    runloop_devbox_free(devbox);
    scripted_stop();
    group("what an earlier attempt of a create has made is ended too");
}

/* The same where the service has no endpoint that waits for the devbox. */
static void doubles_of_a_plain_create(void)
{
    runloop_devbox *devbox;
    char mark[37], list[300];
    scripted_start();
    script_answer(server, 404, "Content-Type: text/plain\r\n", "Endpoint POST /v1/devboxes/create_and_await_running not found");
    script_answer(server, 503, "x-should-retry: true\r\nretry-after-ms: 10\r\n", "{}");
    answer("{\"id\":\"dbx_1\",\"status\":\"running\"}");
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    mark_of(2, mark);
    snprintf(list, sizeof list,
             "{\"devboxes\":[{\"id\":\"dbx_3\",\"status\":\"running\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}]}", mark);
    answer(list);
    answer("{\"id\":\"dbx_3\",\"status\":\"shutdown\"}");
    EVENTUALLY(times_heard("create of dbx_1 may have made is dbx_3, and was shut down.") == 1);
    runloop_devbox_free(devbox);
    /* Its answer is lost: what it has made is looked for. */
    script_answer(server, 404, "Content-Type: text/plain\r\n", "Endpoint POST /v1/devboxes/create_and_await_running not found");
    script_add(server, "", SCRIPT_RESET);
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(last_message(), "is being shut down");
    scripted_stop();
    group("what an earlier attempt of a plain create has made is ended too");
}

/* ---- closing, against the emulator ---- */

static void *create_one(void *argument)
{
    runloop_devbox *devbox;
    int32_t status = runloop_devbox_create((runloop_client *)argument, NULL, NULL, &devbox, NULL);
    return (void *)(intptr_t)status;
}

static void closing(void)
{
    int round, i;
    for (round = 0; round < 5; round++) {
        pthread_t threads[4];
        runloop_client *own = new_client(NULL);
        journal_clear();
        fault("devboxes.create_and_await_running", 0, 4, "{\"type\":\"delay\",\"ms\":300}");
        for (i = 0; i < 4; i++) CHECK(!pthread_create(&threads[i], NULL, create_one, own));
        EVENTUALLY(journal_count("devboxes.create_and_await_running") == 4);
        OK(runloop_client_close(own, E));
        CHECK_INT(devboxes_left(), 0);
        for (i = 0; i < 4; i++) {
            void *status;
            CHECK(!pthread_join(threads[i], &status));
            CHECK_INT((intptr_t)status, RUNLOOP_CLOSED);
        }
        runloop_client_free(own);
        faults_clear();
    }
    group("closing a client waits for the clean-ups of the calls that it ends");
}

static int32_t close_client(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)stream;
    (void)data;
    (void)length;
    OK(runloop_client_close((runloop_client *)user_data, E));
    return 0;
}

/* The call whose function closes the client is not waited for, or it would wait for itself. */
static void closing_within(void)
{
    runloop_client *own = new_client(NULL);
    runloop_devbox *devbox = new_devbox(own), *other;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    exec.on_stdout = close_client;
    exec.user_data = own;
    CHECK_STATUS(runloop_devbox_exec(devbox, "echo begun; sleep 60", &exec, NULL, &result, E), RUNLOOP_CLOSED);
    OK(runloop_devbox_attach(client, runloop_devbox_id(devbox), &other, E));
    runloop_devbox_free(devbox);
    runloop_client_free(own);
    EVENTUALLY(process_left("sleep 60") == 0);
    shut_down_and_free(other);
    group("a client closed within a function of its own call");
}

/* ---- the mark ---- */

static void check_visible(runloop_value *value, const char *pointer)
{
    const char *json = runloop_value_json(value, NULL);
    size_t members;
    CHECK_HAS_NOT(json, "librunloop");
    OK(runloop_value_length(value, pointer, &members, E));
    CHECK_INT(members, 1);
    runloop_value_free(value);
}

static void mark_is_hidden(void)
{
    runloop_params *params = params_of("{\"metadata\":{\"a\":\"b\"}}");
    runloop_devbox *devbox, *listed;
    runloop_devbox_cursor *cursor;
    runloop_snapshot *snapshot;
    runloop_value *value;
    runloop_bytes *bytes;
    char path[100], *mark;
    journal_clear();
    OK(runloop_devbox_create(client, params, NULL, &devbox, E));
    CHECK((mark = journal_at("devboxes.create_and_await_running", 0, "/body/metadata/librunloop_create_id")) != NULL);
    free(mark);
    OK(runloop_devbox_get_info(devbox, NULL, &value, E));
    check_visible(value, "/metadata");
    OK(runloop_devbox_await_running(devbox, NULL, &value, E));
    check_visible(value, "/metadata");
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    OK(runloop_devbox_cursor_next(cursor, NULL, &listed, &value, E));
    check_visible(value, "/metadata");
    runloop_devbox_free(listed);
    runloop_devbox_cursor_free(cursor);
    snprintf(path, sizeof path, "/v1/devboxes/%s", runloop_devbox_id(devbox));
    OK(runloop_client_request(client, "GET", path, NULL, NULL, NULL, NULL, NULL, &value, &bytes, E));
    CHECK_HAS_NOT(runloop_bytes_data(bytes), "librunloop");
    check_visible(value, "/metadata");
    runloop_bytes_free(bytes);
    OK(runloop_devbox_snapshot_disk(devbox, params, NULL, &snapshot, E));
    OK(runloop_snapshot_get_info(snapshot, NULL, &value, E));
    check_visible(value, "/snapshot/metadata");
    OK(runloop_snapshot_delete(snapshot, NULL, E));
    runloop_snapshot_free(snapshot);
    shut_down_and_free(devbox);
    runloop_params_free(params);
    group("the mark is in no answer");
}

/* Metadata of extra_body replaces the request's: the mark goes with it, and finds the devbox. */
static void mark_in_extra_body(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *extra = params_of("{\"metadata\":{\"c\":\"d\"}}");
    runloop_devbox *devbox;
    runloop_client *own = new_client(NULL);
    options.extra_body = extra;
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    CHECK_STATUS(runloop_devbox_create(own, NULL, &options, &devbox, E), RUNLOOP_BROKEN);
    OK(runloop_client_close(own, E));
    CHECK_INT(devboxes_left(), 0);
    runloop_client_free(own);
    runloop_params_free(extra);
    faults_clear();
    group("the mark is in the metadata of extra_body too");
}

/* The search is in the list of the name that was sent. */
static void named_in_extra_body(void)
{
    static const char *const given[] = {"{\"dockerfile\":\"FROM a\"}", "{\"name\":\"other\",\"dockerfile\":\"FROM a\"}"};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *extra = params_of("{\"name\":\"sent\"}");
    runloop_blueprint *blueprint;
    int i;
    options.extra_body = extra;
    for (i = 0; i < 2; i++) {
        runloop_params *params = params_of(given[i]);
        char mark[37], text[512];
        scripted_start();
        script_add(server, "", SCRIPT_RESET);
        CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, &options, &blueprint, E), RUNLOOP_BROKEN);
        CHECK_HAS(last_message(), "it is being deleted");
        CHECK_HAS(script_request(server, 0), "\"name\":\"sent\"");
        mark_of(0, mark);
        snprintf(text, sizeof text, "{\"blueprints\":[{\"id\":\"bpt_1\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}],\"has_more\":false}", mark);
        answer(text);
        answer("{}");
        OK(runloop_client_close(client, E));
        CHECK_INT(script_requests(server), 3);
        CHECK(is_sent(1, "GET /v1/blueprints?name=sent&"));
        CHECK(is_sent(2, "POST /v1/blueprints/bpt_1/delete "));
        scripted_stop();
        runloop_params_free(params);
    }
    runloop_params_free(extra);
    group("a blueprint whose name is in extra_body is found by that");
}

static void unmarked(void)
{
    runloop_config *config;
    runloop_devbox *devbox;
    scripted_start();
    runloop_client_free(client);
    config = new_config(script_url(server));
    OK(runloop_config_set_unmarked_creates(config, 1, E));
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    script_add(server, "", SCRIPT_RESET);
    CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &devbox, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS_NOT(last_message(), "being shut down");
    CHECK_HAS_NOT(script_request(server, 0), "metadata");
    OK(runloop_client_close(client, E));
    CHECK_INT(script_requests(server), 1);
    scripted_stop();
    group("a client that does not mark its creates");
}

int main(void)
{
    begin("test_cleanups");
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
    outage();
    not_the_services_word();
    late();
    few_requests();
    unmarked();
    named_in_extra_body();
    doubles();
    doubles_of_a_plain_create();
    emulator_start(NULL);
    client = new_client(NULL);
    closing();
    closing_within();
    mark_is_hidden();
    mark_in_extra_body();
    runloop_client_free(client);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    return finish();
}
