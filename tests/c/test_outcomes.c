/* What happened at the service, as errors tell it: it follows from what was asked, and from how far the request got. */

#include "scripted.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define RUNNING "{\"id\":\"dbx_1\",\"status\":\"running\"}"
#define PROVISIONING "{\"id\":\"dbx_1\",\"status\":\"provisioning\"}"
#define PAGE "<html>Please wait</html>"
#define HTML "Content-Type: text/html\r\n"

static runloop_devbox *devbox;
static runloop_execution *execution;
static runloop_snapshot *snapshot;

static void start(void)
{
    scripted_start();
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_snapshot_from_id(client, "snp_1", &snapshot, E));
}

static void stop(void)
{
    runloop_snapshot_free(snapshot);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    scripted_stop();
}

/* ---- one call of each kind ---- */

enum call { INFO, KEEP_ALIVE, UPDATE, WRITE, SHUTDOWN, KILL, REMOVE_TUNNEL, DELETE, RAW_DELETE, CREATE, EXEC, EXEC_ASYNC, STDIN, RAW_POST, CALLS };

static int only_reads(int call)
{
    return call == INFO;
}

static int ends_something(int call)
{
    return call >= SHUTDOWN && call <= RAW_DELETE;
}

static int must_not_happen_twice(int call)
{
    return call >= CREATE;
}

static int32_t make(int call, const runloop_call_options *options, runloop_error **error)
{
    runloop_value *value = NULL;
    runloop_exec_result *result = NULL;
    runloop_execution *started = NULL;
    runloop_devbox *created = NULL;
    int32_t status = -1;
    switch (call) {
    case INFO: status = runloop_devbox_get_info(devbox, options, &value, error); break;
    case KEEP_ALIVE: status = runloop_devbox_keep_alive(devbox, options, error); break;
    case UPDATE: status = runloop_devbox_update(devbox, NULL, options, &value, error); break;
    case WRITE: status = runloop_devbox_write_file(devbox, "/x", "text", 4, options, error); break;
    case SHUTDOWN: status = runloop_devbox_shutdown(devbox, options, &value, error); break;
    case KILL: status = runloop_execution_kill(execution, 1, options, error); break;
    case REMOVE_TUNNEL: status = runloop_devbox_remove_tunnel(devbox, options, error); break;
    case DELETE: status = runloop_snapshot_delete(snapshot, options, error); break;
    case RAW_DELETE: status = runloop_client_request(client, "DELETE", "/v1/x", NULL, NULL, options, NULL, NULL, NULL, NULL, error); break;
    case CREATE: status = runloop_devbox_create_async(client, NULL, options, &created, error); break;
    case EXEC: status = runloop_devbox_exec(devbox, "git push", NULL, options, &result, error); break;
    case EXEC_ASYNC: status = runloop_devbox_exec_async(devbox, "git push", NULL, options, &started, error); break;
    case STDIN: status = runloop_execution_send_stdin(execution, "y", options, error); break;
    case RAW_POST: status = runloop_client_request(client, "POST", "/v1/x", NULL, NULL, options, NULL, NULL, NULL, NULL, error); break;
    default: CHECK(0);
    }
    runloop_value_free(value);
    runloop_exec_result_free(result);
    runloop_execution_free(started);
    runloop_devbox_free(created);
    return status;
}

/* An error whose request may have arrived, and which time may heal. */
static void check_doubtful(int call)
{
    CHECK_INT(runloop_error_side_effect(last_error()), only_reads(call) ? RUNLOOP_SIDE_EFFECT_NONE : RUNLOOP_SIDE_EFFECT_UNKNOWN);
    CHECK_INT(runloop_error_retryable(last_error()), must_not_happen_twice(call) ? RUNLOOP_RETRYABLE_UNKNOWN : RUNLOOP_RETRYABLE_YES);
}

/* ---- ends of calls ---- */

static void past_the_deadline(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    int call;
    options.deadline_ms = 1000;
    start();
    for (call = 0; call < CALLS; call++) {
        script_add(server, "", SCRIPT_HOLD);
        CHECK_STATUS(make(call, &options, E), RUNLOOP_DEADLINE);
        check_doubtful(call);
    }
    stop();
    group("a deadline that passes while the server has the request");
}

