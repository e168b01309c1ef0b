/* A good guest: the host program's signals, and its threads. */

#include "harness.h"
#include "script_server.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t pipes;

static void count_pipe(int number)
{
    (void)number;
    pipes++;
}

/* Hangs up on everybody, in the middle of what they say. */
struct rude {
    int listener, port;
    pthread_t thread;
    atomic_int calls;
};

static void *hang_up(void *user_data)
{
    struct rude *rude = user_data;
    int connection;
    while ((connection = accept(rude->listener, NULL, NULL)) >= 0) {
        struct linger at_once = {1, 0};
        struct timeval patience = {1, 0};
        char begun[4096];
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (read(connection, begun, sizeof begun) > 0) atomic_fetch_add(&rude->calls, 1);
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(connection);
    }
    return NULL;
}

static void start_rude(struct rude *rude)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    atomic_init(&rude->calls, 0);
    rude->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(!bind(rude->listener, (struct sockaddr *)&address, sizeof address) && !listen(rude->listener, 64));
    CHECK(!getsockname(rude->listener, (struct sockaddr *)&address, &length));
    rude->port = ntohs(address.sin_port);
    CHECK(!pthread_create(&rude->thread, NULL, hang_up, rude));
}

static void stop_rude(struct rude *rude)
{
    shutdown(rude->listener, SHUT_RDWR);
    pthread_join(rude->thread, NULL);
    close(rude->listener);
}

static runloop_client *client_of(const char *host, int port)
{
    runloop_config *config;
    runloop_client *client;
    char url[64];
    snprintf(url, sizeof url, "http://%s:%d", host, port);
    OK(runloop_config_new(&config, E));
    OK(runloop_config_set_base_url(config, url, E));
    OK(runloop_config_set_bearer_token(config, "guest", E));
    OK(runloop_config_set_max_retries(config, -1, E)); /* one attempt a call */
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    return client;
}

static void signals_of_the_host(void)
{
    static char content[2 << 20];
    struct rude rude;
    struct sigaction action, before;
    sigset_t mask, after, pending, only_pipe;
    runloop_client *client;
    runloop_devbox *devbox;
    int i;

    memset(&action, 0, sizeof action);
    action.sa_handler = count_pipe;
    CHECK(!sigaction(SIGPIPE, &action, &before));
    start_rude(&rude);
    client = client_of("127.0.0.1", rude.port);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    CHECK(!pthread_sigmask(SIG_SETMASK, NULL, &mask));
    for (i = 0; i < 20; i++) {
        runloop_source source = RUNLOOP_SOURCE_INIT;
        int32_t status;
        source.data = content;
        source.length = sizeof content;
        status = i % 2 ? runloop_devbox_upload_file(devbox, "file", &source, NULL, E)
                       : runloop_devbox_write_file(devbox, "file", content, sizeof content, NULL, E);
        CHECK(status != RUNLOOP_OK);
    }
    CHECK(atomic_load(&rude.calls) >= 20);
    CHECK_INT(pipes, 0);
    CHECK(!pthread_sigmask(SIG_SETMASK, NULL, &after));
    for (i = 1; i < 32; i++) CHECK_INT(sigismember(&after, i), sigismember(&mask, i));
    raise(SIGPIPE);
    CHECK_INT(pipes, 1);
    group("writing to those who have hung up raises nothing, and leaves the host's signals as they were");

    /* What the host holds back itself is its own affair, before and after. */
    sigemptyset(&only_pipe);
    sigaddset(&only_pipe, SIGPIPE);
    CHECK(!pthread_sigmask(SIG_BLOCK, &only_pipe, NULL));
    raise(SIGPIPE);
    CHECK(runloop_devbox_keep_alive(devbox, NULL, E) != RUNLOOP_OK);
    CHECK(!sigpending(&pending) && sigismember(&pending, SIGPIPE) == 1);
    CHECK(!pthread_sigmask(SIG_UNBLOCK, &only_pipe, NULL));
    CHECK_INT(pipes, 2);
    group("a signal that the host holds back is still there");

    runloop_devbox_free(devbox);
    runloop_client_free(client);
    stop_rude(&rude);
    sigaction(SIGPIPE, &before, NULL);
}

