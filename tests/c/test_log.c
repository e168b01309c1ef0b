/* The log function: in order, while nothing is driven and no lock is held. What it does, it does to its own thread alone. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <unistd.h>

#define ACCOUNT "{\"id\":\"acc_1\"}"

static script_server *server;
static runloop_client *client;

static void scripted(void)
{
    server = script_start();
    client = new_client(script_url(server));
}

static void unscripted(void)
{
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    runloop_client_free(client);
    script_stop(server);
}

static void log_by(runloop_log_fn function, void *user_data)
{
    OK(runloop_log_set(function, user_data, RUNLOOP_LOG_DEBUG, E));
}

static void ask(int32_t expected)
{
    runloop_value *account;
    CHECK_STATUS(runloop_account_me(client, NULL, &account, E), expected);
    runloop_value_free(account);
}

/* ---- before the call returns, in order ---- */

struct lines {
    int count;
    char text[8][400];
};

static void keep(void *user_data, int32_t level, const char *message)
{
    struct lines *lines = (struct lines *)user_data;
    (void)level;
    if (lines->count < 8) snprintf(lines->text[lines->count], sizeof lines->text[0], "%s", message);
    lines->count++;
}

static void before_the_return(void)
{
    static struct lines lines;
    scripted();
    log_by(keep, &lines);
    script_answer(server, 503, "retry-after-ms: 1\r\n", "{}");
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    CHECK(lines.count >= 2);
    CHECK_HAS(lines.text[0], "attempt 1 failed");
    CHECK_HAS(lines.text[1], "answered");
    unscripted();
    group("the lines of a call are told in order, before it returns");
}

/* ---- calls from within ---- */

struct calling {
    int lines, done, freed;
    runloop_devbox_cursor *cursor;
};

static void call_back(void *user_data, int32_t level, const char *message)
{
    struct calling *calling = (struct calling *)user_data;
    runloop_value *account = NULL;
    (void)level;
    (void)message;
    calling->lines++;
    CHECK_STATUS(runloop_account_me(client, NULL, &account, E), RUNLOOP_OK);
    calling->done++;
    runloop_value_free(account);
}

static void calls_from_within(void)
{
    struct calling calling = {0};
    scripted();
    log_by(call_back, &calling);
    script_answer(server, 200, "", ACCOUNT);
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    /* Its own call is not told to it: that would never end. */
    CHECK_INT(calling.lines, 1);
    CHECK_INT(calling.done, 1);
    CHECK_INT(script_requests(server), 2);
    unscripted();
    group("the log function may call what blocks, and is told nothing about that");
}

static void use_cursor(void *user_data, int32_t level, const char *message)
{
    struct calling *calling = (struct calling *)user_data;
    runloop_devbox *devbox = NULL;
    (void)level;
    (void)message;
    calling->lines++;
    if (runloop_devbox_cursor_next(calling->cursor, NULL, &devbox, NULL, NULL) == RUNLOOP_OK) calling->done++;
    runloop_devbox_free(devbox);
}

static void handle_of_the_call(void)
{
    struct calling calling = {0};
    runloop_devbox *devbox;
    scripted();
    OK(runloop_devbox_list(client, NULL, &calling.cursor, E));
    log_by(use_cursor, &calling);
    script_answer(server, 200, "",
                  "{\"devboxes\":[{\"id\":\"dbx_1\",\"status\":\"running\"},{\"id\":\"dbx_2\",\"status\":\"running\"}],\"has_more\":false}");
    OK(runloop_devbox_cursor_next(calling.cursor, NULL, &devbox, NULL, E));
    CHECK_TEXT(runloop_devbox_id(devbox), "dbx_1");
    CHECK(calling.lines >= 1);
    CHECK_INT(calling.done, calling.lines);
    runloop_devbox_free(devbox);
    runloop_devbox_cursor_free(calling.cursor);
    unscripted();
    group("the log function may use the handle whose call it is told about");
}

static void free_client(void *user_data, int32_t level, const char *message)
{
    struct calling *calling = (struct calling *)user_data;
    (void)level;
    (void)message;
    if (calling->freed++) return;
    runloop_client_free(client);
}

static void last_client(void)
{
    struct calling calling = {0};
    scripted();
    log_by(free_client, &calling);
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    CHECK(calling.freed >= 1);
    CHECK_INT(runloop_live_handles("client"), 0);
    client = new_client(script_url(server));
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    unscripted();
    group("the last client is freed within the log function");
}

/* ---- a function that takes long ---- */

struct gate {
    sem_t reached, open;
    atomic_int stands;
    pthread_t held;
};

static void stand_at_the_gate(void *user_data, int32_t level, const char *message)
{
    struct gate *gate = (struct gate *)user_data;
    (void)level;
    (void)message;
    if (!pthread_equal(gate->held, pthread_self()) || atomic_exchange(&gate->stands, 1)) return;
    sem_post(&gate->reached);
    while (sem_wait(&gate->open)) continue;
    atomic_store(&gate->stands, 0);
}

static void *one_call(void *user_data)
{
    struct gate *gate = (struct gate *)user_data;
    runloop_value *account = NULL;
    gate->held = pthread_self();
    log_by(stand_at_the_gate, gate);
    CHECK_INT(runloop_account_me(client, NULL, &account, NULL), RUNLOOP_OK);
    runloop_value_free(account);
    forget_error();
    return NULL;
}

