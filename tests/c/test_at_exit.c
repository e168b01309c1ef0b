/* Calls at the end of a thread or of the process, when the library's thread-locals are gone, and after
 * the program has closed all descriptors. Each case runs in a child, before the library was used here. */

#include "closed_descriptors.h"
#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCOUNT "{\"id\":\"acc_1\"}"

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;

static void ask(const runloop_call_options *options, int32_t expected)
{
    runloop_value *account;
    CHECK_STATUS(runloop_account_me(client, options, &account, E), expected);
    runloop_value_free(account);
}

static int go_on[2];

/* The child that waits for it goes on when the server has had so many requests. */
static void in_a_child_until(int requests, void (*test)(void), const char *what)
{
    int status;
    pid_t child;
    CHECK(!pipe(go_on));
    child = fork();
    if (!child) {
        alarm(60);
        test();
        exit(3); /* unless a function that runs at the exit says otherwise */
    }
    CHECK(child > 0);
    if (requests) EVENTUALLY(script_requests(server) == requests);
    CHECK_INT(write(go_on[1], "", 1), 1);
    CHECK_INT(waitpid(child, &status, 0), child);
    close(go_on[0]);
    close(go_on[1]);
    if (status) fail_at(__FILE__, __LINE__, "%s: the child ended with the wait status 0x%x", what, status);
    group(what);
}

static void in_a_child(void (*test)(void), const char *what)
{
    in_a_child_until(0, test, what);
}

/* ---- atexit ---- */

static void call_at_exit(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    ask(NULL, RUNLOOP_OK);
    options.deadline_ms = 100;
    ask(&options, RUNLOOP_DEADLINE);
    runloop_client_free(client);
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    _exit(0);
}

static void calls(void)
{
    CHECK(!atexit(call_at_exit));
    client = new_client(script_url(server));
    ask(NULL, RUNLOOP_OK);
}

static void first_use_at_exit(void)
{
    client = new_client(script_url(server));
    ask(NULL, RUNLOOP_OK);
    runloop_client_free(client);
    forget_error();
    _exit(0);
}

static void calls_of_a_new_client(void)
{
    CHECK(!atexit(first_use_at_exit));
}

/* ---- thread-local destructors ---- */

static pthread_key_t key;

static void call_at_the_end_of_a_thread(void *round)
{
    /* Several rounds, so that all other destructors have run. */
    if ((size_t)round < 3) {
        pthread_setspecific(key, (void *)((size_t)round + 1));
        return;
    }
    ask(NULL, RUNLOOP_OK);
    forget_error();
}

static void *thread_with_an_end(void *unused)
{
    ask(NULL, RUNLOOP_OK);
    forget_error();
    pthread_setspecific(key, (void *)1);
    return unused;
}

static void end_of_a_thread(void)
{
    pthread_t thread;
    CHECK(!pthread_key_create(&key, call_at_the_end_of_a_thread));
    client = new_client(script_url(server));
    CHECK(!pthread_create(&thread, NULL, thread_with_an_end, NULL));
    CHECK(!pthread_join(thread, NULL));
    runloop_client_free(client);
    _exit(0);
}

/* ---- what is freed at the exit ---- */

static void free_devbox_and_client(void)
{
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    forget_error();
    _exit(0);
}

static void devbox_shut_down_when_freed(void)
{
    CHECK(!atexit(free_devbox_and_client));
    client = new_client(NULL);
    devbox = new_devbox(client);
    OK(runloop_devbox_set_shutdown_on_free(devbox, 10000, E));
}

static void create_that_was_cut_short(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    CHECK(!atexit(free_devbox_and_client));
    client = new_client(NULL);
    options.deadline_ms = 200;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_DEADLINE);
}

/* ---- closed descriptors ---- */

static void closed_while_idle(void)
{
    client = new_client(script_url(server));
    ask(NULL, RUNLOOP_OK);
    usleep(50 * 1000); /* long enough for the background driver to begin; if it has not, the next case is tried twice */
    close_all();
    ask(NULL, RUNLOOP_OK);
    ask(NULL, RUNLOOP_OK);
    runloop_client_free(client);
    forget_error();
    _exit(0);
}

