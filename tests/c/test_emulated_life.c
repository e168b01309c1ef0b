/* Against the emulator: a devbox changed, looked into, suspended and resumed. */

#include "harness.h"

static runloop_client *client;

static void check_state(const runloop_value *info, const char *expected)
{
    const char *text;
    OK(runloop_value_get_string(info, "/status", &text, NULL, E));
    CHECK_TEXT(text, expected);
}

static void suspended_and_resumed(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *devbox = new_devbox(client);
    runloop_value *info;
    runloop_bytes *out;
    CHECK_INT(run(devbox, "echo kept > note; sleep 1000 >/dev/null 2>&1 &", NULL, NULL), 0);
    OK(runloop_devbox_suspend(devbox, NULL, &info, E));
    check_state(info, "suspended");
    runloop_value_free(info);
    CHECK(!process_left("sleep 1000"));
    OK(runloop_devbox_await_suspended(devbox, NULL, NULL, E));
    options.poll_timeout_ms = 300;
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, NULL, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "last seen suspended");
    OK(runloop_devbox_resume(devbox, NULL, &info, E));
    check_state(info, "running");
    runloop_value_free(info);
    CHECK_INT(run(devbox, "cat note", &out, NULL), 0);
    CHECK_OUTPUT(out, "kept\n");
    OK(runloop_devbox_suspend(devbox, NULL, NULL, E));
    OK(runloop_devbox_resume_async(devbox, NULL, NULL, E));
    EVENTUALLY(runloop_devbox_await_running(devbox, NULL, NULL, E) == RUNLOOP_OK);
    shut_down_and_free(devbox);
    group("suspended: processes end, the disk stays");
}

static void looked_into(void)
{
    runloop_devbox *devbox = new_devbox(client);
    runloop_params *params;
    runloop_value *value;
    const char *text;
    int64_t number;
    OK(runloop_params_new(&params, E));
    OK(runloop_params_set_string(params, "/name", "other", E));
    OK(runloop_params_set_string(params, "/metadata/a", "b", E));
    OK(runloop_devbox_update(devbox, params, NULL, NULL, E));
    runloop_params_free(params);
    OK(runloop_devbox_get_info(devbox, NULL, &value, E));
    OK(runloop_value_get_string(value, "/metadata/a", &text, NULL, E));
    CHECK_TEXT(text, "b");
    runloop_value_free(value);
    CHECK_INT(run(devbox, "echo to-be-found", NULL, NULL), 0);
    OK(runloop_devbox_logs(devbox, NULL, NULL, &value, E));
    CHECK_HAS(runloop_value_json(value, NULL), "to-be-found");
    runloop_value_free(value);
    OK(runloop_devbox_usage(devbox, NULL, &value, E));
    OK(runloop_value_get_int(value, "/total_elapsed_seconds", &number, E));
    CHECK(number >= 0);
    runloop_value_free(value);
    shut_down_and_free(devbox);
    group("changed and looked into");
}

int main(void)
{
    begin("test_emulated_life");
    emulator_start(NULL);
    client = new_client(NULL);
    suspended_and_resumed();
    looked_into();
    runloop_client_free(client);
    return finish();
}