static void slow_function(void)
{
    static struct gate gate;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *account;
    pthread_t thread;
    scripted();
    CHECK(!sem_init(&gate.reached, 0, 0) && !sem_init(&gate.open, 0, 0));
    script_answer(server, 200, "", ACCOUNT);
    CHECK(!pthread_create(&thread, NULL, one_call, &gate));
    while (sem_wait(&gate.reached)) continue;
    /* The other thread's call is over but for its line. */
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    script_add(server, "", SCRIPT_HOLD);
    options.deadline_ms = 100;
    CHECK_STATUS(runloop_account_me(client, &options, &account, E), RUNLOOP_DEADLINE);
    CHECK_INT(atomic_load(&gate.stands), 1);
    sem_post(&gate.open);
    CHECK(!pthread_join(thread, NULL));
    unscripted();
    group("a log function that does not return holds up its own thread alone");
}

static void take_a_while(void *user_data, int32_t level, const char *message)
{
    struct gate *gate = (struct gate *)user_data;
    int i;
    (void)level;
    (void)message;
    atomic_store(&gate->stands, 1);
    sem_post(&gate->reached);
    for (i = 0; i < 10; i++) brief_pause();
    atomic_store(&gate->stands, 0);
}

static void *call_once(void *unused)
{
    runloop_value *account = NULL;
    (void)unused;
    CHECK_INT(runloop_account_me(client, NULL, &account, NULL), RUNLOOP_OK);
    runloop_value_free(account);
    return NULL;
}

static void replaced_while_it_runs(void)
{
    static struct gate gate;
    pthread_t thread;
    scripted();
    CHECK(!sem_init(&gate.reached, 0, 0));
    log_by(take_a_while, &gate);
    script_answer(server, 200, "", ACCOUNT);
    CHECK(!pthread_create(&thread, NULL, call_once, NULL));
    while (sem_wait(&gate.reached)) continue;
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    CHECK_INT(atomic_load(&gate.stands), 0);
    CHECK(!pthread_join(thread, NULL));
    unscripted();
    group("a function that was replaced runs no more");
}

/* ---- a call that takes long ---- */

static void tell_of(void *user_data, int32_t level, const char *message)
{
    (void)level;
    if (strstr(message, "attempt 1 failed")) sem_post((sem_t *)user_data);
}

static void *cancelled_call(void *user_data)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *account = NULL;
    options.cancel = (runloop_cancel *)user_data;
    CHECK_INT(runloop_account_me(client, &options, &account, NULL), RUNLOOP_CANCELLED);
    return NULL;
}

static void long_call(void)
{
    static sem_t told;
    runloop_cancel *cancel;
    pthread_t thread;
    scripted();
    CHECK(!sem_init(&told, 0, 0));
    OK(runloop_cancel_new(&cancel, E));
    log_by(tell_of, &told);
    script_answer(server, 503, "retry-after: 30\r\n", "{}");
    CHECK(!pthread_create(&thread, NULL, cancelled_call, cancel));
    while (sem_wait(&told)) continue; /* comes while the call waits, or never */
    OK(runloop_cancel_trigger(cancel, E));
    CHECK(!pthread_join(thread, NULL));
    runloop_cancel_free(cancel);
    unscripted();
    group("a call that takes long is told about while it is under way");
}

/* ---- a function that is left by a jump, as by a panic in Go ---- */

static jmp_buf outside;
static int jumps;

static void leave(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    (void)message;
    jumps++;
    longjmp(outside, 1);
}

static void left_by_a_jump(void)
{
    static runloop_value *account;
    static int i;
    pthread_t thread;
    scripted();
    log_by(leave, NULL);
    for (i = 1; i <= 3; i++) {
        script_answer(server, 200, "", ACCOUNT);
        if (!setjmp(outside)) {
            runloop_account_me(client, NULL, &account, NULL);
            fail_at(__FILE__, __LINE__, "the call returned");
        }
        CHECK_INT(jumps, i);
        runloop_value_free(account);
    }
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    script_answer(server, 200, "", ACCOUNT);
    ask(RUNLOOP_OK);
    script_answer(server, 200, "", ACCOUNT);
    CHECK(!pthread_create(&thread, NULL, call_once, NULL));
    CHECK(!pthread_join(thread, NULL));
    unscripted();
    group("a log function that is left by a jump takes nothing with it");
}

/* ---- a clean-up begins while the last client is freed by the function ---- */

static void free_behind_a_create(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    if (!client || !strstr(message, "its call has ended")) return;
    runloop_client_free(client);
    client = NULL;
}

static void last_client_and_its_clean_up(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox;
    emulator_start(NULL);
    fault("devboxes.create", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"delay\",\"ms\":600}");
    client = new_client(NULL);
    log_by(free_behind_a_create, NULL);
    options.deadline_ms = 200;
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &devbox, E), RUNLOOP_DEADLINE);
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    /* A call that got no further than its deadline says nothing. */
    runloop_client_free(client);
    CHECK_INT(devboxes_left(), 0);
    group("what a create has begun is ended when the log function frees the last client");
}

int main(void)
{
    begin("test_log");
    before_the_return();
    calls_from_within();
    handle_of_the_call();
    last_client();
    slow_function();
    replaced_while_it_runs();
    long_call();
    left_by_a_jump();
    last_client_and_its_clean_up();
    return finish();
}
