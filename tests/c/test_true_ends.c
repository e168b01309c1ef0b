/* Errors whose next step, side effect and word on another attempt agree, and ends that are taken for what they are. */

#include "harness.h"
#include "script_server.h"

#define EXECUTION(status) "{\"execution_id\":\"exec_1\",\"devbox_id\":\"dbx_1\",\"status\":\"" status "\"}"
#define DEVBOX(status) "{\"id\":\"dbx_1\",\"status\":\"" status "\"}"

static script_server *server;
static runloop_client *client;
static runloop_devbox *devbox;
static runloop_execution *execution;

static void start(void)
{
    server = script_start();
    client = new_client(script_url(server));
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
}

static void stop(void)
{
    runloop_execution_free(execution);
    execution = NULL;
    runloop_devbox_free(devbox);
    OK(runloop_client_close(client, E));
    runloop_client_free(client);
    script_stop(server);
}

static void answer(int status, const char *body)
{
    script_answer(server, status, "", body);
}

/* No answer comes: the server ends the connection, or holds it. */
static void lost(void)
{
    script_add(server, "", SCRIPT_CLOSE);
}

static void held(void)
{
    script_add(server, "", SCRIPT_HOLD);
}

static void check_error(int retryable, int side_effect)
{
    CHECK_INT(runloop_error_retryable(last_error()), retryable);
    CHECK_INT(runloop_error_side_effect(last_error()), side_effect);
    if (retryable != RUNLOOP_RETRYABLE_YES) {
        CHECK_HAS_NOT(last_message(), "Try again");
        CHECK_HAS_NOT(last_message(), "Wait again");
        CHECK_HAS_NOT(last_message(), "Make the call again");
    }
}

/* ---- a command that goes on when it has been killed ---- */

static int32_t ignore(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data;
    (void)stream;
    (void)data;
    (void)length;
    return 0;
}

static void check_killed_in_vain(int32_t status, int retryable)
{
    CHECK_STATUS(status, RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "exec_1 was killed when its timeout of 200 ms was over, and has not ended");
    CHECK_HAS_NOT(last_message(), "deadline_ms");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "exec_1");
    check_error(retryable, RUNLOOP_SIDE_EFFECT_HAPPENED);
}

