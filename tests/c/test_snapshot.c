/* Snapshots: taken, waited for, listed, changed, deleted; and what one that fails leaves behind. */

#include "scripted.h"

#define BEGUN "{\"id\":\"snp_1\",\"create_time_ms\":1,\"metadata\":{},\"source_devbox_id\":\"dbx_1\"}"

static runloop_devbox *devbox;

static void taken_and_waited_for(void)
{
    runloop_snapshot *snapshot;
    runloop_params *params = params_of("{\"name\":\"before\",\"metadata\":{\"team\":\"core\"}}");
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    const char *request;
    int before = script_requests(server);
    options.poll_interval_ms = 10;
    answer(BEGUN);
    answer("{\"status\":\"in_progress\"}");
    answer("{\"status\":\"what_is_to_come\"}");
    script_answer(server, 503, "", "{\"message\":\"one moment\"}");
    answer("{\"status\":\"complete\",\"snapshot\":" BEGUN "}");
    OK(runloop_devbox_snapshot_disk(devbox, params, &options, &snapshot, E));
    CHECK_TEXT(runloop_snapshot_id(snapshot), "snp_1");
    CHECK_INT(script_requests(server), before + 5);
    check_sent(0, "GET /v1/devboxes/disk_snapshots/snp_1/status", "");
    request = script_request(server, before);
    CHECK_HAS(request, "POST /v1/devboxes/dbx_1/snapshot_disk_async ");
    CHECK_HAS(request, "\"name\":\"before\",\"metadata\":{\"team\":\"core\",\"librunloop_create_id\":\"");
    runloop_params_free(params);
    runloop_snapshot_free(snapshot);

    /* Kept whatever happens, it needs no tag. */
    options.keep_on_failure = 1;
    answer(BEGUN);
    answer("{\"status\":\"complete\"}");
    OK(runloop_devbox_snapshot_disk(devbox, NULL, &options, &snapshot, E));
    check_sent(1, "POST /v1/devboxes/dbx_1/snapshot_disk_async", "{}");
    runloop_snapshot_free(snapshot);

    answer(BEGUN);
    OK(runloop_devbox_snapshot_disk_async(devbox, NULL, NULL, &snapshot, E));
    check_sent(0, "POST /v1/devboxes/dbx_1/snapshot_disk_async", "{}");
    answer("{\"status\":\"complete\",\"snapshot\":" BEGUN "}");
    {
        runloop_value *info;
        OK(runloop_snapshot_await_completed(snapshot, NULL, &info, E));
        check_answer(info, "/snapshot/source_devbox_id", "dbx_1");
    }
    runloop_snapshot_free(snapshot);
    group("taken, with and without waiting");
}

static void failures(void)
{
    runloop_snapshot *snapshot;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    int before;
    options.poll_interval_ms = 10;

    /* Failed at the service: it stays, to be looked at. */
    answer(BEGUN);
    answer("{\"status\":\"error\",\"error_message\":\"The disk is on fire.\"}");
    before = script_requests(server);
    CHECK_STATUS(runloop_devbox_snapshot_disk(devbox, NULL, &options, &snapshot, E), RUNLOOP_SNAPSHOT_FAILED);
    CHECK(snapshot == NULL);
    CHECK_HAS(last_message(), "snp_1");
    CHECK_HAS(last_message(), "The disk is on fire");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "snp_1");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK_HAS(runloop_error_body(last_error(), NULL), "\"error\"");
    CHECK_INT(script_requests(server), before + 2);

    /* Not waited for to the end: it is deleted. */
    options.poll_timeout_ms = 1500;
    options.poll_interval_ms = 3000;
    answer(BEGUN);
    answer("{\"status\":\"in_progress\"}");
    /* The state at the end, which is not told, and the deletion. */
    answer("{}");
    answer("{}");
    CHECK_STATUS(runloop_devbox_snapshot_disk(devbox, NULL, &options, &snapshot, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "in_progress");
    CHECK_HAS(last_message(), "The snapshot snp_1 is being deleted.");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "snp_1");
    EVENTUALLY(script_requests(server) == before + 6);
    check_sent(0, "POST /v1/devboxes/disk_snapshots/snp_1/delete", "");

    /* The answer was lost: it is found by its tag, and deleted. */
    {
        runloop_params *params = params_of("{\"metadata\":{\"a\":\"b\"}}");
        char listed[400], tag[64];
        const char *sent;
        options.poll_timeout_ms = 0;
        before = script_requests(server);
        script_add(server, "", SCRIPT_RESET);
        script_add(server, "", SCRIPT_CLOSE);
        CHECK_STATUS(runloop_devbox_snapshot_disk(devbox, params, &options, &snapshot, E), RUNLOOP_BROKEN);
        CHECK_HAS(last_message(), "If the snapshot was created all the same, it is being deleted.");
        sent = strstr(script_request(server, before), "librunloop_create_id\":\"");
        CHECK(sent != NULL);
        snprintf(tag, sizeof tag, "%.36s", sent + strlen("librunloop_create_id\":\""));
        snprintf(listed, sizeof listed,
                 "{\"snapshots\":[{\"id\":\"snp_7\",\"metadata\":{}},{\"id\":\"snp_8\",\"metadata\":{\"librunloop_create_id\":\"%s\"}}]}", tag);
        answer(listed);
        answer("{}");
        EVENTUALLY(script_requests(server) >= before + 3 &&
                   strstr(script_request(server, script_requests(server) - 1), "POST /v1/devboxes/disk_snapshots/snp_8/delete "));
        CHECK_HAS(script_request(server, script_requests(server) - 2), "GET /v1/devboxes/disk_snapshots?devbox_id=dbx_1&limit=100 ");
        runloop_params_free(params);
    }

    /* Waited for by another. */
    OK(runloop_snapshot_from_id(client, "snp_9", &snapshot, E));
    answer("{\"status\":\"deleted\"}");
    CHECK_STATUS(runloop_snapshot_await_completed(snapshot, NULL, NULL, E), RUNLOOP_SNAPSHOT_FAILED);
    CHECK_HAS(last_message(), "deleted");
    script_answer(server, 404, "", "{\"message\":\"no such snapshot\"}");
    CHECK_STATUS(runloop_snapshot_await_completed(snapshot, NULL, NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "snp_9");
    runloop_snapshot_free(snapshot);
    group("what fails is named, and deleted where it should be");
}

