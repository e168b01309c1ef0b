#include "scenario.h"

#include "harness.h"
#include "refuse.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

/* The error of the last step that failed stays readable as the harness's. */
enum { SIZE = 300000 };

static char tree[300], copied_tree[300], fetched[300], fetched_tree[300], file[300], name[100], url_by_name[100];
static char *content;
static int over;
static atomic_int something_stays;
static refuse_end_fn *lift;

static runloop_client *client;
static runloop_devbox *devbox;
static runloop_object *object;
static runloop_execution *execution;
static runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;

static void has_content(const char *path)
{
    size_t length;
    char *found = file_contents(path, &length);
    CHECK(found && length == SIZE && !memcmp(found, content, SIZE));
    free(found);
    CHECK_INT(unlink(path), 0);
}

static int32_t make_client(void)
{
    runloop_config *config = NULL;
    int32_t status = runloop_config_new(&config, E);
    if (!status) status = runloop_config_set_base_url(config, url_by_name, E);
    if (!status) status = runloop_config_set_bearer_token(config, TOKEN, E);
    if (!status) status = runloop_client_new(config, &client, E);
    runloop_config_free(config);
    return status;
}

static int32_t create(void)
{
    runloop_params *params;
    int32_t status = runloop_params_new(&params, E);
    if (!status) status = runloop_params_set_string(params, "/name", name, E);
    if (!status) status = runloop_devbox_create(client, params, &opts, &devbox, E);
    runloop_params_free(params);
    return status;
}

static int32_t take(void *user_data, int32_t which, const char *data, size_t length)
{
    (void)which, (void)data;
    *(size_t *)user_data += length;
    return 0;
}

static int32_t exec(void)
{
    runloop_exec_options options = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    size_t given = 0;
    int32_t status;
    options.on_output = take;
    options.user_data = &given;
    status = runloop_devbox_exec(devbox, "seq 1000; exit 3", &options, &opts, &result, E);
    if (!status) {
        CHECK_INT(runloop_exec_result_exit_code(result), 3);
        if (runloop_exec_result_outcome(result) != RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE) CHECK_INT(given, 3893);
    }
    runloop_exec_result_free(result);
    return status;
}

static int32_t exec_async(void)
{
    return runloop_devbox_exec_async(devbox, "printf hello", NULL, &opts, &execution, E);
}

static int32_t stream(void)
{
    runloop_output_stream *stream;
    const char *data;
    size_t length, all = 0;
    int32_t which, status = runloop_execution_stream(execution, 1, &opts, &stream, E);
    while (!status) {
        status = runloop_output_stream_next(stream, &opts, &which, &data, &length, E);
        if (!status && !data) break;
        all += status ? 0 : length;
    }
    if (!status) CHECK_INT(all, 5);
    runloop_output_stream_free(stream);
    return status;
}

static int32_t await(void)
{
    runloop_exec_result *result;
    int32_t status = runloop_execution_result(execution, &opts, &result, E);
    runloop_exec_result_free(result);
    return status;
}

static int32_t upload(void)
{
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.path = file;
    return runloop_devbox_upload_file(devbox, "/tmp/file", &source, &opts, E);
}

static int32_t download(void)
{
    runloop_sink sink = RUNLOOP_SINK_INIT;
    int32_t status;
    sink.path = fetched;
    status = runloop_devbox_download_file(devbox, "/tmp/file", &sink, &opts, NULL, E);
    if (!status) has_content(fetched);
    return status;
}

static int32_t upload_dir(void)
{
    return runloop_devbox_upload_dir(devbox, tree, "/tmp/tree", NULL, &opts, E);
}

static void is_tree(const char *path)
{
    char one[400];
    snprintf(one, sizeof one, "%s/a/b/file", path);
    has_content(one);
    snprintf(one, sizeof one, "%s/a/link", path);
    CHECK_INT(unlink(one), 0);
    snprintf(one, sizeof one, "%s/a/b", path);
    CHECK_INT(rmdir(one), 0);
    snprintf(one, sizeof one, "%s/a", path);
    CHECK_INT(rmdir(one), 0);
    CHECK_INT(rmdir(path), 0);
}

static int32_t download_dir(void)
{
    int32_t status = runloop_devbox_download_dir(devbox, "/tmp/tree", copied_tree, NULL, &opts, E);
    if (!status) is_tree(copied_tree);
    return status;
}

static int32_t upload_object(void)
{
    return runloop_object_upload_from_dir(client, tree, NULL, NULL, &opts, &object, E);
}

static int32_t download_object(void)
{
    int32_t status = runloop_object_download_to_dir(object, fetched_tree, NULL, NULL, &opts, E);
    if (!status) is_tree(fetched_tree);
    return status;
}

static int32_t delete_object(void)
{
    int32_t status = runloop_object_delete(object, &opts, NULL, E);
    return status == RUNLOOP_NOT_FOUND ? RUNLOOP_OK : status;
}

