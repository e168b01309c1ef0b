/* Through proxies that want a name and a password, and what is said when they do not let one through. */

#include "support.h"

#include "script_server.h"

#define USER "user:p%40ss%20w0rd"

/* What the proxies have been asked since this was last called; valid until then. */
static const char *asked(void)
{
    static char text[500];
    char url[64];
    const char *said;
    runloop_config *config;
    runloop_client *client;
    runloop_value *value;
    snprintf(url, sizeof url, "http://127.0.0.1:%d", port("PROXY_CONTROL"));
    config = new_config(url);
    OK(runloop_config_set_proxy(config, "", E));
    client = client_of(config);
    OK(runloop_client_request(client, "GET", "/seen", NULL, NULL, NULL, NULL, NULL, &value, NULL, E));
    OK(runloop_value_get_string(value, "/asked", &said, NULL, E));
    snprintf(text, sizeof text, "%s", said);
    runloop_value_free(value);
    runloop_client_free(client);
    return text;
}

static const char *proxy_url(const char *scheme, const char *user, const char *name)
{
    static char url[200];
    snprintf(url, sizeof url, "%s://%s@127.0.0.1:%d", scheme, user, port(name));
    return url;
}

static runloop_config *to_host(const char *host)
{
    char url[100];
    runloop_config *config = config_at(1);
    snprintf(url, sizeof url, "https://%s:%d", host, port("TLS_BOTH"));
    OK(runloop_config_set_base_url(config, url, E));
    OK(runloop_config_set_max_retries(config, -1, E));
    return config;
}

static int32_t ask(runloop_config *config)
{
    runloop_client *client = client_of(config);
    runloop_devbox *devbox = devbox_of(client);
    int32_t status = get_info(devbox);
    runloop_devbox_free(devbox);
    runloop_client_free(client);
    return status;
}

static int32_t through(const char *scheme, const char *user, const char *name, const char *host)
{
    runloop_config *config = to_host(host);
    OK(runloop_config_set_proxy(config, proxy_url(scheme, user, name), E));
    return ask(config);
}

static void tunnels(void)
{
    char expected[100];
    server_set("{}");
    OK(through("http", USER, "PROXY_HTTP", "api.test"));
    snprintf(expected, sizeof expected, "CONNECT api.test:%d", port("TLS_BOTH"));
    CHECK_TEXT(asked(), expected);
    CHECK_INT(server_seen("by h2"), 1);
    OK(through("socks5h", USER, "PROXY_SOCKS", "api.test"));
    snprintf(expected, sizeof expected, "SOCKS api.test:%d", port("TLS_BOTH"));
    CHECK_TEXT(asked(), expected);
    /* Here the name is the client's to resolve. */
    OK(through("socks5", USER, "PROXY_SOCKS", "localhost"));
    snprintf(expected, sizeof expected, "SOCKS 127.0.0.1:%d", port("TLS_BOTH"));
    CHECK_TEXT(asked(), expected);
    group("HTTPS through CONNECT and SOCKS5, by name and password");
}

static void strangers(void)
{
    char name[64];
    snprintf(name, sizeof name, "the proxy 127.0.0.1:%d", port("PROXY_HTTP"));
    CHECK_STATUS(through("http", "user:wr0ng", "PROXY_HTTP", "api.test"), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), name);
    CHECK_HAS(last_message(), "authorization");
    CHECK_HAS(last_message(), "credentials");
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_NO);
    check_no_secret("wr0ng");
    CHECK_HAS_NOT(asked(), "the API key");
    snprintf(name, sizeof name, "the proxy 127.0.0.1:%d", port("PROXY_SOCKS"));
    CHECK_STATUS(through("socks5h", "user:wr0ng", "PROXY_SOCKS", "api.test"), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), name);
    CHECK_HAS(last_message(), "credentials");
    CHECK_INT(runloop_error_retryable(last_error()), RUNLOOP_RETRYABLE_NO);
    CHECK_TEXT(asked(), "a stranger");
    group("a proxy that does not know the client is named");
}

