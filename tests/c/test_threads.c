/* Many threads share one client: every answer goes to who asked, and the library has two threads of
 * its own at most. */

#include "harness.h"

#include <dirent.h>
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 64, DEVBOXES = 8, COMMANDS = 2000 };

static runloop_client *client;
static runloop_devbox *devboxes[DEVBOXES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int next_command;
static int most_threads;

/* The library's threads carry its name. */
static int library_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;
    CHECK(tasks != NULL);
    while ((entry = readdir(tasks))) {
        char path[300], name[32] = "";
        FILE *file;
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        if ((file = fopen(path, "r"))) {
            if (fgets(name, sizeof name, file) && !strncmp(name, "runloop", 7)) count++;
            fclose(file);
        }
    }
    closedir(tasks);
    return count;
}

static int take(void)
{
    int mine;
    pthread_mutex_lock(&lock);
    mine = next_command++;
    if (mine % 50 == 0) {
        int now = library_threads();
        if (now > most_threads) most_threads = now;
    }
    pthread_mutex_unlock(&lock);
    return mine;
}

struct echo {
    char text[64];
};

static int32_t collect(void *user_data, int32_t stream, const char *data, size_t length)
{
    struct echo *echo = (struct echo *)user_data;
    CHECK_INT(stream, RUNLOOP_STDOUT);
    CHECK(strlen(echo->text) + length < sizeof echo->text);
    strncat(echo->text, data, length);
    return 0;
}

/* Each command says its own number and ends with its own code, by one of three ways. */
static void one_command(int number)
{
    runloop_devbox *devbox = devboxes[number % DEVBOXES];
    runloop_exec_result *result;
    runloop_bytes *out;
    char command[96], expected[64], code = (char)(number % 100);
    snprintf(command, sizeof command, "echo command %d; exit %d", number, code);
    snprintf(expected, sizeof expected, "command %d\n", number);
    switch (number % 3) {
    case 0:
        OK(runloop_devbox_exec(devbox, command, NULL, NULL, &result, E));
        break;
    case 1: {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        struct echo echo = {""};
        exec.on_output = collect;
        exec.user_data = &echo;
        OK(runloop_devbox_exec(devbox, command, &exec, NULL, &result, E));
        CHECK_TEXT(echo.text, expected);
        break;
    }
    default: {
        runloop_execution *execution;
        OK(runloop_devbox_exec_async(devbox, command, NULL, NULL, &execution, E));
        OK(runloop_execution_result(execution, NULL, &result, E));
        runloop_execution_free(execution);
    }
    }
    CHECK_INT(runloop_exec_result_exit_code(result), code);
    OK(runloop_exec_result_stdout(result, 0, NULL, &out, E));
    CHECK_OUTPUT(out, expected);
    runloop_exec_result_free(result);
}

static void *work(void *unused)
{
    int number;
    (void)unused;
    while ((number = take()) < COMMANDS) one_command(number);
    forget_error();
    return NULL;
}

static void many_commands(void)
{
    pthread_t threads[THREADS];
    int i;
    for (i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], NULL, work, NULL));
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(most_threads >= 1 && most_threads <= 2);
    group("2000 commands in 8 devboxes from 64 threads, each with its own output and code");
}

/* ---- waits beside short calls ---- */

static void *wait_for_end(void *argument)
{
    runloop_execution *execution = (runloop_execution *)argument;
    runloop_exec_result *result;
    OK(runloop_execution_result(execution, NULL, &result, E));
    CHECK_INT(runloop_exec_result_exit_code(result), 0);
    runloop_exec_result_free(result);
    forget_error();
    return NULL;
}

