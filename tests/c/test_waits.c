/* How waits end, and what their errors say: the state that is told is the present one, and each cause has its next step. */

#include "scripted.h"
#include "heard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define RUNNING "{\"id\":\"dbx_1\",\"status\":\"running\"}"
#define PROVISIONING "{\"id\":\"dbx_1\",\"status\":\"provisioning\"}"

static runloop_devbox *devbox;

static void start(void)
{
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
}

static void stop(void)
{
    runloop_devbox_free(devbox);
    scripted_stop();
}

/* ---- the end of a wait ---- */

static void present_states(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    int what;
    for (what = 0; what < 3; what++) {
        start();
        options.poll_timeout_ms = 1500;
        options.poll_interval_ms = what == 2 ? 600000 : 0;
        answer(PROVISIONING);
        /* Since then the server says nothing, fails, or has not been asked. */
        if (what == 0) script_add(server, "", SCRIPT_HOLD);
        if (what == 1) script_answer(server, 503, "Retry-After: 50\r\n", "{}");
        answer(RUNNING);
        OK(runloop_devbox_await_running(devbox, &options, &info, E));
        check_answer(info, "/status", "running");
        check_sent(0, "GET /v1/devboxes/dbx_1", "");
        stop();
    }
    group("a wait whose time is over tells the present state, not an old one");

    start();
    options.poll_interval_ms = 600000;
    answer(PROVISIONING);
    script_answer(server, 500, "", "{}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "last seen provisioning");
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 500");
    answer(PROVISIONING);
    script_add(server, "", SCRIPT_HOLD);
    /* The call ends while the state is asked for: its wait was over before. */
    options.deadline_ms = 2500;
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "last seen provisioning");
    stop();
    group("where the present state cannot be had, the last one is told");
}

/* A proxy that ends every request which is not answered soon: what is waited for has come about, and only a request that is not
 * held says so. */
static void cut_off_holds(void)
{
    runloop_value *info;
    int i;
    start();
    for (i = 0; i < 3; i++) script_add(server, "", SCRIPT_CUT_OFF);
    answer(RUNNING);
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    check_answer(info, "/status", "running");
    check_sent(0, "GET /v1/devboxes/dbx_1", "");
    stop();
    group("a wait whose holds are all cut off asks for the state");

    start();
    for (i = 0; i < 3; i++) script_add(server, "", SCRIPT_CUT_OFF);
    script_answer(server, 502, "", "{}");
    script_add(server, "", SCRIPT_CUT_OFF);
    answer(RUNNING);
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    check_answer(info, "/status", "running");
    CHECK_INT(script_requests(server), 6);
    check_sent(2, "GET /v1/devboxes/dbx_1", "");
    stop();
    group("where the state cannot be had either, it goes on for a while");

    start();
    for (i = 0; i < 3; i++) script_add(server, "", SCRIPT_CUT_OFF);
    script_answer(server, 404, "", "{\"message\":\"There is no devbox dbx_1\"}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), 4);
    stop();
    group("what the service says of the state for good ends the wait");
}

/* An answer with this text of thousands of characters in it. */
static void answer_long(int http, const char *before, const char *after)
{
    char words[5001], body[6000];
    memset(words, 'x', 5000);
    words[5000] = 0;
    snprintf(body, sizeof body, "{\"id\":\"dbx_1\",%s%s%s}", before, words, after);
    script_answer(server, http, "", body);
}

static void long_words(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    int i;
    start();
    options.poll_timeout_ms = 500;
    options.poll_interval_ms = 600000;
    /* A busy machine asks for the state again at the end. */
    for (i = 0; i < 3; i++) answer_long(200, "\"status\":\"", "\"");
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_HAS(last_message(), "last seen xxx");
    CHECK(strlen(last_message()) < 3000);
    stop();
    start();
    answer_long(200, "\"status\":\"failure\",\"failure_reason\":\"", "\"");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_DEVBOX_FAILED);
    CHECK_HAS(last_message(), "(xxx");
    CHECK(strlen(last_message()) < 3000);
    answer_long(400, "\"message\":\"no\",\"code\":\"", "\"");
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    CHECK(strlen(runloop_error_code(last_error())) < 3000);
    stop();
    group("a message holds no more than a part of a long text of the server's");
}

static void *cancel_the_second(void *cancel)
{
    EVENTUALLY(script_requests(server) == 2);
    OK(runloop_cancel_trigger((runloop_cancel *)cancel, E));
    return NULL;
}

