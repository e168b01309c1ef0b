/* Commands run to their end: results, surroundings, limits, output functions. */

#include "harness.h"

#include <pthread.h>

static runloop_client *client;
static runloop_devbox *devbox;

static runloop_exec_result *finished(const char *command, const runloop_exec_options *exec)
{
    runloop_exec_result *result;
    OK(runloop_devbox_exec(devbox, command, exec, NULL, &result, E));
    CHECK(result != NULL);
    return result;
}

static void check_result(runloop_exec_result *result, int code, int outcome, const char *out, const char *err)
{
    runloop_bytes *bytes;
    CHECK_INT(runloop_exec_result_exit_code(result), code);
    CHECK_INT(runloop_exec_result_outcome(result), outcome);
    CHECK_INT(runloop_exec_result_success(result), outcome == RUNLOOP_OUTCOME_EXITED && code == 0);
    CHECK(runloop_exec_result_execution_id(result) != NULL);
    if (out) {
        OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, out);
    }
    if (err) {
        OK(runloop_exec_result_stderr(result, 0, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, err);
    }
    runloop_exec_result_free(result);
}

static char *numbers(int from, int to)
{
    char *text = (char *)allocate((size_t)(to - from + 1) * 12 + 1), *at = text;
    *at = 0;
    for (; from <= to; from++) at += sprintf(at, "%d\n", from);
    return text;
}

static void results(void)
{
    runloop_exec_result *result;
    runloop_value *value;
    const char *id;
    check_result(finished("true", NULL), 0, RUNLOOP_OUTCOME_EXITED, "", "");
    check_result(finished("exit 3", NULL), 3, RUNLOOP_OUTCOME_EXITED, "", "");
    check_result(finished("exit 255", NULL), 255, RUNLOOP_OUTCOME_EXITED, "", "");
    check_result(finished("printf out; printf err >&2; false", NULL), 1, RUNLOOP_OUTCOME_EXITED, "out", "err");
    check_result(finished("kill -KILL $$", NULL), 137, RUNLOOP_OUTCOME_SIGNALLED, "", NULL);
    check_result(finished("kill -TERM $$", NULL), 143, RUNLOOP_OUTCOME_SIGNALLED, "", NULL);
    check_result(finished("shopt -q login_shell && pwd && cd && pwd | sed s/.*/same/ | uniq # a comment at the end", NULL), 0, RUNLOOP_OUTCOME_EXITED, NULL, "");
    check_result(finished("cat <<X\n$((6*7)) 'quoted' \"twice\" \\$X\nX", NULL), 0, RUNLOOP_OUTCOME_EXITED, "42 'quoted' \"twice\" $X\n", "");
    check_result(finished("no-such-command-7", NULL), 127, RUNLOOP_OUTCOME_EXITED, "", NULL);
    check_result(finished("cat", NULL), 0, RUNLOOP_OUTCOME_EXITED, "", ""); /* its input is empty */

    result = finished("echo seen", NULL);
    OK(runloop_exec_result_value(result, &value, E));
    OK(runloop_value_get_string(value, "/execution_id", &id, NULL, E));
    CHECK_TEXT(id, runloop_exec_result_execution_id(result));
    OK(runloop_value_get_string(value, "/status", &id, NULL, E));
    CHECK_TEXT(id, "completed");
    runloop_value_free(value);
    check_result(result, 0, RUNLOOP_OUTCOME_EXITED, "seen\n", "");
    group("exit codes, outcomes, both outputs");
}

static void last_lines(void)
{
    static const struct {
        int64_t last_n;
        const char *expected;
    } cases[] = {{1, "c\n"}, {2, "b\nc\n"}, {3, "a\nb\nc\n"}, {4, "a\nb\nc\n"}, {0, "a\nb\nc\n"}, {INT64_MAX, "a\nb\nc\n"}};
    runloop_exec_result *result = finished("printf 'a\\nb\\nc\\n'; printf 'x\\ny' >&2", NULL);
    runloop_bytes *bytes;
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        OK(runloop_exec_result_stdout(result, cases[i].last_n, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, cases[i].expected);
    }
    OK(runloop_exec_result_stderr(result, 1, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, "y");
    runloop_exec_result_free(result);
    group("the last n lines");
}

static void truncated_answers(void)
{
    runloop_exec_result *result;
    runloop_bytes *bytes;
    char *all = numbers(1, 1000), *end = numbers(991, 1000);
    int i;
    journal_clear();
    result = finished("seq 1 1000; seq 1 1000 >&2", NULL);
    OK(runloop_exec_result_stdout(result, 10, NULL, &bytes, E));
    CHECK_OUTPUT(bytes, end);
    CHECK_INT(journal_count(NULL), 1);
    for (i = 0; i < 2; i++) {
        OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, all);
        OK(runloop_exec_result_stderr(result, 1000, NULL, &bytes, E));
        CHECK_OUTPUT(bytes, all);
        if (i == 0) journal_clear();
    }
    /* What was fetched is kept. */
    CHECK_INT(journal_count(NULL), 0);
    runloop_exec_result_free(result);
    free(all);
    free(end);
    group("output that the answer truncated is fetched whole, once");
}

