/* Where no further thread can be started: a status, and the handles live. Which thread it is that
 * cannot be started, the first, the second or the third, is tried in a child of its own. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCOUNT "{\"id\":\"acc_1\"}"
#define NOBODY 61234

static script_server *server;

/* From now on no thread can be started, or again as many as before. */
static void threads(int allowed)
{
    struct rlimit limit;
    CHECK(!getrlimit(RLIMIT_NPROC, &limit));
    limit.rlim_cur = allowed ? limit.rlim_max : 0;
    CHECK(!setrlimit(RLIMIT_NPROC, &limit));
}

static void *nothing(void *argument)
{
    return argument;
}

/* The limit is not for root, so that a child of root's becomes somebody else. */
static void become_ordinary(void)
{
    pthread_t thread;
    if (geteuid() == 0) CHECK(!setgid(NOBODY) && !setuid(NOBODY));
    threads(0);
    if (!pthread_create(&thread, NULL, nothing, NULL)) {
        fprintf(stderr, "RLIMIT_NPROC does not keep this user from starting threads\n");
        _exit(1);
    }
    threads(1);
}

static runloop_client *client_by_name(void)
{
    runloop_config *config;
    runloop_client *client;
    char url[64];
    snprintf(url, sizeof url, "http://localhost:%s", strrchr(script_url(server), ':') + 1);
    config = new_config(url);
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    return client;
}

static void ask(runloop_client *client, int32_t expected)
{
    runloop_value *account;
    CHECK_STATUS(runloop_account_me(client, NULL, &account, E), expected);
    runloop_value_free(account);
}

static void first_thread(void)
{
    runloop_config *config = new_config(script_url(server));
    runloop_client *client;
    threads(0);
    CHECK_STATUS(runloop_client_new(config, &client, E), RUNLOOP_INTERNAL);
    CHECK(client == NULL);
    CHECK_HAS(last_message(), "thread");
    threads(1);
    OK(runloop_client_new(config, &client, E));
    ask(client, RUNLOOP_OK);
    runloop_client_free(client);
    runloop_config_free(config);
}

static void second_thread(void)
{
    runloop_client *by_address = new_client(script_url(server)), *by_name = client_by_name();
    threads(0);
    /* What needs no further thread is not concerned. */
    ask(by_address, RUNLOOP_OK);
    ask(by_name, RUNLOOP_CONNECT);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    ask(by_name, RUNLOOP_CONNECT);
    threads(1);
    ask(by_name, RUNLOOP_OK);
    runloop_client_free(by_name);
    runloop_client_free(by_address);
}

static void count(void *user_data, int32_t level, const char *message)
{
    (void)level;
    (void)message;
    atomic_fetch_add((atomic_int *)user_data, 1);
}

static void third_thread(void)
{
    runloop_client *client = client_by_name();
    atomic_int lines;
    atomic_init(&lines, 0);
    ask(client, RUNLOOP_OK);
    threads(0);
    OK(runloop_log_set(count, &lines, RUNLOOP_LOG_DEBUG, E));
    ask(client, RUNLOOP_OK);
    CHECK(atomic_load(&lines) >= 1);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    threads(1);
    runloop_client_free(client);
}

static void in_a_child(void (*test)(void), const char *what)
{
    int status;
    pid_t child = fork();
    if (!child) {
        alarm(60);
        become_ordinary();
        test();
        forget_error();
        CHECK_INT(runloop_live_handles(NULL), 0);
        _exit(0);
    }
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    group(what);
}

int main(void)
{
    int i;
    begin("test_no_threads");
    server = script_start();
    for (i = 0; i < 8; i++) script_answer(server, 200, "", ACCOUNT);
    in_a_child(first_thread, "without the first thread no client is made, and later one is");
    in_a_child(second_thread, "without the second no name is resolved, and later it is");
    in_a_child(third_thread, "without a thread for it the log is told by the threads that call");
    script_stop(server);
    return finish();
}
