/* Random sequences of calls over every function, by several threads that share their handles, against an emulator.
 * RANDOM_SEED, RANDOM_CALLS and RANDOM_THREADS choose them; the seed is printed. With one thread a seed gives the same calls
 * each time, and borrowed texts are read. */

#include "random.h"

#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define LIVE 12
#define MOST_THREADS 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* The first of each kind may be kept until the end, so that there is one to call with. */
static void *live[KINDS][LIVE];
static void *freed[KINDS][LIVE];
static int freed_count[KINDS];
static runloop_client *kept_client;
static runloop_devbox *kept_devbox;
static const char *volatile under_way[MOST_THREADS];
static int threads = 4, calls = 3000;
static int devboxes_made;
static long statuses[1000], called;
static char folder[256], file[300], tree[300], target[300];
static unsigned long long seed;

static uint64_t next(struct random *r)
{
    uint64_t x = r->state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static int below(struct random *r, int end)
{
    return (int)(next(r) % (uint64_t)end);
}

static int one_in(struct random *r, int count)
{
    return below(r, count) == 0;
}

#define PICK(r, list) ((list)[below((r), (int)(sizeof(list) / sizeof *(list)))])

/* ---- handles ---- */

static void keep(enum kind kind, void *handle, struct random *r)
{
    void *out;
    int at;
    pthread_mutex_lock(&lock);
    for (at = 0; at < LIVE - 1 && live[kind][at]; at++) continue;
    if (live[kind][at]) at = below(r, LIVE);
    out = live[kind][at];
    live[kind][at] = handle;
    if (out) freed[kind][freed_count[kind]++ % LIVE] = out;
    pthread_mutex_unlock(&lock);
    if (out) kind_frees[kind](out);
}

static void *take(struct random *r, enum kind kind)
{
    int at = below(r, LIVE);
    void *handle;
    pthread_mutex_lock(&lock);
    handle = live[kind][at];
    live[kind][at] = NULL;
    if (handle) freed[kind][freed_count[kind]++ % LIVE] = handle;
    pthread_mutex_unlock(&lock);
    return handle;
}

static void *live_one(struct random *r, enum kind kind)
{
    int start = below(r, LIVE), i;
    void *handle = NULL;
    if (one_in(r, 2) && kind == KIND_client) return kept_client;
    if (one_in(r, 2) && kind == KIND_devbox) return kept_devbox;
    pthread_mutex_lock(&lock);
    for (i = 0; i < LIVE && !handle; i++) handle = live[kind][(start + i) % LIVE];
    pthread_mutex_unlock(&lock);
    return handle;
}

/* Not all of these are wrong for sure: another thread may be about to free one, and a number that was made up may be a handle's. */
static void *wrong_one(struct random *r, enum kind kind, int *wrong)
{
    void *handle;
    *wrong = 1;
    switch (below(r, 4)) {
    case 0: return NULL;
    case 1:
        pthread_mutex_lock(&lock);
        handle = freed[kind][below(r, LIVE)];
        pthread_mutex_unlock(&lock);
        *wrong = threads == 1;
        return handle;
    case 2: return live_one(r, (enum kind)((kind + 1 + below(r, KINDS - 1)) % KINDS));
    default: {
        const uint64_t odd[] = {1, 8, (uint64_t)(uintptr_t)&lock, UINTPTR_MAX, next(r), next(r) & 0xffff};
        *wrong = 0;
        return (void *)(uintptr_t)PICK(r, odd);
    }
    }
}

void *some_handle(struct random *r, enum kind kind, int *wrong)
{
    int is_wrong = 0;
    void *handle = one_in(r, 10) ? wrong_one(r, kind, &is_wrong) : live_one(r, kind);
    if (wrong) *wrong = is_wrong || !handle;
    return handle;
}

void *to_end(struct random *r, enum kind kind, int *wrong)
{
    void *handle = some_handle(r, kind, wrong);
    if (handle != (void *)kept_client && handle != (void *)kept_devbox) return handle;
    if (wrong) *wrong = 1;
    return NULL;
}

void *to_free(struct random *r, enum kind kind)
{
    void *handle = NULL;
    if (one_in(r, 3)) return take(r, kind);
    if (one_in(r, 3)) {
        pthread_mutex_lock(&lock);
        handle = freed[kind][below(r, LIVE)];
        pthread_mutex_unlock(&lock);
    } else if (one_in(r, 2)) {
        handle = live_one(r, (enum kind)((kind + 1 + below(r, KINDS - 1)) % KINDS));
    }
    return handle;
}

/* ---- values ---- */

static char long_text[70001];
static const char *const odd_texts[] = {
    "", "a", "ab\xff\xfe", "\xc3\xa9\xf0\x9f\x8c\x99", "a b", "a\nb", "a\r\nX-A: b", "\x01\x7f", "../..", "%2e%2e%2f", "a/b?c#d", "-1", "0", "{}", "[", "null",
    long_text,
};
static const char *const pointers[] = {
    "", "/", "/a", "/a/b", "/a~1b", "/a~0", "/a~2", "/a~", "a", "/l/-", "/l/0", "/l/00", "/l/1", "/l/18446744073709551616", "/id", "/status", "/name", "/-", "/l/99999999", "#/a",
};
static const char *const jsons[] = {
    "{}", "{\"a\":1}", "{\"l\":[1,2.5,null,true,\"x\",{\"b\":{}}]}", "[]", "\"x\"", "1e999", "-0", "12345678901234567890", "{\"a\":1,\"a\":2}", "{\"a\":\"\\ud800\"}", "nul", "", "{\"name\":\"n\"}", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "{\"name\":\"n\",\"value\":\"v\"}", "{\"limit\":2}", "{\"X-Odd\":\"a\"}", "{\"x\r\":1}",
};
static const char *const commands[] = {
    "true", "exit 3", "echo out; echo err >&2", "seq 3000", "sleep 0.05", "kill -9 $$", "head -c 100000 /dev/zero", "cat", "printf 'a\\0b\\377'",
};
static const char *const paths[] = {"random-a", "random-b", "/tmp", "relative", "~", "/does/not/exist", "/dev/null", "/proc/self/environ"};
static const char *const urls[] = {
    "http://127.0.0.1:1", "no url", "http://[::1", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://a:b@127.0.0.1:1/x?y#z", "https://127.0.0.1:1", "http://127.0.0.1:1/%zz",
};
static const char *const apis[] = {"/v1/devboxes", "/v1/accounts/me", "/v1/odd", "v1", "", "/v1/devboxes?limit=1", "/../v1", "//127.0.0.1/v1", "/v1/devboxes/\xc3\xa9"};
static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "get", "", "G T", "CONNECT", "\xff"};

