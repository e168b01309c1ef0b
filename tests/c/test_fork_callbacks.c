/* A function that the library calls forks, and comes back in the child too: there the call ends at once with
 * RUNLOOP_FORKED, and the parent's goes on as if nothing had been. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 20

/* How a callback forks, and what it has counted. */
struct forking {
    pid_t child;
    int at, calls, is_child, skipped;
    size_t bytes;
};

static void begin_forking(struct forking *forking, int at)
{
    memset(forking, 0, sizeof *forking);
    forking->at = at;
}

static void fork_once(struct forking *forking)
{
    if (forking->calls++ != forking->at) return;
    forking->child = fork();
    if (forking->child) return;
    alarm(60);
    forking->is_child = 1;
}

/* Ends the child, which must have got RUNLOOP_FORKED; in the parent the call must have ended well. */
static void settle(struct forking *forking, int32_t status, int32_t expected)
{
    int wait_status;
    if (forking->is_child) {
        runloop_params *params;
        if (status != RUNLOOP_FORKED || last_error() == NULL || !strstr(last_message(), "fork")) _exit(10);
        /* No further call of the callback. */
        if (forking->calls != forking->at + 1) _exit(11);
        if (runloop_params_new(&params, NULL) != RUNLOOP_OK) _exit(12);
        runloop_params_free(params);
        exit(0);
    }
    CHECK(forking->child > 0);
    CHECK_INT(status, expected);
    CHECK_INT(waitpid(forking->child, &wait_status, 0), forking->child);
    CHECK(WIFEXITED(wait_status));
    CHECK_INT(WEXITSTATUS(wait_status), 0);
}

static int32_t take_output(void *user_data, int32_t stream, const char *data, size_t length)
{
    struct forking *forking = user_data;
    (void)stream;
    (void)data;
    forking->bytes += length;
    fork_once(forking);
    return 0;
}