/* Proxies that are reached, and lead nowhere; and what is no proxy. */
static void nowhere(void)
{
    static const struct {
        const char *host, *said;
        int retryable;
    } all[] = {
        {"answer-1.test", "did not reach that host", RUNLOOP_RETRYABLE_YES},
        {"answer-2.test", "does not let this client through", RUNLOOP_RETRYABLE_NO},
        {"answer-4.test", "did not reach that host", RUNLOOP_RETRYABLE_YES},
        {"answer-5.test", "did not reach that host", RUNLOOP_RETRYABLE_YES},
        {"answer-7.test", "does not speak this version of SOCKS", RUNLOOP_RETRYABLE_NO},
    };
    size_t i;
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK_STATUS(through("socks5h", USER, "PROXY_SOCKS", all[i].host), RUNLOOP_CONNECT);
        CHECK_HAS(last_message(), "made no connection to answer-");
        CHECK_HAS(last_message(), all[i].said);
        CHECK_INT(runloop_error_retryable(last_error()), all[i].retryable);
    }
    /* What speaks another version of it, or nothing of the kind. */
    CHECK_STATUS(through("socks4a", "user", "PROXY_SOCKS", "api.test"), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), "the proxy 127.0.0.1");
    /* Nobody. */
    {
        runloop_config *config = to_host("api.test");
        OK(runloop_config_set_proxy(config, "socks5h://127.0.0.1:1", E));
        CHECK_STATUS(ask(config), RUNLOOP_CONNECT);
        CHECK_HAS(last_message(), "the proxy 127.0.0.1:1 refused the connection");
    }
    asked();
    group("proxies that lead nowhere, and what is none");
}

static void environment(void)
{
    char base[64], expected[100];
    script_server *server = script_start();
    runloop_config *config;
    runloop_client *before, *after;
    runloop_value *value;
    int i;
    snprintf(base, sizeof base, "http://api.test:%s", strrchr(script_url(server), ':') + 1);
    for (i = 0; i < 4; i++) script_answer(server, 200, "", "{}");
    /* Two clients that differ in nothing but the moment at which they were made. */
    config = new_config(script_url(server));
    OK(runloop_client_new(config, &before, E));
    setenv("http_proxy", proxy_url("http", USER, "PROXY_HTTP"), 1);
    OK(runloop_config_set_base_url(config, base, E));
    OK(runloop_client_new(config, &after, E));
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    OK(runloop_client_request(before, "GET", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E));
    runloop_value_free(value);
    CHECK_TEXT(asked(), "");
    OK(runloop_client_request(after, "GET", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E));
    runloop_value_free(value);
    snprintf(expected, sizeof expected, "GET %s/v1/x", base);
    CHECK_TEXT(asked(), expected);
    runloop_client_free(after);
    /* Not for these hosts. */
    setenv("http_proxy", proxy_url("http", USER, "PROXY_HTTP"), 1);
    setenv("NO_PROXY", "127.0.0.1,elsewhere.test", 1);
    OK(runloop_config_set_base_url(config, script_url(server), E));
    OK(runloop_client_new(config, &after, E));
    OK(runloop_client_request(after, "GET", "/v1/x", NULL, NULL, NULL, NULL, NULL, &value, NULL, E));
    runloop_value_free(value);
    CHECK_TEXT(asked(), "");
    runloop_client_free(after);
    runloop_client_free(before);
    setenv("http_proxy", "htp://127.0.0.1:1", 1);
    CHECK_STATUS(runloop_client_new(config, &after, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "http_proxy");
    unsetenv("http_proxy");
    unsetenv("NO_PROXY");
    runloop_config_free(config);
    script_stop(server);
    group("the environment's proxies are those of the moment at which the client was made");
}

int main(void)
{
    begin("tls/proxied");
    tunnels();
    strangers();
    nowhere();
    environment();
    return finish();
}
