/* Snapshots and blueprints. */

#include "call.h"
#include "step.h"

#include <stdio.h>

FIND(client)
FIND(devbox)
KEEP(devbox)
FIND(snapshot)
KEEP(snapshot)
FIND(blueprint)
KEEP(blueprint)

GIVE(devbox_snapshot_disk, snapshot, runloop_devbox_snapshot_disk(the_devbox(), params("/params"), options(), &made, &error))
GIVE(devbox_snapshot_disk_async, snapshot,
     runloop_devbox_snapshot_disk_async(the_devbox(), params("/params"), options(), &made, &error))
GIVE(snapshot_from_id, snapshot, runloop_snapshot_from_id(the_client(), text("/id"), &made, &error))
VIEW(snapshot_get_info, runloop_snapshot_get_info(the_snapshot(), options(), &value, &error))
VIEW(snapshot_await_completed, runloop_snapshot_await_completed(the_snapshot(), options(), &value, &error))
VIEW(snapshot_update, runloop_snapshot_update(the_snapshot(), params("/params"), options(), &value, &error))
DO(snapshot_delete, runloop_snapshot_delete(the_snapshot(), options(), &error))
GIVE(snapshot_create_devbox, devbox, runloop_snapshot_create_devbox(the_snapshot(), params("/params"), options(), &made, &error))
LIST(snapshot_list, snapshot, runloop_snapshot_list(the_client(), params("/params"), &cursor, &error))

#define LINES 256

static char lines[LINES][256];
static int line_count;

static int32_t log_line(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    (void)user_data;
    if (timestamp_ms > 0 && *level && line_count < LINES) snprintf(lines[line_count++], sizeof *lines, "%s", message);
    return called("log");
}

static runloop_build_log_fn log_function(void)
{
    line_count = 0;
    return truth("/log") || says("/stop", "log") || says("/cancel", "log") ? log_line : NULL;
}

static void answer_log(void)
{
    int i;
    if (!truth("/log")) return;
    list_begin("log");
    for (i = 0; i < line_count; i++) list_text(lines[i]);
    list_end();
}

static void blueprint_create(void)
{
    runloop_blueprint *made = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_blueprint_create(the_client(), params("/params"), log_function(), NULL, options(), &made, &error);
    did(status, error);
    answer_log();
    if (made) keep_blueprint(made);
}

static void blueprint_await_build_complete(void)
{
    runloop_value *info = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_blueprint_await_build_complete(the_blueprint(), log_function(), NULL, options(), &info, &error);
    did(status, error);
    answer_log();
    answer_value(info);
}

GIVE(blueprint_create_async, blueprint,
     runloop_blueprint_create_async(the_client(), params("/params"), options(), &made, &error))
GIVE(blueprint_from_id, blueprint, runloop_blueprint_from_id(the_client(), text("/id"), &made, &error))
VIEW(blueprint_get_info, runloop_blueprint_get_info(the_blueprint(), options(), &value, &error))
VIEW(blueprint_logs, runloop_blueprint_logs(the_blueprint(), options(), &value, &error))
VIEW(blueprint_preview, runloop_blueprint_preview(the_client(), params("/params"), options(), &value, &error))
DO(blueprint_delete, runloop_blueprint_delete(the_blueprint(), options(), &error))
GIVE(blueprint_create_devbox, devbox,
     runloop_blueprint_create_devbox(the_blueprint(), params("/params"), options(), &made, &error))
LIST(blueprint_list, blueprint, runloop_blueprint_list(the_client(), params("/params"), &cursor, &error))
LIST(blueprint_list_public, blueprint, runloop_blueprint_list_public(the_client(), params("/params"), &cursor, &error))

const operation disk_operations[] = {
    {"devbox_snapshot_disk", devbox_snapshot_disk},
    {"devbox_snapshot_disk_async", devbox_snapshot_disk_async},
    {"snapshot_from_id", snapshot_from_id},
    {"snapshot_get_info", snapshot_get_info},
    {"snapshot_await_completed", snapshot_await_completed},
    {"snapshot_update", snapshot_update},
    {"snapshot_delete", snapshot_delete},
    {"snapshot_create_devbox", snapshot_create_devbox},
    {"snapshot_list", snapshot_list},
    {"blueprint_create", blueprint_create},
    {"blueprint_create_async", blueprint_create_async},
    {"blueprint_await_build_complete", blueprint_await_build_complete},
    {"blueprint_from_id", blueprint_from_id},
    {"blueprint_get_info", blueprint_get_info},
    {"blueprint_logs", blueprint_logs},
    {"blueprint_preview", blueprint_preview},
    {"blueprint_delete", blueprint_delete},
    {"blueprint_create_devbox", blueprint_create_devbox},
    {"blueprint_list", blueprint_list},
    {"blueprint_list_public", blueprint_list_public},
    {NULL, NULL},
};
