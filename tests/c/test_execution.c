/* Commands that were started: state, end, kill, input. */

#include "harness.h"

#include <pthread.h>

static runloop_client *client;
static runloop_devbox *devbox;

static runloop_execution *started(const char *command, const runloop_exec_options *exec)
{
    runloop_execution *execution;
    OK(runloop_devbox_exec_async(devbox, command, exec, NULL, &execution, E));
    CHECK_TEXT(runloop_execution_devbox_id(execution), runloop_devbox_id(devbox));
    return execution;
}

static void check_state(runloop_execution *execution, const char *expected)
{
    runloop_value *state;
    const char *status;
    OK(runloop_execution_get_state(execution, NULL, &state, E));
    OK(runloop_value_get_string(state, "/status", &status, NULL, E));
    CHECK_TEXT(status, expected);
    OK(runloop_value_get_string(state, "/execution_id", &status, NULL, E));
    CHECK_TEXT(status, runloop_execution_id(execution));
    runloop_value_free(state);
}

static int has_ended(runloop_execution *execution)
{
    runloop_value *state;
    const char *status;
    int ended;
    OK(runloop_execution_get_state(execution, NULL, &state, E));
    OK(runloop_value_get_string(state, "/status", &status, NULL, E));
    ended = !strcmp(status, "completed");
    runloop_value_free(state);
    return ended;
}

static void check_end(runloop_execution *execution, int code, int outcome, const char *out)
{
    runloop_exec_result *result;
    runloop_bytes *bytes;
    OK(runloop_execution_result(execution, NULL, &result, E));
    CHECK_INT(runloop_exec_result_exit_code(result), code);
    CHECK_INT(runloop_exec_result_outcome(result), outcome);
    CHECK_TEXT(runloop_exec_result_execution_id(result), runloop_execution_id(execution));
    OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, out);
    runloop_exec_result_free(result);
}