static void surroundings(void)
{
    const char *const environment[] = {"VALUE=a'b \"c\" $HOME `x` \\ \n\xc3\xbc", "EMPTY=", "WITH=a=b", NULL};
    const char *const misleading[] = {"CDPATH=/tmp/elsewhere", "BASH_FUNC_cd%%=() { builtin cd /; }", NULL};
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_bytes *out;
    char name[64];
    exec.working_directory = "/usr";
    exec.environment = environment;
    check_result(finished("printf '%s|%s|%s|%s' \"$VALUE\" \"${EMPTY-unset}\" \"$WITH\" \"$PWD\"", &exec), 0, RUNLOOP_OUTCOME_EXITED,
                 "a'b \"c\" $HOME `x` \\ \n\xc3\xbc||a=b|/usr", "");
    check_result(finished("printf '%s' \"${VALUE-unset}\"", NULL), 0, RUNLOOP_OUTCOME_EXITED, "unset", "");
    CHECK_INT(run(devbox, "mkdir -p \"/tmp/it's a \\$folder\"", NULL, NULL), 0);
    exec.working_directory = "/tmp/it's a $folder";
    check_result(finished("pwd", &exec), 0, RUNLOOP_OUTCOME_EXITED, "/tmp/it's a $folder\n", "");
    CHECK_INT(run(devbox, "rmdir \"/tmp/it's a \\$folder\"", NULL, NULL), 0);
    /* Whatever leads cd elsewhere: the directory is the one that is named. */
    CHECK_INT(run(devbox, "mkdir -p ~/here ~/- /tmp/elsewhere/here", NULL, NULL), 0);
    exec.environment = misleading;
    exec.working_directory = "here";
    check_result(finished("[ \"$PWD\" = ~/here ] && echo right", &exec), 0, RUNLOOP_OUTCOME_EXITED, "right\n", "");
    exec.working_directory = "-";
    check_result(finished("[ \"$PWD\" = ~/- ] && echo right", &exec), 0, RUNLOOP_OUTCOME_EXITED, "right\n", "");
    exec.environment = environment;
    CHECK_INT(run(devbox, "rm -r ~/here ~/- /tmp/elsewhere", NULL, NULL), 0);
    exec.working_directory = "/no/such/folder";
    {
        runloop_exec_result *result = finished("echo must not run", &exec);
        CHECK(runloop_exec_result_exit_code(result) != 0);
        OK(runloop_exec_result_stderr(result, 0, NULL, &out, E));
        CHECK_HAS(runloop_bytes_data(out), "/no/such/folder");
        runloop_bytes_free(out);
        check_result(result, runloop_exec_result_exit_code(result), RUNLOOP_OUTCOME_EXITED, "", NULL);
    }

    exec.working_directory = NULL;
    CHECK_INT(run(devbox, "id -un", &out, NULL), 0);
    snprintf(name, sizeof name, "%s", runloop_bytes_data(out));
    name[strcspn(name, "\n")] = 0;
    runloop_bytes_free(out);
    exec.user = name;
    check_result(finished("printf %s \"$VALUE\"; exit 4", &exec), 4, RUNLOOP_OUTCOME_EXITED, environment[0] + strlen("VALUE="), "");
    CHECK_INT(run(devbox, "id -u", &out, NULL), 0);
    if (!strcmp(runloop_bytes_data(out), "0\n")) {
        exec.user = "nobody";
        exec.working_directory = "/usr";
        check_result(finished("id -un; pwd; printf %s \"$WITH\"", &exec), 0, RUNLOOP_OUTCOME_EXITED, "nobody\n/usr\na=b", "");
        group("directory, environment, user");
    } else {
        group("directory, environment (the devbox's user is not root, so no other user)");
    }
    runloop_bytes_free(out);
}

