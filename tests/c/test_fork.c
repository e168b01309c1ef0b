/* A fork: the child begins anew, with what it makes itself; what its parent had made is refused there, and
 * the parent goes on as if nothing had been. test_fork_callbacks forks within the library's callbacks. */

#include "harness.h"
#include "script_server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVBOX "{\"id\":\"dbx_1\",\"status\":\"running\"}"

/* Waits for a child, which must end well. */
static void reap(pid_t child)
{
    int status;
    CHECK(child > 0);
    CHECK_INT(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status)) fail_at(__FILE__, __LINE__, "a child ended with the wait status 0x%x", status);
}

static void use_once(void)
{
    script_server *server = script_start();
    runloop_client *client = new_client(script_url(server));
    runloop_devbox *devbox;
    runloop_value *info;
    script_answer(server, 200, "", DEVBOX);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    script_stop(server);
    CHECK_INT(runloop_live_handles(NULL), 0);
}

static void before_the_first_use(void)
{
    pid_t child;
    CHECK_TEXT(runloop_version(), RUNLOOP_VERSION);
    CHECK_TEXT(runloop_status_name(RUNLOOP_FORKED), "RUNLOOP_FORKED");
    child = fork();
    if (!child) {
        alarm(60);
        use_once();
        exit(0);
    }
    reap(child);
    group("a fork before the first use: both can use the library");
}

static atomic_int lines;

static void count_lines(void *user_data, int32_t level, const char *message)
{
    (void)user_data;
    (void)level;
    (void)message;
    atomic_fetch_add(&lines, 1);
}

/* A master that gets everything ready and then forks its workers. */
static void after_a_use(void)
{
    runloop_config *config;
    pid_t child;
    OK(runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), E));
    OK(runloop_log_set(count_lines, NULL, RUNLOOP_LOG_DEBUG, E));
    OK(runloop_config_new(&config, E));
    runloop_config_free(config);
    use_once();
    CHECK(atomic_load(&lines) > 0);
    child = fork();
    if (!child) {
        pid_t grandchild;
        alarm(60);
        atomic_store(&lines, 0);
        use_once();
        CHECK(atomic_load(&lines) > 0);
        grandchild = fork();
        if (!grandchild) {
            alarm(60);
            use_once();
            exit(0);
        }
        reap(grandchild);
        use_once();
        exit(0);
    }
    reap(child);
    use_once();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    group("forks after a use, of children and of grandchildren: all can use the library, and the log goes on");
}

struct handles {
    runloop_client *client;
    runloop_devbox *devbox;
    runloop_execution *execution;
    runloop_output_stream *stream;
    runloop_params *params;
    runloop_value *info;
    runloop_config *config;
    runloop_cancel *cancel;
    runloop_error *error;
};

static void check_error(int32_t status, runloop_error *error)
{
    CHECK_INT(status, RUNLOOP_FORKED);
    CHECK(error != NULL);
    CHECK_INT(runloop_error_status(error), RUNLOOP_FORKED);
    CHECK_HAS(runloop_error_message(error), "fork");
    CHECK_INT(runloop_error_retryable(error), RUNLOOP_RETRYABLE_NO);
    CHECK_INT(runloop_error_attempts(error), 0);
    CHECK_INT(runloop_error_side_effect(error), RUNLOOP_SIDE_EFFECT_NONE);
    CHECK(!runloop_error_code(error) && !runloop_error_body(error, NULL));
    runloop_error_free(error);
    runloop_error_free(error);
}

#define check_forked(call, error)      \
    do {                               \
        int32_t given = (call);        \
        check_error(given, (error));   \
    } while (0)