/* The first call may be the one that finds it out. */
static void ask_twice(void)
{
    runloop_value *account;
    runloop_account_me(client, NULL, &account, E);
    runloop_value_free(account);
    ask(NULL, RUNLOOP_OK);
}

static void closed_at_once(void)
{
    client = new_client(script_url(server));
    ask(NULL, RUNLOOP_OK);
    close_all();
    ask_twice();
    runloop_client_free(client);
    forget_error();
    _exit(0);
}

struct call {
    pthread_t thread;
    runloop_call_options options;
    int32_t status;
};

static void *held_call(void *argument)
{
    struct call *call = (struct call *)argument;
    runloop_value *account = NULL;
    call->status = runloop_account_me(client, &call->options, &account, NULL);
    runloop_value_free(account);
    return NULL;
}

static void closed_during_calls(void)
{
    static const runloop_call_options none = RUNLOOP_CALL_OPTIONS_INIT;
    struct call calls[2];
    char byte;
    int i;
    client = new_client(script_url(server));
    for (i = 0; i < 2; i++) {
        calls[i].options = none;
        calls[i].options.deadline_ms = 2000;
        CHECK(!pthread_create(&calls[i].thread, NULL, held_call, &calls[i]));
    }
    CHECK_INT(read(go_on[0], &byte, 1), 1);
    close_all();
    for (i = 0; i < 2; i++) {
        CHECK(!pthread_join(calls[i].thread, NULL));
        if (calls[i].status == RUNLOOP_OK || calls[i].status == RUNLOOP_INTERNAL_PANIC)
            fail_at(__FILE__, __LINE__, "the call gave %s", runloop_status_name(calls[i].status));
    }
    ask_twice();
    runloop_client_free(client);
    forget_error();
    _exit(0);
}

static void closed_descriptors(void)
{
    int i;
    server = script_start();
    for (i = 0; i < 3; i++) script_answer(server, 200, "", ACCOUNT);
    in_a_child(closed_while_idle, "all descriptors are closed while nothing is called: calls go on");
    for (i = 0; i < 3; i++) script_answer(server, 200, "", ACCOUNT);
    in_a_child(closed_at_once, "all descriptors are closed behind a call: at most one call fails");
    script_stop(server);
    server = script_start();
    script_add(server, "", SCRIPT_HOLD);
    script_add(server, "", SCRIPT_HOLD);
    for (i = 0; i < 2; i++) script_answer(server, 200, "", ACCOUNT);
    in_a_child_until(2, closed_during_calls, "all descriptors are closed during calls: each has a status");
    script_stop(server);
}

int main(void)
{
    int i;
    begin("test_at_exit");
    server = script_start();
    script_answer(server, 200, "", ACCOUNT);
    script_answer(server, 200, "", ACCOUNT);
    script_add(server, "", SCRIPT_HOLD);
    in_a_child(calls, "calls in a function that runs at the exit");
    script_answer(server, 200, "", ACCOUNT);
    in_a_child(calls_of_a_new_client, "the first client is made at the exit");
    for (i = 0; i < 2; i++) script_answer(server, 200, "", ACCOUNT);
    in_a_child(end_of_a_thread, "a call in a thread's last destructor");
    script_stop(server);
    if (has_debug_assertions())
        group("closed descriptors are left out: the library has debug assertions");
    else
        closed_descriptors();

    emulator_start(NULL);
    in_a_child(devbox_shut_down_when_freed, "a devbox is shut down when it is freed at the exit");
    CHECK_INT(devboxes_left(), 0);
    fault("devboxes.create", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    in_a_child(create_that_was_cut_short, "what a create has begun is ended when the client is freed at the exit");
    CHECK(faults_fired() >= 1);
    CHECK_INT(devboxes_left(), 0);
    return finish();
}
