/* Mixed load for a long time, while requests meet faults and the emulator is restarted. After each cycle everything is joined and freed:
 * then descriptors, threads, handles, temporary files and memory must be back where they were before it.
 *
 * SOAK_MINUTES says for how long, SOAK_CYCLES instead how often, SOAK_SEED with which sequence of operations and faults. */

#include "harness.h"

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WORKERS = 6,
    /* Of each worker, in each cycle. */
    TURNS = 14,
    DEVBOXES = 2,
    RESTARTS = 2,
    /* Until then the library and the allocator have set up what they keep; where there is time for more cycles, later. */
    SETTLED_AFTER = 3,
    SETTLED_LATER = 10,
    /* What memory may differ by between a settled cycle and the last: the allocator's doing. */
    MOST_GROWTH_KIB = 12 * 1024,
    STATUSES = 1000
};

static char scratch[600], url[128];
static runloop_client *client;
static runloop_devbox *devboxes[DEVBOXES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static int turns_begun, workers_left;
static long outcomes[STATUSES];
static long faults_met;
static unsigned long long seed = 1;

/* ---- chance ---- */

struct dice {
    unsigned long long state;
};

static unsigned roll(struct dice *dice, unsigned sides)
{
    dice->state = dice->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(dice->state >> 33) % sides;
}

/* ---- what may come of a call ---- */

/* Whatever the network and the emulator do, no call of this program is wrong, and none meets a defect of the library's. */
static int32_t outcome(int line, const char *what, int32_t status, runloop_error *error)
{
    int fine = status == RUNLOOP_OK || status == RUNLOOP_STOPPED || status == RUNLOOP_WRONG_STATE || (status >= 100 && status < 400);
    if (!fine) fail_at(__FILE__, line, "%s\n  gave %s: %s", what, runloop_status_name(status), runloop_error_message(error));
    CHECK(runloop_error_status(error) == status);
    runloop_error_free(error);
    pthread_mutex_lock(&lock);
    outcomes[status]++;
    pthread_mutex_unlock(&lock);
    return status;
}

#define TRY(call) (error = NULL, status = (call), outcome(__LINE__, #call, status, error))

struct worker {
    pthread_t thread;
    int number, cycle;
    struct dice dice;
};

static runloop_call_options some_options(struct dice *dice)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    static const int32_t retries[] = {-1, 1, 2, 0};
    options.timeout_ms = 4000;
    options.deadline_ms = roll(dice, 8) ? 8000 : 1 + roll(dice, 300);
    options.poll_timeout_ms = 6000;
    options.max_retries = retries[roll(dice, 4)];
    return options;
}

static int32_t take(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)stream;
    (void)data;
    *(size_t *)user_data += length;
    return 0;
}

static int32_t trigger(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)stream;
    (void)data;
    (void)length;
    OK(runloop_cancel_trigger((const runloop_cancel *)user_data, E));
    return 0;
}

/* ---- the operations ---- */

static void command(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_error *error;
    runloop_bytes *out;
    size_t seen = 0;
    int32_t status;
    if (roll(&me->dice, 2)) {
        exec.on_output = take;
        exec.user_data = &seen;
    }
    if (TRY(runloop_devbox_exec(devbox, "seq 2000; echo oops >&2", &exec, &options, &result, &error))) return;
    if (runloop_exec_result_outcome(result) == RUNLOOP_OUTCOME_EXITED && !TRY(runloop_exec_result_stdout(result, 0, &options, &out, &error))) {
        CHECK_INT(runloop_bytes_length(out), 8893);
        runloop_bytes_free(out);
    }
    runloop_exec_result_free(result);
}

static void cancelled_command(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_cancel *cancel;
    runloop_error *error;
    int32_t status;
    OK(runloop_cancel_new(&cancel, E));
    options.cancel = cancel;
    exec.on_stdout = trigger;
    exec.user_data = cancel;
    if (!TRY(runloop_devbox_exec(devbox, "echo ready; exec sleep 60", &exec, &options, &result, &error))) runloop_exec_result_free(result);
    runloop_cancel_free(cancel);
}

static void abandoned_stream(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_execution *execution;
    runloop_output_stream *stream;
    runloop_error *error;
    const char *data;
    size_t length;
    int32_t status, which;
    if (TRY(runloop_devbox_exec_async(devbox, "for i in $(seq 300); do echo $i; sleep 0.01; done", NULL, &options, &execution, &error))) return;
    if (!TRY(runloop_execution_stream(execution, RUNLOOP_STDOUT | RUNLOOP_STDERR, &options, &stream, &error))) {
        unsigned pieces = roll(&me->dice, 4);
        while (pieces-- && !TRY(runloop_output_stream_next(stream, &options, &which, &data, &length, &error)) && data) continue;
        runloop_output_stream_free(stream);
    }
    if (roll(&me->dice, 2)) (void)TRY(runloop_execution_kill(execution, 1, &options, &error));
    runloop_execution_free(execution);
}