static void requests(void)
{
    char *body;
    journal_clear();
    check_result(finished("echo quick", NULL), 0, RUNLOOP_OUTCOME_EXITED, "quick\n", "");
    CHECK_INT(journal_count(NULL), 1);
    CHECK_INT(journal_count("devboxes.execute"), 1);
    CHECK_TEXT(body = journal_at("devboxes.execute", 0, "/body/command"), "echo quick");
    free(body);

    /* The service waits for 25 s, here 0.25 s; then the library waits for longer. */
    settings("{\"time_scale\":100}");
    journal_clear();
    check_result(finished("sleep 0.7; echo slow; exit 5", NULL), 5, RUNLOOP_OUTCOME_EXITED, "slow\n", "");
    CHECK_INT(journal_count("devboxes.execute"), 1);
    CHECK(journal_count("devboxes.wait_for_command") >= 1);
    settings("{\"time_scale\":1}");
    group("a quick command is one request, a slow one is waited for");
}

static int32_t count_bytes(void *user_data, int32_t stream, const char *data, size_t length)
{
    CHECK(stream == RUNLOOP_STDOUT && length > 0 && data);
    *(size_t *)user_data += length;
    return 0;
}

/* What nothing but a first request may carry. */
static void check_plain(const char *operation)
{
    int i, count = journal_count(operation);
    CHECK(count > 0);
    for (i = 0; i < count; i++) {
        char *member = journal_at(operation, i, "/body/flavour"), *query = journal_at(operation, i, "/query");
        char *key = journal_at(operation, i, "/headers/x-request-id"), *own = journal_at(operation, i, "/headers/x-own");
        if (member || (query && strstr(query, "flavour"))) fail_at(__FILE__, __LINE__, "%s carries what is the first request's", operation);
        if (key && !strcmp(key, "first-key")) fail_at(__FILE__, __LINE__, "%s carries the first request's key", operation);
        CHECK_TEXT(own, "mine");
        free(member), free(query), free(key), free(own);
    }
}

static int32_t stop_at_once(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream, (void)data, (void)length;
    return 1;
}

/* The kill behind a call that was stopped goes the way of the call, and is a request of its own. */
static void check_kill_behind(const runloop_call_options *opts)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    char *member, *query, *key, *own;
    exec.on_stdout = stop_at_once;
    journal_clear();
    CHECK_STATUS(runloop_devbox_exec(devbox, "echo x; sleep 991", &exec, opts, &result, E), RUNLOOP_STOPPED);
    EVENTUALLY(journal_count("executions.kill") == 1);
    check_plain("executions.stream_stdout_updates");
    member = journal_at("executions.kill", 0, "/body/flavour"), query = journal_at("executions.kill", 0, "/query");
    key = journal_at("executions.kill", 0, "/headers/x-request-id"), own = journal_at("executions.kill", 0, "/headers/x-own");
    CHECK(!member && strcmp(key, "first-key"));
    CHECK_HAS(query, "flavour");
    CHECK_TEXT(own, "mine");
    free(query), free(key), free(own);
    EVENTUALLY(processes_left() == 0);
}

/* The first request alone carries extra_body and the idempotency key; extra_query is carried by what cleans up behind the call too,
 * and extra_headers by all. */
static void extras(void)
{
    static const char *const firsts[] = {"devboxes.execute", "devboxes.execute_async"};
    runloop_call_options opts = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *extra = params_of("{\"flavour\":\"sweet\"}"), *headers = params_of("{\"x-own\":\"mine\"}");
    int i;
    opts.extra_query = opts.extra_body = extra;
    opts.extra_headers = headers;
    opts.idempotency_key = "first-key";
    settings("{\"time_scale\":100}");
    for (i = 0; i < 2; i++) {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_exec_result *result;
        char *text;
        size_t length = 0;
        if (i) {
            exec.on_stdout = count_bytes;
            exec.user_data = &length;
            exec.timeout_ms = 60000;
        }
        journal_clear();
        OK(runloop_devbox_exec(devbox, "sleep 0.7; echo slow", i ? &exec : NULL, &opts, &result, E));
        CHECK(runloop_exec_result_success(result));
        runloop_exec_result_free(result);
        CHECK_TEXT(text = journal_at(firsts[i], 0, "/body/flavour"), "sweet");
        free(text);
        CHECK_TEXT(text = journal_at(firsts[i], 0, "/headers/x-request-id"), "first-key");
        free(text);
        check_plain(i ? "executions.stream_stdout_updates" : "devboxes.wait_for_command");
    }
    settings("{\"time_scale\":1}");
    {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_exec_result *result;
        exec.timeout_ms = 300;
        journal_clear();
        OK(runloop_devbox_exec(devbox, "sleep 990", &exec, &opts, &result, E));
        CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_TIMED_OUT);
        runloop_exec_result_free(result);
        check_plain("executions.kill");
        check_plain("devboxes.wait_for_command");
    }
    check_kill_behind(&opts);
    runloop_params_free(extra);
    runloop_params_free(headers);
    group("what belongs to the first request goes with it alone");
}