const char *some_text(struct random *r, const char *name)
{
    if (one_in(r, 40)) return NULL;
    if (!strcmp(name, "url")) return one_in(r, 2) ? emulator_url() : PICK(r, urls);
    if (one_in(r, 8)) return strcmp(name, "command") && !strstr(name, "local") ? PICK(r, odd_texts) : "";
    if (!strcmp(name, "pointer")) return PICK(r, pointers);
    if (!strcmp(name, "command")) return PICK(r, commands);
    if (!strcmp(name, "local_path") || !strcmp(name, "chain_path") || !strcmp(name, "key_path")) return one_in(r, 2) ? tree : one_in(r, 2) ? target : file;
    if (!strcmp(name, "remote_path")) return PICK(r, paths);
    if (!strcmp(name, "path")) return one_in(r, 2) ? PICK(r, paths) : PICK(r, apis);
    if (!strcmp(name, "method")) return PICK(r, methods);
    if (!strcmp(name, "sql")) return one_in(r, 2) ? "select 1" : "select";
    if (!strcmp(name, "kind")) return kind_names[below(r, KINDS)];
    if (!strcmp(name, "value")) return PICK(r, jsons);
    return PICK(r, odd_texts);
}

const char *some_bytes(struct random *r, const char *name, size_t *length)
{
    const char *text = !strcmp(name, "json") ? PICK(r, jsons) : PICK(r, odd_texts);
    *length = one_in(r, 6) ? 0 : strlen(text);
    if (one_in(r, 6) && *length) *length = (size_t)below(r, (int)*length);
    return *length == 0 && one_in(r, 2) ? NULL : text;
}