static void *trigger(void *argument)
{
    EVENTUALLY(script_requests(server) > 0);
    OK(runloop_cancel_trigger((runloop_cancel *)argument, E));
    return NULL;
}

static void cancelled(void)
{
    static const int calls[] = {INFO, KEEP_ALIVE, SHUTDOWN, CREATE};
    size_t i;
    for (i = 0; i < sizeof calls / sizeof *calls; i++) {
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_cancel *cancel;
        pthread_t thread;
        OK(runloop_cancel_new(&cancel, E));
        options.cancel = cancel;
        start();
        script_add(server, "", SCRIPT_HOLD);
        CHECK(!pthread_create(&thread, NULL, trigger, cancel));
        CHECK_STATUS(make(calls[i], &options, E), RUNLOOP_CANCELLED);
        CHECK_INT(runloop_error_side_effect(last_error()), only_reads(calls[i]) ? RUNLOOP_SIDE_EFFECT_NONE : RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK(!pthread_join(thread, NULL));
        stop();
        runloop_cancel_free(cancel);
    }
    group("a cancellation while the server has the request");
}

/* A port that takes no connection: the kernel drops what its queue has no room for. */
static void never_sent(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    char url[64];
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), filling[8], call;
    size_t i;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(listener >= 0 && !bind(listener, (struct sockaddr *)&address, sizeof address) && !listen(listener, 0));
    CHECK(!getsockname(listener, (struct sockaddr *)&address, &size));
    for (i = 0; i < sizeof filling / sizeof *filling; i++) {
        filling[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)!connect(filling[i], (struct sockaddr *)&address, sizeof address);
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    client = new_client(url);
    OK(runloop_devbox_attach(client, "dbx_1", &devbox, E));
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    OK(runloop_snapshot_from_id(client, "snp_1", &snapshot, E));
    options.deadline_ms = 100;
    for (call = 0; call < CALLS; call++) {
        CHECK_STATUS(make(call, &options, E), RUNLOOP_DEADLINE);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
        CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    }
    runloop_snapshot_free(snapshot);
    runloop_execution_free(execution);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    for (i = 0; i < sizeof filling / sizeof *filling; i++) close(filling[i]);
    close(listener);
    group("a deadline that passes before there is a connection");
}

/* The command runs on: doing it again would do it twice. */
static void cut_off(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_exec_result *result;
    int before;
    options.deadline_ms = 2000;
    start();
    answer("{\"execution_id\":\"exec_7\",\"devbox_id\":\"dbx_1\",\"status\":\"running\"}");
    script_add(server, "", SCRIPT_HOLD);
    answer("{\"execution_id\":\"exec_7\",\"status\":\"completed\"}");
    CHECK_STATUS(runloop_devbox_exec(devbox, "git push", NULL, &options, &result, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_HAPPENED);
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_UNKNOWN);
    CHECK_TEXT(runloop_error_resource_id(last_error()), "exec_7");
    before = script_requests(server);
    EVENTUALLY(script_requests(server) >= 3);
    CHECK(before >= 2 && strstr(script_request(server, 2), "/executions/exec_7/kill ") != NULL);
    stop();
    group("a command that runs when its call is cut off");
}

/* ---- answers ---- */

static void refused_by_a_gateway(void)
{
    static const int statuses[] = {500, 502, 503, 504};
    runloop_call_options once = RUNLOOP_CALL_OPTIONS_INIT;
    int call, before;
    size_t i;
    once.max_retries = -1;
    start();
    for (call = 0; call < CALLS; call++) {
        for (i = 0; i < sizeof statuses / sizeof *statuses; i++) {
            script_answer(server, statuses[i], i % 2 ? HTML : "", i % 2 ? PAGE : "{\"message\":\"busy\"}");
            /* What must not happen twice needs no option to be sent once. */
            before = script_requests(server);
            CHECK_STATUS(make(call, must_not_happen_twice(call) ? NULL : &once, E), RUNLOOP_SERVER);
            check_doubtful(call);
            CHECK_INT(script_requests(server), before + 1);
        }
        script_answer(server, 403, HTML, PAGE);
        CHECK_STATUS(make(call, NULL, E), RUNLOOP_PERMISSION);
        CHECK_INT(runloop_error_side_effect(last_error()), only_reads(call) ? RUNLOOP_SIDE_EFFECT_NONE : RUNLOOP_SIDE_EFFECT_UNKNOWN);
        script_answer(server, 422, "", "{\"message\":\"no\"}");
        CHECK_STATUS(make(call, NULL, E), RUNLOOP_UNPROCESSABLE);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    }
    stop();
    group("answers of gateways, and of the service");
}

static void not_understood(void)
{
    static const char *const bodies[] = {"null", "{}", "", PAGE, "[]", "{\"id\":\"\"}", "{\"id\":\"..\"}", "{\"id\":7}", "{\"id\":"};
    size_t i;
    start();
    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        static const int calls[] = {CREATE, EXEC, EXEC_ASYNC};
        size_t which;
        for (which = 0; which < 3; which++) {
            script_answer(server, 200, bodies[i][0] == '<' ? HTML : "", bodies[i]);
            CHECK_STATUS(make(calls[which], NULL, E), RUNLOOP_PROTOCOL);
            CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
            CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_UNKNOWN);
            CHECK_INT(runloop_error_http_status(last_error()), 200);
        }
    }
    script_answer(server, 200, HTML, PAGE);
    CHECK_STATUS(make(SHUTDOWN, NULL, E), RUNLOOP_PROTOCOL);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    script_answer(server, 200, HTML, PAGE);
    CHECK_STATUS(make(INFO, NULL, E), RUNLOOP_PROTOCOL);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    stop();
    group("good answers that cannot be understood");
}

