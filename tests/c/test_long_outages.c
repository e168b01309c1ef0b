/* An outage of ten seconds beside everything that can be under way, in each way in which servers are away: calls end well, or, where
 * making the request again could do harm, with an error that says truly what became of it; nothing is left at the service. */

#include "cutting_proxy.h"
#include "outage_works.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of the outage. Longer than clients usually try again, shorter than servers take to restart. */
#define AWAY 10

/* ---- the outage ---- */

/* So many questions about what is being made or done have been sent, whatever became of them. */
static int asked(const char *operation, int times)
{
    return journal_count(operation) >= times;
}

static void begin_all(void)
{
    int i;
    set_stage(BEFORE);
    for (i = 0; i < WORKS; i++) CHECK(!pthread_create(&works[i].thread, NULL, do_work, &works[i]));
    for (i = 0; i < WORKS; i++)
        if (works[i].begins == BEFORE) await(&works[i].under_way);
    /* The service has the requests of these for a short while. */
    journal_clear();
    set_stage(AT_LAST);
    EVENTUALLY(asked("devboxes.create_and_await_running", 1));
    EVENTUALLY(asked("disksnapshots.query_status", 1));
    EVENTUALLY(asked("devboxes.execute", 2));
}

static void *close_client(void *unused)
{
    (void)unused;
    OK(runloop_client_close(closing, E));
    forget_error();
    return NULL;
}

static void go_through(cutting_proxy *proxy, enum outage_kind kind)
{
    struct timespec length = {AWAY, 0};
    pthread_t closer;
    int i;
    cutting_proxy_go_away(proxy, kind);
    set_stage(DURING);
    publish("during");
    OK(runloop_cancel_trigger(token, E));
    CHECK(!pthread_create(&closer, NULL, close_client, NULL));
    /* None of these waits for the end of the outage, which comes only when they are over. */
    for (i = 0; i < WORKS; i++)
        if (works[i].cut_short_by) await(&works[i].gone);
    while (nanosleep(&length, &length) && errno == EINTR) continue;
    cutting_proxy_come_back(proxy);
    set_stage(AFTER);
    publish("after");
    for (i = 0; i < WORKS; i++) CHECK(!pthread_join(works[i].thread, NULL));
    CHECK(!pthread_join(closer, NULL));
}

/* ---- and afterwards ---- */

static void tell(const struct work *work)
{
    static const char *const effects[] = {"nothing happened", "happened", "unknown"};
    if (work->status == RUNLOOP_OK) return;
    printf("test_long_outages: %s: %s, %s, retryable %d: %s\n", work->name, runloop_status_name(work->status), effects[work->side_effect],
           work->retryable, work->message);
}

/* How often a command of this work has run. */
static int times_run(const struct work *work)
{
    char command[200];
    runloop_bytes *out;
    int times;
    snprintf(command, sizeof command, "cat ran.%s 2>/dev/null | wc -l", work->counted);
    CHECK_INT(run(untouched, command, &out, NULL), 0);
    times = atoi(runloop_bytes_data(out));
    runloop_bytes_free(out);
    return times;
}

/* So many calls at once may use up what a server that answers gets of retries; who goes without is told to try again. */
static int is_beyond_the_budget(const struct work *work, enum outage_kind kind)
{
    return kind == OUTAGE_PAGES && work->status == RUNLOOP_SERVER && work->retryable == RUNLOOP_RETRYABLE_YES;
}

static void check_truth(const struct work *work, enum outage_kind kind)
{
    int failed = work->status != RUNLOOP_OK;
    if (work->harmless && failed && !is_beyond_the_budget(work, kind)) fail_at(__FILE__, __LINE__, "%s did not end well", work->name);
    /* What may have been done is not to be done again by a loop that goes by this. */
    if (failed && !work->harmless && work->retryable == RUNLOOP_RETRYABLE_YES) CHECK_INT(work->side_effect, RUNLOOP_SIDE_EFFECT_NONE);
    if (work->counted) {
        int times = times_run(work);
        printf("test_long_outages: %s: the command ran %d times\n", work->name, times);
        CHECK(times <= 1);
        if (!failed) CHECK_INT(times, 1);
        if (failed && work->side_effect == RUNLOOP_SIDE_EFFECT_NONE) CHECK_INT(times, 0);
        if (failed && work->side_effect == RUNLOOP_SIDE_EFFECT_HAPPENED) CHECK_INT(times, 1);
    }
}