/* What reads on when it is called again says so. */
static void ended_calls(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_execution *execution;
    runloop_output_stream *output;
    runloop_event_stream *events;
    runloop_cancel *cancel;
    runloop_value *info;
    pthread_t thread;
    const char *data;
    size_t length;
    int32_t which;
    int i;
    start();
    OK(runloop_cancel_new(&cancel, E));
    options.cancel = cancel;
    answer(PROVISIONING);
    script_add(server, "", SCRIPT_HOLD);
    CHECK(!pthread_create(&thread, NULL, cancel_the_second, cancel));
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_CANCELLED);
    CHECK(!pthread_join(thread, NULL));
    CHECK_INT(runloop_error_attempts(last_error()), 2);
    runloop_cancel_free(cancel);
    options.cancel = NULL;
    options.deadline_ms = 300;
    for (i = 0; i < 3; i++) script_add(server, "", SCRIPT_HOLD);
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    OK(runloop_eviction_watch(client, NULL, &events, E));
    CHECK_STATUS(runloop_event_stream_next(events, &options, &info, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    runloop_event_stream_free(events);
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_execution_stream(execution, RUNLOOP_STDOUT, NULL, &output, E));
    CHECK_STATUS(runloop_output_stream_next(output, &options, &which, &data, &length, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    runloop_output_stream_free(output);
    runloop_execution_free(execution);
    stop();
    group("waits and streams that are ended say how often they have asked, and that they can go on");

    start();
    OK(runloop_eviction_watch(client, NULL, &events, E));
    for (i = 0; i < 20; i++) script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_event_stream_next(events, NULL, &info, E), RUNLOOP_BROKEN);
    CHECK_INT(runloop_error_attempts(last_error()), script_requests(server));
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    CHECK_HAS(last_message(), "Ask for the next event again");
    runloop_event_stream_free(events);
    stop();
    group("a stream that ends again and again says what to do");
}

/* ---- what the log says of them ---- */

static void logged(void)
{
    runloop_event_stream *stream;
    runloop_value *info;
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
    start();
    answer(PROVISIONING);
    script_answer(server, 502, "", "{}");
    answer(RUNNING);
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    runloop_value_free(info);
    EVENTUALLY(times_heard("wait_for_status: attempt 2 failed (HTTP 502), again in"));
    OK(runloop_eviction_watch(client, NULL, &stream, E));
    script_answer(server, 502, "", "{}");
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"devbox_id\":\"dbx_1\",\"eviction_deadline_ms\":5}\n\n", SCRIPT_HOLD);
    OK(runloop_event_stream_next(stream, NULL, &info, E));
    runloop_value_free(info);
    runloop_event_stream_free(stream);
    EVENTUALLY(times_heard("evictions/watch: not opened"));
    stop();
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    CHECK_INT(times_heard("giving up"), 0);
    group("a wait and a stream that go on are not said to be given up");
}