/* A create that was answered with 200 and no identifier: what it has made is found by its mark, and ended. */
static void cleaned_up(void)
{
    static const char *const bodies[] = {"null", "{\"status\":\"running\"}", PAGE, "", "{\"id\":\"\",\"status\":\"running\"}",
                                         "{\"id\":\"..\",\"status\":\"running\"}", "{\"id\":[1],\"status\":\"running\"}"};
    size_t i;
    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        runloop_devbox *created;
        const char *mark;
        char list[300];
        scripted_start();
        script_answer(server, 200, bodies[i][0] == '<' ? HTML : "", bodies[i]);
        CHECK_STATUS(runloop_devbox_create(client, NULL, NULL, &created, E), RUNLOOP_PROTOCOL);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK_HAS(last_message(), "it is being shut down");
        mark = strstr(script_request(server, 0), "librunloop_create_id\":\"");
        CHECK(mark != NULL);
        snprintf(list, sizeof list, "{\"devboxes\":[{\"id\":\"dbx_left\",\"status\":\"running\",\"metadata\":{\"librunloop_create_id\":\"%.36s\"}}]}",
                 mark + strlen("librunloop_create_id\":\""));
        EVENTUALLY(script_requests(server) >= 2);
        answer(list);
        answer(list);
        answer("{\"id\":\"dbx_left\",\"status\":\"shutdown\"}");
        EVENTUALLY(strstr(script_request(server, script_requests(server) - 1), "POST /v1/devboxes/dbx_left/shutdown ") != NULL);
        scripted_stop();
    }
    group("a create without an identifier in its answer that can be used is cleaned up behind");
}

/* ---- second answers ---- */

