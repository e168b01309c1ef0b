/* Configuration: a proxy, whom to trust, how to identify oneself; what cannot be used is named. */

#include "scripted.h"

static void through_a_proxy(void)
{
    runloop_config *config = new_config("http://api.example.invalid");
    runloop_client *proxied;
    runloop_value *account;
    char url[100], *authorization;
    snprintf(url, sizeof url, "http://user:pr0xy-word@%s", script_url(server) + strlen("http://"));
    OK(runloop_config_set_proxy(config, url, E));
    OK(runloop_client_new(config, &proxied, E));
    answer("{\"id\":\"acc_1\"}");
    OK(runloop_account_me(proxied, NULL, &account, E));
    check_answer(account, "/id", "acc_1");
    check_sent(0, "GET http://api.example.invalid/v1/accounts/me", "");
    authorization = script_header(server, 0, "proxy-authorization");
    CHECK_TEXT(authorization, "Basic dXNlcjpwcjB4eS13b3Jk");
    free(authorization);
    script_answer(server, 403, "", "{\"message\":\"not through here\"}");
    CHECK_STATUS(runloop_account_me(proxied, NULL, &account, E), RUNLOOP_PERMISSION);
    check_no_secret("pr0xy-word");
    runloop_client_free(proxied);

    OK(runloop_config_set_proxy(config, "http://127.0.0.1:1", E));
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &proxied, E));
    CHECK_STATUS(runloop_account_me(proxied, NULL, &account, E), RUNLOOP_CONNECT);
    CHECK_HAS(last_message(), "the proxy 127.0.0.1:1 refused the connection");
    CHECK_HAS_NOT(last_message(), "example");
    runloop_client_free(proxied);

    /* None, whatever the environment says. */
    setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    OK(runloop_config_set_proxy(config, "", E));
    OK(runloop_config_set_base_url(config, script_url(server), E));
    OK(runloop_client_new(config, &proxied, E));
    answer("{\"id\":\"acc_1\"}");
    OK(runloop_account_me(proxied, NULL, &account, E));
    runloop_value_free(account);
    check_sent(0, "GET /v1/accounts/me", "");
    unsetenv("HTTP_PROXY");
    unsetenv("http_proxy");
    runloop_client_free(proxied);
    runloop_config_free(config);
    group("through a proxy, and past it");
}

static void no_proxies(void)
{
    static const char *const useless[] = {
        "htp://user:pr0xy-word@127.0.0.1:1", "ftp://127.0.0.1:1", "http://", "socks6://user:pr0xy-word@127.0.0.1:1",
    };
    runloop_config *config = new_config(script_url(server));
    runloop_client *made;
    runloop_value *account;
    int before = script_requests(server);
    size_t i;
    for (i = 0; i < sizeof useless / sizeof *useless; i++) {
        OK(runloop_config_set_proxy(config, useless[i], E));
        CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK(made == NULL);
        CHECK_HAS(last_message(), "socks5://host:1080");
        check_no_secret("pr0xy-word");
    }
    runloop_config_free(config);

    /* What the environment says counts at the moment at which the client is made. */
    setenv("http_proxy", "htp://127.0.0.1:1", 1);
    config = new_config(script_url(server));
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "http_proxy");
    unsetenv("http_proxy");
    OK(runloop_client_new(config, &made, E));
    setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    answer("{\"id\":\"acc_1\"}");
    OK(runloop_account_me(made, NULL, &account, E));
    check_answer(account, "/id", "acc_1");
    CHECK_INT(script_requests(server), before + 1);
    unsetenv("HTTP_PROXY");
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    runloop_client_free(made);
    runloop_config_free(config);
    group("proxies that cannot be used are refused; later changes of the environment change no client");
}

static void certificates(void)
{
    runloop_config *config = new_config("https://api.example.invalid");
    runloop_client *made;
    const char *missing = temporary("missing.pem"), *useless = temporary("useless.pem");
    FILE *file = fopen(useless, "w");
    CHECK(file && fputs("no certificate\n", file) >= 0 && !fclose(file));
    OK(runloop_config_set_ca_file(config, missing, E));
    CHECK(runloop_client_new(config, &made, E) != RUNLOOP_OK);
    CHECK(made == NULL);
    CHECK_HAS(last_message(), missing);
    OK(runloop_config_set_ca_file(config, useless, E));
    CHECK(runloop_client_new(config, &made, E) != RUNLOOP_OK);
    CHECK_HAS(last_message(), useless);
    runloop_config_free(config);

    config = new_config("https://api.example.invalid");
    OK(runloop_config_set_client_certificate(config, missing, useless, E));
    CHECK(runloop_client_new(config, &made, E) != RUNLOOP_OK);
    CHECK_HAS(last_message(), "missing.pem");
    OK(runloop_config_set_client_certificate(config, useless, useless, E));
    CHECK(runloop_client_new(config, &made, E) != RUNLOOP_OK);
    CHECK_HAS(last_message(), useless);
    runloop_config_free(config);
    group("certificates that cannot be used are named");
}

int main(void)
{
    begin("test_config");
    scripted_start();
    through_a_proxy();
    no_proxies();
    certificates();
    scripted_stop();
    return finish();
}