static void hints(void)
{
    static const struct {
        int http;
        const char *headers;
        long long after;
    } told[] = {{429, "Retry-After: 1\r\nRetry-After: 100\r\n", 100000},
                {503, "Retry-After: 18446744073709551616\r\n", INT64_MAX},
                {429, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nDate: Fri, 31 Dec 9999 23:58:29 GMT\r\n", 90000},
                {429, "Retry-After: 2, 100\r\n", 100000},
                {429, "Retry-After: -5\r\n", -1}};
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    size_t i;
    for (i = 0; i < sizeof told / sizeof *told; i++) {
        start();
        options.max_retries = told[i].after < 0 ? -1 : 0;
        script_answer(server, told[i].http, told[i].headers, "{}");
        CHECK(runloop_devbox_get_info(devbox, &options, &info, E));
        CHECK_INT(runloop_error_retry_after_ms(last_error()), told[i].after);
        CHECK_INT(script_requests(server), 1);
        if (told[i].after > 0) {
            answer(PROVISIONING);
            script_answer(server, told[i].http, told[i].headers, "{}");
            CHECK(runloop_devbox_await_running(devbox, NULL, &info, E));
            CHECK_INT(script_requests(server), 3);
        }
        stop();
    }
    start();
    script_answer(server, 404, "Content-Type: text/html\r\n", "<html>Not found</html>");
    CHECK_STATUS(runloop_devbox_get_info(devbox, NULL, &info, E), RUNLOOP_NOT_FOUND);
    CHECK_HAS(last_message(), "answer in its place?");
    CHECK_HAS_NOT(last_message(), "?.");
    CHECK_HAS_NOT(last_message(), "identifier");
    stop();
    group("a long pause ends the call, however it is said; a gateway's page is not taken for the service's word");
}

/* ---- what the server said before an outage ---- */

static void *ask(void *argument)
{
    runloop_value *info;
    int32_t status = runloop_devbox_get_info((runloop_devbox *)argument, NULL, &info, NULL);
    if (status == RUNLOOP_OK) runloop_value_free(info);
    return status == RUNLOOP_OK ? argument : NULL;
}

static void outages_hide_no_pause(void)
{
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    pthread_t thread;
    void *succeeded;
    char url[64];
    double told;
    once.max_retries = -1;
    start();
    snprintf(url, sizeof url, "%s", script_url(server));
    script_answer(server, 503, "Retry-After: 3\r\n", "{}");
    told = seconds();
    CHECK_STATUS(runloop_devbox_get_info(devbox, &once, &info, E), RUNLOOP_SERVER);
    script_stop(server);
    OK(runloop_log_set(hear, NULL, RUNLOOP_LOG_DEBUG, E));
    CHECK(!pthread_create(&thread, NULL, ask, devbox));
    EVENTUALLY(times_heard("attempt 1 failed"));
    OK(runloop_log_set(NULL, NULL, RUNLOOP_LOG_OFF, E));
    server = script_start_at(url);
    answer(RUNNING);
    CHECK(!pthread_join(thread, &succeeded));
    CHECK(succeeded != NULL);
    CHECK(seconds() - told >= 3);
    stop();
    group("a pause that the server asked for is kept to after a refused connection too");
}

/* A rate is one key's; a server that is away is away for all. */
static void other_keys(void)
{
    static const struct {
        int http;
        const char *key;
        int32_t then;
    } told[] = {{429, "another-key", RUNLOOP_OK}, {429, TOKEN, RUNLOOP_DEADLINE}, {503, "another-key", RUNLOOP_DEADLINE}};
    size_t i;
    for (i = 0; i < sizeof told / sizeof *told; i++) {
        runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT, bounded = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_config *config;
        runloop_client *other;
        runloop_devbox *its;
        runloop_value *info;
        start();
        once.max_retries = -1;
        script_answer(server, told[i].http, "Retry-After: 50\r\n", "{}");
        CHECK(runloop_devbox_get_info(devbox, &once, &info, E));
        config = new_config(script_url(server));
        OK(runloop_config_set_bearer_token(config, told[i].key, E));
        OK(runloop_client_new(config, &other, E));
        runloop_config_free(config);
        OK(runloop_devbox_attach(other, "dbx_1", &its, E));
        bounded.deadline_ms = told[i].then == RUNLOOP_OK ? 40000 : 3000;
        script_answer(server, 500, "", "{}");
        answer(RUNNING);
        CHECK_STATUS(runloop_devbox_get_info(its, &bounded, &info, E), told[i].then);
        if (told[i].then == RUNLOOP_OK) runloop_value_free(info);
        runloop_devbox_free(its);
        runloop_client_free(other);
        stop();
    }
    group("a pause for a rate is kept to by those who use the same key, one for an outage by all");
}

/* ---- each cause has its next step ---- */

static void states(void)
{
    static const struct {
        int http;
        const char *body, *next;
    } said[] = {
        {400, "{\"message\":\"devbox dbx_1 is not running: it is in state suspended\"}", "Resume the devbox"},
        {400, "{\"message\":\"devbox dbx_1 is not running: it is in state provisioning\"}", "Wait until the devbox runs."},
        {400, "{\"message\":\"devbox dbx_1 cannot be suspended: it is in state shutdown\"}", "Create another devbox."},
        {422, "{\"message\":\"Devbox must be running\"}", "Wait until the devbox runs, resume it if it is suspended, or create another."},
        {409, "{\"message\":\"The devbox is suspended.\"}", "Resume the devbox"},
        {400, "{\"message\":\"name is too long\"}", "Correct the parameters."},
    };
    runloop_execution *execution;
    size_t i;
    start();
    for (i = 0; i < sizeof said / sizeof *said; i++) {
        script_answer(server, said[i].http, "", said[i].body);
        CHECK(runloop_devbox_exec_async(devbox, "true", NULL, NULL, &execution, E));
        CHECK_HAS(last_message(), said[i].next);
        if (i < 5) CHECK_HAS_NOT(last_message(), "parameters");
    }
    stop();
    group("a devbox that does not run is waited for, resumed, or left");
}

static void expect(const char *url, int32_t status, const char *next, const char *no)
{
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_client *lost = new_client(url);
    runloop_devbox *there;
    runloop_value *info;
    once.max_retries = -1;
    OK(runloop_devbox_attach(lost, "dbx_1", &there, E));
    CHECK_STATUS(runloop_devbox_get_info(there, &once, &info, E), status);
    CHECK_HAS(last_message(), next);
    CHECK_HAS_NOT(last_message(), no);
    runloop_devbox_free(there);
    runloop_client_free(lost);
}

/* A server that answers the first bytes of a connection with these, whatever they are. */
struct talker {
    int listener, port;
    const char *words;
    pthread_t thread;
};

static void *talk(void *argument)
{
    struct talker *talker = (struct talker *)argument;
    char heard[4096];
    int fd;
    while ((fd = accept(talker->listener, NULL, NULL)) >= 0) {
        if (recv(fd, heard, sizeof heard, 0) > 0) CHECK(send(fd, talker->words, strlen(talker->words), MSG_NOSIGNAL) >= 0);
        /* What is unread would make a reset of the end, which may overtake the words. */
        shutdown(fd, SHUT_WR);
        while (recv(fd, heard, sizeof heard, 0) > 0) continue;
        close(fd);
    }
    return NULL;
}

static void talker_start(struct talker *talker, const char *words)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    talker->words = words;
    talker->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(talker->listener >= 0);
    CHECK(!bind(talker->listener, (struct sockaddr *)&address, sizeof address));
    CHECK(!listen(talker->listener, 16));
    CHECK(!getsockname(talker->listener, (struct sockaddr *)&address, &size));
    talker->port = ntohs(address.sin_port);
    CHECK(!pthread_create(&talker->thread, NULL, talk, talker));
}