static void check_all(enum outage_kind kind)
{
    int i;
    for (i = 0; i < WORKS; i++) tell(&works[i]);
    for (i = 0; i < WORKS; i++) {
        const struct work *work = &works[i];
        /* One that begins in the outage may have taken a connection that was being cut. */
        if (work->cut_short_by && (work->begins == BEFORE || work->status == work->cut_short_by)) {
            CHECK_INT(work->status, work->cut_short_by);
            continue;
        }
        check_truth(work, kind);
        /* What is only held up is answered in the end. */
        if (kind == OUTAGE_STALLED) CHECK_INT(work->status, RUNLOOP_OK);
    }
    CHECK_INT(work_of(cancelled_output)->side_effect, RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK_INT(work_of(closed_output)->side_effect, RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK_TEXT(work_of(blueprint_built)->got[0], "xxxxxx");
}

static int is_clean(void)
{
    static const char command[] = "! ls -a /tmp | grep -q librunloop";
    return run(untouched, command, NULL, NULL) == 0 && run(slow_devbox, command, NULL, NULL) == 0;
}

/* How many of these the account has. */
static int64_t listed_at(const char *path, const char *list)
{
    runloop_value *value;
    size_t count;
    OK(runloop_client_request(direct, "GET", path, NULL, NULL, NULL, NULL, NULL, &value, NULL, E));
    OK(runloop_value_length(value, list, &count, E));
    runloop_value_free(value);
    return (int64_t)count;
}

/* What is left at the service; NULL if nothing is. */
static const char *left(void)
{
    if (devboxes_left() > 3) return "a devbox";
    if (process_left("sleep 1000") || process_left("sleep 1001")) return "a process";
    if (listed_at("/v1/devboxes/disk_snapshots", "/snapshots")) return "a snapshot";
    if (listed_at("/v1/blueprints", "/blueprints")) return "a blueprint";
    if (listed_at("/v1/objects", "/objects")) return "an object";
    return is_clean() ? NULL : "an archive in /tmp";
}

static void nothing_is_left(void)
{
    /* As long as a clean-up may go on. */
    double until = seconds() + 180;
    const char *what;
    /* Closing a client in an outage gives its clean-ups up; the log says so. */
    run(untouched, "pkill -f '^sleep 1002$'", NULL, NULL);
    if (still_running) shut_down_and_free(still_running);
    still_running = NULL;
    while ((what = left()) && seconds() < until) brief_pause();
    if (what) fail_at(__FILE__, __LINE__, "%s is left at the service", what);
    CHECK_INT(devboxes_left(), 3);
}

static void make_files(void)
{
    int i;
    snprintf(file_here, sizeof file_here, "%s", temporary("big"));
    snprintf(tree_here, sizeof tree_here, "%s", temporary("tree"));
    make_file(file_here, FILE_LENGTH);
    folder(tree_here);
    for (i = 0; i < 20; i++) {
        char path[600];
        snprintf(path, sizeof path, "%.500s/f%d", tree_here, i);
        make_file(path, 200000);
    }
}

static int one_outage(enum outage_kind kind, const char *what)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    cutting_proxy *proxy;
    char slow[300], path[512];
    begin("test_long_outages");
    make_files();
    emulator_start(NULL);
    proxy = cutting_proxy_start(emulator_url());
    direct = new_client(NULL);
    client = new_client(cutting_proxy_url(proxy));
    closing = new_client(cutting_proxy_url(proxy));
    OK(runloop_cancel_new(&token, E));
    untouched = new_devbox(direct);
    slow_devbox = new_devbox(direct);
    OK(runloop_devbox_attach(client, runloop_devbox_id(untouched), &devbox, E));
    source.path = file_here;
    OK(runloop_devbox_upload_file(untouched, "big", &source, NULL, E));
    OK(runloop_devbox_upload_dir(untouched, tree_here, "tree", NULL, NULL, E));
    OK(runloop_axon_create(direct, NULL, NULL, &axon, E));
    publish("before");
    /* In the midst of these the outage is to come. */
    settings("{\"boot_ms\":6000}");
    OK(runloop_devbox_create_async(direct, NULL, NULL, &starting, E));
    fault("disksnapshots.query_status", 0, 1, "{\"type\":\"delay\",\"ms\":2000}");
    snprintf(slow, sizeof slow,
             "{\"operation\":\"devboxes.execute\",\"match\":{\"path_contains\":\"%s\"},\"times\":1,\"action\":{\"type\":\"delay\",\"ms\":2000}}",
             runloop_devbox_id(slow_devbox));
    free(control("POST", "/_emulator/faults", slow));
    begin_all();
    go_through(proxy, kind);
    check_all(kind);
    nothing_is_left();
    OK(runloop_axon_delete(axon, NULL, NULL, E));
    runloop_axon_free(axon);
    shut_down_and_free(starting);
    shut_down_and_free(slow_devbox);
    runloop_devbox_free(devbox);
    shut_down_and_free(untouched);
    runloop_cancel_free(token);
    runloop_client_free(client);
    runloop_client_free(closing);
    runloop_client_free(direct);
    cutting_proxy_stop(proxy);
    snprintf(path, sizeof path, "%.490s.down", tree_here);
    remove_all(path);
    snprintf(path, sizeof path, "%.490s.packed", tree_here);
    remove_all(path);
    remove_all(tree_here);
    group(what);
    return finish();
}

int main(int argc, char **argv)
{
    static const struct {
        enum outage_kind kind;
        const char *what;
    } outages[] = {
        {OUTAGE_REFUSED, "connections are cut and refused"},
        {OUTAGE_SILENT, "connections are silent, and reset in the end"},
        {OUTAGE_STALLED, "connections are silent, and go on in the end"},
        {OUTAGE_PAGES, "connections are cut, and a gateway answers"},
    };
    enum { COUNTED = sizeof outages / sizeof *outages };
    pid_t children[COUNTED];
    int i, failed = 0, status;
    if (argc > 1) return one_outage(outages[atoi(argv[1])].kind, outages[atoi(argv[1])].what);
    /* Each in a process with an emulator of its own, all at a time: an outage takes as long as it takes. */
    for (i = 0; i < COUNTED; i++) {
        children[i] = fork();
        if (!children[i]) _exit(one_outage(outages[i].kind, outages[i].what));
    }
    for (i = 0; i < COUNTED; i++) failed += children[i] < 0 || waitpid(children[i], &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status);
    return failed != 0;
}