static void files(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_error *error;
    runloop_bytes *contents;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    char path[64], here[700];
    static char large[300000];
    int32_t status;
    snprintf(path, sizeof path, "file-%d", me->number);
    if (TRY(runloop_devbox_write_file(devbox, path, large, sizeof large, &options, &error))) return;
    if (!TRY(runloop_devbox_read_file(devbox, path, &options, &contents, &error))) {
        CHECK_INT(runloop_bytes_length(contents), sizeof large);
        runloop_bytes_free(contents);
    }
    snprintf(here, sizeof here, "%s/download-%d", scratch, me->number);
    sink.path = here;
    if (!TRY(runloop_devbox_download_file(devbox, path, &sink, &options, NULL, &error))) CHECK(!unlink(here));
}

static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        char within[1200];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(within, sizeof within, "%.800s/%.300s", path, entry->d_name);
        if (unlink(within)) remove_tree(within);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

static void directories(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_error *error;
    char from[700], to[700], there[64];
    int32_t status, i;
    snprintf(from, sizeof from, "%s/from-%d", scratch, me->number);
    snprintf(to, sizeof to, "%s/to-%d", scratch, me->number);
    snprintf(there, sizeof there, "tree-%d", me->number);
    CHECK(!mkdir(from, 0700));
    for (i = 0; i < 20; i++) {
        char path[800];
        FILE *file;
        snprintf(path, sizeof path, "%s/%d", from, i);
        CHECK((file = fopen(path, "w")) != NULL);
        fprintf(file, "%d\n", i);
        fclose(file);
    }
    if (!TRY(runloop_devbox_upload_dir(devbox, from, there, NULL, &options, &error)))
        (void)TRY(runloop_devbox_download_dir(devbox, there, to, NULL, &options, &error));
    remove_tree(from);
    remove_tree(to);
}

static void objects(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_object *object;
    runloop_error *error;
    runloop_bytes *contents;
    static char data[100000];
    int32_t status;
    (void)devbox;
    if (TRY(runloop_object_upload_from_bytes(client, "soak", data, sizeof data, NULL, &options, &object, &error))) return;
    if (!TRY(runloop_object_download_as_bytes(object, NULL, &options, &contents, &error))) {
        CHECK_INT(runloop_bytes_length(contents), sizeof data);
        runloop_bytes_free(contents);
    }
    (void)TRY(runloop_object_delete(object, &options, NULL, &error));
    runloop_object_free(object);
}

static void lists(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_params *params = params_of("{\"limit\":1}");
    runloop_devbox_cursor *cursor;
    runloop_devbox *next;
    runloop_value *info;
    runloop_error *error;
    int32_t status;
    unsigned items = roll(&me->dice, 4);
    OK(runloop_devbox_list(client, params, &cursor, E));
    runloop_params_free(params);
    while (items-- && !TRY(runloop_devbox_cursor_next(cursor, &options, &next, &info, &error)) && next) {
        runloop_devbox_free(next);
        runloop_value_free(info);
    }
    runloop_devbox_cursor_free(cursor);
    if (!TRY(runloop_devbox_get_info(devbox, &options, &info, &error))) runloop_value_free(info);
}

static void axons(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_params *event = params_of("{\"event_type\":\"soak\",\"origin\":\"EXTERNAL_EVENT\",\"payload\":\"{}\",\"source\":\"test\"}");
    runloop_axon *axon;
    runloop_event_stream *stream;
    runloop_value *value;
    runloop_error *error;
    int32_t status;
    (void)devbox;
    if (!TRY(runloop_axon_create(client, NULL, &options, &axon, &error))) {
        if (!TRY(runloop_axon_publish(axon, event, &options, &value, &error))) runloop_value_free(value);
        if (!TRY(runloop_axon_subscribe(axon, -1, &options, &stream, &error))) {
            if (!TRY(runloop_event_stream_next(stream, &options, &value, &error))) runloop_value_free(value);
            runloop_event_stream_free(stream);
        }
        runloop_axon_free(axon);
    }
    runloop_params_free(event);
}

static void waits(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_value *info;
    runloop_error *error;
    int32_t status;
    options.poll_timeout_ms = 300;
    /* It will not be. */
    if (!TRY(runloop_devbox_await_suspended(devbox, &options, &info, &error))) runloop_value_free(info);
    if (!TRY(runloop_devbox_await_running(devbox, &options, &info, &error))) runloop_value_free(info);
}