int64_t some_number(struct random *r)
{
    static const int64_t odd[] = {0, 1, 2, 3, 8, -1, 100, 1000, 8080, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 4000000000};
    return PICK(r, odd);
}

double some_double(struct random *r)
{
    const double odd[] = {0, -0.0, 1.5, 1e308, 5e-324, (double)NAN, (double)INFINITY, -(double)INFINITY, 9007199254740993.0};
    return PICK(r, odd);
}

int without_output(struct random *r)
{
    return one_in(r, 30);
}

int without_place(struct random *r)
{
    return one_in(r, 10);
}

/* ---- functions of the host's ---- */

static int32_t answer(void *data)
{
    struct random *r = (struct random *)data;
    runloop_error *error = NULL;
    runloop_params *params = NULL;
    if (one_in(r, 4)) {
        CHECK(runloop_params_new(&params, &error) == RUNLOOP_OK);
        runloop_params_free(params);
    }
    return one_in(r, 20);
}

static int32_t progress(void *data, int64_t done, int64_t total)
{
    (void)done, (void)total;
    return answer(data);
}

static int32_t output(void *data, int32_t stream, const char *bytes, size_t length)
{
    CHECK(stream == RUNLOOP_STDOUT || stream == RUNLOOP_STDERR);
    CHECK(bytes || !length);
    return answer(data);
}

static int64_t give(void *data, char *buffer, size_t capacity)
{
    struct random *r = (struct random *)data;
    size_t length = (size_t)below(r, 5000);
    if (one_in(r, 20)) return -1;
    if (one_in(r, 3)) return 0;
    if (length > capacity) length = capacity;
    memset(buffer, 'x', length);
    return (int64_t)length;
}

static int32_t write_away(void *data, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    return answer(data);
}

static void skipped(void *data, const char *path, const char *reason)
{
    (void)data;
    CHECK(path && reason);
}

static void logged(void *data, int32_t level, const char *message)
{
    (void)data;
    CHECK(level >= RUNLOOP_LOG_ERROR && level <= RUNLOOP_LOG_DEBUG && !strchr(message, '\n'));
}

static int32_t build_logged(void *data, int64_t when, const char *level, const char *message)
{
    (void)when;
    CHECK(level && message);
    return answer(data);
}

runloop_log_fn some_log(struct random *r)
{
    return one_in(r, 3) ? NULL : logged;
}

runloop_build_log_fn some_build_log(struct random *r)
{
    return one_in(r, 3) ? NULL : build_logged;
}

/* ---- options ---- */

/* A call always has a deadline where it may wait for something that does not come. */
const runloop_call_options *some_call_options(struct random *r, runloop_call_options *place, int waits)
{
    static const runloop_call_options init = RUNLOOP_CALL_OPTIONS_INIT;
    *place = init;
    if (!waits && one_in(r, 20)) return NULL;
    place->deadline_ms = 1 + below(r, 800);
    place->max_retries = below(r, 4) - 1;
    if (one_in(r, 8)) place->timeout_ms = some_number(r);
    if (one_in(r, 8)) place->poll_timeout_ms = some_number(r);
    if (one_in(r, 8)) place->poll_interval_ms = some_number(r);
    if (one_in(r, 20)) place->deadline_ms = -1;
    if (one_in(r, 20)) place->struct_size = (size_t)below(r, (int)sizeof *place + 1);
    place->keep_on_failure = 0;
    if (one_in(r, 10)) place->idempotency_key = PICK(r, odd_texts);
    if (one_in(r, 10)) place->extra_headers = (const runloop_params *)some_handle(r, KIND_params, NULL);
    if (one_in(r, 10)) place->extra_query = (const runloop_params *)some_handle(r, KIND_params, NULL);
    if (one_in(r, 10)) place->extra_body = (const runloop_params *)some_handle(r, KIND_params, NULL);
    if (one_in(r, 10)) place->cancel = (const runloop_cancel *)some_handle(r, KIND_cancel, NULL);
    if (one_in(r, 4)) {
        place->progress = progress;
        place->progress_data = r;
    }
    /* A size below that of the deadline leaves it out. */
    if (place->struct_size < sizeof *place && waits) place->struct_size = sizeof *place;
    return place;
}