static void handled(void)
{
    runloop_snapshot *snapshot;
    runloop_snapshot_cursor *cursor;
    runloop_devbox *made;
    runloop_value *info;
    runloop_params *params;
    int before = script_requests(server);
    CHECK_STATUS(runloop_snapshot_from_id(client, "", &snapshot, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_snapshot_from_id(client, "snp/1", &snapshot, E));
    CHECK_INT(script_requests(server), before);

    answer("{\"status\":\"in_progress\"}");
    OK(runloop_snapshot_get_info(snapshot, NULL, &info, E));
    check_answer(info, "/status", "in_progress");
    check_sent(0, "GET /v1/devboxes/disk_snapshots/snp%2F1/status", "");
    params = params_of("{\"name\":\"other\"}");
    answer(BEGUN);
    OK(runloop_snapshot_update(snapshot, params, NULL, &info, E));
    check_answer(info, "/id", "snp_1");
    check_sent(0, "POST /v1/devboxes/disk_snapshots/snp%2F1", "{\"name\":\"other\"}");
    answer(BEGUN);
    OK(runloop_snapshot_update(snapshot, NULL, NULL, NULL, E));
    answer("{}");
    OK(runloop_snapshot_delete(snapshot, NULL, E));
    check_sent(0, "POST /v1/devboxes/disk_snapshots/snp%2F1/delete", "");

    answer("{\"id\":\"dbx_2\",\"status\":\"running\"}");
    OK(runloop_snapshot_create_devbox(snapshot, params, NULL, &made, E));
    CHECK_TEXT(runloop_devbox_id(made), "dbx_2");
    CHECK_HAS(script_request(server, script_requests(server) - 1), "\"snapshot_id\":\"snp/1\"");
    runloop_devbox_free(made);
    runloop_params_free(params);
    runloop_snapshot_free(snapshot);

    params = params_of("{\"devbox_id\":\"dbx_1\",\"metadata[team]\":\"core\",\"limit\":1}");
    OK(runloop_snapshot_list(client, params, &cursor, E));
    answer("{\"snapshots\":[{\"id\":\"snp_1\",\"name\":\"a\"}],\"has_more\":true}");
    OK(runloop_snapshot_cursor_next(cursor, NULL, &snapshot, &info, E));
    CHECK_TEXT(runloop_snapshot_id(snapshot), "snp_1");
    check_answer(info, "/name", "a");
    check_sent(0, "GET /v1/devboxes/disk_snapshots?devbox_id=dbx_1&metadata[team]=core&limit=1", "");
    runloop_snapshot_free(snapshot);
    answer("{\"snapshots\":[{\"id\":\"snp_2\"}],\"has_more\":false}");
    OK(runloop_snapshot_cursor_next(cursor, NULL, &snapshot, NULL, E));
    CHECK_TEXT(runloop_snapshot_id(snapshot), "snp_2");
    check_sent(0, "GET /v1/devboxes/disk_snapshots?devbox_id=dbx_1&metadata[team]=core&limit=1&starting_after=snp_1", "");
    runloop_snapshot_free(snapshot);
    OK(runloop_snapshot_cursor_next(cursor, NULL, &snapshot, &info, E));
    CHECK(snapshot == NULL && info == NULL);
    runloop_snapshot_cursor_free(cursor);
    runloop_params_free(params);
    CHECK(runloop_snapshot_id(NULL) == NULL);
    group("found, changed, deleted, listed, made devboxes of");
}

int main(void)
{
    begin("test_snapshot");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    taken_and_waited_for();
    failures();
    handled();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
