#include "harness.h"
#include "handle_kinds.h"
#include "json.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "emulator.h"

static const char *test_name = "?";
static char folder[64];
static __thread runloop_error *current_error;

/* ---- beginning and end ---- */

static void remove_folder(void)
{
    DIR *directory = folder[0] ? opendir(folder) : NULL;
    struct dirent *entry;
    if (!directory) return;
    while ((entry = readdir(directory))) {
        char path[sizeof folder + sizeof entry->d_name + 2];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path)) rmdir(path);
    }
    closedir(directory);
    rmdir(folder);
    folder[0] = 0;
}

static void bark(int signal_number)
{
    static const char message[] = ": hung, and was ended by its watchdog\n";
    (void)signal_number;
    if (write(2, test_name, strlen(test_name)) < 0 || write(2, message, sizeof message - 1) < 0) _exit(2);
    emulator_kill();
    _exit(1);
}

void begin(const char *name)
{
    const char *patience = getenv("TEST_WATCHDOG_SECONDS");
    struct sigaction action;
    test_name = name;
    memset(&action, 0, sizeof action);
    action.sa_handler = bark;
    sigaction(SIGALRM, &action, NULL);
    alarm(patience ? (unsigned)atoi(patience) : 900);
    unsetenv("RUNLOOP_API_KEY");
    unsetenv("RUNLOOP_BASE_URL");
    unsetenv("RUNLOOP_CUSTOM_HEADERS");
    setvbuf(stdout, NULL, _IOLBF, 0);
}

void group(const char *what)
{
    printf("%s: %s\n", test_name, what);
}

int finish(void)
{
    static const char *const kinds[] = { HANDLE_KINDS };
    size_t i;
    forget_error();
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (runloop_live_handles(kinds[i]))
            fail_at(__FILE__, __LINE__, "%zu handles of the kind %s are left", runloop_live_handles(kinds[i]), kinds[i]);
    CHECK_INT(runloop_live_handles(NULL), 0);
    if (emulator_url()) {
        EVENTUALLY(devboxes_left() == 0 && processes_left() == 0);
        emulator_stop();
    }
    remove_folder();
    group("nothing is left");
    return 0;
}

/* ---- checks ---- */

runloop_error **error_place(void)
{
    forget_error();
    return &current_error;
}

runloop_error *last_error(void)
{
    return current_error;
}

const char *last_message(void)
{
    return runloop_error_message(current_error);
}

void forget_error(void)
{
    runloop_error_free(current_error);
    current_error = NULL;
}

void fail_at(const char *file, int line, const char *format, ...)
{
    va_list list;
    fflush(stdout);
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    if (current_error) {
        const char *cause = runloop_error_cause(current_error), *body = runloop_error_body(current_error, NULL);
        fprintf(stderr, "  error: %s: %s\n", runloop_status_name(runloop_error_status(current_error)), last_message());
        if (cause) fprintf(stderr, "  cause: %s\n", cause);
        if (body) fprintf(stderr, "  body: %.500s\n", body);
    }
    emulator_tell();
    emulator_kill();
    remove_folder();
    _exit(1);
}

void check_at(const char *file, int line, const char *what, int holds)
{
    if (!holds) fail_at(file, line, "does not hold: %s", what);
}

void check_status_at(const char *file, int line, const char *what, int32_t actual, int32_t expected)
{
    if (actual != expected)
        fail_at(file, line, "%s\n  gave %s, not %s", what, runloop_status_name(actual), runloop_status_name(expected));
    if (expected == RUNLOOP_OK) {
        if (current_error) fail_at(file, line, "%s\n  succeeded, but left an error", what);
        return;
    }
    if (!current_error) fail_at(file, line, "%s\n  failed, but left no error", what);
    if (runloop_error_status(current_error) != actual)
        fail_at(file, line, "%s\n  returned another status than its error's", what);
    if (strlen(last_message()) < 8) fail_at(file, line, "%s\n  has no message", what);
}

void check_int_at(const char *file, int line, const char *what, long long actual, long long expected)
{
    if (actual != expected) fail_at(file, line, "%s is %lld, not %lld", what, actual, expected);
}

void check_text_at(const char *file, int line, const char *what, const char *actual, const char *expected)
{
    if (!actual || strcmp(actual, expected))
        fail_at(file, line, "%s is \"%s\", not \"%s\"", what, actual ? actual : "(NULL)", expected);
}