static const char *const variables[] = {"A=b", "EMPTY=", "ODD=\xc3\xa9\n", NULL};
static const char *const odd_variables[] = {"A", "", "=x", "RANDOM=1", "A=\xff", NULL};
static const char *const patterns[] = {"*.o", "!a.o", "**/x", "[", "a/**", "", "# no", "\\", NULL};

const runloop_exec_options *some_exec_options(struct random *r, runloop_exec_options *place)
{
    static const runloop_exec_options init = RUNLOOP_EXEC_OPTIONS_INIT;
    *place = init;
    if (one_in(r, 3)) return NULL;
    if (one_in(r, 5)) place->working_directory = one_in(r, 2) ? PICK(r, paths) : PICK(r, odd_texts);
    if (one_in(r, 3)) place->environment = one_in(r, 2) ? variables : odd_variables;
    if (one_in(r, 10)) place->user = PICK(r, odd_texts);
    if (one_in(r, 5)) place->timeout_ms = some_number(r);
    if (one_in(r, 5)) place->max_output_bytes = some_number(r);
    place->attach_stdin = one_in(r, 4);
    place->reserved = one_in(r, 20);
    if (one_in(r, 20)) place->struct_size = (size_t)below(r, (int)sizeof *place + 1);
    /* Functions that run beside the call's thread would share its random numbers. */
    if (threads == 1 && one_in(r, 3)) {
        place->on_output = output;
        place->user_data = r;
    }
    return place;
}

const runloop_source *some_source(struct random *r, runloop_source *place)
{
    static const runloop_source init = RUNLOOP_SOURCE_INIT;
    *place = init;
    if (one_in(r, 20)) return NULL;
    place->user_data = r;
    if (one_in(r, 3)) place->path = one_in(r, 4) ? tree : file;
    if (one_in(r, 3)) {
        place->data = long_text;
        place->length = below(r, (int)sizeof long_text);
    }
    if (one_in(r, 3)) place->read = give;
    if (one_in(r, 20)) place->fd = 987654;
    if (!place->data && one_in(r, 10)) place->length = some_number(r);
    place->reserved = one_in(r, 20);
    if (one_in(r, 20)) place->struct_size = (size_t)below(r, (int)sizeof *place + 1);
    return place;
}

const runloop_sink *some_sink(struct random *r, runloop_sink *place)
{
    static const runloop_sink init = RUNLOOP_SINK_INIT;
    *place = init;
    if (one_in(r, 4)) return NULL;
    place->user_data = r;
    if (one_in(r, 2)) place->path = one_in(r, 4) ? tree : target;
    if (one_in(r, 2)) place->write = write_away;
    if (one_in(r, 20)) place->fd = 987654;
    place->reserved = one_in(r, 20);
    if (one_in(r, 20)) place->struct_size = (size_t)below(r, (int)sizeof *place + 1);
    return place;
}

const runloop_tree_options *some_tree_options(struct random *r, runloop_tree_options *place)
{
    static const runloop_tree_options init = RUNLOOP_TREE_OPTIONS_INIT;
    *place = init;
    if (one_in(r, 3)) return NULL;
    if (one_in(r, 2)) place->ignore = patterns;
    if (one_in(r, 5)) place->ignore_file = one_in(r, 2) ? file : tree;
    if (one_in(r, 2)) place->on_skipped = skipped;
    if (one_in(r, 4)) place->max_entries = some_number(r);
    if (one_in(r, 4)) place->max_bytes = some_number(r);
    if (one_in(r, 20)) place->struct_size = (size_t)below(r, (int)sizeof *place + 1);
    return place;
}