/* In the child: what the parent had is refused, and left as it is; what the child makes is its own. */
static void in_the_child(const struct handles *of_parent)
{
    struct handles h = *of_parent;
    runloop_error *error;
    runloop_value *info;
    runloop_exec_result *result;
    runloop_devbox *devbox;
    runloop_params *params;
    const char *data;
    int32_t which;
    size_t length;
    check_forked(runloop_devbox_get_info(h.devbox, NULL, &info, &error), error);
    check_forked(runloop_devbox_exec(h.devbox, "true", NULL, NULL, &result, &error), error);
    check_forked(runloop_devbox_create(h.client, NULL, NULL, &devbox, &error), error);
    check_forked(runloop_output_stream_next(h.stream, NULL, &which, &data, &length, &error), error);
    check_forked(runloop_client_close(h.client, &error), error);
    check_forked(runloop_cancel_trigger(h.cancel, &error), error);
    check_forked(runloop_params_set_int(h.params, "/a", 1, &error), error);
    CHECK_STATUS(runloop_devbox_get_info(NULL, NULL, &info, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_devbox_get_info((runloop_devbox *)&h, NULL, &info, E), RUNLOOP_INVALID_HANDLE);
    CHECK_STATUS(runloop_params_set_int(NULL, "/a", 1, E), RUNLOOP_INVALID_HANDLE);
    forget_error();
    CHECK_INT(runloop_live_handles(NULL), 0);
    CHECK_INT(runloop_devbox_keep_alive(h.devbox, NULL, NULL), RUNLOOP_FORKED);
    CHECK_TEXT(runloop_version(), RUNLOOP_VERSION);
    CHECK_TEXT(runloop_status_name(RUNLOOP_FORKED), "RUNLOOP_FORKED");
    runloop_output_stream_free(h.stream);
    runloop_execution_free(h.execution);
    runloop_devbox_free(h.devbox);
    runloop_client_free(h.client);
    runloop_client_free(h.client);
    runloop_params_free(h.params);
    runloop_value_free(h.info);
    runloop_config_free(h.config);
    runloop_cancel_free(h.cancel);
    runloop_error_free(h.error);
    use_once();
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_int(params, "/a", 1, E));
    CHECK(runloop_params_set_int(h.params, "/a", 1, NULL) == RUNLOOP_FORKED);
    runloop_params_free(params);
    CHECK_STATUS(runloop_params_set_int(params, "/a", 1, E), RUNLOOP_INVALID_HANDLE);
    forget_error();
}