/* How many threads of the library there are; each must have blocked every signal that can be. */
static int threads_of_ours(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    int found = 0;
    CHECK(tasks != NULL);
    while ((entry = readdir(tasks)) != NULL) {
        char path[300], line[200], name[64] = "";
        unsigned long long blocked = 0;
        FILE *file;
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        file = fopen(path, "r");
        if (file == NULL) continue;
        while (fgets(line, sizeof line, file) != NULL) {
            sscanf(line, "Name: %63s", name);
            sscanf(line, "SigBlk: %llx", &blocked);
        }
        fclose(file);
        if (strncmp(name, "runloop-", 8)) continue;
        found++;
        /* All up to 31, but for those that nobody can block. */
        CHECK((blocked | 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1)) % (1ull << 31) == (1ull << 31) - 1);
    }
    closedir(tasks);
    return found;
}

static void threads_of_the_library(void)
{
    script_server *server = script_start();
    runloop_client *client = client_of("localhost", atoi(strrchr(script_url(server), ':') + 1));
    runloop_value *account;
    /* A thread names itself, and is gone a moment after it was waited for. */
    EVENTUALLY(threads_of_ours() == 1);
    script_answer(server, 200, "", "{\"id\":\"acc_1\"}");
    OK(runloop_account_me(client, NULL, &account, E));
    runloop_value_free(account);
    /* A name was resolved. */
    EVENTUALLY(threads_of_ours() == 2);
    runloop_client_free(client);
    EVENTUALLY(threads_of_ours() == 0);
    script_stop(server);
    group("two threads at the most, with all signals blocked, and none after the last client");
}

struct cancelled {
    runloop_client *client;
    int32_t status;
};

static void *cancel_oneself(void *user_data)
{
    struct cancelled *cancelled = user_data;
    runloop_value *account;
    pthread_cancel(pthread_self());
    cancelled->status = runloop_account_me(cancelled->client, NULL, &account, NULL);
    runloop_value_free(account);
    pthread_testcancel();
    return NULL;
}

static void *call_asynchronously(void *user_data)
{
    struct cancelled *cancelled = user_data;
    runloop_value *account;
    int before;
    CHECK(!pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before));
    cancelled->status = runloop_account_me(cancelled->client, NULL, &account, NULL);
    CHECK(!pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before));
    CHECK_INT(before, PTHREAD_CANCEL_ASYNCHRONOUS);
    pthread_cancel(pthread_self());
    pthread_testcancel();
    return NULL;
}

static int64_t cancel_and_stop(void *user_data, char *buffer, size_t capacity)
{
    int before;
    (void)user_data;
    (void)buffer;
    (void)capacity;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
    pthread_cancel(pthread_self());
    return -1;
}

static void *cancel_within_a_callback(void *user_data)
{
    struct cancelled *cancelled = user_data;
    runloop_devbox *devbox;
    runloop_source source = RUNLOOP_SOURCE_INIT;
    source.read = cancel_and_stop;
    OK(runloop_devbox_attach(cancelled->client, "dbx_1", &devbox, E));
    cancelled->status = runloop_devbox_upload_file(devbox, "/x", &source, NULL, NULL);
    /* Freeing, too, holds it back. */
    runloop_devbox_free(devbox);
    pthread_testcancel();
    return NULL;
}

static void cancelled_threads(void)
{
    script_server *server = script_start();
    struct cancelled cancelled;
    pthread_t thread;
    void *end;
    cancelled.status = -1;
    cancelled.client = client_of("127.0.0.1", atoi(strrchr(script_url(server), ':') + 1));
    script_answer(server, 200, "", "{\"id\":\"acc_1\"}");
    CHECK(!pthread_create(&thread, NULL, cancel_oneself, &cancelled));
    CHECK(!pthread_join(thread, &end));
    CHECK(end == PTHREAD_CANCELED);
    CHECK_INT(cancelled.status, RUNLOOP_OK);
    /* At any instruction a thread cannot be cancelled, since frames of the library cannot be unwound by that. */
    CHECK(!pthread_create(&thread, NULL, call_asynchronously, &cancelled));
    CHECK(!pthread_join(thread, &end));
    CHECK(end == PTHREAD_CANCELED);
    CHECK_INT(cancelled.status, RUNLOOP_WRONG_STATE);
    /* Nor where a function that the library calls asks for it: the call ends first. */
    script_answer(server, 200, "", "{\"id\":\"acc_1\"}");
    CHECK(!pthread_create(&thread, NULL, cancel_within_a_callback, &cancelled));
    CHECK(!pthread_join(thread, &end));
    CHECK(end == PTHREAD_CANCELED);
    CHECK_INT(cancelled.status, RUNLOOP_STOPPED);
    runloop_client_free(cancelled.client);
    script_stop(server);
    group("a thread that is cancelled ends its call first, and one that could be at any instruction makes none");
}

int main(void)
{
    begin("test_guest");
    signals_of_the_host();
    threads_of_the_library();
    cancelled_threads();
    return finish();
}