/* ---- limits ---- */

static void killing_timeout(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    size_t count = 0;
    int i;
    exec.timeout_ms = 2000;
    exec.user_data = &count;
    for (i = 0; i < 2; i++) {
        runloop_exec_result *result = finished("echo before; echo err >&2; sleep 999 & sleep 999; echo after", &exec);
        check_result(result, runloop_exec_result_exit_code(result), RUNLOOP_OUTCOME_TIMED_OUT, "before\n", "err\n");
        EVENTUALLY(processes_left() == 0);
        exec.on_stdout = count_bytes; /* and the same again, with an output function */
    }
    CHECK_INT(count, 7);
    /* Whoever does not want to end is ended all the same. */
    {
        runloop_exec_result *result = finished("trap '' TERM INT HUP; echo stubborn; while :; do sleep 0.1; done", &exec);
        check_result(result, runloop_exec_result_exit_code(result), RUNLOOP_OUTCOME_TIMED_OUT, "stubborn\n", "");
        EVENTUALLY(processes_left() == 0);
    }
    /* In time: no difference. */
    exec.timeout_ms = 60000;
    check_result(finished("echo in time", &exec), 0, RUNLOOP_OUTCOME_EXITED, "in time\n", "");
    group("a killing timeout: nothing survives it, what was printed is there");
}

static void bounded_output(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    char *all = numbers(1, 5000);
    size_t length = strlen(all), count = 0;
    exec.max_output_bytes = 100;
    exec.user_data = &count;
    check_result(finished("seq 1 5000; echo short >&2", &exec), 0, RUNLOOP_OUTCOME_EXITED, all + length - 100, "short\n");
    exec.on_stdout = count_bytes;
    check_result(finished("seq 1 5000; seq 1 5000 >&2", &exec), 0, RUNLOOP_OUTCOME_EXITED, all + length - 100, all + length - 100);
    CHECK_INT(count, length);
    free(all);
    group("a bound on kept output");
}

/* ---- output functions ---- */

struct listener {
    char out[256], err[256];
    int pieces, stop_after, nested, over;
    pthread_t thread;
};

static int32_t listen_to(void *user_data, int32_t stream, const char *data, size_t length)
{
    struct listener *listener = (struct listener *)user_data;
    char *into = stream == RUNLOOP_STDERR ? listener->err : listener->out;
    CHECK(!listener->over);
    CHECK(stream == RUNLOOP_STDOUT || stream == RUNLOOP_STDERR);
    CHECK(pthread_equal(pthread_self(), listener->thread));
    CHECK(length > 0 && strlen(into) + length < sizeof listener->out);
    strncat(into, data, length);
    listener->pieces++;
    if (listener->nested) {
        runloop_bytes *out;
        runloop_value *info;
        listener->nested = 0;
        CHECK_INT(run(devbox, "touch ~/go-on; echo nested; exit 6", &out, NULL), 6);
        CHECK_OUTPUT(out, "nested\n");
        OK(runloop_devbox_get_info(devbox, NULL, &info, E));
        runloop_value_free(info);
    }
    return listener->stop_after && listener->pieces >= listener->stop_after;
}

static struct listener listener_of_this_thread(void)
{
    struct listener listener;
    memset(&listener, 0, sizeof listener);
    listener.thread = pthread_self();
    return listener;
}

