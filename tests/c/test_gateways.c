/* What is the service's word, and what is said in its place by a gateway that has lost it: where something has ended, where a wait goes
 * on, and which words decide. */

#include "scripted.h"

#define RUNNING "{\"id\":\"dbx_1\",\"status\":\"running\"}"
#define PROVISIONING "{\"id\":\"dbx_1\",\"status\":\"provisioning\"}"
#define PLAIN "Content-Type: text/plain\r\n"
#define HTML "Content-Type: text/html\r\n"

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

static int32_t look(const runloop_call_options *options, runloop_error **error)
{
    runloop_value *value = NULL;
    int32_t status = runloop_devbox_get_info(devbox, options, &value, error);
    runloop_value_free(value);
    return status;
}

static int32_t await_running(const runloop_call_options *options, runloop_error **error)
{
    runloop_value *value = NULL;
    int32_t status = runloop_devbox_await_running(devbox, options, &value, error);
    runloop_value_free(value);
    return status;
}

/* The service has answered before. */
static void serve(void)
{
    answer(RUNNING);
    OK(look(NULL, E));
}

static const struct {
    int status;
    const char *headers, *body;
} foreign[] = {{404, PLAIN, "404 page not found"}, {404, PLAIN, ""}, {410, "", ""}, {404, "", "\"not found\""}, {404, "", "[]"}};

static void not_its_word(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_devbox *created;
    runloop_secret *secret;
    size_t i;
    int before;
    options.max_retries = 1;
    start();
    serve();
    OK(runloop_secret_from_name(client, "TOKEN", &secret, E));
    for (i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        /* The first answer is lost, the second is not the service's. */
        before = script_requests(server);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        answer("{}");
        OK(runloop_devbox_shutdown(devbox, NULL, NULL, E));
        CHECK_INT(script_requests(server), before + 3);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        answer("{}");
        OK(runloop_secret_delete(secret, NULL, NULL, E));
        CHECK_INT(script_requests(server), before + 6);
        answer(PROVISIONING);
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        answer(RUNNING);
        OK(await_running(NULL, E));
        CHECK_INT(script_requests(server), before + 9);
        /* Where nothing else comes it is told as what it is, and what must not happen twice is not repeated. */
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        CHECK_INT(look(&options, E), foreign[i].status == 404 ? RUNLOOP_NOT_FOUND : RUNLOOP_API);
        CHECK_HAS(last_message(), "a gateway or a proxy may have answered in its place");
        CHECK_INT(runloop_error_attempts(last_error()), 2);
        script_answer(server, foreign[i].status, foreign[i].headers, foreign[i].body);
        CHECK(runloop_devbox_create_async(client, NULL, NULL, &created, E) != RUNLOOP_OK);
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);
        CHECK_INT(script_requests(server), before + 12);
    }
    runloop_secret_free(secret);
    stop();
    group("what is not said as the service says it is a gateway's, once the service has answered");
}

static void its_word(void)
{
    static const struct {
        const char *headers, *body;
    } own[] = {{"", "{\"message\":\"devbox dbx_1 not found\"}"}, {"", "{}"}, {PLAIN, "Endpoint GET /v1/devboxes/dbx_1 not found"}};
    size_t i;
    start();
    /* Nothing but this has come: the base URL may be wrong. */
    script_answer(server, 404, PLAIN, "404 page not found");
    CHECK_STATUS(look(NULL, E), RUNLOOP_NOT_FOUND);
    script_answer(server, 404, PLAIN, "404 page not found");
    CHECK_STATUS(await_running(NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), 2);
    serve();
    for (i = 0; i < sizeof own / sizeof *own; i++) {
        int before = script_requests(server);
        script_answer(server, 404, own[i].headers, own[i].body);
        CHECK_STATUS(look(NULL, E), RUNLOOP_NOT_FOUND);
        CHECK_HAS_NOT(last_message(), "gateway");
        script_answer(server, 404, own[i].headers, own[i].body);
        CHECK_STATUS(await_running(NULL, E), RUNLOOP_NOT_FOUND);
        CHECK_INT(script_requests(server), before + 2);
    }
    /* An answer to HEAD has no body by which to tell. */
    script_answer(server, 404, "", "");
    CHECK_STATUS(runloop_client_request(client, "HEAD", "/v1/x", NULL, NULL, NULL, NULL, NULL, NULL, NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(runloop_error_attempts(last_error()), 1);
    /* An operation that is not there has ended nothing. */
    script_add(server, "", SCRIPT_RESET);
    script_answer(server, 404, PLAIN, "Endpoint POST /v1/devboxes/dbx_1/shutdown not found");
    CHECK_STATUS(runloop_devbox_shutdown(devbox, NULL, NULL, E), RUNLOOP_NOT_FOUND);
    stop();
    group("what the service says is its word, at once");
}

/* Names and what is denied decide nothing. */
static void words(void)
{
    static const struct {
        const char *name, *said;
        int status;
    } cases[] = {
        {"TOKEN", "the secret was already deleted and no longer exists", RUNLOOP_OK},
        {"TOKEN", "already deleted, not in use", RUNLOOP_OK},
        {"TOKEN", "a secret of this name exists already", RUNLOOP_BAD_REQUEST},
        {"TOKEN", "it is already locked", RUNLOOP_BAD_REQUEST},
        {"already_deleted", "secret ALREADY_DELETED is mounted", RUNLOOP_BAD_REQUEST},
        {"already_deleted", "secret already_deleted has been deleted already", RUNLOOP_OK},
        {"locked_in_use", "locked_in_use has been deleted already", RUNLOOP_OK},
    };
    size_t i;
    start();
    serve();
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        runloop_secret *secret;
        char body[200];
        OK(runloop_secret_from_name(client, cases[i].name, &secret, E));
        snprintf(body, sizeof body, "{\"message\":\"%s\"}", cases[i].said);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 400, "", body);
        CHECK_STATUS(runloop_secret_delete(secret, NULL, NULL, E), cases[i].status);
        runloop_secret_free(secret);
    }
    stop();
    group("what the service says decides, not what the thing is called");
}

