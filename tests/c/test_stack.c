/* How much of a thread's stack calls take: it is painted, and looked at afterwards. The header's first page says
 * how much there must be, what the C library takes of it included; a call also works on a thread that has no more. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAINT 0xa5
#define ROOM ((size_t)1 << 20)
/* What the header promises. */
#define PROMISED ((size_t)64 << 10)

struct work {
    void (*run)(void *user_data);
    void *user_data;
};

/* The frames of a library that is built for finding its faults are several times as large; then this only measures. */
static int is_optimized(void)
{
    const char *folder = getenv("RUNLOOP_LIB_DIR");
    return folder == NULL || strstr(folder, "/debug") == NULL;
}

static void *run_painted(void *user_data)
{
    struct work *work = user_data;
    work->run(work->user_data);
    forget_error();
    return NULL;
}

/* Runs something on a thread whose stack is painted; gives how many bytes of it were touched. */
static size_t measured(struct work *work)
{
    unsigned char *stack = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_t attributes;
    pthread_t thread;
    size_t free_of_use = 0;
    CHECK(stack != MAP_FAILED);
    memset(stack, PAINT, ROOM);
    CHECK(!pthread_attr_init(&attributes));
    CHECK(!pthread_attr_setstack(&attributes, stack, ROOM));
    CHECK(!pthread_create(&thread, &attributes, run_painted, work));
    CHECK(!pthread_join(thread, NULL));
    while (free_of_use < ROOM && stack[free_of_use] == PAINT) free_of_use++;
    munmap(stack, ROOM);
    pthread_attr_destroy(&attributes);
    return ROOM - free_of_use;
}

static void check(const char *what, void (*run)(void *), void *user_data)
{
    struct work work;
    size_t used;
    work.run = run;
    work.user_data = user_data;
    used = measured(&work);
    printf("test_stack: %s: %zu bytes\n", what, used);
    if (is_optimized() && used > PROMISED) fail_at(__FILE__, __LINE__, "%s takes %zu bytes of stack", what, used);
}

/* ---- a plain server, and answers that are deep ---- */

#define DEEP 120

static char *nested(const char *end)
{
    char *text = allocate(DEEP * 8 + strlen(end) + 100), *at = text;
    int i;
    at += sprintf(at, "{\"id\":\"dbx_1\",\"status\":\"running\",\"name\":");
    for (i = 0; i < DEEP - 1; i++) at += sprintf(at, i % 2 ? "[" : "{\"k\":");
    at += sprintf(at, "%s", end);
    while (i-- > 0) at += sprintf(at, i % 2 ? "]" : "}");
    strcpy(at, "}");
    return text;
}

static void deep_answers(void *user_data)
{
    script_server *server = user_data;
    runloop_client *client = new_client(script_url(server));
    runloop_devbox *devbox;
    runloop_value *info, *child;
    runloop_params *params, *copy;
    runloop_bytes *bytes;
    char *text = nested("1");
    int i;
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    CHECK_TEXT(runloop_value_json(info, NULL), text);
    OK(runloop_value_child(info, "/name", &child, E));
    runloop_value_free(info);
    runloop_value_free(child);
    for (i = 0; i < 2; i++) CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    CHECK_HAS(runloop_error_body(last_error(), NULL), "\"token\":\"[redacted]\"");
    OK(runloop_params_from_json(text, strlen(text), &params, E));
    OK(runloop_params_set_json(params, "/more", text, E));
    OK(runloop_params_clone(params, &copy, E));
    OK(runloop_params_to_json(copy, &bytes, E));
    OK(runloop_devbox_update(devbox, params, NULL, NULL, E));
    runloop_bytes_free(bytes);
    runloop_params_free(params);
    runloop_params_free(copy);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    free(text);
}

static script_server *deep_server(void)
{
    script_server *server = script_start();
    char *text = nested("1");
    script_answer(server, 200, "", text);
    script_answer(server, 400, "", text);
    free(text);
    text = nested("{\"token\":\"a1b2c3d4\"}");
    script_answer(server, 400, "", text);
    script_answer(server, 200, "", text);
    free(text);
    return server;
}

/* ---- over TLS ---- */

static int32_t take(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    return 0;
}