static void short_lives(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_devbox *made;
    runloop_error *error;
    int32_t status;
    (void)devbox;
    if (TRY(runloop_devbox_create(client, NULL, &options, &made, &error))) return;
    options.deadline_ms = 0;
    options.max_retries = 5;
    (void)TRY(runloop_devbox_shutdown(made, &options, NULL, &error));
    runloop_devbox_free(made);
}

static void *close_client(void *argument)
{
    OK(runloop_client_close((runloop_client *)argument, E));
    forget_error();
    return NULL;
}

/* A client of its own, which another thread closes during the call. */
static void clients(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_client *own = new_client(url);
    runloop_value *info;
    runloop_devbox *same;
    runloop_error *error;
    pthread_t closer;
    int32_t status, closes = roll(&me->dice, 2) == 0;
    OK(runloop_devbox_attach(own, runloop_devbox_id(devbox), &same, E));
    if (closes) CHECK(!pthread_create(&closer, NULL, close_client, own));
    if (!TRY(runloop_devbox_get_info(same, &options, &info, &error))) runloop_value_free(info);
    if (closes) pthread_join(closer, NULL);
    runloop_client_free(own);
    runloop_devbox_free(same);
}

static void secrets(struct worker *me, runloop_devbox *devbox)
{
    runloop_call_options options = some_options(&me->dice);
    runloop_secret *secret;
    runloop_error *error;
    char name[64];
    int32_t status;
    (void)devbox;
    snprintf(name, sizeof name, "SOAK_%d_%d_%u", me->cycle, me->number, roll(&me->dice, 1000000));
    if (TRY(runloop_secret_create(client, name, "value of it", &options, &secret, &error))) return;
    (void)TRY(runloop_secret_delete(secret, &options, NULL, &error));
    runloop_secret_free(secret);
}