/* ---- what is expected ---- */

static void wrong(const char *name, const char *what, int32_t status)
{
    fail_at(__FILE__, __LINE__, "%s: %s (%s; seed %llu)", name, what, runloop_status_name(status), seed);
}

void ended(struct random *r, const char *name, int32_t status, runloop_error **place, int bad)
{
    __atomic_add_fetch(&statuses[status < 0 || status > 999 ? 999 : status], 1, __ATOMIC_RELAXED);
    if (!strcmp(runloop_status_name(status), "RUNLOOP_?")) wrong(name, "an unknown status", status);
    if (status == RUNLOOP_INTERNAL_PANIC || status == RUNLOOP_INTERNAL) {
        fprintf(stderr, "%s\n", place && *place ? runloop_error_message(*place) : "no error was asked for");
        wrong(name, "a defect of the library", status);
    }
    if (bad && status != RUNLOOP_INVALID_HANDLE && status != RUNLOOP_INVALID_ARGUMENT) wrong(name, "took a handle that is none", status);
    if (!place) return;
    if (*place == (runloop_error *)UNTOUCHED) wrong(name, "left the place of the error as it was", status);
    if ((status == RUNLOOP_OK) != !*place) wrong(name, "the status and the error do not go together", status);
    if (!*place) return;
    if (runloop_error_status(*place) != status) wrong(name, "the error has another status", status);
    if (strlen(runloop_error_message(*place)) < 8) wrong(name, "the error has no message", status);
    if (strstr(runloop_error_message(*place), TOKEN)) wrong(name, "the error tells the token", status);
    keep(KIND_error, *place, r);
}

void made(struct random *r, const char *name, enum kind kind, void *handle, int32_t status)
{
    if (handle == (void *)UNTOUCHED) wrong(name, "left an output as it was", status);
    if (status != RUNLOOP_OK && handle && strcmp(name, "runloop_client_request")) wrong(name, "failed, and gave a handle", status);
    if (!handle) return;
    if (kind == KIND_config && strcmp(name, "runloop_config_new") == 0) {
        runloop_error *error = NULL;
        CHECK(runloop_config_set_timeout_ms((runloop_config *)handle, 2000, &error) == RUNLOOP_OK);
        CHECK(runloop_config_set_max_retries((runloop_config *)handle, 1, &error) == RUNLOOP_OK);
    }
    if (kind == KIND_devbox && strstr(name, "create")) __atomic_add_fetch(&devboxes_made, 1, __ATOMIC_RELAXED);
    keep(kind, handle, r);
}

void cleared(const char *name, const char *text, int32_t status)
{
    if (text == (const char *)UNTOUCHED) wrong(name, "left an output as it was", status);
    if (status != RUNLOOP_OK && text) wrong(name, "failed, and gave a text", status);
    if (text && threads == 1 && strlen(text) > 1 << 28) wrong(name, "gave a text without an end", status);
}

void looked_at(struct random *r, const char *name, const char *text)
{
    (void)r;
    if (text && threads == 1 && strlen(text) > 1 << 28) wrong(name, "gave a text without an end", 0);
}

/* ---- the sequence ---- */

static void *sequence(void *data)
{
    struct random *r = (struct random *)data;
    int i, first = r->thread * calls / threads, end = (r->thread + 1) * calls / threads;
    for (i = first; i < end; i++) {
        /* Every function is called: in turn, one time of two. */
        const struct function *function = i % 2 ? &functions[below(r, function_count)] : &functions[i / 2 % function_count];
        /* A devbox is a tree of processes: enough is enough. */
        if (strstr(function->name, "devbox_create") && __atomic_load_n(&devboxes_made, __ATOMIC_RELAXED) > 20) continue;
        under_way[r->thread] = function->name;
        if (getenv("RANDOM_TRACE")) fprintf(stderr, "%d %d %s\n", r->thread, i, function->name);
        function->call(r);
        __atomic_add_fetch(&called, 1, __ATOMIC_RELAXED);
        under_way[r->thread] = NULL;
    }
    return NULL;
}

