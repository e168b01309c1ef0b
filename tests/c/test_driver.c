/* What the host program does with one thread that calls holds up no other: each call's deadline and
 * cancellation hold, whoever drives the engine. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACCOUNT "{\"id\":\"acc_1\"}"

static script_server *server;
static runloop_client *client;

/* A call in a thread of its own. */
struct caller {
    pthread_t thread;
    runloop_call_options options;
    int32_t status;
    atomic_int done;
};

static void *call(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    runloop_value *account = NULL;
    caller->status = runloop_account_me(client, NULL, &account, NULL);
    runloop_value_free(account);
    atomic_store(&caller->done, 1);
    return NULL;
}

static void *call_with_options(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    runloop_value *account = NULL;
    caller->status = runloop_account_me(client, &caller->options, &account, NULL);
    runloop_value_free(account);
    atomic_store(&caller->done, 1);
    return NULL;
}

static void begin_call(struct caller *caller, const runloop_call_options *options)
{
    static const runloop_call_options none = RUNLOOP_CALL_OPTIONS_INIT;
    caller->options = options ? *options : none;
    atomic_init(&caller->done, 0);
    CHECK(!pthread_create(&caller->thread, NULL, options ? call_with_options : call, caller));
}

static void end_call(struct caller *caller, int32_t expected)
{
    CHECK(!pthread_join(caller->thread, NULL));
    CHECK_INT(caller->status, expected);
}

/* A signal handler that takes as long as the test wants. */
static sem_t held, released;
static atomic_int within_handler;

static void hold(int number)
{
    (void)number;
    atomic_store(&within_handler, 1);
    sem_post(&held);
    while (sem_wait(&released)) continue;
    atomic_store(&within_handler, 0);
}

static void hold_up(pthread_t thread)
{
    CHECK(!pthread_kill(thread, SIGUSR1));
    CHECK(!sem_wait(&held));
}

static void scripted(void)
{
    server = script_start();
    client = new_client(script_url(server));
}

static void unscripted(void)
{
    runloop_client_free(client);
    script_stop(server);
}

static void deadlines_beside_a_driver_that_is_held_up(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    struct caller driver, other;
    scripted();
    script_add(server, "", SCRIPT_HOLD);
    begin_call(&driver, NULL);
    EVENTUALLY(script_requests(server) == 1);
    hold_up(driver.thread);
    options.deadline_ms = 200;
    begin_call(&other, &options);
    EVENTUALLY(atomic_load(&other.done));
    CHECK(atomic_load(&within_handler));
    end_call(&other, RUNLOOP_DEADLINE);
    group("a deadline comes while the only driver is in a signal handler");

    options.deadline_ms = 0;
    OK(runloop_cancel_new((runloop_cancel **)&options.cancel, E));
    begin_call(&other, &options);
    CHECK(!atomic_load(&other.done));
    OK(runloop_cancel_trigger(options.cancel, E));
    EVENTUALLY(atomic_load(&other.done));
    CHECK(atomic_load(&within_handler));
    end_call(&other, RUNLOOP_CANCELLED);
    runloop_cancel_free((runloop_cancel *)options.cancel);
    group("so does a cancellation");

    /* When the driver comes back, what waited goes on. */
    script_answer(server, 200, "", ACCOUNT);
    begin_call(&other, NULL);
    sem_post(&released);
    end_call(&other, RUNLOOP_OK);
    OK(runloop_client_close(client, E));
    end_call(&driver, RUNLOOP_CLOSED);
    unscripted();
    group("a driver that comes back hands on to the background driver, and its own call goes on");
}

static void one_of_several_is_held_up(void)
{
    struct caller first, second, third;
    int i;
    scripted();
    script_add(server, "", SCRIPT_HOLD);
    script_add(server, "", SCRIPT_HOLD);
    begin_call(&first, NULL);
    EVENTUALLY(script_requests(server) == 1);
    begin_call(&second, NULL);
    EVENTUALLY(script_requests(server) == 2);
    /* Two calls have been under way: neither of their threads drives. */
    hold_up(first.thread);
    hold_up(second.thread);
    for (i = 0; i < 3; i++) {
        script_answer(server, 200, "", ACCOUNT);
        begin_call(&third, NULL);
        end_call(&third, RUNLOOP_OK);
    }
    CHECK_INT(atomic_load(&within_handler), 1);
    sem_post(&released);
    sem_post(&released);
    OK(runloop_client_close(client, E));
    end_call(&first, RUNLOOP_CLOSED);
    end_call(&second, RUNLOOP_CLOSED);
    unscripted();
    group("calls are answered while the threads of two others are in a signal handler");
}

static void waiters_are_answered(void)
{
    enum { CALLS = 24 };
    struct caller callers[CALLS];
    int i;
    scripted();
    for (i = 0; i < CALLS; i++) script_answer(server, 200, "", ACCOUNT);
    for (i = 0; i < CALLS; i++) begin_call(&callers[i], NULL);
    for (i = 0; i < CALLS; i++) end_call(&callers[i], RUNLOOP_OK);
    unscripted();
    group("calls side by side are all answered");
}

/* ---- a jump out of a call ---- */

static sigjmp_buf outside;

static void jump(int number)
{
    (void)number;
    siglongjmp(outside, 1);
}

static void *leave_by_a_jump(void *argument)
{
    struct caller *caller = (struct caller *)argument;
    if (sigsetjmp(outside, 1) == 0) return call(caller);
    atomic_store(&caller->done, 1);
    return NULL;
}

static void in_a_child_that_jumps(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    struct caller driver, other;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = jump;
    CHECK(!sigaction(SIGUSR2, &action, NULL));
    scripted();
    script_add(server, "", SCRIPT_HOLD);
    atomic_init(&driver.done, 0);
    CHECK(!pthread_create(&driver.thread, NULL, leave_by_a_jump, &driver));
    EVENTUALLY(script_requests(server) == 1);
    options.deadline_ms = 300;
    begin_call(&other, &options);
    CHECK(!pthread_kill(driver.thread, SIGUSR2));
    CHECK(!pthread_join(driver.thread, NULL));
    CHECK(atomic_load(&driver.done));
    script_add(server, "", SCRIPT_HOLD);
    end_call(&other, RUNLOOP_DEADLINE);
    begin_call(&other, &options);
    end_call(&other, RUNLOOP_DEADLINE);
}

static void jump_out_of_a_call(void)
{
    int status;
    pid_t child = fork();
    if (!child) {
        alarm(60);
        in_a_child_that_jumps();
        _exit(0); /* what the call held is lost for good */
    }
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    group("after a jump out of the driver's call the calls of others end by their deadlines");
}

int main(void)
{
    struct sigaction action;
    begin("test_driver");
    jump_out_of_a_call(); /* first: the child must find the library unused */
    CHECK(!sem_init(&held, 0, 0) && !sem_init(&released, 0, 0));
    memset(&action, 0, sizeof action);
    action.sa_handler = hold;
    CHECK(!sigaction(SIGUSR1, &action, NULL));
    deadlines_beside_a_driver_that_is_held_up();
    one_of_several_is_held_up();
    waiters_are_answered();
    return finish();
}
