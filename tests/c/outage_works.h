/* What is under way at a client when an outage comes: a call of each kind, on a thread of its own. */

#ifndef OUTAGE_WORKS_H
#define OUTAGE_WORKS_H

#include "harness.h"
#include "local_files.h"
#include "trees.h"

#include <pthread.h>

#define FILE_LENGTH 6000000
#define LINES 60
/* A line each, for as long as the outage lasts and a little longer. */
#define COUNT "for i in $(seq 60); do echo $i; echo e$i >&2; sleep 0.2; done"

enum stage { NOT_YET, BEFORE, AT_LAST, DURING, AFTER };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum stage stage;
} outage = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NOT_YET};

/* Of the client that the outage is between, of another behind it, and of one that knows of no outage. */
static runloop_client *client, *closing, *direct;
static runloop_devbox *devbox, *slow_devbox, *starting, *untouched;
static runloop_axon *axon;
static runloop_cancel *token;
static char file_here[512], tree_here[512];

/* ---- what is done at a time ---- */

struct work {
    const char *name;
    enum stage begins;
    void (*act)(struct work *work);
    /* Whether it is to end well: making its requests again can do no harm, or they have all been answered before. */
    int harmless;
    /* A command that leaves a line behind each time it runs; NULL where the call does nothing that can be counted. */
    const char *counted;
    /* What ends the call within the outage. */
    int32_t cut_short_by;
    pthread_t thread;
    int under_way, gone;
    int32_t status, side_effect, retryable;
    char message[1000];
    char got[2][1000];
    char path[512];
};

static void set_stage(enum stage stage)
{
    pthread_mutex_lock(&outage.lock);
    outage.stage = stage;
    pthread_cond_broadcast(&outage.changed);
    pthread_mutex_unlock(&outage.lock);
}

static void await_stage(enum stage stage)
{
    pthread_mutex_lock(&outage.lock);
    while (outage.stage < stage) pthread_cond_wait(&outage.changed, &outage.lock);
    pthread_mutex_unlock(&outage.lock);
}

static void set(int *what)
{
    pthread_mutex_lock(&outage.lock);
    *what = 1;
    pthread_cond_broadcast(&outage.changed);
    pthread_mutex_unlock(&outage.lock);
}

static void await(const int *what)
{
    pthread_mutex_lock(&outage.lock);
    while (!*what) pthread_cond_wait(&outage.changed, &outage.lock);
    pthread_mutex_unlock(&outage.lock);
}

/* The outcome of a work's call; its error is read here, and freed. */
static void ended(struct work *work, int32_t status)
{
    runloop_error *error = last_error();
    work->status = status;
    if (error) {
        work->side_effect = runloop_error_side_effect(error);
        work->retryable = runloop_error_retryable(error);
        snprintf(work->message, sizeof work->message, "%s", runloop_error_message(error));
        check_no_secret(TOKEN);
    }
    forget_error();
}

static void *do_work(void *argument)
{
    struct work *work = (struct work *)argument;
    await_stage(work->begins);
    work->act(work);
    forget_error();
    set(&work->gone);
    return NULL;
}

/* The first piece of a transfer is on its way; the rest follows when the outage has begun. */
static int32_t hold_up(void *user_data, int64_t done, int64_t total)
{
    struct work *work = (struct work *)user_data;
    (void)done;
    (void)total;
    set(&work->under_way);
    await_stage(DURING);
    return 0;
}

static void hold_up_by(runloop_call_options *options, struct work *work)
{
    options->progress = hold_up;
    options->progress_data = work;
}

/* ---- commands ---- */

static void add(struct work *work, int which, const char *data, size_t length)
{
    size_t used = strlen(work->got[which]);
    CHECK(used + length < sizeof work->got[which]);
    memcpy(work->got[which] + used, data, length);
    work->got[which][used + length] = 0;
}

static int32_t take(void *user_data, int32_t stream, const char *data, size_t length)
{
    struct work *work = (struct work *)user_data;
    add(work, stream == RUNLOOP_STDERR, data, length);
    set(&work->under_way);
    return 0;
}

static void check_counted(const struct work *work)
{
    char out[1000] = "", err[1000] = "";
    int i;
    for (i = 1; i <= LINES; i++) {
        sprintf(out + strlen(out), "%d\n", i);
        sprintf(err + strlen(err), "e%d\n", i);
    }
    CHECK_TEXT(work->got[0], out);
    CHECK_TEXT(work->got[1], err);
}

static void with_output(struct work *work)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result = NULL;
    exec.on_output = take;
    exec.user_data = work;
    ended(work, runloop_devbox_exec(devbox, COUNT, &exec, NULL, &result, E));
    if (work->status == RUNLOOP_OK) {
        CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_EXITED);
        CHECK_INT(runloop_exec_result_exit_code(result), 0);
        check_counted(work);
    }
    runloop_exec_result_free(result);
}