static void crashed(int number)
{
    int i;
    fprintf(stderr, "signal %d; seed %llu\n", number, seed);
    for (i = 0; i < threads; i++) fprintf(stderr, "  thread %d: %s\n", i, under_way[i] ? under_way[i] : "nothing");
    signal(number, SIG_DFL);
    raise(number);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about, (void)kind, (void)where;
    return remove(path);
}

static int number_of(const char *name, int otherwise)
{
    const char *given = getenv(name);
    return given && *given ? atoi(given) : otherwise;
}

static void shut_all_down(void)
{
    runloop_devbox_cursor *cursor;
    runloop_devbox *devbox;
    OK(runloop_devbox_list(kept_client, NULL, &cursor, E));
    for (;;) {
        OK(runloop_devbox_cursor_next(cursor, NULL, &devbox, NULL, E));
        if (!devbox) break;
        runloop_devbox_shutdown(devbox, NULL, NULL, E);
        runloop_devbox_free(devbox);
    }
    runloop_devbox_cursor_free(cursor);
}

int main(void)
{
    struct random all[MOST_THREADS];
    pthread_t running[MOST_THREADS];
    const char *given = getenv("RANDOM_SEED");
    FILE *made_file;
    int i, kind;
    seed = given && *given ? strtoull(given, NULL, 0) : (unsigned long long)time(NULL) * 1000003u + (unsigned long long)getpid();
    calls = number_of("RANDOM_CALLS", calls);
    threads = number_of("RANDOM_THREADS", threads);
    CHECK(threads >= 1 && threads <= MOST_THREADS);
    begin("random");
    printf("random: seed %llu, %d calls, %d threads\n", seed, calls, threads);
    signal(SIGSEGV, crashed);
    signal(SIGABRT, crashed);
    signal(SIGBUS, crashed);
    memset(long_text, 'x', sizeof long_text - 1);
    snprintf(folder, sizeof folder, "%s", temporary("random"));
    snprintf(tree, sizeof tree, "%s/tree", folder);
    snprintf(file, sizeof file, "%s/file", folder);
    snprintf(target, sizeof target, "%s/target", folder);
    CHECK(!mkdir(folder, 0700) && !mkdir(tree, 0700));
    CHECK((made_file = fopen(file, "w")) && fputs("some text\n*.o\n", made_file) >= 0 && !fclose(made_file));
    emulator_start(NULL);
    /* Relative paths of files on this machine lead here. */
    CHECK(!chdir(folder));
    /* What a configuration without a URL asks is the emulator too. */
    setenv("RUNLOOP_BASE_URL", emulator_url(), 1);
    setenv("RUNLOOP_API_KEY", TOKEN, 1);
    kept_client = new_client(NULL);
    kept_devbox = new_devbox(kept_client);
    forget_error();

    for (i = 0; i < threads; i++) {
        all[i].state = seed * 31 + (uint64_t)i;
        all[i].thread = i;
        CHECK(!pthread_create(&running[i], NULL, sequence, &all[i]));
    }
    for (i = 0; i < threads; i++) CHECK(!pthread_join(running[i], NULL));
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    for (i = 0; i < 999; i++)
        if (statuses[i]) printf("random: %6ld %s\n", statuses[i], runloop_status_name(i));
    printf("random: %ld calls\n", called);

    for (kind = 0; kind < KINDS; kind++)
        for (i = 0; i < LIVE; i++)
            if (live[kind][i]) kind_frees[kind](live[kind][i]);
    shut_all_down();
    runloop_devbox_free(kept_devbox);
    runloop_client_free(kept_client);
    CHECK(!chdir("/"));
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return finish();
}