static void ended_already(void)
{
    int call, before;
    start();
    for (call = 0; call < CALLS; call++) {
        if (!ends_something(call)) continue;
        /* The first answer is lost, so that the second finds nothing: what was asked for is done. */
        before = script_requests(server);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 404, "", "{\"message\":\"no such thing\"}");
        OK(make(call, NULL, E));
        CHECK_INT(script_requests(server), before + 2);
        script_answer(server, 503, "retry-after-ms: 10\r\n", "");
        script_answer(server, 409, "", "{\"message\":\"it has been ended already\"}");
        OK(make(call, NULL, E));
        /* That something else holds on to it is no end. */
        script_answer(server, 503, "retry-after-ms: 10\r\n", "");
        script_answer(server, 400, "", "{\"message\":\"it is already in use by another\"}");
        CHECK(make(call, NULL, E) != RUNLOOP_OK);
        CHECK_HAS(last_message(), "in use");
        /* Nothing was lost: the answer means what it says. */
        script_answer(server, 404, "", "{\"message\":\"no such thing\"}");
        CHECK_STATUS(make(call, NULL, E), RUNLOOP_NOT_FOUND);
        script_answer(server, 429, "retry-after-ms: 10\r\n", "");
        script_answer(server, 404, "", "{\"message\":\"no such thing\"}");
        CHECK_STATUS(make(call, NULL, E), RUNLOOP_NOT_FOUND);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_NONE);
    }
    /* What does not end anything finds nothing. */
    script_add(server, "", SCRIPT_RESET);
    script_answer(server, 404, "", "{\"message\":\"no such devbox\"}");
    CHECK_STATUS(make(KEEP_ALIVE, NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
    stop();
    group("a second answer to what ends something");
}

/* The devbox is in the state that the first attempt, whose answer was lost, has brought it to. */
static void in_that_state_already(void)
{
    static const char *const suspended[] = {"the devbox is already suspended", "Devbox is not running"};
    static const char *const resumed[] = {"the devbox is already running", "Devbox is not suspended"};
    runloop_value *info;
    int i;
    start();
    for (i = 0; i < 2; i++) {
        char body[100];
        snprintf(body, sizeof body, "{\"message\":\"%s\"}", suspended[i]);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 400, "", body);
        answer("{\"id\":\"dbx_1\",\"status\":\"suspended\"}");
        OK(runloop_devbox_suspend(devbox, NULL, &info, E));
        check_answer(info, "/status", "suspended");
        /* Nothing was lost: the answer means what it says. */
        script_answer(server, 400, "", body);
        CHECK_STATUS(runloop_devbox_suspend(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
        snprintf(body, sizeof body, "{\"message\":\"%s\"}", resumed[i]);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 409, "", body);
        answer(RUNNING);
        OK(runloop_devbox_resume(devbox, NULL, &info, E));
        check_answer(info, "/status", "running");
    }
    script_add(server, "", SCRIPT_RESET);
    script_answer(server, 400, "", "{\"message\":\"the devbox has been shut down already\"}");
    CHECK_STATUS(runloop_devbox_resume(devbox, NULL, &info, E), RUNLOOP_BAD_REQUEST);
    stop();
    group("a second answer to suspend and resume");
}

/* ---- waits ---- */

static void waits_go_on(void)
{
    static const struct {
        int status;
        const char *headers, *body;
    } odd[] = {{200, HTML, PAGE},   {200, "", ""},          {200, "", "null"},      {200, "", "{\"id\":"},
               {409, "", "{}"},     {429, "retry-after-ms: 10\r\n", "{}"}, {503, "retry-after-ms: 10\r\n", "{}"},
               {502, HTML, PAGE},   {404, HTML, PAGE}};
    runloop_value *info;
    runloop_devbox *created;
    size_t i;
    for (i = 0; i < sizeof odd / sizeof *odd; i++) {
        start();
        answer(PROVISIONING);
        script_answer(server, odd[i].status, odd[i].headers, odd[i].body);
        answer(RUNNING);
        OK(runloop_devbox_await_running(devbox, NULL, &info, E));
        runloop_value_free(info);
        CHECK_INT(script_requests(server), 3);
        answer(PROVISIONING);
        answer(PROVISIONING);
        script_answer(server, odd[i].status, odd[i].headers, odd[i].body);
        answer(RUNNING);
        OK(runloop_devbox_create(client, NULL, NULL, &created, E));
        runloop_devbox_free(created);
        stop();
    }
    start();
    script_answer(server, 404, "", "{\"message\":\"no such devbox\"}");
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_NOT_FOUND);
    stop();
    /* The first question finds a gateway's page, where the service has answered before, and where it never has. */
    start();
    script_answer(server, 404, HTML, PAGE);
    CHECK_STATUS(runloop_devbox_await_running(devbox, NULL, &info, E), RUNLOOP_NOT_FOUND);
    answer(RUNNING);
    OK(make(INFO, NULL, E));
    script_answer(server, 404, HTML, PAGE);
    script_answer(server, 302, "Location: https://login.invalid/\r\n", "");
    answer(RUNNING);
    OK(runloop_devbox_await_running(devbox, NULL, &info, E));
    check_answer(info, "/status", "running");
    /* So it is with a call that can be made twice. */
    script_answer(server, 404, HTML, PAGE);
    answer(RUNNING);
    OK(make(INFO, NULL, E));
    stop();
    group("a wait goes on through a page, an empty answer, a conflict, a busy server");
}