static void exec_output(runloop_devbox *devbox)
{
    int round;
    for (round = 0; round < ROUNDS; round++) {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_exec_result *result;
        struct forking forking;
        int32_t status;
        begin_forking(&forking, 0);
        exec.on_output = take_output;
        exec.user_data = &forking;
        status = runloop_devbox_exec(devbox, "for i in 1 2 3 4; do echo line $i; sleep 0.01; done; exit 3", &exec, NULL, &result, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(runloop_exec_result_exit_code(result), 3);
        CHECK_INT(forking.bytes, 4 * strlen("line 1\n"));
        runloop_exec_result_free(result);
    }
    group("an output function forks: the parent gets every byte and the exit code, 20 of 20 times");
}

static int32_t take_progress(void *user_data, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    fork_once(user_data);
    return 0;
}

static int64_t give_bytes(void *user_data, char *buffer, size_t capacity)
{
    struct forking *forking = user_data;
    size_t left = 2000000 - forking->bytes, count = left < capacity ? left : capacity;
    memset(buffer, 'x', count);
    forking->bytes += count;
    fork_once(forking);
    return (int64_t)count;
}

static int32_t take_bytes(void *user_data, const char *data, size_t length)
{
    struct forking *forking = user_data;
    (void)data;
    forking->bytes += length;
    fork_once(forking);
    return 0;
}

#define FEW 4

static void transfers(runloop_devbox *devbox)
{
    char *data = allocate(2000000);
    int round;
    memset(data, 'y', 2000000);
    for (round = 0; round < FEW; round++) {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        runloop_sink sink = RUNLOOP_SINK_INIT;
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        struct forking forking;
        struct stat found;
        int32_t status;

        begin_forking(&forking, 2);
        source.read = give_bytes;
        source.length = 2000000;
        source.user_data = &forking;
        status = runloop_devbox_upload_file(devbox, "/tmp/given", &source, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(run(devbox, "test $(stat -c %s /tmp/given) = 2000000", NULL, NULL), 0);

        begin_forking(&forking, 1);
        source = (runloop_source)RUNLOOP_SOURCE_INIT;
        source.data = data;
        source.length = 2000000;
        options.progress = take_progress;
        options.progress_data = &forking;
        status = runloop_devbox_upload_file(devbox, "/tmp/given", &source, &options, E);
        settle(&forking, status, RUNLOOP_OK);

        begin_forking(&forking, 1);
        sink.write = take_bytes;
        sink.user_data = &forking;
        status = runloop_devbox_download_file(devbox, "/tmp/given", &sink, NULL, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(forking.bytes, 2000000);

        /* The file that is being written is the parent's alone. */
        begin_forking(&forking, 1);
        sink = (runloop_sink)RUNLOOP_SINK_INIT;
        sink.path = temporary("taken");
        status = runloop_devbox_download_file(devbox, "/tmp/given", &sink, &options, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK(!stat(sink.path, &found));
        CHECK_INT(found.st_size, 2000000);
    }
    free(data);
    group("read, write and progress functions fork: the parent's transfers are whole");
}

static void skip(void *user_data, const char *path, const char *reason)
{
    struct forking *forking = user_data;
    (void)path;
    (void)reason;
    forking->skipped++;
    fork_once(forking);
}

static void directories(runloop_devbox *devbox)
{
    char command[600];
    int round;
    snprintf(command, sizeof command, "mkdir -p %s/a && cd %s/a && mkfifo p q && head -c 3000000 /dev/urandom > b && touch c",
             temporary("tree"), temporary("tree"));
    CHECK(!system(command));
    CHECK_INT(run(devbox, "mkdir -p /tmp/far/a && cd /tmp/far/a && ln -s /etc/passwd l && ln -s /etc/group m && echo z > z", NULL, NULL), 0);
    for (round = 0; round < FEW; round++) {
        runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
        struct forking forking;
        int32_t status;
        size_t length;
        begin_forking(&forking, 0);
        tree.on_skipped = skip;
        tree.user_data = &forking;
        status = runloop_devbox_upload_dir(devbox, temporary("tree"), "/tmp/up", &tree, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(forking.skipped, 2);
        CHECK_INT(run(devbox, "test $(stat -c %s /tmp/up/a/b) = 3000000 && test -e /tmp/up/a/c && rm -r /tmp/up", NULL, NULL), 0);

        begin_forking(&forking, 0);
        snprintf(command, sizeof command, "rm -rf %s", temporary("down"));
        CHECK(!system(command));
        status = runloop_devbox_download_dir(devbox, "/tmp/far", temporary("down"), &tree, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(forking.skipped, 2);
        snprintf(command, sizeof command, "%s/a/z", temporary("down"));
        free(file_contents(command, &length));
        CHECK_INT(length, 2);
    }
    group("the function that is told of what is left out forks: the parent's directories are whole");
}

static void objects(runloop_client *client)
{
    int round;
    for (round = 0; round < FEW; round++) {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        runloop_sink sink = RUNLOOP_SINK_INIT;
        runloop_object *object;
        struct forking forking;
        int32_t status;
        begin_forking(&forking, 2);
        source.read = give_bytes;
        source.length = 2000000;
        source.user_data = &forking;
        status = runloop_object_upload_from_source(client, "given", &source, NULL, NULL, &object, E);
        settle(&forking, status, RUNLOOP_OK);

        begin_forking(&forking, 1);
        sink.write = take_bytes;
        sink.user_data = &forking;
        status = runloop_object_download_to_sink(object, &sink, NULL, NULL, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(forking.bytes, 2000000);
        OK(runloop_object_delete(object, NULL, NULL, E));
        runloop_object_free(object);
    }
    group("functions that give and take objects fork: the parent's objects are whole, and stay");
}

static int32_t note_line(void *user_data, int64_t timestamp_ms, const char *level, const char *message)
{
    (void)timestamp_ms;
    (void)level;
    (void)message;
    fork_once(user_data);
    return 0;
}

#define STATE(state) "{\"id\":\"bpt_1\",\"name\":\"web\",\"status\":\"" state "\"}"
#define LINE "{\"level\":\"info\",\"timestamp_ms\":1,\"message\":\"step\"}"

static void build_logs(void)
{
    static const char parameters[] = "{\"name\":\"web\",\"dockerfile\":\"FROM scratch\"}";
    int round;
    for (round = 0; round < FEW; round++) {
        script_server *server = script_start();
        runloop_client *client = new_client(script_url(server));
        runloop_params *params;
        runloop_blueprint *blueprint;
        struct forking forking;
        int32_t status;
        script_answer(server, 200, "", STATE("building"));
        script_answer(server, 200, "", STATE("building"));
        script_answer(server, 200, "", "{\"blueprint_id\":\"bpt_1\",\"logs\":[" LINE "," LINE "]}");
        script_answer(server, 200, "", STATE("build_complete"));
        script_answer(server, 200, "", "{\"blueprint_id\":\"bpt_1\",\"logs\":[" LINE "," LINE "," LINE "]}");
        OK(runloop_params_from_json(parameters, strlen(parameters), &params, E));
        begin_forking(&forking, 0);
        status = runloop_blueprint_create(client, params, note_line, &forking, NULL, &blueprint, E);
        settle(&forking, status, RUNLOOP_OK);
        CHECK_INT(forking.calls, 3);
        CHECK_INT(script_requests(server), 5);
        runloop_blueprint_free(blueprint);
        runloop_params_free(params);
        runloop_client_free(client);
        script_stop(server);
    }
    group("a build's log function forks: the parent has its blueprint, and nothing is deleted");
}

static void log_line(void *user_data, int32_t level, const char *message)
{
    (void)level;
    (void)message;
    fork_once(user_data);
}

/* What is told when a call has ended changes its outcome no more: in the child it is that of the parent, or RUNLOOP_FORKED. */
static void logs(runloop_client *client)
{
    int round;
    for (round = 0; round < FEW; round++) {
        struct forking forking;
        runloop_value *account;
        int32_t status;
        int wait_status;
        begin_forking(&forking, 0);
        OK(runloop_log_set(log_line, &forking, RUNLOOP_LOG_DEBUG, E));
        status = runloop_account_me(client, NULL, &account, E);
        if (forking.is_child) {
            runloop_value *again;
            if (status != RUNLOOP_OK && status != RUNLOOP_FORKED) _exit(10);
            if (runloop_account_me(client, NULL, &again, NULL) != RUNLOOP_FORKED) _exit(11);
            runloop_value_free(account);
            exit(0);
        }
        OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
        CHECK_INT(status, RUNLOOP_OK);
        runloop_value_free(account);
        OK(runloop_account_me(client, NULL, &account, E));
        runloop_value_free(account);
        CHECK(forking.child > 0);
        CHECK_INT(waitpid(forking.child, &wait_status, 0), forking.child);
        CHECK_INT(wait_status, 0);
    }
    group("the log function forks: the parent's calls go on");
}

struct busy {
    runloop_devbox *devbox;
    atomic_int stop;
};

static void *keep_busy(void *user_data)
{
    struct busy *busy = user_data;
    while (!atomic_load(&busy->stop)) {
        runloop_value *info;
        CHECK(runloop_devbox_get_info(busy->devbox, NULL, &info, NULL) == RUNLOOP_OK);
        runloop_value_free(info);
    }
    return NULL;
}

/* Whatever the other threads hold at the moment of the fork. */
static void beside_others(runloop_devbox *devbox)
{
    struct busy busy;
    pthread_t threads[3];
    int i;
    busy.devbox = devbox;
    atomic_init(&busy.stop, 0);
    for (i = 0; i < 3; i++) CHECK(!pthread_create(&threads[i], NULL, keep_busy, &busy));
    exec_output(devbox);
    atomic_store(&busy.stop, 1);
    for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    group("the same, while three threads call");
}

int main(void)
{
    runloop_client *client;
    runloop_devbox *devbox;
    begin("test_fork_callbacks");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    exec_output(devbox);
    transfers(devbox);
    directories(devbox);
    objects(client);
    build_logs();
    logs(client);
    beside_others(devbox);
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