static void state_and_end(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_execution *execution = started("echo begun; while [ ! -e go ]; do sleep 0.05; done; echo done; exit 9", NULL), *attached;
    runloop_exec_result *result;
    check_state(execution, "running");
    options.poll_timeout_ms = 300;
    CHECK_STATUS(runloop_execution_result(execution, &options, &result, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK(result == NULL);
    CHECK_HAS(last_message(), runloop_execution_id(execution));
    options.poll_timeout_ms = 0;
    options.deadline_ms = 300;
    CHECK_STATUS(runloop_execution_result(execution, &options, &result, E), RUNLOOP_DEADLINE);
    check_state(execution, "running");
    OK(runloop_execution_attach(devbox, runloop_execution_id(execution), &attached, E));
    CHECK_INT(run(devbox, "touch go", NULL, NULL), 0);
    check_end(execution, 9, RUNLOOP_OUTCOME_EXITED, "begun\ndone\n");
    check_end(execution, 9, RUNLOOP_OUTCOME_EXITED, "begun\ndone\n");
    check_end(attached, 9, RUNLOOP_OUTCOME_EXITED, "begun\ndone\n");
    check_state(attached, "completed");
    OK(runloop_execution_kill(execution, 1, NULL, E)); /* has ended: fine */
    runloop_execution_free(attached);
    OK(runloop_execution_attach(devbox, "exec_nobody", &attached, E));
    {
        runloop_value *state;
        CHECK_STATUS(runloop_execution_get_state(attached, NULL, &state, E), RUNLOOP_NOT_FOUND);
        CHECK_HAS(last_message(), "exec_nobody");
        CHECK_STATUS(runloop_execution_result(attached, NULL, &result, E), RUNLOOP_NOT_FOUND);
    }
    runloop_execution_free(attached);
    /* The handle goes, the command stays. */
    runloop_execution_free(execution);
    execution = started("sleep 998", NULL);
    EVENTUALLY(process_left("sleep 998") > 0);
    OK(runloop_execution_attach(devbox, runloop_execution_id(execution), &attached, E));
    runloop_execution_free(execution);
    check_state(attached, "running");
    OK(runloop_execution_kill(attached, 1, NULL, E));
    check_end(attached, 137, RUNLOOP_OUTCOME_SIGNALLED, "");
    runloop_execution_free(attached);
    group("state, waiting, end, attach");
}

static void kills(void)
{
    runloop_execution *execution = started("echo x; sleep 991 & sleep 992; true", NULL);
    EVENTUALLY(process_left("sleep 991") && process_left("sleep 992"));
    OK(runloop_execution_kill(execution, 0, NULL, E));
    check_end(execution, 137, RUNLOOP_OUTCOME_SIGNALLED, "x\n");
    CHECK(process_left("sleep 991")); /* the command alone */
    runloop_execution_free(execution);
    CHECK_INT(run(devbox, "pkill -x -f 'sleep 99[12]'", NULL, NULL), 0);
    EVENTUALLY(processes_left() == 0);

    execution = started("echo x; sleep 993 & sleep 994; true", NULL);
    EVENTUALLY(process_left("sleep 993") && process_left("sleep 994"));
    OK(runloop_execution_kill(execution, 1, NULL, E));
    check_end(execution, 137, RUNLOOP_OUTCOME_SIGNALLED, "x\n");
    EVENTUALLY(processes_left() == 0);
    OK(runloop_execution_kill(execution, 1, NULL, E));
    runloop_execution_free(execution);
    group("kill, with and without what the command has started");
}

static int32_t collect(void *user_data, int32_t stream, const char *data, size_t length)
{
    CHECK_INT(stream, RUNLOOP_STDOUT);
    strncat((char *)user_data, data, length);
    return 0;
}

static void limits_of_a_started_command(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_execution *execution;
    char heard[256] = "";
    exec.timeout_ms = 2000;
    execution = started("echo early; sleep 995 & sleep 995", &exec);
    {
        runloop_exec_result *result;
        runloop_bytes *bytes;
        OK(runloop_execution_result(execution, NULL, &result, E));
        CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_TIMED_OUT);
        OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, "early\n");
        runloop_exec_result_free(result);
    }
    EVENTUALLY(processes_left() == 0);
    runloop_execution_free(execution);

    /* The output functions hear each result from the first byte. */
    exec.timeout_ms = 0;
    exec.on_stdout = collect;
    exec.user_data = heard;
    execution = started("echo a; echo b", &exec);
    CHECK_TEXT(heard, "");
    check_end(execution, 0, RUNLOOP_OUTCOME_EXITED, "a\nb\n");
    CHECK_TEXT(heard, "a\nb\n");
    check_end(execution, 0, RUNLOOP_OUTCOME_EXITED, "a\nb\n");
    CHECK_TEXT(heard, "a\nb\na\nb\n");
    runloop_execution_free(execution);
    group("timeout and output functions of a started command");
}

/* A command whose end is looked for only when its time is over has not run out of time if it had ended before. */
static void ended_in_time(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    int listening;
    for (listening = 0; listening < 2; listening++) {
        runloop_execution *execution;
        char heard[256] = "";
        exec.timeout_ms = 1;
        exec.on_stdout = listening ? collect : NULL;
        exec.user_data = heard;
        execution = started("sleep 997 >/dev/null 2>&1 & echo in time; exit 5", &exec);
        EVENTUALLY(has_ended(execution));
        journal_clear();
        check_end(execution, 5, RUNLOOP_OUTCOME_EXITED, "in time\n");
        CHECK_TEXT(heard, listening ? "in time\n" : "");
        CHECK_INT(journal_count("executions.kill"), 0);
        /* What the shell has forked may not have become it yet. */
        EVENTUALLY(process_left("sleep 997") == 1);
        runloop_execution_free(execution);
        CHECK_INT(run(devbox, "pkill -x -f 'sleep 997'", NULL, NULL), 0);
        EVENTUALLY(processes_left() == 0);
    }
    group("a command that ended in time is neither killed nor said to have timed out");
}