static void (*const operations[])(struct worker *, runloop_devbox *) = {
    command, cancelled_command, abandoned_stream, files, directories, objects, lists, axons, waits, short_lives, clients, secrets,
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

static void *work(void *argument)
{
    struct worker *me = (struct worker *)argument;
    unsigned first = roll(&me->dice, OPERATIONS);
    int turn;
    for (turn = 0; turn < TURNS; turn++) {
        pthread_mutex_lock(&lock);
        turns_begun++;
        pthread_cond_broadcast(&turned);
        pthread_mutex_unlock(&lock);
        operations[(first + (unsigned)turn) % OPERATIONS](me, devboxes[roll(&me->dice, DEVBOXES)]);
    }
    forget_error();
    pthread_mutex_lock(&lock);
    workers_left--;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* ---- the emulator ---- */

static void start_emulator(void)
{
    static char port[16] = "0", data[700];
    const char *const arguments[] = {"--data-dir", data, "--port", port, NULL};
    snprintf(data, sizeof data, "%s", temporary("data"));
    emulator_start(arguments);
    snprintf(url, sizeof url, "%s", emulator_url());
    snprintf(port, sizeof port, "%d", atoi(strrchr(url, ':') + 1));
}

static void arm_faults(struct dice *dice)
{
    static const char *const actions[] = {
        "{\"type\":\"status\",\"status\":503,\"headers\":{\"retry-after-ms\":\"20\"}}",
        "{\"type\":\"status\",\"status\":429,\"headers\":{\"retry-after-ms\":\"20\"}}",
        "{\"type\":\"delay\",\"ms\":200}",
        "{\"type\":\"close\",\"when\":\"before\"}",
        "{\"type\":\"close\",\"when\":\"after\"}",
        "{\"type\":\"reset\",\"when\":\"before\"}",
        "{\"type\":\"reset\",\"when\":\"after\"}",
        "{\"type\":\"cut\",\"after_bytes\":40,\"how\":\"truncate\"}",
        "{\"type\":\"cut\",\"after_bytes\":40,\"how\":\"reset\"}",
        "{\"type\":\"stall_after\",\"after_bytes\":40}",
        "{\"type\":\"stall\"}",
    };
    size_t i;
    for (i = 0; i < sizeof actions / sizeof *actions; i++) {
        char json[512];
        /* Those that cost an attempt's whole time are rarer. */
        snprintf(json, sizeof json, "{\"operation\":\"*\",\"times\":0,\"probability\":%s,\"seed\":%u,\"action\":%s}",
                 strstr(actions[i], "stall") ? "0.004" : "0.015", roll(dice, 1000000), actions[i]);
        free(control("POST", "/_emulator/faults", json));
    }
}

static void restart_emulator(struct dice *dice)
{
    faults_met += faults_fired();
    emulator_stop();
    start_emulator();
    arm_faults(dice);
}

/* ---- what is left ---- */

static int entries(const char *path)
{
    DIR *directory = opendir(path);
    int count = 0;
    CHECK(directory != NULL);
    while (readdir(directory)) count++;
    closedir(directory);
    return count;
}

struct state {
    int descriptors, threads, files;
    long memory;
};

static struct state state_now(void)
{
    struct state now;
    long pages = 0;
    FILE *file;
    malloc_trim(0);
    now.descriptors = entries("/proc/self/fd");
    now.threads = entries("/proc/self/task");
    now.files = entries(scratch);
    file = fopen("/proc/self/statm", "r");
    CHECK(file && fscanf(file, "%*d %ld", &pages) == 1);
    fclose(file);
    now.memory = pages * (sysconf(_SC_PAGESIZE) / 1024);
    return now;
}

static int same(struct state was)
{
    struct state is = state_now();
    return is.descriptors == was.descriptors && is.threads == was.threads && is.files == was.files;
}

/* ---- a cycle ---- */

static void await_turn(int turn)
{
    pthread_mutex_lock(&lock);
    while (turns_begun < turn && workers_left) pthread_cond_wait(&turned, &lock);
    pthread_mutex_unlock(&lock);
}

static void one_cycle(int cycle)
{
    struct worker workers[WORKERS];
    struct dice dice = {seed * 1000003ULL + (unsigned)cycle};
    int i;
    client = new_client(url);
    for (i = 0; i < DEVBOXES; i++) devboxes[i] = new_devbox(client);
    arm_faults(&dice);
    turns_begun = 0;
    workers_left = WORKERS;
    for (i = 0; i < WORKERS; i++) {
        workers[i].number = i;
        workers[i].cycle = cycle;
        workers[i].dice.state = dice.state + (unsigned)i * 7919u;
        CHECK(!pthread_create(&workers[i].thread, NULL, work, &workers[i]));
    }
    for (i = 1; i <= RESTARTS; i++) {
        await_turn(i * WORKERS * TURNS / (RESTARTS + 1));
        restart_emulator(&dice);
    }
    for (i = 0; i < WORKERS; i++) pthread_join(workers[i].thread, NULL);
    faults_met += faults_fired();
    faults_clear();
    for (i = 0; i < DEVBOXES; i++) runloop_devbox_free(devboxes[i]);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    forget_error();
    /* A call that failed may have left a devbox behind, as its error says. */
    free(control("POST", "/_emulator/reset", NULL));
}

static long number_of(const char *name)
{
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

int main(void)
{
    double until = seconds() + 60 * (double)number_of("SOAK_MINUTES"), began = seconds();
    long cycles = number_of("SOAK_CYCLES"), settled_after = cycles ? SETTLED_AFTER : SETTLED_LATER, settled = 0, cycle, calls = 0;
    struct state start, now = {0, 0, 0, 0};
    int i;
    begin("soak");
    if (number_of("SOAK_SEED")) seed = (unsigned long long)number_of("SOAK_SEED");
    snprintf(scratch, sizeof scratch, "%s", temporary("scratch"));
    CHECK(!mkdir(scratch, 0700));
    CHECK(!setenv("TMPDIR", scratch, 1));
    start_emulator();
    start = state_now();
    for (cycle = 1; cycles ? cycle <= cycles : cycle <= settled_after + 1 || seconds() < until; cycle++) {
        one_cycle((int)cycle);
        CHECK_INT(runloop_live_handles(NULL), 0);
        EVENTUALLY(same(start));
        now = state_now();
        if (cycle <= settled_after && now.memory > settled) settled = now.memory;
        printf("soak: cycle %ld, after %.0f s: %d descriptors, %d threads, no handle, %ld KiB\n", cycle, seconds() - began, now.descriptors - 3,
               now.threads - 2, now.memory);
        alarm(900);
        if (cycle > settled_after && now.memory > settled + MOST_GROWTH_KIB)
            fail_at(__FILE__, __LINE__, "memory has grown from %ld to %ld KiB since the first cycles", settled, now.memory);
    }
    for (i = 0; i < STATUSES; i++) {
        calls += outcomes[i];
        if (outcomes[i]) printf("soak: %s: %ld\n", runloop_status_name(i), outcomes[i]);
    }
    printf("soak: %ld calls in %ld cycles, %ld faults, %ld restarts\n", calls, cycle - 1, faults_met, (cycle - 1) * RESTARTS);
    CHECK(outcomes[RUNLOOP_OK] > calls / 2);
    remove_tree(scratch);
    return finish();
}