static void output_functions(void)
{
    /* It waits for what is done with the first piece. */
    static const char command[] = "echo one; echo uno >&2; until [ -e ~/go-on ]; do sleep 0.05; done; echo two; exit 2";
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    struct listener listener = listener_of_this_thread();
    runloop_exec_result *result;

    exec.user_data = &listener;
    exec.on_output = listen_to;
    listener.nested = 1;
    check_result(finished(command, &exec), 2, RUNLOOP_OUTCOME_EXITED, "one\ntwo\n", "uno\n");
    CHECK_TEXT(listener.out, "one\ntwo\n");
    CHECK_TEXT(listener.err, "uno\n");
    listener.over = 1;

    listener = listener_of_this_thread();
    exec.on_output = NULL;
    exec.on_stderr = listen_to;
    check_result(finished(command, &exec), 2, RUNLOOP_OUTCOME_EXITED, "one\ntwo\n", "uno\n");
    CHECK_TEXT(listener.out, "");
    CHECK_TEXT(listener.err, "uno\n");

    listener = listener_of_this_thread();
    exec.on_stdout = listen_to;
    listener.nested = 1;
    check_result(finished(command, &exec), 2, RUNLOOP_OUTCOME_EXITED, "one\ntwo\n", "uno\n");
    CHECK_TEXT(listener.out, "one\ntwo\n");
    CHECK_TEXT(listener.err, "uno\n");
    CHECK_INT(listener.nested, 0);
    group("output functions: live, on this thread, calling into the library");

    listener = listener_of_this_thread();
    listener.stop_after = 1;
    exec.on_stderr = NULL;
    CHECK_STATUS(runloop_devbox_exec(devbox, "echo stop me; sleep 777 & sleep 777", &exec, NULL, &result, E), RUNLOOP_STOPPED);
    listener.over = 1;
    CHECK(result == NULL);
    CHECK_TEXT(listener.out, "stop me\n");
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK(runloop_error_resource_id(last_error()) != NULL);
    CHECK_HAS(last_message(), "killed");
    EVENTUALLY(processes_left() == 0);
    group("an output function that stops the call: the command is killed");
}

static int32_t on_any_output(void *user_data, int32_t stream, const char *data, size_t length)
{
    (void)user_data, (void)stream, (void)data, (void)length;
    return 0;
}

/* poll_timeout_ms means the same on every path of exec: the wait ends, and the command with it. */
static void limited_waits(void)
{
    static const char *const sleeps[] = {"sleep 7001", "sleep 7002", "sleep 7003"};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    int way;
    options.poll_timeout_ms = 2000;
    for (way = 0; way < 3; way++) {
        runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
        runloop_exec_result *result;
        if (way == 1) exec.on_output = on_any_output;
        if (way == 2) exec.timeout_ms = 600000;
        CHECK_STATUS(runloop_devbox_exec(devbox, sleeps[way], &exec, &options, &result, E), RUNLOOP_WAIT_TIMED_OUT);
        CHECK(result == NULL);
        CHECK_HAS(last_message(), "2000 ms");
        CHECK(runloop_error_side_effect(last_error()) != RUNLOOP_SIDE_EFFECT_NONE);
        CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_UNKNOWN);
        EVENTUALLY(!process_left(sleeps[way]));
    }
    group("a wait for a command that takes too long, without functions, with them, with a timeout");
}

/* The service answers when the command has ended, or the devbox runs: that is later than an attempt of other calls may take. */
static void held_answers(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_result *result;
    runloop_devbox *made;
    options.timeout_ms = 300;
    OK(runloop_devbox_exec(devbox, "sleep 1; echo slow", NULL, &options, &result, E));
    check_result(result, 0, RUNLOOP_OUTCOME_EXITED, "slow\n", "");
    fault("devboxes.create_and_await_running", 0, 1, "{\"type\":\"delay\",\"ms\":1000}");
    OK(runloop_devbox_create(client, NULL, &options, &made, E));
    shut_down_and_free(made);
    group("timeout_ms does not end an attempt whose answer the service holds back by design");
}

static void variables_of_any_name(void)
{
    const char *const environment[] = {"EUID=77", "a.b=dotted", "A;touch /tmp/x=odd", "PLAIN=plain", NULL};
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    exec.environment = environment;
    exec.working_directory = "/usr";
    check_result(finished("printf '%s|%s|%s|%s|%s' \"$EUID\" \"$(printenv a.b)\" \"$(printenv 'A;touch /tmp/x')\" \"$PLAIN\" \"$PWD\"; exit 4", &exec),
                 4, RUNLOOP_OUTCOME_EXITED, "77|dotted|odd|plain|/usr", "");
    group("variables of any name");
}

int main(void)
{
    begin("test_exec");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    results();
    last_lines();
    truncated_answers();
    surroundings();
    variables_of_any_name();
    limited_waits();
    held_answers();
    requests();
    extras();
    killing_timeout();
    bounded_output();
    output_functions();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