static void input(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_execution *execution;
    char expected[2048] = "", line[64];
    int i;
    exec.attach_stdin = 1;
    execution = started("cat; echo end", &exec);
    journal_clear();
    OK(runloop_execution_send_stdin(execution, "", NULL, E));
    CHECK_INT(journal_count(NULL), 0);
    for (i = 0; i < 40; i++) {
        snprintf(line, sizeof line, "line %d \xc3\xa4 'quoted' $X%s", i, i % 2 ? "\n" : " ");
        strcat(expected, line);
        OK(runloop_execution_send_stdin(execution, line, NULL, E));
    }
    strcat(expected, "end\n");
    check_state(execution, "running");
    OK(runloop_execution_close_stdin(execution, NULL, E));
    check_end(execution, 0, RUNLOOP_OUTCOME_EXITED, expected);
    CHECK_STATUS(runloop_execution_send_stdin(execution, "late", NULL, E), RUNLOOP_WRONG_STATE);
    CHECK_HAS(last_message(), runloop_execution_id(execution));
    runloop_execution_free(execution);

    execution = started("trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.05; done", &exec);
    {
        runloop_output_stream *stream;
        const char *data;
        int32_t which;
        size_t length;
        OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
        OK(runloop_output_stream_next(stream, NULL, &which, &data, &length, E));
        CHECK_INT(length, 6);
        CHECK(!memcmp(data, "ready\n", 6));
        runloop_output_stream_free(stream);
    }
    OK(runloop_execution_interrupt(execution, NULL, E));
    check_end(execution, 7, RUNLOOP_OUTCOME_EXITED, "ready\ninterrupted\n");
    runloop_execution_free(execution);

    execution = started("sleep 996", NULL);
    CHECK_STATUS(runloop_execution_send_stdin(execution, "text", NULL, E), RUNLOOP_WRONG_STATE);
    CHECK_HAS(last_message(), "attach_stdin");
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_execution_id(execution));
    CHECK_STATUS(runloop_execution_close_stdin(execution, NULL, E), RUNLOOP_WRONG_STATE);
    CHECK_STATUS(runloop_execution_interrupt(execution, NULL, E), RUNLOOP_WRONG_STATE);
    OK(runloop_execution_kill(execution, 1, NULL, E));
    runloop_execution_free(execution);

    /* A text whose arrival is not known is not sent again. */
    execution = started("cat", &exec);
    fault("executions.send_std_in", 0, 1, "{\"type\":\"close\",\"when\":\"after\"}");
    CHECK_STATUS(runloop_execution_send_stdin(execution, "once\n", NULL, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    faults_clear();
    OK(runloop_execution_close_stdin(execution, NULL, E));
    check_end(execution, 0, RUNLOOP_OUTCOME_EXITED, "once\n");
    runloop_execution_free(execution);
    group("input: text in order, its end, interrupt");
}

static void *wait_for_end(void *argument)
{
    check_end((runloop_execution *)argument, 0, RUNLOOP_OUTCOME_EXITED, "shared\n");
    forget_error();
    return NULL;
}

static void several_waiters(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_execution *execution;
    pthread_t threads[4];
    int i;
    exec.attach_stdin = 1;
    execution = started("cat", &exec);
    for (i = 0; i < 4; i++) CHECK(!pthread_create(&threads[i], NULL, wait_for_end, execution));
    OK(runloop_execution_send_stdin(execution, "shared\n", NULL, E));
    OK(runloop_execution_close_stdin(execution, NULL, E));
    for (i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    runloop_execution_free(execution);
    group("several threads wait for one end");
}

int main(void)
{
    begin("test_execution");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    state_and_end();
    kills();
    limits_of_a_started_command();
    ended_in_time();
    input();
    several_waiters();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