static void not_yet(void)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    start();
    /* The pause that it names is longer than the wait, which asks for the state at its end. */
    script_answer(server, 408, "retry-after: 50\r\n", "{}");
    answer(PROVISIONING);
    options.poll_timeout_ms = 1000;
    CHECK_STATUS(await_running(&options, E), RUNLOOP_WAIT_TIMED_OUT);
    CHECK_INT(script_requests(server), 2);
    CHECK(!strncmp(script_request(server, 1), "GET /v1/devboxes/dbx_1 ", 23));
    /* One that no call keeps to. */
    script_answer(server, 408, "retry-after: 100\r\n", "{}");
    CHECK_STATUS(await_running(NULL, E), RUNLOOP_TIMEOUT);
    CHECK_INT(script_requests(server), 3);
    script_answer(server, 408, "retry-after-ms: 10\r\n", "{}");
    answer(RUNNING);
    OK(await_running(NULL, E));
    stop();
    /* A gateway's page is no answer of the service's: after it another is the end, where the service has never answered. */
    start();
    script_answer(server, 408, HTML, "<html>");
    script_answer(server, 404, HTML, "<html>");
    CHECK_STATUS(await_running(NULL, E), RUNLOOP_NOT_FOUND);
    CHECK_INT(script_requests(server), 2);
    stop();
    group("a service that says \"not yet\" may name the pause, and a gateway's page is not that");
}

/* ---- every noun that can be deleted ---- */

#define WITH_INFO(noun, id)                                           \
    static int32_t delete_##noun(runloop_error **error)               \
    {                                                                 \
        runloop_##noun *of;                                           \
        int32_t status;                                               \
        OK(runloop_##noun##_from_id(client, id, &of, E));             \
        status = runloop_##noun##_delete(of, NULL, NULL, error);      \
        runloop_##noun##_free(of);                                    \
        return status;                                                \
    }
#define WITHOUT_INFO(noun, id)                                        \
    static int32_t delete_##noun(runloop_error **error)               \
    {                                                                 \
        runloop_##noun *of;                                           \
        int32_t status;                                               \
        OK(runloop_##noun##_from_id(client, id, &of, E));             \
        status = runloop_##noun##_delete(of, NULL, error);            \
        runloop_##noun##_free(of);                                    \
        return status;                                                \
    }
WITH_INFO(object, "obj_1")
WITH_INFO(axon, "axn_1")
WITH_INFO(secret, "sec_1")
WITH_INFO(network_policy, "npol_1")
WITH_INFO(gateway_config, "gwc_1")
WITH_INFO(mcp_config, "mcp_1")
WITHOUT_INFO(snapshot, "snp_1")
WITHOUT_INFO(blueprint, "bpt_1")

static int32_t kill_execution(runloop_error **error)
{
    runloop_execution *execution;
    int32_t status;
    OK(runloop_execution_attach(devbox, "exec_1", &execution, E));
    status = runloop_execution_kill(execution, 1, NULL, error);
    runloop_execution_free(execution);
    return status;
}

static void every_noun(void)
{
    static int32_t (*const ends[])(runloop_error **) = {delete_object,     delete_axon,     delete_secret,    delete_network_policy, delete_gateway_config,
                                                        delete_mcp_config, delete_snapshot, delete_blueprint, kill_execution};
    size_t i;
    int before;
    start();
    serve();
    for (i = 0; i < sizeof ends / sizeof *ends; i++) {
        before = script_requests(server);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 404, PLAIN, "404 page not found");
        script_answer(server, 302, "Location: https://login.invalid/\r\n", "");
        answer("{}");
        OK(ends[i](E));
        CHECK_INT(script_requests(server), before + 4);
        script_add(server, "", SCRIPT_RESET);
        script_add(server, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", SCRIPT_CLOSE);
        OK(ends[i](E));
        CHECK_INT(script_requests(server), before + 6);
        script_add(server, "", SCRIPT_RESET);
        script_answer(server, 410, "", "{\"message\":\"gone\"}");
        OK(ends[i](E));
        CHECK_INT(script_requests(server), before + 8);
    }
    stop();
    group("so it is with all that can be ended");
}

int main(void)
{
    begin("test_gateways");
    not_its_word();
    its_word();
    words();
    not_yet();
    every_noun();
    return finish();
}