static void pulled(struct work *work)
{
    runloop_execution *execution;
    runloop_output_stream *stream;
    const char *data;
    size_t length;
    int32_t which = 0, status;
    OK(runloop_devbox_exec_async(devbox, COUNT, NULL, NULL, &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT | RUNLOOP_STDERR, NULL, &stream, E));
    while ((status = runloop_output_stream_next(stream, NULL, &which, &data, &length, E)) == RUNLOOP_OK && which) {
        add(work, which == RUNLOOP_STDERR, data, length);
        set(&work->under_way);
    }
    ended(work, status);
    if (status == RUNLOOP_OK) check_counted(work);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
}

/* It leaves a line in a file of its own when it begins. */
static const char *counting(const char *name, const char *rest)
{
    static __thread char command[300];
    snprintf(command, sizeof command, "echo ran >> ran.%s; %s", name, rest);
    return command;
}

/* It takes longer than the service holds the first request. */
static void plain(struct work *work)
{
    runloop_exec_result *result = NULL;
    runloop_bytes *out;
    ended(work, runloop_devbox_exec(devbox, counting(work->counted, "sleep 3; echo done"), NULL, NULL, &result, E));
    if (work->status == RUNLOOP_OK) {
        OK(runloop_exec_result_stdout(result, 0, NULL, &out, E));
        CHECK_OUTPUT(out, "done\n");
    }
    runloop_exec_result_free(result);
}

static void awaited(struct work *work)
{
    runloop_execution *execution;
    runloop_exec_result *result = NULL;
    OK(runloop_devbox_exec_async(devbox, counting(work->counted, "sleep 8; echo done"), NULL, NULL, &execution, E));
    set(&work->under_way);
    ended(work, runloop_execution_result(execution, NULL, &result, E));
    if (work->status == RUNLOOP_OK) CHECK_INT(runloop_exec_result_exit_code(result), 0);
    runloop_exec_result_free(result);
    runloop_execution_free(execution);
}

static void killed(struct work *work)
{
    runloop_execution *execution;
    OK(runloop_devbox_exec_async(devbox, "sleep 1000", NULL, NULL, &execution, E));
    set(&work->under_way);
    await_stage(DURING);
    ended(work, runloop_execution_kill(execution, 1, NULL, E));
    runloop_execution_free(execution);
}

/* ---- devboxes ---- */

static void created(struct work *work)
{
    runloop_devbox *made = NULL;
    ended(work, runloop_devbox_create(client, NULL, NULL, &made, E));
    CHECK((made != NULL) == (work->status == RUNLOOP_OK));
    if (made) {
        await_stage(AFTER);
        shut_down_and_free(made);
    }
}

static void waited_for(struct work *work)
{
    runloop_value *info = NULL;
    set(&work->under_way);
    ended(work, runloop_devbox_await_running(starting, NULL, &info, E));
    runloop_value_free(info);
}

static void asked_for(struct work *work)
{
    runloop_value *info = NULL;
    ended(work, runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
}

static void listed(struct work *work)
{
    runloop_devbox_cursor *cursor;
    runloop_devbox *item = NULL;
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    ended(work, runloop_devbox_cursor_next(cursor, NULL, &item, NULL, E));
    CHECK(item != NULL || work->status != RUNLOOP_OK);
    runloop_devbox_free(item);
    runloop_devbox_cursor_free(cursor);
}

static void kept_alive(struct work *work)
{
    ended(work, runloop_devbox_keep_alive(devbox, NULL, E));
}

/* One whose shutdown has failed: it is to be shut down again, as the error says. */
static runloop_devbox *still_running;

static void shut_down(struct work *work)
{
    runloop_devbox *short_lived = NULL;
    OK(runloop_devbox_create(client, NULL, NULL, &short_lived, E));
    set(&work->under_way);
    await_stage(DURING);
    ended(work, runloop_devbox_shutdown(short_lived, NULL, NULL, E));
    if (work->status == RUNLOOP_OK) {
        runloop_devbox_free(short_lived);
    } else {
        still_running = short_lived;
    }
}

/* ---- files and directories ---- */

static void written(struct work *work)
{
    runloop_bytes *contents = NULL;
    ended(work, runloop_devbox_write_file(devbox, "written", "text", 4, NULL, E));
    if (work->status != RUNLOOP_OK) return;
    OK(runloop_devbox_read_file(devbox, "written", NULL, &contents, E));
    CHECK_OUTPUT(contents, "text");
}

static void file_up(struct work *work)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    source.path = file_here;
    hold_up_by(&options, work);
    ended(work, runloop_devbox_upload_file(devbox, "up", &source, &options, E));
    if (work->status == RUNLOOP_OK) CHECK_INT(run(untouched, "cmp up big", NULL, NULL), 0);
}