static void killed_in_vain(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    exec.timeout_ms = 200;
    start();
    answer(200, EXECUTION("running"));
    held(); /* the wait */
    answer(200, EXECUTION("running")); /* a look before the kill */
    answer(200, EXECUTION("running")); /* the kill */
    held(); /* the wait */
    answer(200, EXECUTION("running")); /* the state */
    OK(runloop_devbox_exec_async(devbox, "sleep 1000", &exec, NULL, &execution, E));
    check_killed_in_vain(runloop_execution_result(execution, NULL, &result, E), RUNLOOP_RETRYABLE_YES);
    CHECK_INT(script_requests(server), 6);
    stop();

    exec.on_stdout = ignore;
    start();
    answer(200, EXECUTION("running"));
    held(); /* the output */
    answer(200, EXECUTION("running")); /* a look before the kill */
    answer(200, EXECUTION("running")); /* the kill */
    answer(200, EXECUTION("running")); /* the state */
    answer(200, EXECUTION("running")); /* the kill behind the call */
    check_killed_in_vain(runloop_devbox_exec(devbox, "sleep 1000", &exec, NULL, &result, E), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK_HAS(last_message(), "is being killed");
    stop();
    group("a command that goes on when its timeout has killed it");
}

/* ---- next steps ---- */

static void next_steps(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_value *value;
    runloop_devbox *made;
    options.max_retries = -1;
    start();
    answer(503, "{\"message\":\"busy\"}");
    CHECK_STATUS(runloop_account_me(client, &options, &value, E), RUNLOOP_SERVER);
    check_error(RUNLOOP_RETRYABLE_YES, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(last_message(), "Try again later.");

    script_answer(server, 503, "x-should-retry: false\r\n", "{\"message\":\"busy\"}");
    CHECK_STATUS(runloop_account_me(client, &options, &value, E), RUNLOOP_SERVER);
    check_error(RUNLOOP_RETRYABLE_NO, RUNLOOP_SIDE_EFFECT_NONE);

    answer(503, "{\"message\":\"busy\"}");
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", NULL, &options, &result, E), RUNLOOP_SERVER);
    check_error(RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_HAS(last_message(), "Look at what there is before making the call again.");

    lost();
    CHECK_STATUS(runloop_devbox_exec(devbox, "true", NULL, &options, &result, E), RUNLOOP_BROKEN);
    check_error(RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_UNKNOWN);
    lost();
    CHECK_STATUS(runloop_account_me(client, &options, &value, E), RUNLOOP_BROKEN);
    check_error(RUNLOOP_RETRYABLE_YES, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(last_message(), "Make the call again.");
    stop();

    options.poll_timeout_ms = 300;
    start();
    held();
    answer(200, DEVBOX("provisioning"));
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    check_error(RUNLOOP_RETRYABLE_YES, RUNLOOP_SIDE_EFFECT_NONE);
    CHECK_HAS(last_message(), "Wait again, or allow more by poll_timeout_ms.");
    stop();

    start();
    answer(200, DEVBOX("provisioning"));
    held();
    answer(200, DEVBOX("provisioning"));
    answer(200, DEVBOX("shutdown"));
    CHECK_STATUS(runloop_devbox_create(client, NULL, &options, &made, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "is being shut down");
    CHECK_HAS(last_message(), "Allow more by poll_timeout_ms.");
    CHECK_HAS_NOT(last_message(), "Wait again");
    stop();

    start();
    answer(200, EXECUTION("running"));
    held();
    answer(200, EXECUTION("completed"));
    CHECK_STATUS(runloop_devbox_exec(devbox, "sleep 1000", NULL, &options, &result, E), RUNLOOP_WAIT_TIMED_OUT);
    check_error(RUNLOOP_RETRYABLE_UNKNOWN, RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK_HAS(last_message(), "Allow more by poll_timeout_ms.");
    stop();
    group("next steps that agree with what else the error says");
}

/* ---- what an attempt has done whose answer was lost ---- */

static int32_t shut_down(void)
{
    return runloop_devbox_shutdown(devbox, NULL, NULL, E);
}

static int32_t suspend(void)
{
    return runloop_devbox_suspend(devbox, NULL, NULL, E);
}

static int32_t resume(void)
{
    return runloop_devbox_resume(devbox, NULL, NULL, E);
}

static int32_t kill_it(void)
{
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    return runloop_execution_kill(execution, 1, NULL, E);
}

static int32_t remove_tunnel(void)
{
    return runloop_devbox_remove_tunnel(devbox, NULL, E);
}

static int32_t delete_object(void)
{
    runloop_object *object;
    int32_t status;
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    status = runloop_object_delete(object, NULL, NULL, E);
    runloop_object_free(object);
    return status;
}

static void done_before(void)
{
    static const struct {
        const char *what;
        int32_t (*call)(void);
        const char *said[4];
        const char *then;
        const char *refused;
    } cases[] = {
        {"shutdown", shut_down,
            {"Cannot shut down devbox dbx_1 in state shutdown", "devbox dbx_1 cannot be shut down: it is in state shutdown", "Devbox is shut down"}, NULL,
            "Cannot shut down devbox: it is not in state shutdown but locked"},
        {"suspend", suspend, {"Cannot suspend devbox dbx_1 in state suspended", "the devbox is suspending", "Devbox is not in state running"},
            DEVBOX("suspended"), "a devbox of this kind cannot be suspended"},
        {"resume", resume, {"Cannot resume devbox dbx_1 in state running", "devbox is resuming", "Devbox is not in state suspended"},
            DEVBOX("running"), "the account may have no more devboxes"},
        {"kill", kill_it, {"Cannot kill execution in state completed", "the execution has ended", "the execution is not running"}, NULL,
            "signals are not supported"},
        {"remove_tunnel", remove_tunnel, {"the devbox has no tunnel", "Tunnel is not enabled"}, NULL, "tunnels are not for this account"},
        {"delete", delete_object, {"Cannot delete object in state DELETED", "the object has been deleted"}, NULL, "the object is in use"},
    };
    char body[200];
    size_t i, k;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (k = 0; k < 4 && cases[i].said[k]; k++) {
            start();
            snprintf(body, sizeof body, "{\"message\":\"%s\"}", cases[i].said[k]);
            lost();
            answer(400, body);
            if (cases[i].then) answer(200, cases[i].then);
            OK(cases[i].call());
            CHECK_INT(script_requests(server), cases[i].then ? 3 : 2);
            stop();
        }
        start();
        snprintf(body, sizeof body, "{\"message\":\"%s\"}", cases[i].refused);
        lost();
        answer(400, body);
        CHECK_STATUS(cases[i].call(), RUNLOOP_BAD_REQUEST);
        stop();
        group(cases[i].what);
    }
}

/* ---- an object that fails as it is completed ---- */

static void failed_objects(void)
{
    runloop_object *object;
    char created[300];
    start();
    OK(runloop_object_from_id(client, "obj_1", &object, E));
    answer(200, "{\"id\":\"obj_1\",\"state\":\"ERROR\"}");
    CHECK_STATUS(runloop_object_complete(object, NULL, NULL, E), RUNLOOP_WRONG_STATE);
    CHECK_HAS(last_message(), "ERROR");
    CHECK_TEXT(runloop_error_resource_id(last_error()), "obj_1");
    check_error(RUNLOOP_RETRYABLE_NO, RUNLOOP_SIDE_EFFECT_HAPPENED);
    lost();
    answer(200, "{\"id\":\"obj_1\",\"state\":\"ERROR\"}");
    CHECK_STATUS(runloop_object_complete(object, NULL, NULL, E), RUNLOOP_WRONG_STATE);
    runloop_object_free(object);
    stop();

    start();
    snprintf(created, sizeof created, "{\"id\":\"obj_1\",\"state\":\"UPLOADING\",\"upload_url\":\"%s/put?signature=x\"}", script_url(server));
    answer(200, created);
    answer(200, "");
    answer(200, "{\"id\":\"obj_1\",\"state\":\"ERROR\"}");
    answer(200, "{\"id\":\"obj_1\",\"state\":\"DELETED\"}");
    CHECK_STATUS(runloop_object_upload_from_text(client, "name", "text", NULL, NULL, &object, E), RUNLOOP_WRONG_STATE);
    CHECK_HAS(last_message(), "is being deleted");
    stop();
    group("an object that fails as it is completed");
}

int main(void)
{
    begin("test_true_ends");
    next_steps();
    done_before();
    failed_objects();
    killed_in_vain();
    return finish();
}
