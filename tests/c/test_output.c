/* Output arrives whole and in order, by each way there is, through whatever cuts the streams. */

#include "harness.h"

#include <pthread.h>

/* Lines of 14 bytes: 10 MB on standard output, 1 MB on standard error. */
enum { LINE = 14, OUT_LINES = 714286, ERR_LINES = 71429 };
static const char talk[] = "seq -f 'out %09.0f' 1 714286 & seq -f 'err %09.0f' 1 71429 >&2; wait";

static runloop_client *client;
static runloop_devbox *devbox;

/* ---- what is expected, checked as it comes ---- */

struct heard {
    size_t count[3];
};

static void hear(struct heard *heard, int32_t stream, const char *data, size_t length)
{
    size_t i;
    CHECK(stream == RUNLOOP_STDOUT || stream == RUNLOOP_STDERR);
    for (i = 0; i < length; i++) {
        size_t at = heard->count[stream] + i;
        char line[32];
        size_t rest = LINE - at % LINE < length - i ? LINE - at % LINE : length - i;
        snprintf(line, sizeof line, "%s %09zu\n", stream == RUNLOOP_STDOUT ? "out" : "err", at / LINE + 1);
        if (memcmp(data + i, line + at % LINE, rest))
            fail_at(__FILE__, __LINE__, "stream %d at byte %zu: \"%.*s\" is not of \"%s\"", stream, at, (int)rest, data + i, line);
        i += rest - 1;
    }
    heard->count[stream] += length;
}

static void check_all_heard(const struct heard *heard)
{
    CHECK_INT(heard->count[RUNLOOP_STDOUT], OUT_LINES * LINE);
    CHECK_INT(heard->count[RUNLOOP_STDERR], ERR_LINES * LINE);
}

static int32_t on_output(void *user_data, int32_t stream, const char *data, size_t length)
{
    hear((struct heard *)user_data, stream, data, length);
    return 0;
}

static void hear_bytes(struct heard *heard, int32_t stream, runloop_bytes *bytes)
{
    hear(heard, stream, runloop_bytes_data(bytes), runloop_bytes_length(bytes));
    runloop_bytes_free(bytes);
}

static void much_by(const char *way, runloop_exec_result *result, const struct heard *heard)
{
    CHECK_INT(runloop_exec_result_exit_code(result), 0);
    CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_EXITED);
    runloop_exec_result_free(result);
    check_all_heard(heard);
    group(way);
}

static void much_output(void)
{
    runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
    runloop_exec_result *result;
    struct heard heard = {{0}};
    runloop_bytes *bytes;

    exec.on_output = on_output;
    exec.user_data = &heard;
    OK(runloop_devbox_exec(devbox, talk, &exec, NULL, &result, E));
    check_all_heard(&heard);
    /* The result has all of it too. */
    memset(&heard, 0, sizeof heard);
    OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
    hear_bytes(&heard, RUNLOOP_STDOUT, bytes);
    OK(runloop_exec_result_stderr(result, 0, NULL, &bytes, E));
    hear_bytes(&heard, RUNLOOP_STDERR, bytes);
    much_by("10 MB and 1 MB by an output function", result, &heard);

    memset(&heard, 0, sizeof heard);
    OK(runloop_devbox_exec(devbox, talk, NULL, NULL, &result, E));
    OK(runloop_exec_result_stdout(result, 0, NULL, &bytes, E));
    hear_bytes(&heard, RUNLOOP_STDOUT, bytes);
    OK(runloop_exec_result_stderr(result, 0, NULL, &bytes, E));
    hear_bytes(&heard, RUNLOOP_STDERR, bytes);
    much_by("10 MB and 1 MB by the result", result, &heard);
}

/* ---- pulling ---- */

static void pull(runloop_execution *execution, int32_t which, struct heard *heard)
{
    runloop_output_stream *stream;
    const char *data;
    size_t length;
    int32_t from;
    int ends;
    OK(runloop_execution_stream(execution, which, NULL, &stream, E));
    for (;;) {
        OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
        if (!from) break;
        CHECK(from & which);
        CHECK(length > 0);
        hear(heard, from, data, length);
    }
    for (ends = 0; ends < 2; ends++) {
        CHECK(data == NULL && length == 0);
        OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E)); /* the end stays the end */
        CHECK_INT(from, 0);
    }
    runloop_output_stream_free(stream);
}

