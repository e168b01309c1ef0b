/* Transfers cut at random points (a hundred of objects, a hundred of files, fifty of directories): they end
 * whole, or fail with a status and leave nothing: no partial file under a final name, no object and no
 * archive that nobody knows of. */

#include "cutting_proxy.h"
#include "harness.h"
#include "local_files.h"
#include "object_server.h"
#include "trees.h"

#include <unistd.h>

enum { LENGTH = 1500000 };

static char from[512], to[512];

static int64_t anywhere(int64_t length)
{
    return (int64_t)(random_number() % (uint64_t)length);
}

static int one_in(int many)
{
    return random_number() % (uint64_t)many == 0;
}

/* Of ten rounds, two are not cut and have no bounds: these transfers are whole, however busy the machine is. */
static int is_cut(int round)
{
    return round % 10 >= 2;
}

/* ---- objects ---- */

static object_server *server;
static runloop_client *storage_client;

/* One fault of any kind, in any of the requests that make up an upload or a download. */
static void break_something(int down)
{
    static const char *const up[] = {"put", "put", "put", "create", "complete"}, *const back[] = {"get", "get", "get", "download"};
    const char *operation = down ? back[anywhere(4)] : up[anywhere(5)];
    enum object_fault kind = (enum object_fault)anywhere(strcmp(operation, "get") ? 5 : 4);
    object_server_no_faults(server);
    /* A download goes on after a break; now and then it breaks again. */
    object_server_fault(server, operation, down && one_in(3) ? 3 : 1, kind, one_in(5) ? 503 : 500, anywhere(LENGTH));
}

static void objects(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    int round, whole = 0, failed = 0, expected;
    server = object_server_start();
    storage_client = new_client(object_server_url(server));
    expected = object_server_count(server, NULL);
    for (round = 0; round < 100; round++) {
        runloop_object *object;
        int32_t status;
        opts.timeout_ms = is_cut(round) ? 200 : 0;
        /* Most have no second attempt, which would wait a second. */
        opts.max_retries = is_cut(round) && !one_in(20) ? -1 : 2;
        break_something(0);
        if (round % 2 || !is_cut(round)) object_server_no_faults(server);
        status = runloop_object_upload_from_file(storage_client, from, NULL, &opts, &object, E);
        if (!is_cut(round)) CHECK_INT(status, RUNLOOP_OK);
        if (status != RUNLOOP_OK) {
            check_no_secret(SIGNATURE);
            CHECK(object == NULL);
            failed++;
            continue;
        }
        CHECK(same_files(from, object_server_content(server, runloop_object_id(object))));
        if (round % 2 && is_cut(round)) {
            break_something(1);
            opts.max_retries = one_in(3) ? 2 : -1;
        }
        status = runloop_object_download_to_file(object, to, NULL, &opts, E);
        if (!is_cut(round)) CHECK_INT(status, RUNLOOP_OK);
        if (status == RUNLOOP_OK) {
            CHECK(same_files(from, to));
            unlink(to);
            whole++;
        } else {
            check_no_secret(SIGNATURE);
            CHECK(!exists(to));
            failed++;
        }
        object_server_no_faults(server);
        OK(runloop_object_delete(object, NULL, NULL, E));
        runloop_object_free(object);
    }
    CHECK_INT(parts_left(), 0);
    EVENTUALLY(object_server_count(server, NULL) == expected);
    printf("test_cuts: of 100 transfers of objects %d were whole, %d failed\n", whole, failed);
    CHECK(whole >= 20 && failed >= 5);
    runloop_client_free(storage_client);
    object_server_stop(server);
    group("objects");
}

/* ---- devboxes ---- */

static cutting_proxy *proxy;
static runloop_client *direct;
static runloop_devbox *devbox, *untouched;

static void cut_somewhere(int down, int64_t length)
{
    /* The other direction has an answer or a request of a few hundred bytes, which can be cut too. */
    int other = one_in(5);
    cutting_proxy_arm(proxy, down != other ? CUT_ANSWERS : CUT_REQUESTS, (enum cut_kind)anywhere(3), anywhere(other ? 300 : length));
}

/* As the devbox itself has it, through no proxy. */
static int there(const char *command)
{
    return run(untouched, command, NULL, NULL) == 0;
}