static void talker_stop(struct talker *talker)
{
    shutdown(talker->listener, SHUT_RDWR);
    CHECK(!pthread_join(talker->thread, NULL));
    close(talker->listener);
}

static void schemes(void)
{
    static const char alert[] = {0x15, 3, 1, 0, 2, 2, 0x16};
    struct talker talker;
    char url[64];
    talker_start(&talker, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    snprintf(url, sizeof url, "https://127.0.0.1:%d", talker.port);
    expect(url, RUNLOOP_CONNECT, "looks like plain HTTP", "and that the server runs");
    CHECK_HAS(last_message(), "RUNLOOP_BASE_URL");
    talker.words = "";
    expect(url, RUNLOOP_CONNECT, "ended the connection while TLS began", "the network and the proxy");
    talker_stop(&talker);
    group("https:// to a server that speaks plain HTTP");

    start();
    script_add_bytes(server, alert, sizeof alert, SCRIPT_CLOSE);
    expect(script_url(server), RUNLOOP_BROKEN, "begin it with https://", "RUNLOOP_API_KEY");
    script_answer(server, 400, "Content-Type: text/plain\r\n", "Client sent an HTTP request to an HTTPS server.\n");
    expect(script_url(server), RUNLOOP_BAD_REQUEST, "begin the base URL with https://", "parameters");
    script_answer(server, 400, "Content-Type: text/html\r\n", "<html>400 The plain HTTP request was sent to HTTPS port</html>");
    expect(script_url(server), RUNLOOP_BAD_REQUEST, "begin the base URL with https://", "parameters");
    stop();
    group("http:// to a server that speaks TLS");
}

static void open_files(void)
{
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    struct rlimit before, none;
    runloop_value *info;
    start();
    answer(RUNNING);
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    runloop_value_free(info);
    once.max_retries = -1;
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    none = before;
    none.rlim_cur = 3;
    CHECK(!setrlimit(RLIMIT_NOFILE, &none));
    CHECK_STATUS(runloop_devbox_get_info(devbox, &once, &info, E), RUNLOOP_CONNECT);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK_HAS(last_message(), "RLIMIT_NOFILE");
    CHECK_HAS_NOT(last_message(), "RUNLOOP_BASE_URL");
    answer(RUNNING);
    OK(runloop_devbox_get_info(devbox, NULL, &info, E));
    check_answer(info, "/status", "running");
    stop();
    group("where no file can be opened the limit is named");
}

int main(void)
{
    begin("test_waits");
    logged();
    hints();
    present_states();
    cut_off_holds();
    long_words();
    ended_calls();
    outages_hide_no_pause();
    other_keys();
    states();
    schemes();
    open_files();
    return finish();
}
