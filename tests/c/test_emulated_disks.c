/* Against the emulator: snapshots of a devbox and devboxes of them, blueprints built and failing. */

#include "harness.h"

static runloop_client *client;

static void snapshots(void)
{
    runloop_devbox *devbox = new_devbox(client), *forked;
    runloop_snapshot *snapshot, *listed;
    runloop_snapshot_cursor *cursor;
    runloop_params *params = params_of("{\"name\":\"before\"}");
    runloop_value *info;
    runloop_bytes *out;
    const char *text;
    int found = 0;
    CHECK_INT(run(devbox, "echo one > note", NULL, NULL), 0);
    OK(runloop_devbox_snapshot_disk(devbox, params, NULL, &snapshot, E));
    CHECK_INT(run(devbox, "echo two > note", NULL, NULL), 0);
    OK(runloop_snapshot_create_devbox(snapshot, NULL, NULL, &forked, E));
    CHECK_INT(run(forked, "cat note", &out, NULL), 0);
    CHECK_OUTPUT(out, "one\n");
    OK(runloop_snapshot_get_info(snapshot, NULL, &info, E));
    OK(runloop_value_get_string(info, "/snapshot/name", &text, NULL, E));
    CHECK_TEXT(text, "before");
    runloop_value_free(info);
    runloop_params_free(params);
    params = params_of("{\"name\":\"renamed\"}");
    OK(runloop_snapshot_update(snapshot, params, NULL, NULL, E));
    runloop_params_free(params);
    OK(runloop_snapshot_list(client, NULL, &cursor, E));
    for (;;) {
        OK(runloop_snapshot_cursor_next(cursor, NULL, &listed, &info, E));
        if (!listed) break;
        if (!strcmp(runloop_snapshot_id(listed), runloop_snapshot_id(snapshot))) {
            OK(runloop_value_get_string(info, "/name", &text, NULL, E));
            CHECK_TEXT(text, "renamed");
            found++;
        }
        runloop_value_free(info);
        runloop_snapshot_free(listed);
    }
    CHECK_INT(found, 1);
    runloop_snapshot_cursor_free(cursor);
    OK(runloop_snapshot_delete(snapshot, NULL, E));
    runloop_snapshot_free(snapshot);
    shut_down_and_free(forked);
    shut_down_and_free(devbox);
    group("a snapshot is what the disk was");
}

struct log {
    int lines;
    int stop_at;
    char text[4000];
};

static int32_t note(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    struct log *log = (struct log *)user_data;
    size_t used = strlen(log->text);
    CHECK(timestamp_ms > 0 && *level);
    log->lines++;
    snprintf(log->text + used, sizeof log->text - used, "%s\n", message);
    return log->lines == log->stop_at;
}

static void blueprints(void)
{
    runloop_blueprint *blueprint, *broken;
    runloop_devbox *devbox;
    runloop_params *params = params_of("{\"name\":\"tools\",\"system_setup_commands\":[\"echo made-in-the-build\",\"echo it > made\"]}");
    runloop_bytes *out;
    runloop_value *logs;
    struct log log = {0, 0, ""};
    OK(runloop_blueprint_create(client, params, note, &log, NULL, &blueprint, E));
    CHECK_HAS(log.text, "made-in-the-build");
    OK(runloop_blueprint_logs(blueprint, NULL, &logs, E));
    CHECK_HAS(runloop_value_json(logs, NULL), "made-in-the-build");
    runloop_value_free(logs);
    OK(runloop_blueprint_create_devbox(blueprint, NULL, NULL, &devbox, E));
    CHECK_INT(run(devbox, "cat made", &out, NULL), 0);
    CHECK_OUTPUT(out, "it\n");
    shut_down_and_free(devbox);
    OK(runloop_devbox_create_from_blueprint_name(client, "tools", NULL, NULL, &devbox, E));
    shut_down_and_free(devbox);
    runloop_params_free(params);

    params = params_of("{\"name\":\"broken\",\"system_setup_commands\":[\"echo the-last-words >&2; exit 3\"]}");
    CHECK_STATUS(runloop_blueprint_create(client, params, NULL, NULL, NULL, &broken, E), RUNLOOP_BUILD_FAILED);
    CHECK(broken == NULL);
    CHECK_HAS(last_message(), "the-last-words");
    {
        char id[100];
        snprintf(id, sizeof id, "%s", runloop_error_resource_id(last_error()));
        OK(runloop_blueprint_from_id(client, id, &broken, E));
    }
    CHECK_STATUS(runloop_blueprint_await_build_complete(broken, NULL, NULL, NULL, NULL, E), RUNLOOP_BUILD_FAILED);
    OK(runloop_blueprint_delete(broken, NULL, E));
    runloop_blueprint_free(broken);
    runloop_params_free(params);

    /* Stopped on the way: nothing is left of it. */
    params = params_of("{\"name\":\"stopped\",\"system_setup_commands\":[\"echo a\",\"sleep 30\"]}");
    memset(&log, 0, sizeof log);
    log.stop_at = 1;
    CHECK_STATUS(runloop_blueprint_create(client, params, note, &log, NULL, &broken, E), RUNLOOP_STOPPED);
    runloop_params_free(params);
    EVENTUALLY(journal_count("blueprints.delete") == 2);
    OK(runloop_blueprint_delete(blueprint, NULL, E));
    runloop_blueprint_free(blueprint);
    group("blueprints are built, and fail with the end of their log");
}

int main(void)
{
    begin("test_emulated_disks");
    emulator_start(NULL);
    client = new_client(NULL);
    snapshots();
    blueprints();
    runloop_client_free(client);
    return finish();
}