static int32_t list(void)
{
    runloop_devbox_cursor *cursor;
    runloop_devbox *one = NULL;
    int32_t status = runloop_devbox_list(client, NULL, &cursor, E);
    if (!status) status = runloop_devbox_cursor_next(cursor, &opts, &one, NULL, E);
    runloop_devbox_free(one);
    runloop_devbox_cursor_free(cursor);
    return status;
}

static int32_t shut_down(void)
{
    return runloop_devbox_shutdown(devbox, &opts, NULL, E);
}

static long entries(const char *path)
{
    DIR *folder = opendir(path);
    long count = 0;
    CHECK(folder != NULL);
    while (readdir(folder)) count++;
    closedir(folder);
    return count;
}

/* Rust's standard library keeps /dev/urandom open once getrandom() has been refused. */
static long descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *one;
    long count = 0;
    CHECK(folder != NULL);
    while ((one = readdir(folder))) {
        char leads[13] = "";
        if (readlinkat(dirfd(folder), one->d_name, leads, sizeof leads - 1) < 0 || strcmp(leads, "/dev/urandom")) count++;
    }
    closedir(folder);
    return count;
}

/* What cannot be removed stays, and the log names it. */
static void note(void *user_data, int32_t level, const char *message)
{
    (void)user_data, (void)level;
    if (strstr(message, "cannot be removed")) atomic_store(&something_stays, 1);
}

/* A refusal is a status with a reason. What was refused once goes well the next time, and so does what was refused for as long as
 * that lasted. */
static void step(const char *what, int32_t (*run)(void))
{
    int32_t status = run();
    if (!status) return;
    printf("%s: %s: %s\n", what, runloop_status_name(status), last_message());
    CHECK(status != RUNLOOP_INTERNAL_PANIC);
    CHECK(*last_message());
    if (!over) over = 1, lift();
    opts.deadline_ms = 60000;
    status = run();
    if (status) fail_at(__FILE__, __LINE__, "%s, once the refusal is over: %s: %s", what, runloop_status_name(status), last_message());
}

static void prepare(const char *url, const char *folder)
{
    char path[400];
    int i;
    snprintf(tree, sizeof tree, "%s/tree", folder);
    snprintf(file, sizeof file, "%s/tree/a/b/file", folder);
    snprintf(copied_tree, sizeof copied_tree, "%s/copied_tree", folder);
    snprintf(fetched, sizeof fetched, "%s/fetched", folder);
    snprintf(fetched_tree, sizeof fetched_tree, "%s/fetched_tree", folder);
    snprintf(url_by_name, sizeof url_by_name, "http://localhost%s", strrchr(url, ':'));
    content = allocate(SIZE);
    for (i = 0; i < SIZE; i++) content[i] = (char)((unsigned)i * 7919u >> 5);
    snprintf(path, sizeof path, "%s/a", tree);
    CHECK(!mkdir(tree, 0700) && !mkdir(path, 0700));
    strcat(path, "/b");
    CHECK(!mkdir(path, 0750));
    i = open(file, O_CREAT | O_WRONLY, 0600);
    CHECK(write(i, content, SIZE) == SIZE && !close(i));
    snprintf(path, sizeof path, "%s/a/link", tree);
    CHECK(!symlink("b/file", path));
    opts.max_retries = 3;
}

long scenario(const char *url, const char *folder, const char *kind, long nth, int for_good, const struct remains *most, struct remains *left)
{
    refuse_begin_fn *refuse;
    long count, before;
    *(void **)&refuse = dlsym(RTLD_DEFAULT, "refuse_begin");
    *(void **)&lift = dlsym(RTLD_DEFAULT, "refuse_end");
    CHECK(refuse && lift);
    snprintf(name, sizeof name, "%s-%ld-%d", kind, nth, for_good);
    prepare(url, folder);
    before = entries(folder);
    OK(runloop_log_set(note, NULL, RUNLOOP_LOG_WARN, E));
    /* What is waited for in vain as long as the refusal lasts is not waited for so long as users would. */
    opts.deadline_ms = for_good ? 10000 : 60000;
    CHECK(refuse(kind, nth, for_good));
    step("client_new", make_client);
    step("devbox_create", create);
    step("devbox_exec", exec);
    step("devbox_exec_async", exec_async);
    step("execution_stream", stream);
    step("execution_result", await);
    step("devbox_upload_file", upload);
    step("devbox_download_file", download);
    step("devbox_upload_dir", upload_dir);
    step("devbox_download_dir", download_dir);
    step("object_upload_from_dir", upload_object);
    step("object_download_to_dir", download_object);
    step("object_delete", delete_object);
    step("devbox_list", list);
    step("devbox_shutdown", shut_down);
    runloop_execution_free(execution);
    runloop_object_free(object);
    runloop_devbox_free(devbox);
    /* What it has left to do in the background may still meet the refusal. */
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    count = lift();
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    /* What could not be removed meanwhile is, after a pause. */
    EVENTUALLY(atomic_load(&something_stays) || entries(folder) == before);
    EVENTUALLY(!most->threads || (entries("/proc/self/task") <= most->threads && descriptors() <= most->descriptors));
    left->threads = entries("/proc/self/task");
    left->descriptors = descriptors();
    free(content);
    return count;
}
