/* What errors say of the cause and of what to do about it: statuses that have no category of their own, answers whose head is broken,
 * proxies that make no tunnel, and a process that has no descriptor left. */

#include "scripted.h"

#include <sys/resource.h>

static int32_t ask_of(runloop_client *whom)
{
    runloop_value *value = NULL;
    int32_t status = runloop_client_request(whom, "GET", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E);
    runloop_value_free(value);
    return status;
}

static void statuses(void)
{
    static const struct {
        int http;
        const char *next;
    } all[] = {
        {301, "check the base URL"},       {302, "check the base URL"}, {307, "check the base URL"}, {402, "billing"},
        {405, "no such operation"},        {406, "type of content"},    {407, "proxy's credentials"}, {410, "gone for good"},
        {412, "conditional"},              {413, "Send less"},          {414, "shorter"},            {415, "type of content"},
        {416, "that exists"},             {421, "check the base URL"}, {423, "locked"},             {424, "depends on"},
        {426, "http_version"},       {428, "conditional"},        {431, "headers"},
        {451, "legal"},                    {418, "parameters"},
    };
    size_t i;
    scripted_start();
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        script_answer(server, all[i].http, "x-should-retry: false\r\n", "{\"message\":\"no\"}");
        CHECK(ask_of(client) != RUNLOOP_OK);
        CHECK_INT(runloop_error_http_status(last_error()), all[i].http);
        CHECK_HAS(last_message(), all[i].next);
        CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_NO);
    }
    /* A proxy's page says it too. */
    script_answer(server, 407, "Content-Type: text/html\r\nx-should-retry: false\r\n", "<html>");
    CHECK(ask_of(client) != RUNLOOP_OK);
    CHECK_HAS(last_message(), "proxy's credentials");
    scripted_stop();
    group("each status has its next step");
}

static void heads(void)
{
    static char many[8000];
    size_t length = (size_t)snprintf(many, sizeof many, "HTTP/1.1 200 OK\r\n");
    runloop_config *config;
    int i;
    for (i = 0; i < 150; i++) length += (size_t)snprintf(many + length, sizeof many - length, "X-%d: 1\r\n", i);
    snprintf(many + length, sizeof many - length, "Content-Length: 2\r\n\r\n{}");
    server = script_start();
    config = new_config(script_url(server));
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    script_add(server, many, SCRIPT_CLOSE);
    CHECK_STATUS(ask_of(client), RUNLOOP_BROKEN);
    CHECK_HAS(last_message(), "more than 100 fields");
    CHECK_HAS_NOT(last_message(), "no HTTP");
    script_add(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", SCRIPT_CLOSE);
    CHECK_STATUS(ask_of(client), RUNLOOP_BROKEN);
    CHECK_HAS(last_message(), "content-length");
    CHECK_HAS(last_message(), "contradicts itself");
    CHECK_HAS_NOT(last_message(), "no HTTP");
    script_answer(server, 425, "", "{\"message\":\"too early\"}");
    CHECK(ask_of(client) != RUNLOOP_OK);
    CHECK_HAS(last_message(), "Try again later");
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_YES);
    script_add(server, "SSH-2.0-OpenSSH_9.2\r\n", SCRIPT_CLOSE);
    CHECK_STATUS(ask_of(client), RUNLOOP_BROKEN);
    CHECK_HAS(last_message(), "no HTTP");
    scripted_stop();
    group("heads of answers that are too long, contradict themselves, or are none");
}

static void tunnels(void)
{
    static const struct {
        const char *answer, *cause, *next;
        int retryable;
    } all[] = {
        {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "HTTP 407", "credentials", RUNLOOP_RETRYABLE_NO},
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "HTTP 403", "NO_PROXY", RUNLOOP_RETRYABLE_NO},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP 404", "makes no tunnels", RUNLOOP_RETRYABLE_NO},
        {"HTTP/1.0 503 " TOKEN "\r\nContent-Length: 0\r\n\r\n", "HTTP 503", "did not reach that host", RUNLOOP_RETRYABLE_YES},
        {"HTTP/1.1 302 Found\r\nLocation: http://login.test/\r\nContent-Length: 0\r\n\r\n", "HTTP 302", "logging in", RUNLOOP_RETRYABLE_NO},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP", "makes no tunnels", RUNLOOP_RETRYABLE_NO},
    };
    size_t i;
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        runloop_config *config = new_config("https://api.test");
        server = script_start();
        OK(runloop_config_set_proxy(config, script_url(server), E));
        OK(runloop_config_set_max_retries(config, -1, E));
        OK(runloop_client_new(config, &client, E));
        runloop_config_free(config);
        script_add(server, all[i].answer, SCRIPT_CLOSE);
        CHECK_STATUS(ask_of(client), RUNLOOP_CONNECT);
        CHECK_HAS(last_message(), all[i].cause);
        CHECK_HAS(last_message(), all[i].next);
        CHECK_HAS(last_message(), "api.test");
        CHECK_HAS(last_message(), strrchr(script_url(server), '/') + 1);
        CHECK_INT(runloop_error_retryable(last_error()), all[i].retryable);
        check_no_secret(TOKEN);
        scripted_stop();
    }
    group("proxies that make no tunnel");
}

static void no_descriptor(void)
{
    struct rlimit before, none;
    int32_t status;
    runloop_config *config = new_config("http://localhost:1");
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &client, E));
    runloop_config_free(config);
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    none = before;
    none.rlim_cur = 3;
    CHECK(!setrlimit(RLIMIT_NOFILE, &none));
    status = ask_of(client);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    CHECK_INT(status, RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), "RLIMIT_NOFILE");
    CHECK_HAS_NOT(last_message(), "not known");
    runloop_client_free(client);
    group("a name that is looked up without a descriptor");
}

int main(void)
{
    begin("next_steps");
    statuses();
    heads();
    tunnels();
    no_descriptor();
    return finish();
}