static void files(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    int round, whole = 0, failed = 0, cuts = 0;
    source.path = from;
    sink.path = to;
    OK(runloop_devbox_upload_file(untouched, "whole", &source, NULL, E));
    for (round = 0; round < 100; round++) {
        int down = round % 2, before = one_in(2);
        int32_t status;
        opts.timeout_ms = is_cut(round) ? 200 : 0;
        opts.max_retries = is_cut(round) ? (one_in(2) ? 2 : -1) : 0;
        if (down && before) make_file(to, 10);
        if (!down && before) CHECK(there("printf before > target"));
        if (!down && !before) CHECK(there("rm -f target"));
        if (is_cut(round)) cut_somewhere(down, LENGTH);
        status = down ? runloop_devbox_download_file(devbox, "whole", &sink, &opts, NULL, E)
                      : runloop_devbox_upload_file(devbox, "target", &source, &opts, E);
        cuts += cutting_proxy_disarm(proxy);
        if (!is_cut(round)) CHECK_INT(status, RUNLOOP_OK);
        if (status == RUNLOOP_OK) {
            CHECK(down ? same_files(from, to) : there("cmp -s whole target"));
            whole++;
        } else {
            CHECK_INT(status, runloop_error_status(last_error()));
            CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_devbox_id(devbox));
            if (down) CHECK(exists(to) == before && !same_files(from, to));
            /* An answer that was lost: the file is there, and whole, once the service has written it. */
            else EVENTUALLY(there(before ? "test \"$(head -c 7 target)\" = before || cmp -s whole target" : "! test -e target || cmp -s whole target"));
            failed++;
        }
        unlink(to);
        CHECK_INT(parts_left(), 0);
    }
    printf("test_cuts: of 100 transfers of files, with %d cuts, %d were whole, %d failed\n", cuts, whole, failed);
    CHECK(cuts >= 20 && whole >= 20 && failed >= 5);
    group("files of a devbox");
}

static void make_noise(const char *top)
{
    char path[600];
    int i;
    folder(top);
    for (i = 0; i < 20; i++) {
        snprintf(path, sizeof path, "%.500s/f%d", top, i);
        make_file(path, 50000);
    }
}

static void directories(void)
{
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    int round, whole = 0, failed = 0, cuts = 0;
    /* An uncut transfer, here and now. */
    double longest = 0;
    char tree[512], back[512], again[512];
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(back, sizeof back, "%s", temporary("back"));
    snprintf(again, sizeof again, "%s", temporary("again"));
    make_noise(tree);
    OK(runloop_devbox_upload_dir(untouched, tree, "tree", NULL, NULL, E));
    for (round = 0; round < 50; round++) {
        int down = round % 2;
        int32_t status;
        double began = seconds();
        opts.timeout_ms = is_cut(round) ? 200 : 0;
        /* The commands around the transfer have no such bound. What is not cut has most of this time to spare. */
        opts.deadline_ms = is_cut(round) ? 300 + (int64_t)(4000 * longest) : 0;
        opts.max_retries = is_cut(round) ? (one_in(2) ? 2 : -1) : 0;
        if (is_cut(round)) cut_somewhere(down, 1000000);
        status = down ? runloop_devbox_download_dir(devbox, "tree", back, NULL, &opts, E)
                      : runloop_devbox_upload_dir(devbox, tree, "up", NULL, &opts, E);
        cuts += cutting_proxy_disarm(proxy);
        if (!is_cut(round)) {
            CHECK_INT(status, RUNLOOP_OK);
            if (seconds() - began > longest) longest = seconds() - began;
        }
        if (status == RUNLOOP_OK) {
            if (down) {
                check_same(tree, back);
            } else {
                OK(runloop_devbox_download_dir(untouched, "up", again, NULL, NULL, E));
                check_same(tree, again);
                remove_all(again);
            }
            whole++;
        } else {
            CHECK_INT(status, runloop_error_status(last_error()));
            if (down) CHECK(!exists(back));
            failed++;
        }
        remove_all(back);
        /* A command whose call has ended is killed behind it, and may still be writing. */
        if (!down) EVENTUALLY(there("rm -rf up"));
        CHECK_INT(parts_left(), 0);
    }
    printf("test_cuts: of 50 transfers of directories, with %d cuts, %d were whole, %d failed\n", cuts, whole, failed);
    CHECK(cuts >= 10 && whole >= 10 && failed >= 1);
    EVENTUALLY(there("! ls -a /tmp | grep -q librunloop"));
    remove_all(tree);
    group("directories of a devbox");
}

int main(void)
{
    runloop_client *client;
    begin("test_cuts");
    snprintf(from, sizeof from, "%s", temporary("from"));
    snprintf(to, sizeof to, "%s", temporary("to"));
    make_file(from, LENGTH);
    objects();
    emulator_start(NULL);
    direct = new_client(NULL);
    proxy = cutting_proxy_start(emulator_url());
    client = new_client(cutting_proxy_url(proxy));
    untouched = new_devbox(direct);
    OK(runloop_devbox_attach(client, runloop_devbox_id(untouched), &devbox, E));
    files();
    directories();
    runloop_devbox_free(devbox);
    shut_down_and_free(untouched);
    runloop_client_free(client);
    runloop_client_free(direct);
    cutting_proxy_stop(proxy);
    return finish();
}