static void file_down(struct work *work)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    snprintf(work->path, sizeof work->path, "%.490s.down", file_here);
    sink.path = work->path;
    hold_up_by(&options, work);
    ended(work, runloop_devbox_download_file(devbox, "big", &sink, &options, NULL, E));
    if (work->status == RUNLOOP_OK) CHECK(same_files(file_here, work->path));
    else CHECK(!exists(work->path));
}

static void tree_up(struct work *work)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    hold_up_by(&options, work);
    ended(work, runloop_devbox_upload_dir(devbox, tree_here, "tree.up", NULL, &options, E));
    if (work->status == RUNLOOP_OK) CHECK_INT(run(untouched, "diff -r tree tree.up", NULL, NULL), 0);
}

/* The archive is there, and the service has the command that unpacks it. */
static void tree_unpacked(struct work *work)
{
    ended(work, runloop_devbox_upload_dir(slow_devbox, tree_here, "tree.up", NULL, NULL, E));
    if (work->status == RUNLOOP_OK) CHECK_INT(run(slow_devbox, "find tree.up -type f | wc -l | grep -q '^20$'", NULL, NULL), 0);
}

/* One comparison at a time. */
static void check_trees(const char *there)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    check_same(tree_here, there);
    pthread_mutex_unlock(&lock);
}

static void tree_down(struct work *work)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    snprintf(work->path, sizeof work->path, "%.490s.down", tree_here);
    hold_up_by(&options, work);
    ended(work, runloop_devbox_download_dir(devbox, "tree", work->path, NULL, &options, E));
    if (work->status == RUNLOOP_OK) check_trees(work->path);
    else CHECK(!exists(work->path));
}

static void tree_packed(struct work *work)
{
    snprintf(work->path, sizeof work->path, "%.490s.packed", tree_here);
    ended(work, runloop_devbox_download_dir(devbox, "tree", work->path, NULL, NULL, E));
    if (work->status == RUNLOOP_OK) check_trees(work->path);
    else CHECK(!exists(work->path));
}

/* ---- snapshots, blueprints, objects, events ---- */

static void snapshot_taken(struct work *work)
{
    runloop_snapshot *snapshot = NULL;
    ended(work, runloop_devbox_snapshot_disk(devbox, NULL, NULL, &snapshot, E));
    if (!snapshot) return;
    await_stage(AFTER);
    OK(runloop_snapshot_delete(snapshot, NULL, E));
    runloop_snapshot_free(snapshot);
}

static int32_t built(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    struct work *work = (struct work *)user_data;
    (void)timestamp_ms;
    (void)level;
    if (!strncmp(message, "line-", 5)) add(work, 0, "x", 1);
    set(&work->under_way);
    return 0;
}

static void blueprint_built(struct work *work)
{
    runloop_params *params =
        params_of("{\"name\":\"outage\",\"dockerfile\":\"FROM base\\nRUN for i in 1 2 3 4 5 6; do echo line-$i; sleep 1; done\"}");
    runloop_blueprint *blueprint = NULL;
    ended(work, runloop_blueprint_create(client, params, built, work, NULL, &blueprint, E));
    runloop_params_free(params);
    if (!blueprint) return;
    await_stage(AFTER);
    OK(runloop_blueprint_delete(blueprint, NULL, E));
    runloop_blueprint_free(blueprint);
}

static void object_made(struct work *work)
{
    runloop_object *object = NULL;
    ended(work, runloop_object_upload_from_text(client, "note", "text", NULL, NULL, &object, E));
    if (!object) return;
    await_stage(AFTER);
    OK(runloop_object_delete(object, NULL, NULL, E));
    runloop_object_free(object);
}

/* Published past the outage: before it, in it, and after it. */
static void publish(const char *payload)
{
    runloop_params *params = params_of("{\"event_type\":\"t\",\"origin\":\"USER_EVENT\",\"source\":\"test\"}");
    runloop_value *published;
    OK(runloop_params_set_string(params, "/payload", payload, E));
    OK(runloop_axon_publish(axon, params, NULL, &published, E));
    runloop_value_free(published);
    runloop_params_free(params);
}

static void events(struct work *work)
{
    static const char *const expected[] = {"before", "during", "after"};
    runloop_event_stream *stream;
    runloop_axon *seen;
    const char *payload;
    int i;
    OK(runloop_axon_from_id(client, runloop_axon_id(axon), &seen, E));
    OK(runloop_axon_subscribe(seen, -1, NULL, &stream, E));
    for (i = 0; i < 3; i++) {
        runloop_value *event = NULL;
        ended(work, runloop_event_stream_next(stream, NULL, &event, E));
        if (work->status != RUNLOOP_OK) break;
        OK(runloop_value_get_string(event, "/payload", &payload, NULL, E));
        CHECK_TEXT(payload, expected[i]);
        runloop_value_free(event);
        set(&work->under_way);
    }
    runloop_event_stream_free(stream);
    runloop_axon_free(seen);
}

