/* A program as somebody has written and compiled it: against the header of the baseline, this one, or a later one. It runs with whatever
 * library there is, and uses every struct of options. The emulator's URL is its argument. */

#include <runloop.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef void (*any_function)(void);
extern const any_function all_functions[];

static runloop_error *error;

static void check(int line, int32_t status, int32_t expected)
{
    if (status != expected) {
        fprintf(stderr, "program.c:%d: gave %s, not %s: %s\n", line, runloop_status_name(status), runloop_status_name(expected), runloop_error_message(error));
        exit(1);
    }
    runloop_error_free(error);
    error = NULL;
}

#define EXPECT(status, expected) check(__LINE__, status, expected)
#define DO(status) EXPECT(status, RUNLOOP_OK)

static void hold(int line, const char *what, int holds)
{
    if (!holds) {
        fprintf(stderr, "program.c:%d: does not hold: %s\n", line, what);
        exit(1);
    }
}

#define HOLD(condition) hold(__LINE__, #condition, (condition) != 0)

/* A struct with nothing readable behind its end. */
static void *at_the_edge(const void *content, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    HOLD(pages != MAP_FAILED && !mprotect(pages + page, page, PROT_NONE));
    memcpy(pages + page - size, content, size);
    memcpy(pages + page - size, &size, sizeof size);
    return pages + page - size;
}

static int32_t count(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)data;
    *(size_t *)user_data += stream == RUNLOOP_STDOUT ? length : 0;
    return 0;
}

static int32_t progress(void *user_data, int64_t done, int64_t total)
{
    (void)total;
    *(int64_t *)user_data = done;
    return 0;
}

static runloop_client *client;
static runloop_devbox *devbox;

static void every_struct(const char *folder)
{
    runloop_call_options call = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_tree_options tree = RUNLOOP_TREE_OPTIONS_INIT;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    runloop_sink sink = RUNLOOP_SINK_INIT;
    const char *const environment[] = {"WHO=you", NULL}, *const ignore[] = {"*.tmp", NULL};
    runloop_exec_result *result;
    runloop_bytes *bytes;
    size_t seen = 0;
    int64_t done = 0;
    char path[600], other[600];
    call.timeout_ms = 30000;
    call.deadline_ms = 60000;
    call.max_retries = 1;
    exec.environment = environment;
    exec.on_output = count;
    exec.user_data = &seen;
    DO(runloop_devbox_exec(devbox, "echo hello $WHO; exit 3", &exec, &call, &result, &error));
    HOLD(runloop_exec_result_exit_code(result) == 3 && seen == 10);
    runloop_exec_result_free(result);

    call.progress = progress;
    call.progress_data = &done;
    source.data = "content";
    source.length = 7;
    DO(runloop_devbox_upload_file(devbox, "file", &source, &call, &error));
    HOLD(done >= 7);
    snprintf(path, sizeof path, "%s/sink", folder);
    sink.path = path;
    DO(runloop_devbox_download_file(devbox, "file", &sink, NULL, NULL, &error));
    HOLD(!unlink(path));
    DO(runloop_devbox_read_file(devbox, "file", NULL, &bytes, &error));
    HOLD(runloop_bytes_length(bytes) == 7 && !strcmp(runloop_bytes_data(bytes), "content"));
    runloop_bytes_free(bytes);
    tree.ignore = ignore;
    tree.max_entries = 100;
    DO(runloop_devbox_upload_dir(devbox, folder, "tree", &tree, NULL, &error));
    snprintf(other, sizeof other, "%s/back", folder);
    tree.ignore = NULL;
    DO(runloop_devbox_download_dir(devbox, "tree", other, &tree, NULL, &error));
    tree.ignore = ignore;
    HOLD(!rmdir(other));

    /* The library reads what struct_size says, and nothing behind it. */
    DO(runloop_devbox_exec(devbox, "true", at_the_edge(&exec, sizeof exec), at_the_edge(&call, sizeof call), &result, &error));
    runloop_exec_result_free(result);
    DO(runloop_devbox_exec(devbox, "true", at_the_edge(&exec, offsetof(runloop_exec_options, user)),
                           at_the_edge(&call, offsetof(runloop_call_options, poll_interval_ms)), &result, &error));
    runloop_exec_result_free(result);
    DO(runloop_devbox_upload_file(devbox, "file", at_the_edge(&source, offsetof(runloop_source, reserved)), NULL, &error));
    sink.path = path;
    DO(runloop_devbox_download_file(devbox, "file", at_the_edge(&sink, offsetof(runloop_sink, reserved)), NULL, NULL, &error));
    HOLD(!unlink(path));
    DO(runloop_devbox_upload_dir(devbox, folder, "tree", at_the_edge(&tree, offsetof(runloop_tree_options, ignore_file)), NULL, &error));
#ifdef LATER_HEADER
    exec.later = 1;
    EXPECT(runloop_devbox_exec(devbox, "true", &exec, NULL, &result, &error), RUNLOOP_INVALID_ARGUMENT);
    call.later = 1;
    EXPECT(runloop_devbox_keep_alive(devbox, &call, &error), RUNLOOP_INVALID_ARGUMENT);
#endif
}

int main(int argument_count, char **arguments)
{
    runloop_config *config;
    runloop_params *params;
    runloop_value *value;
    runloop_devbox_cursor *cursor;
    runloop_devbox *listed;
    const char *text;
    char folder[] = "/tmp/runloop-abi-XXXXXX";
    size_t functions = 0;
    HOLD(argument_count == 2 && mkdtemp(folder));
    while (all_functions[functions]) functions++;
#if defined LATER_HEADER
    EXPECT(runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error), RUNLOOP_ABI_MISMATCH);
#elif defined EARLIER_LIBRARY
    /* It refuses structs that are longer than its own, and runs the program all the same. */
    if (runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error)) runloop_error_free(error);
    error = NULL;
#else
    DO(runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error));
#endif
    DO(runloop_config_new(&config, &error));
    DO(runloop_config_set_base_url(config, arguments[1], &error));
    DO(runloop_config_set_bearer_token(config, "token", &error));
    DO(runloop_client_new(config, &client, &error));
    runloop_config_free(config);
    DO(runloop_params_from_json("{\"name\":\"old\"}", 14, &params, &error));
    DO(runloop_devbox_create(client, params, NULL, &devbox, &error));
    runloop_params_free(params);
    DO(runloop_devbox_get_info(devbox, NULL, &value, &error));
    DO(runloop_value_get_string(value, "/name", &text, NULL, &error));
    HOLD(!strcmp(text, "old"));
    runloop_value_free(value);
    every_struct(folder);
    DO(runloop_devbox_list(client, NULL, &cursor, &error));
    DO(runloop_devbox_cursor_next(cursor, NULL, &listed, NULL, &error));
    HOLD(!strcmp(runloop_devbox_id(listed), runloop_devbox_id(devbox)));
    runloop_devbox_free(listed);
    runloop_devbox_cursor_free(cursor);
    EXPECT(runloop_devbox_from_id(client, "dbx_nothing", NULL, &listed, &error), RUNLOOP_NOT_FOUND);
    DO(runloop_devbox_shutdown(devbox, NULL, NULL, &error));
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    HOLD(runloop_live_handles(NULL) == 0 && !rmdir(folder));
    printf("%zu functions are there; a devbox, commands, files and directories with every struct of options\n", functions);
    return 0;
}