static void pulled_output(void)
{
    struct heard heard = {{0}};
    runloop_execution *execution;
    runloop_exec_result *result;
    OK(runloop_devbox_exec_async(devbox, talk, NULL, NULL, &execution, E));
    pull(execution, RUNLOOP_STDOUT | RUNLOOP_STDERR, &heard);
    OK(runloop_execution_result(execution, NULL, &result, E));
    much_by("10 MB and 1 MB by a stream of both, while they are produced", result, &heard);

    memset(&heard, 0, sizeof heard);
    pull(execution, RUNLOOP_STDERR, &heard);
    pull(execution, RUNLOOP_STDOUT, &heard);
    check_all_heard(&heard);
    runloop_execution_free(execution);
    group("by a stream of each, after the end");
}

static void deadlines_lose_nothing(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_execution *execution;
    runloop_output_stream *stream;
    const char *data;
    size_t length;
    int32_t from, status;
    char all[64] = "";
    int late = 0;
    OK(runloop_devbox_exec_async(devbox, "for i in 1 2 3; do echo $i; sleep 0.3; done", NULL, NULL, &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    options.deadline_ms = 40;
    for (;;) {
        status = runloop_output_stream_next(stream, &options, &from, &data, &length, E);
        if (status == RUNLOOP_DEADLINE) {
            late++;
            continue;
        }
        CHECK_STATUS(status, RUNLOOP_OK);
        if (!from) break;
        CHECK(strlen(all) + length < sizeof all);
        strncat(all, data, length);
    }
    CHECK_TEXT(all, "1\n2\n3\n");
    CHECK(late >= 3);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    group("a pull that passes its deadline has lost nothing");
}

static void bytes_that_are_no_text(void)
{
    runloop_bytes *out;
    size_t i, count;
    const char *data;
    /* Characters torn between writes arrive whole. */
    CHECK_INT(run(devbox, "printf '\\xc3'; sleep 0.2; printf '\\xa4\\xf0\\x9f'; sleep 0.2; printf '\\x98\\x80\\n'", &out, NULL), 0);
    CHECK_OUTPUT(out, "\xc3\xa4\xf0\x9f\x98\x80\n");
    /* What is no character is replaced by the service: everything around it is there. */
    CHECK_INT(run(devbox, "for i in $(seq 1 300); do printf 'a\\xff\\n'; done", &out, NULL), 0);
    data = runloop_bytes_data(out);
    count = runloop_bytes_length(out);
    CHECK_INT(count, 300 * 5);
    for (i = 0; i < count; i += 5) CHECK(!memcmp(data + i, "a\xef\xbf\xbd\n", 5));
    runloop_bytes_free(out);
    group("torn characters, and bytes that are no characters");
}

/* ---- cuts ---- */

enum { CUTS = 200, CUT_LINES = 12000, THREADS = 16 };
static const char *const ways[] = {"eof", "reset", "truncate", "event408"};
static int next_cut;
static pthread_mutex_t cut_lock = PTHREAD_MUTEX_INITIALIZER;
static char *cut_ids[CUTS];

/* The execution's stream of 12000 lines in three events is some 180 KB long. */
static void read_cut(const char *id, int cut, const char *way)
{
    runloop_execution *execution;
    struct heard heard = {{0}};
    char action[160];
    int after = 1 + cut * 900 + cut % 7;
    snprintf(action, sizeof action,
             "{\"operation\":\"executions.stream_stdout_updates\",\"match\":{\"path_contains\":\"%s\"},\"times\":%d,"
             "\"action\":",
             id, 1 + cut % 3);
    {
        char body[320];
        snprintf(body, sizeof body, "%s{\"type\":\"cut\",\"after_bytes\":%d,\"how\":\"%s\"}}", action, after, way);
        free(control("POST", "/_emulator/faults", body));
    }
    OK(runloop_execution_attach(devbox, id, &execution, E));
    pull(execution, RUNLOOP_STDOUT, &heard);
    if (heard.count[RUNLOOP_STDOUT] != CUT_LINES * LINE)
        fail_at(__FILE__, __LINE__, "cut after %d bytes by %s: %zu bytes, not %d", after, way, heard.count[RUNLOOP_STDOUT], CUT_LINES * LINE);
    CHECK_INT(heard.count[RUNLOOP_STDERR], 0);
    runloop_execution_free(execution);
}

static void *cutter(void *way)
{
    for (;;) {
        int cut;
        pthread_mutex_lock(&cut_lock);
        cut = next_cut++;
        pthread_mutex_unlock(&cut_lock);
        if (cut >= CUTS) break;
        read_cut(cut_ids[cut], cut, (const char *)way);
    }
    forget_error();
    return NULL;
}

static void cut_streams(void)
{
    size_t way;
    int i, meaning;
    for (i = 0; i < CUTS; i++) {
        runloop_exec_result *result;
        OK(runloop_devbox_exec(devbox, "seq -f 'out %09.0f' 1 12000", NULL, NULL, &result, E));
        cut_ids[i] = strdup(runloop_exec_result_execution_id(result));
        runloop_exec_result_free(result);
    }
    for (meaning = 0; meaning < 2; meaning++) {
        settings("{\"offset_meaning\":\"%s\"}", meaning ? "end" : "begin");
        for (way = 0; way < sizeof ways / sizeof *ways; way++) {
            pthread_t threads[THREADS];
            next_cut = 0;
            for (i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], NULL, cutter, (void *)ways[way]));
            for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
            CHECK(faults_fired() >= CUTS);
            faults_clear();
            printf("  offsets at the %s of a piece, %s: %d cuts\n", meaning ? "end" : "beginning", ways[way], CUTS);
        }
    }
    settings("{\"offset_meaning\":\"begin\"}");
    for (i = 0; i < CUTS; i++) free(cut_ids[i]);
    group("streams cut after 200 different byte counts, in four ways, under both meanings of the offset");
}

