/* Devboxes changed, looked into, suspended and resumed. */

#include "scripted.h"

#define STATE(state) "{\"id\":\"dbx_1\",\"status\":\"" state "\"}"

static runloop_devbox *devbox;

static void looked_into(void)
{
    runloop_params *params = params_of("{\"name\":\"other\",\"metadata\":{}}");
    runloop_value *value;
    int64_t number;
    answer("{\"id\":\"dbx_1\",\"status\":\"running\",\"name\":\"other\"}");
    OK(runloop_devbox_update(devbox, params, NULL, &value, E));
    check_answer(value, "/name", "other");
    check_sent(0, "POST /v1/devboxes/dbx_1", "{\"name\":\"other\",\"metadata\":{}}");
    runloop_params_free(params);
    answer("{\"id\":\"dbx_1\",\"vcpu_seconds\":9}");
    OK(runloop_devbox_usage(devbox, NULL, &value, E));
    OK(runloop_value_get_int(value, "/vcpu_seconds", &number, E));
    CHECK_INT(number, 9);
    runloop_value_free(value);
    check_sent(0, "GET /v1/devboxes/dbx_1/usage", "");
    answer("{\"logs\":[{\"message\":\"hello\"}]}");
    OK(runloop_devbox_logs(devbox, NULL, NULL, &value, E));
    check_answer(value, "/logs/0/message", "hello");
    check_sent(0, "GET /v1/devboxes/dbx_1/logs", "");
    params = params_of("{\"execution_id\":\"exec 1\"}");
    answer("{\"logs\":[]}");
    OK(runloop_devbox_logs(devbox, params, NULL, &value, E));
    runloop_value_free(value);
    check_sent(0, "GET /v1/devboxes/dbx_1/logs?execution_id=exec%201", "");
    runloop_params_free(params);
    group("changed and looked into");
}

static void suspended_and_resumed(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    int before = script_requests(server);
    options.poll_interval_ms = 10;
    answer(STATE("suspending"));
    script_answer(server, 408, "", "{\"message\":\"not yet\"}");
    answer(STATE("suspending"));
    answer(STATE("running"));
    answer(STATE("suspended"));
    OK(runloop_devbox_suspend(devbox, &options, &info, E));
    check_answer(info, "/status", "suspended");
    CHECK_INT(script_requests(server), before + 5);
    check_sent(4, "POST /v1/devboxes/dbx_1/suspend", "");
    check_sent(0, "POST /v1/devboxes/dbx_1/wait_for_status",
               "{\"statuses\":[\"suspended\",\"failure\",\"shutdown\"],\"timeout_seconds\":25.0}");

    /* Seen suspended, and then unknown, for a moment still. */
    answer(STATE("suspended"));
    answer(STATE("suspended"));
    answer(STATE("resuming"));
    answer(STATE("running"));
    OK(runloop_devbox_resume(devbox, &options, &info, E));
    check_answer(info, "/status", "running");
    check_sent(3, "POST /v1/devboxes/dbx_1/resume", "");
    check_sent(0, "POST /v1/devboxes/dbx_1/wait_for_status",
               "{\"statuses\":[\"running\",\"failure\",\"shutdown\"],\"timeout_seconds\":25.0}");

    /* What was meant for the request itself is not sent with the questions that follow. */
    {
        runloop_params *extra = params_of("{\"force\":true}");
        char *first, *second;
        options.idempotency_key = "once";
        options.extra_body = extra;
        options.extra_query = extra;
        answer(STATE("suspending"));
        answer(STATE("suspended"));
        OK(runloop_devbox_suspend(devbox, &options, NULL, E));
        check_sent(1, "POST /v1/devboxes/dbx_1/suspend?force=true", "{\"force\":true}");
        check_sent(0, "POST /v1/devboxes/dbx_1/wait_for_status",
                   "{\"statuses\":[\"suspended\",\"failure\",\"shutdown\"],\"timeout_seconds\":25.0}");
        first = script_header(server, script_requests(server) - 2, "x-request-id");
        second = script_header(server, script_requests(server) - 1, "x-request-id");
        CHECK_TEXT(first, "once");
        CHECK(second && strcmp(second, "once"));
        free(first);
        free(second);
        runloop_params_free(extra);
    }

    before = script_requests(server);
    answer(STATE("suspended"));
    OK(runloop_devbox_resume_async(devbox, NULL, &info, E));
    check_answer(info, "/status", "suspended");
    CHECK_INT(script_requests(server), before + 1);
    answer(STATE("suspended"));
    OK(runloop_devbox_await_suspended(devbox, NULL, NULL, E));

    /* Waiting for it to run outlasts what is seen before a resume shows. */
    answer(STATE("suspended"));
    answer(STATE("resuming"));
    answer(STATE("running"));
    options = (runloop_call_options)RUNLOOP_CALL_OPTIONS_INIT;
    options.poll_interval_ms = 10;
    OK(runloop_devbox_await_running(devbox, &options, &info, E));
    check_answer(info, "/status", "running");
    group("suspended and resumed");
}

static void failures(void)
{
    runloop_value *info;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    int before;
    answer(STATE("suspending"));
    answer("{\"id\":\"dbx_1\",\"status\":\"failure\",\"failure_reason\":\"out_of_disk\"}");
    CHECK_STATUS(runloop_devbox_suspend(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    CHECK(info == NULL);
    CHECK_HAS(last_message(), "dbx_1 is not suspended: its state is failure (out_of_disk)");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    answer(STATE("shutdown"));
    CHECK_STATUS(runloop_devbox_await_suspended(devbox, NULL, NULL, E), RUNLOOP_DEVBOX_FAILED);
    answer(STATE("resuming"));
    answer(STATE("shutdown"));
    CHECK_STATUS(runloop_devbox_resume(devbox, NULL, NULL, E), RUNLOOP_DEVBOX_FAILED);
    CHECK_HAS(last_message(), "does not run: its state is shutdown");
    /* The service refuses: nothing is waited for. */
    before = script_requests(server);
    script_answer(server, 400, "", "{\"message\":\"it is shut down\"}");
    CHECK_STATUS(runloop_devbox_suspend(devbox, NULL, NULL, E), RUNLOOP_BAD_REQUEST);
    CHECK_INT(script_requests(server), before + 1);
    options.poll_timeout_ms = 1500;
    options.poll_interval_ms = 3000;
    answer(STATE("suspending"));
    answer(STATE("suspending"));
    CHECK_STATUS(runloop_devbox_suspend(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "to be suspended");
    CHECK_HAS(last_message(), "last seen suspending");
    group("what fails names the state");
}

int main(void)
{
    begin("test_devbox_life");
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    looked_into();
    suspended_and_resumed();
    failures();
    runloop_devbox_free(devbox);
    scripted_stop();
    return finish();
}