void check_has_at(const char *file, int line, const char *what, const char *text, const char *part, int wanted)
{
    int has = text && strstr(text, part) != NULL;
    if (has != wanted)
        fail_at(file, line, "%s %s \"%s\": \"%.2000s\"", what, wanted ? "lacks" : "holds", part, text ? text : "(NULL)");
}

void check_bytes_at(const char *file, int line, const char *what, runloop_bytes *bytes, const void *data, size_t length)
{
    const char *actual = runloop_bytes_data(bytes), *expected = (const char *)data;
    size_t count = runloop_bytes_length(bytes), i;
    if (!actual) fail_at(file, line, "%s is NULL", what);
    for (i = 0; i < count && i < length && actual[i] == expected[i]; i++) continue;
    if (i < count || i < length) {
        size_t from = i < 20 ? 0 : i - 20;
        fail_at(file, line, "%s has %zu bytes, not %zu, and differs at %zu: \"%.60s\", not \"%.60s\"", what, count, length, i,
                actual + from, length > from ? expected + from : "");
    }
    if (actual[count]) fail_at(file, line, "%s has no NUL behind its last byte", what);
    runloop_bytes_free(bytes);
}

static void check_clean(const char *text, const char *what, const char *secret)
{
    if (text && strstr(text, secret)) fail_at(__FILE__, __LINE__, "the error's %s holds the secret: %s", what, text);
}

void check_no_secret(const char *secret)
{
    check_clean(last_message(), "message", secret);
    check_clean(runloop_error_cause(current_error), "cause", secret);
    check_clean(runloop_error_body(current_error, NULL), "body", secret);
    check_clean(runloop_error_code(current_error), "code", secret);
    check_clean(runloop_error_request_id(current_error), "request id", secret);
    check_clean(runloop_error_resource_id(current_error), "resource id", secret);
}

/* ---- clients and devboxes ---- */

runloop_config *new_config(const char *url)
{
    runloop_config *config;
    OK(runloop_config_new(&config, E));
    OK(runloop_config_set_base_url(config, url ? url : emulator_url(), E));
    OK(runloop_config_set_bearer_token(config, TOKEN, E));
    return config;
}

runloop_client *new_client(const char *url)
{
    runloop_config *config = new_config(url);
    runloop_client *client;
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    return client;
}

runloop_devbox *new_devbox(runloop_client *client)
{
    runloop_devbox *devbox;
    OK(runloop_devbox_create(client, NULL, NULL, &devbox, E));
    return devbox;
}

void shut_down_and_free(runloop_devbox *devbox)
{
    OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
    runloop_devbox_free(devbox);
}

runloop_params *params_of(const char *json)
{
    runloop_params *params;
    OK(runloop_params_from_json(json, strlen(json), &params, E));
    return params;
}

int run(runloop_devbox *devbox, const char *command, runloop_bytes **out, runloop_bytes **err)
{
    runloop_exec_result *result;
    int code;
    OK(runloop_devbox_exec(devbox, command, NULL, NULL, &result, E));
    if (out) OK(runloop_exec_result_stdout(result, 0, NULL, out, E));
    if (err) OK(runloop_exec_result_stderr(result, 0, NULL, err, E));
    code = runloop_exec_result_exit_code(result);
    runloop_exec_result_free(result);
    return code;
}

/* ---- sundries ---- */

double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void brief_pause(void)
{
    struct timespec pause = {0, 10 * 1000 * 1000};
    nanosleep(&pause, NULL);
}

const char *temporary(const char *name)
{
    static char paths[16][512];
    static unsigned next;
    char *path = paths[next++ % 16];
    if (!folder[0]) {
        strcpy(folder, "/tmp/runloop-test-XXXXXX");
        if (!mkdtemp(folder)) fail_at(__FILE__, __LINE__, "no temporary folder: %s", strerror(errno));
    }
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

char *file_contents(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    struct stat about;
    char *contents;
    if (!file) return NULL;
    if (fstat(fileno(file), &about)) abort();
    contents = (char *)allocate((size_t)about.st_size + 1);
    *length = fread(contents, 1, (size_t)about.st_size, file);
    contents[*length] = 0;
    fclose(file);
    return contents;
}

void *allocate(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) abort();
    return memory;
}