/* The server holds a question for as long as it likes; the time of a wait is the client's own. */
static void waits_end_by_themselves(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    int32_t (*const waits[])(const runloop_devbox *, const runloop_call_options *, runloop_value **, runloop_error **) = {
        runloop_devbox_await_running, runloop_devbox_await_suspended};
    int i;
    for (i = 0; i < 2; i++) {
        start();
        script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", SCRIPT_HOLD);
        answer(PROVISIONING);
        options.poll_timeout_ms = 1500;
        CHECK_STATUS(waits[i](devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
        CHECK_HAS(last_message(), "Waited 1500 ms");
        CHECK_HAS(last_message(), "last seen provisioning");
        /* No attempt has failed: the wait was over. */
        CHECK(runloop_error_cause(last_error()) == NULL);
        CHECK_INT(script_requests(server), 2);
        stop();
    }
    /* What has come about meanwhile is no failure. */
    start();
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", SCRIPT_HOLD);
    answer(RUNNING);
    OK(runloop_devbox_await_running(devbox, &options, &info, E));
    check_answer(info, "/status", "running");
    /* The call's own end comes first. */
    options.poll_timeout_ms = 1000000;
    options.deadline_ms = 50;
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", SCRIPT_HOLD);
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_DEADLINE);
    stop();
    group("the time of a wait is the client's own");
}

static void causes(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_value *info;
    int i;
    start();
    for (i = 0; i < 50; i++) script_answer(server, 502, HTML, PAGE);
    options.poll_timeout_ms = 2000;
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_INT(runloop_error_http_status(last_error()), 502);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 502");
    options.poll_timeout_ms = 0;
    options.deadline_ms = 2000;
    CHECK_STATUS(runloop_devbox_await_running(devbox, &options, &info, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_http_status(last_error()), 502);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 502");
    CHECK_STATUS(make(INFO, &options, E), RUNLOOP_DEADLINE);
    CHECK_INT(runloop_error_http_status(last_error()), 502);
    CHECK_HAS(runloop_error_cause(last_error()), "HTTP 502");
    {
        /* A port that nobody has. */
        script_server *gone = script_start();
        runloop_client *lost = new_client(script_url(gone));
        runloop_devbox *there;
        script_stop(gone);
        OK(runloop_devbox_attach(lost, "dbx_1", &there, E));
        options.deadline_ms = 600;
        CHECK_STATUS(runloop_devbox_get_info(there, &options, &info, E), RUNLOOP_DEADLINE);
        CHECK_HAS(runloop_error_cause(last_error()), "refused");
        CHECK_STATUS(runloop_devbox_await_running(there, &options, &info, E), RUNLOOP_DEADLINE);
        CHECK_HAS(runloop_error_cause(last_error()), "refused");
        runloop_devbox_free(there);
        runloop_client_free(lost);
    }
    stop();
    group("a deadline, and the time of a wait, name the last failure as their cause");
}

int main(void)
{
    begin("test_outcomes");
    past_the_deadline();
    cancelled();
    never_sent();
    cut_off();
    refused_by_a_gateway();
    not_understood();
    cleaned_up();
    ended_already();
    in_that_state_already();
    waits_go_on();
    waits_end_by_themselves();
    causes();
    return finish();
}