/* Children that the C library's fork handlers do not see. */
static pid_t plain_fork(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static void with_a_live_client(void)
{
    script_server *server = script_start();
    struct handles h;
    runloop_value *again;
    pid_t child;
    h.config = new_config(script_url(server));
    OK(runloop_client_new(h.config, &h.client, E));
    OK(runloop_devbox_attach(h.client, "dbx_1", &h.devbox, E));
    OK(runloop_execution_attach(h.devbox, "exec_1", &h.execution, E));
    OK(runloop_execution_stream(h.execution, RUNLOOP_STDOUT, NULL, &h.stream, E));
    OK(runloop_params_new(&h.params, E));
    OK(runloop_cancel_new(&h.cancel, E));
    CHECK_INT(runloop_params_set_int(h.params, "", 1, &h.error), RUNLOOP_INVALID_ARGUMENT);
    script_answer(server, 200, "", DEVBOX);
    OK(runloop_devbox_get_info(h.devbox, NULL, &h.info, E));

    child = fork();
    if (!child) {
        alarm(60);
        in_the_child(&h);
        exit(0); /* with all that runs at an exit */
    }
    reap(child);
    child = plain_fork();
    if (!child) {
        alarm(60);
        in_the_child(&h);
        exit(0);
    }
    reap(child);

    /* What the child freed is the parent's still. */
    script_answer(server, 200, "", DEVBOX);
    OK(runloop_devbox_get_info(h.devbox, NULL, &again, E));
    CHECK_TEXT(runloop_value_json(h.info, NULL), runloop_value_json(again, NULL));
    CHECK_HAS(runloop_error_message(h.error), "Pointer");
    runloop_value_free(again);
    CHECK_INT(runloop_live_handles(NULL), 9);
    runloop_output_stream_free(h.stream);
    runloop_execution_free(h.execution);
    runloop_devbox_free(h.devbox);
    runloop_client_free(h.client);
    runloop_params_free(h.params);
    runloop_value_free(h.info);
    runloop_config_free(h.config);
    runloop_cancel_free(h.cancel);
    runloop_error_free(h.error);
    script_stop(server);
    use_once();
    group("a fork with a live client: its handles are refused there, all well here");
}

static atomic_int stop_calling;

static void *call_all_the_time(void *argument)
{
    runloop_client *client = (runloop_client *)argument;
    while (!stop_calling) {
        runloop_devbox *devbox;
        runloop_params *params;
        runloop_error *error;
        runloop_value *info;
        runloop_devbox_attach(client, "dbx_1", &devbox, NULL);
        runloop_params_new(&params, NULL);
        runloop_params_set_int(params, "", 1, &error);
        runloop_devbox_get_info(devbox, NULL, &info, NULL);
        runloop_value_free(info);
        runloop_error_free(error);
        runloop_params_free(params);
        runloop_devbox_free(devbox);
    }
    return NULL;
}

/* Whatever lock a thread holds at the moment of the fork, the child does not wait for it. */
static void while_others_call(void)
{
    runloop_config *config = new_config("http://127.0.0.1:1");
    runloop_client *client;
    runloop_devbox *devbox;
    pthread_t threads[3];
    int i;
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &client, E));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    for (i = 0; i < 3; i++) CHECK(!pthread_create(&threads[i], NULL, call_all_the_time, client));
    for (i = 0; i < 100; i++) {
        pid_t child = fork();
        if (!child) {
            runloop_error *error;
            runloop_value *info;
            alarm(20);
            check_forked(runloop_devbox_get_info(devbox, NULL, &info, &error), error);
            runloop_devbox_free(devbox);
            runloop_client_free(client);
            runloop_config_free(config);
            use_once();
            exit(0);
        }
        reap(child);
    }
    stop_calling = 1;
    for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    runloop_config_free(config);
    group("forks while other threads call");
}

/* Parent and child each are process 1 of a namespace, and connected to one server. */
static void in_nested_namespaces(void)
{
    pid_t outer;
    if (unshare(CLONE_NEWPID)) {
        group("nested process namespaces: not allowed here");
        return;
    }
    outer = fork();
    if (!outer) {
        script_server *server = script_start();
        runloop_client *client = new_client(script_url(server));
        runloop_value *account;
        pid_t inner;
        CHECK_INT(getpid(), 1);
        alarm(60);
        script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", SCRIPT_HOLD);
        OK(runloop_account_me(client, NULL, &account, E));
        runloop_value_free(account);
        CHECK(!unshare(CLONE_NEWPID));
        inner = fork();
        if (!inner) {
            runloop_error *error;
            CHECK_INT(getpid(), 1);
            alarm(60);
            check_forked(runloop_account_me(client, NULL, &account, &error), error);
            use_once();
            exit(0);
        }
        reap(inner);
        CHECK_INT(script_requests(server), 1);
        runloop_client_free(client);
        exit(0);
    }
    reap(outer);
    group("nested process namespaces, where both are process 1");
}

/* A child that executes another program is no concern of the library's. */
static void with_exec(const char *self)
{
    runloop_client *client = new_client("http://127.0.0.1:1");
    pid_t child = fork();
    if (!child) {
        execl(self, self, "alone", (char *)NULL);
        _exit(127);
    }
    reap(child);
    runloop_client_free(client);
    group("a fork and another program");
}

int main(int count, char **arguments)
{
    begin("test_fork");
    if (count > 1) {
        use_once();
        return finish();
    }
    before_the_first_use();
    after_a_use();
    with_a_live_client();
    while_others_call();
    with_exec(arguments[0]);
    in_nested_namespaces();
    return finish();
}