/* ---- what ends within the outage ---- */

static void cancelled_output(struct work *work)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_result *result = NULL;
    exec.on_output = take;
    exec.user_data = work;
    options.cancel = token;
    ended(work, runloop_devbox_exec(devbox, "echo begun; sleep 1001", &exec, &options, &result, E));
    CHECK(!result);
}

static void cancelled_create(struct work *work)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *made = NULL;
    options.cancel = token;
    ended(work, runloop_devbox_create(client, NULL, &options, &made, E));
    CHECK(!made);
}

static void cancelled_tree(struct work *work)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.cancel = token;
    hold_up_by(&options, work);
    ended(work, runloop_devbox_upload_dir(devbox, tree_here, "tree.cancelled", NULL, &options, E));
}

static void closed_output(struct work *work)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result = NULL;
    runloop_devbox *behind;
    exec.on_output = take;
    exec.user_data = work;
    OK(runloop_devbox_attach(closing, runloop_devbox_id(devbox), &behind, E));
    ended(work, runloop_devbox_exec(behind, "echo begun; sleep 1002", &exec, NULL, &result, E));
    CHECK(!result);
    runloop_devbox_free(behind);
}

static struct work works[] = {
    {.name = "a wait", .begins = BEFORE, .act = waited_for, .harmless = 1},
    {.name = "a create at the service", .begins = AT_LAST, .act = created},
    {.name = "a create", .begins = DURING, .act = created},
    {.name = "an exec with output functions", .begins = BEFORE, .act = with_output, .harmless = 1},
    {.name = "an exec at the service", .begins = AT_LAST, .act = plain, .counted = "at_the_service"},
    {.name = "an exec", .begins = DURING, .act = plain, .counted = "begun"},
    {.name = "an execution waited for", .begins = BEFORE, .act = awaited, .harmless = 1, .counted = "waited_for"},
    {.name = "a kill", .begins = BEFORE, .act = killed, .harmless = 1},
    {.name = "an output pulled", .begins = BEFORE, .act = pulled, .harmless = 1},
    {.name = "a question", .begins = DURING, .act = asked_for, .harmless = 1},
    {.name = "a list", .begins = DURING, .act = listed, .harmless = 1},
    {.name = "a keep-alive", .begins = DURING, .act = kept_alive, .harmless = 1},
    {.name = "a shutdown", .begins = BEFORE, .act = shut_down, .harmless = 1},
    {.name = "a text written", .begins = DURING, .act = written, .harmless = 1},
    {.name = "a file uploaded", .begins = BEFORE, .act = file_up, .harmless = 1},
    {.name = "a file downloaded", .begins = BEFORE, .act = file_down, .harmless = 1},
    {.name = "a directory uploaded", .begins = BEFORE, .act = tree_up, .harmless = 1},
    {.name = "a directory that is unpacked", .begins = AT_LAST, .act = tree_unpacked, .harmless = 1},
    {.name = "a directory downloaded", .begins = BEFORE, .act = tree_down, .harmless = 1},
    {.name = "a directory downloaded from its beginning", .begins = DURING, .act = tree_packed, .harmless = 1},
    {.name = "a snapshot", .begins = AT_LAST, .act = snapshot_taken, .harmless = 1},
    {.name = "a blueprint", .begins = BEFORE, .act = blueprint_built, .harmless = 1},
    {.name = "an object", .begins = DURING, .act = object_made},
    {.name = "events", .begins = BEFORE, .act = events, .harmless = 1},
    {.name = "an exec that is cancelled", .begins = BEFORE, .act = cancelled_output, .cut_short_by = RUNLOOP_CANCELLED},
    {.name = "a create that is cancelled", .begins = DURING, .act = cancelled_create, .cut_short_by = RUNLOOP_CANCELLED},
    {.name = "a directory that is cancelled", .begins = BEFORE, .act = cancelled_tree, .cut_short_by = RUNLOOP_CANCELLED},
    {.name = "an exec whose client is closed", .begins = BEFORE, .act = closed_output, .cut_short_by = RUNLOOP_CLOSED},
};

enum { WORKS = sizeof works / sizeof *works };

static struct work *work_of(void (*act)(struct work *))
{
    int i;
    for (i = 0; i < WORKS; i++)
        if (works[i].act == act) return &works[i];
    abort();
}

#endif