/* While the command still runs, and both outputs at once. */
static void cut_while_running(void)
{
    size_t way;
    int meaning;
    for (meaning = 0; meaning < 2; meaning++) {
        settings("{\"offset_meaning\":\"%s\"}", meaning ? "end" : "begin");
        for (way = 0; way < sizeof ways / sizeof *ways; way++) {
            runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;
            struct heard heard = {{0}};
            runloop_exec_result *result;
            exec.on_output = on_output;
            exec.user_data = &heard;
            fault("executions.stream_stdout_updates", 0, 5, "{\"type\":\"cut\",\"after_bytes\":70000,\"how\":\"%s\"}", ways[way]);
            fault("executions.stream_stderr_updates", 0, 5, "{\"type\":\"cut\",\"after_bytes\":3000,\"how\":\"%s\"}", ways[way]);
            OK(runloop_devbox_exec(devbox,
                                   "for i in 0 1 2 3; do seq -f 'out %09.0f' $((i * 3000 + 1)) $((i * 3000 + 3000));"
                                   " seq -f 'err %09.0f' $((i * 300 + 1)) $((i * 300 + 300)) >&2; sleep 0.1; done",
                                   &exec, NULL, &result, E));
            CHECK_INT(runloop_exec_result_outcome(result), RUNLOOP_OUTCOME_EXITED);
            runloop_exec_result_free(result);
            CHECK_INT(heard.count[RUNLOOP_STDOUT], 12000 * LINE);
            CHECK_INT(heard.count[RUNLOOP_STDERR], 1200 * LINE);
            CHECK(faults_fired() >= 2);
            faults_clear();
        }
    }
    settings("{\"offset_meaning\":\"begin\"}");
    group("both streams cut again and again while the command runs");
}

/* A stream that never comes further than a torn first event is told apart from one that has ended. */
static void cut_for_ever(void)
{
    runloop_execution *execution;
    runloop_output_stream *stream;
    struct heard heard = {{0}};
    const char *data;
    size_t length;
    int32_t from, status;
    OK(runloop_devbox_exec_async(devbox, "seq -f 'out %09.0f' 1 12000", NULL, NULL, &execution, E));
    fault("executions.stream_stdout_updates", 0, 0, "{\"type\":\"cut\",\"after_bytes\":20,\"how\":\"eof\"}");
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &stream, E));
    status = runloop_output_stream_next(stream, NULL, &from, &data, &length, E);
    CHECK_STATUS(status, RUNLOOP_BROKEN);
    CHECK_TEXT(runloop_error_resource_id(last_error()), runloop_execution_id(execution));
    faults_clear();
    /* And nothing is lost. */
    for (;;) {
        OK(runloop_output_stream_next(stream, NULL, &from, &data, &length, E));
        if (!from) break;
        hear(&heard, from, data, length);
    }
    CHECK_INT(heard.count[RUNLOOP_STDOUT], 12000 * LINE);
    runloop_output_stream_free(stream);
    runloop_execution_free(execution);
    group("a stream that brings nothing is an error, not an end");
}

int main(void)
{
    begin("test_output");
    emulator_start(NULL);
    client = new_client(NULL);
    devbox = new_devbox(client);
    much_output();
    pulled_output();
    deadlines_lose_nothing();
    bytes_that_are_no_text();
    cut_streams();
    cut_while_running();
    cut_for_ever();
    shut_down_and_free(devbox);
    runloop_client_free(client);
    return finish();
}