static void everyday(void *user_data)
{
    runloop_config *config = new_config(emulator_url());
    runloop_client *client;
    runloop_devbox *devbox;
    runloop_exec_result *result;
    runloop_value *value;
    runloop_bytes *bytes;
    runloop_devbox_cursor *cursor;
    runloop_devbox *listed;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    const char *const *paths = user_data;
    if (paths[3]) OK(runloop_config_set_ca_file(config, paths[3], E));
    OK(runloop_client_new(config, &client, E));
    OK(runloop_account_me(client, NULL, &value, E));
    runloop_value_free(value);
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    OK(runloop_devbox_exec(devbox, "seq 100", NULL, NULL, &result, E));
    runloop_exec_result_free(result);
    exec.on_output = take;
    OK(runloop_devbox_exec(devbox, "seq 10000; sleep 0.1", &exec, NULL, &result, E));
    runloop_exec_result_free(result);
    OK(runloop_devbox_write_file(devbox, "/tmp/x", "text", 4, NULL, E));
    OK(runloop_devbox_read_file(devbox, "/tmp/x", NULL, &bytes, E));
    runloop_bytes_free(bytes);
    source.path = paths[1];
    OK(runloop_devbox_upload_file(devbox, "/tmp/file", &source, NULL, E));
    sink.path = paths[1];
    OK(runloop_devbox_download_file(devbox, "/tmp/file", &sink, NULL, NULL, E));
    OK(runloop_devbox_upload_dir(devbox, paths[0], "/tmp/up", NULL, NULL, E));
    OK(runloop_devbox_download_dir(devbox, "/tmp/up", paths[2], NULL, NULL, E));
    OK(runloop_devbox_list(client, NULL, &cursor, E));
    OK(runloop_devbox_cursor_next(cursor, NULL, &listed, NULL, E));
    runloop_devbox_free(listed);
    runloop_devbox_cursor_free(cursor);
    OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    runloop_config_free(config);
}

/* With no more than what is promised, an overflow ends the process. */
static void on_a_small_stack(void (*run)(void *), void *user_data)
{
    struct work work;
    pthread_attr_t attributes;
    pthread_t thread;
    if (!is_optimized()) return;
    work.run = run;
    work.user_data = user_data;
    CHECK(!pthread_attr_init(&attributes));
    CHECK(!pthread_attr_setstacksize(&attributes, PROMISED));
    CHECK(!pthread_create(&thread, &attributes, run_painted, &work));
    CHECK(!pthread_join(thread, NULL));
    pthread_attr_destroy(&attributes);
}

int main(void)
{
    static const char *const with_tls[] = {"--tls", NULL};
    char command[1200], tree[200], file[200], down[200], authority[200];
    const char *paths[4] = {NULL, NULL, NULL, NULL};
    script_server *server;
    char *certificate;
    FILE *out;
    begin("test_stack");
    paths[0] = tree;
    paths[1] = file;
    paths[2] = down;
    snprintf(tree, sizeof tree, "%s", temporary("tree"));
    snprintf(file, sizeof file, "%s", temporary("file"));
    snprintf(down, sizeof down, "%s", temporary("down"));
    snprintf(authority, sizeof authority, "%s", temporary("authority.pem"));
    snprintf(command, sizeof command, "mkdir -p %s/a/b/c/d && head -c 2000000 /dev/urandom > %s/a/b/c/d/e && head -c 2000000 /dev/urandom > %s",
             tree, tree, file);
    CHECK(!system(command));

    server = deep_server();
    check("answers that are 120 deep", deep_answers, server);
    script_stop(server);
    server = deep_server();
    on_a_small_stack(deep_answers, server);
    script_stop(server);

    emulator_start(NULL);
    check("a devbox's day, without TLS", everyday, paths);
    emulator_stop();

    emulator_start(with_tls);
    certificate = control("GET", "/_emulator/ca", NULL);
    out = fopen(authority, "w");
    CHECK(out && fputs(certificate, out) >= 0 && !fclose(out));
    free(certificate);
    paths[3] = authority;
    check("a devbox's day, over TLS", everyday, paths);
    on_a_small_stack(everyday, paths);
    group("calls take no more of a thread's stack than the header says");
    return finish();
}