static void waits_hold_up_nobody(void)
{
    pthread_t threads[THREADS];
    runloop_execution *executions[THREADS];
    runloop_value *info;
    int i;
    for (i = 0; i < THREADS; i++) {
        OK(runloop_devbox_exec_async(devboxes[i % DEVBOXES], "while [ ! -e go ]; do sleep 0.2; done", NULL, NULL, &executions[i], E));
    }
    journal_clear();
    for (i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], NULL, wait_for_end, executions[i]));
    EVENTUALLY(journal_count("devboxes.wait_for_command") == THREADS);
    /* All the waits are held at the service: the short calls pass them. */
    for (i = 0; i < 100; i++) {
        OK(runloop_devbox_get_info(devboxes[i % DEVBOXES], NULL, &info, E));
        runloop_value_free(info);
    }
    CHECK_INT(journal_count("devboxes.wait_for_command"), THREADS);
    CHECK(library_threads() <= 2);
    for (i = 0; i < DEVBOXES; i++) CHECK_INT(run(devboxes[i], "touch go", NULL, NULL), 0);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        runloop_execution_free(executions[i]);
    }
    group("short calls pass 64 waits");
}

/* ---- one client's end while others use it ---- */

static void *call_until_closed(void *argument)
{
    runloop_devbox *devbox = (runloop_devbox *)argument;
    for (;;) {
        runloop_value *info;
        int32_t status = runloop_devbox_get_info(devbox, NULL, &info, E);
        if (status == RUNLOOP_CLOSED) break;
        CHECK_STATUS(status, RUNLOOP_OK);
        runloop_value_free(info);
        pthread_mutex_lock(&lock);
        next_command++;
        pthread_mutex_unlock(&lock);
    }
    forget_error();
    return NULL;
}

static int calls_made(void)
{
    int made;
    pthread_mutex_lock(&lock);
    made = next_command;
    pthread_mutex_unlock(&lock);
    return made;
}

static void closing_ends_calls(void)
{
    runloop_client *other = new_client(NULL);
    runloop_devbox *devbox;
    pthread_t threads[8];
    int i;
    OK(runloop_devbox_attach(other, runloop_devbox_id(devboxes[0]), &devbox, E));
    next_command = 0;
    for (i = 0; i < 8; i++) CHECK(!pthread_create(&threads[i], NULL, call_until_closed, devbox));
    EVENTUALLY(calls_made() > 100);
    OK(runloop_client_close(other, E));
    for (i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    runloop_client_free(other);
    runloop_devbox_free(devbox);
    group("closing a client ends its calls in all threads");
}

/* ---- threads come and go with the clients ---- */

static void *client_of_its_own(void *unused)
{
    int i;
    (void)unused;
    for (i = 0; i < 10; i++) {
        runloop_client *own = new_client(NULL);
        runloop_devbox *devbox;
        runloop_value *info;
        OK(runloop_devbox_attach(own, runloop_devbox_id(devboxes[i % DEVBOXES]), &devbox, E));
        runloop_client_free(own); /* the devbox keeps it */
        OK(runloop_devbox_get_info(devbox, NULL, &info, E));
        runloop_value_free(info);
        runloop_devbox_free(devbox);
    }
    forget_error();
    return NULL;
}

static void many_clients(void)
{
    pthread_t threads[16];
    int i;
    for (i = 0; i < 16; i++) CHECK(!pthread_create(&threads[i], NULL, client_of_its_own, NULL));
    for (i = 0; i < 16; i++) pthread_join(threads[i], NULL);
    CHECK_INT(runloop_live_handles("client"), 1);
    group("clients made and freed in 16 threads");
}

int main(void)
{
    int i;
    begin("test_threads");
    emulator_start(NULL);
    client = new_client(NULL);
    for (i = 0; i < DEVBOXES; i++) devboxes[i] = new_devbox(client);
    many_commands();
    waits_hold_up_nobody();
    closing_ends_calls();
    many_clients();
    for (i = 0; i < DEVBOXES; i++) shut_down_and_free(devboxes[i]);
    runloop_client_free(client);
    CHECK_INT(library_threads(), 0);
    group("with the last client the library's threads have ended");
    return finish();
}
