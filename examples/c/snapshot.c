/* snapshot.c: a devbox's disk kept, and several devboxes that go on from there.
 *
 * It prints:
 *
 *     snapshot snp_… is complete
 *     the first fork: set up once, then attempt 1
 *     the second fork: set up once, then attempt 2
 *     the devbox itself: set up once, then gone on
 *     listed: "ready for attempts"
 */
#include "check.h"

#include <runloop_params.h>

#include <string.h>

/* Runs a command and prints what it printed. */
static void show(const char *who, runloop_devbox *devbox, const char *command)
{
    runloop_error *error = NULL;
    runloop_exec_result *result = NULL;
    runloop_bytes *output = NULL;
    check(runloop_devbox_exec(devbox, command, NULL, NULL, &result, &error), &error);
    check(runloop_exec_result_stdout(result, 0, NULL, &output, &error), &error);
    printf("%s: %s", who, runloop_bytes_data(output));
    runloop_bytes_free(output);
    runloop_exec_result_free(result);
}

static void end(runloop_devbox *devbox)
{
    runloop_error *error = NULL;
    check(runloop_devbox_shutdown(devbox, NULL, NULL, &error), &error);
    runloop_devbox_free(devbox);
}

int main(void)
{
    runloop_error *error = NULL;
    runloop_client *client = NULL;
    runloop_devbox *devbox = NULL, *fork = NULL;
    check(runloop_client_new(NULL, &client, &error), &error);
    check(runloop_devbox_create(client, NULL, NULL, &devbox, &error), &error);

    /* What takes long is done once. */
    runloop_exec_result *result = NULL;
    check(runloop_devbox_exec(devbox, "printf 'set up once, ' > state", NULL, NULL, &result, &error), &error);
    runloop_exec_result_free(result);

    /* The disk, as it is now. The devbox goes on. Of a request's fields, runloop_params_set_string() and its like
     * set any, by its place; runloop_params.h has a setter for each that is known. */
    runloop_params *params = NULL;
    runloop_snapshot *snapshot = NULL;
    check(runloop_params_new(&params, &error), &error);
    check(runloop_devbox_snapshot_disk_params_set_name(params, "ready for attempts", &error), &error);
    check(runloop_devbox_snapshot_disk_params_set_metadata(params, "purpose", "attempts", &error), &error);
    check(runloop_devbox_snapshot_disk(devbox, params, NULL, &snapshot, &error), &error);
    runloop_params_free(params);
    printf("snapshot %s is complete\n", runloop_snapshot_id(snapshot));

    /* Each devbox made of it has a disk of its own that begins there. */
    check(runloop_snapshot_create_devbox(snapshot, NULL, NULL, &fork, &error), &error);
    show("the first fork", fork, "echo 'then attempt 1' >> state; cat state");
    end(fork);
    check(runloop_snapshot_create_devbox(snapshot, NULL, NULL, &fork, &error), &error);
    show("the second fork", fork, "echo 'then attempt 2' >> state; cat state");
    end(fork);
    show("the devbox itself", devbox, "echo 'then gone on' >> state; cat state");

    /* Snapshots outlive their devboxes, and are found again. */
    char id[100];
    snprintf(id, sizeof id, "%s", runloop_devbox_id(devbox));
    end(devbox);
    check(runloop_params_new(&params, &error), &error);
    check(runloop_snapshot_list_params_set_devbox_id(params, id, &error), &error);
    runloop_snapshot_cursor *cursor = NULL;
    check(runloop_snapshot_list(client, params, &cursor, &error), &error);
    for (;;) {
        runloop_snapshot *listed = NULL;
        runloop_value *info = NULL;
        const char *name = NULL;
        check(runloop_snapshot_cursor_next(cursor, NULL, &listed, &info, &error), &error);
        if (listed == NULL)
            break;
        check(runloop_value_get_string(info, "/name", &name, NULL, &error), &error);
        printf("listed: \"%s\"\n", name);
        runloop_value_free(info);
        runloop_snapshot_free(listed);
    }
    runloop_snapshot_cursor_free(cursor);
    runloop_params_free(params);

    check(runloop_snapshot_delete(snapshot, NULL, &error), &error);
    runloop_snapshot_free(snapshot);
    runloop_client_free(client);
    return 0;
}
