/* Configuration: a proxy, whom to trust, how to identify oneself; what cannot be used is named. */

#include "scripted.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of an authority that has signed nothing. */
static const char authority[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeDCCAR+gAwIBAgIUBITiyOHLhGOU0EcnRSqUOiKv+xYwCgYIKoZIzj0EAwIw\n"
    "ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyNzIwNDE1OVoYDzIxMjYxMTAzMjA0\n"
    "MTU5WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\n"
    "AATUcjxZpDJERHTj+sYjNWCvOmZSUZ9UqEiOsDF48XLqzZJRATq29ExyS1mbFmET\n"
    "EmrinDMM/u84S3MIwX7CBq6To1MwUTAdBgNVHQ4EFgQU7A0pEVuT3pmvJ79hCoCm\n"
    "0B+H/mUwHwYDVR0jBBgwFoAU7A0pEVuT3pmvJ79hCoCm0B+H/mUwDwYDVR0TAQH/\n"
    "BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBjOXdvcWVmynNI1bG/EIlmS5xqagj+\n"
    "c5C1ZiPSaoE+gwIgNEVK5qTGPCc3d1VqVuUavOhmBLdU7e3h7e/jr1FAu/0=\n"
    "-----END CERTIFICATE-----\n";

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

/* What SSL_CERT_FILE and SSL_CERT_DIR name is said to be wrong; what is not there, or is empty, counts for nothing. */
static void certificates_of_the_environment(void)
{
    runloop_config *config = new_config("https://api.example.invalid");
    runloop_client *made;
    struct rlimit before, none;
    const char *useless = temporary("useless.pem"), *hollow = temporary("hollow");
    size_t i;
    const char *const wrong[] = {useless, "/dev/null", hollow};
    CHECK(!mkdir(hollow, 0700));
    for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        setenv("SSL_CERT_FILE", wrong[i], 1);
        CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), "SSL_CERT_FILE");
        CHECK_HAS(last_message(), wrong[i]);
    }
    setenv("SSL_CERT_FILE", "", 1);
    setenv("SSL_CERT_DIR", hollow, 1);
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "SSL_CERT_DIR");
    CHECK_HAS(last_message(), hollow);
    setenv("SSL_CERT_FILE", temporary("missing.pem"), 1);
    setenv("SSL_CERT_DIR", "/nowhere:", 1);
    OK(runloop_client_new(config, &made, E));
    runloop_client_free(made);
    unsetenv("SSL_CERT_DIR");

    /* That no further file can be opened says nothing of the argument. */
    setenv("SSL_CERT_FILE", useless, 1);
    CHECK(!getrlimit(RLIMIT_NOFILE, &before));
    none = before;
    none.rlim_cur = 3;
    CHECK(!setrlimit(RLIMIT_NOFILE, &none));
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), "SSL_CERT_FILE");
    unsetenv("SSL_CERT_FILE");
    if (!access("/etc/ssl/certs/ca-certificates.crt", R_OK)) {
        CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_LOCAL_IO);
        CHECK_HAS(last_message(), "/etc/ssl/certs");
    }
    OK(runloop_config_set_ca_file(config, useless, E));
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_LOCAL_IO);
    CHECK_HAS(last_message(), useless);
    CHECK(!setrlimit(RLIMIT_NOFILE, &before));
    runloop_config_free(config);
    rmdir(hollow);
    group("certificates that the environment names");
}

/* A value that is no text is not passed by: a request would go past the proxy that was meant. */
static void values_that_are_no_text(void)
{
    static const char *const names[] = {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY",
                                        "no_proxy", "RUNLOOP_BASE_URL", "RUNLOOP_CUSTOM_HEADERS", "RUNLOOP_API_KEY"};
    runloop_client *made;
    size_t i;
    setenv("RUNLOOP_API_KEY", "key", 1);
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        setenv(names[i], "http://127.0.0.1:1/\xff", 1);
        CHECK_STATUS(runloop_client_new(NULL, &made, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK(made == NULL);
        CHECK_HAS(last_message(), names[i]);
        CHECK_HAS(last_message(), "UTF-8");
        CHECK_HAS_NOT(last_message(), "127.0.0.1:1");
        unsetenv(names[i]);
    }
    unsetenv("RUNLOOP_API_KEY");
    group("values of the environment that are not UTF-8");
}

/* An empty NO_PROXY says nothing, and leaves the word to no_proxy. */
static void hosts_without_a_proxy(void)
{
    runloop_config *config = new_config(script_url(server));
    runloop_client *made;
    runloop_value *account;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("NO_PROXY", "", 1);
    setenv("no_proxy", "127.0.0.1", 1);
    OK(runloop_client_new(config, &made, E));
    unsetenv("http_proxy");
    unsetenv("NO_PROXY");
    unsetenv("no_proxy");
    answer("{\"id\":\"acc_1\"}");
    OK(runloop_account_me(made, NULL, &account, E));
    check_answer(account, "/id", "acc_1");
    runloop_client_free(made);
    runloop_config_free(config);
    group("an empty NO_PROXY beside no_proxy");

    /* By the port, or all: the proxy is asked where another port is named. */
    {
        const char *port = strrchr(script_url(server), ':');
        char own[64], wrong[64];
        const char *const lists[] = {"*", "other, *", own, "127.0.0.0/8,x", wrong, "127.0.0.2"};
        size_t i;
        CHECK(port != NULL);
        snprintf(own, sizeof own, "127.0.0.1%s", port);
        snprintf(wrong, sizeof wrong, "127.0.0.1:%d", atoi(port + 1) ^ 1);
        for (i = 0; i < sizeof lists / sizeof *lists; i++) {
            config = new_config(script_url(server));
            OK(runloop_config_set_max_retries(config, -1, E));
            setenv("http_proxy", "http://127.0.0.1:1", 1);
            setenv("no_proxy", lists[i], 1);
            OK(runloop_client_new(config, &made, E));
            unsetenv("http_proxy");
            unsetenv("no_proxy");
            if (i < 4) {
                answer("{\"id\":\"acc_1\"}");
                OK(runloop_account_me(made, NULL, &account, E));
                check_answer(account, "/id", "acc_1");
            } else {
                CHECK_STATUS(runloop_account_me(made, NULL, &account, E), RUNLOOP_CONNECT);
                CHECK_HAS(last_message(), "proxy");
            }
            runloop_client_free(made);
            runloop_config_free(config);
        }
    }
    group("NO_PROXY with *, ports and networks");
}

/* The library frames its messages itself. */
static void headers_of_the_connection(void)
{
    static const char *const names[] = {"Host", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive",
                                        "Upgrade", "TE", "Trailer", "Expect", "Proxy-Connection"};
    int before = script_requests(server);
    runloop_client *made;
    runloop_value *account;
    size_t i;
    for (i = 0; i < sizeof names / sizeof *names; i++) {
        runloop_config *config = new_config(script_url(server));
        runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
        runloop_params *extra;
        char header[100];
        snprintf(header, sizeof header, "%s: 7", names[i]);
        setenv("RUNLOOP_CUSTOM_HEADERS", header, 1);
        CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), names[i]);
        unsetenv("RUNLOOP_CUSTOM_HEADERS");
        OK(runloop_client_new(config, &made, E));
        OK(runloop_params_new(&extra, E));
        snprintf(header, sizeof header, "/%s", names[i]);
        OK(runloop_params_set_string(extra, header, "7", E));
        options.extra_headers = extra;
        CHECK_STATUS(runloop_account_me(made, &options, &account, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), names[i]);
        runloop_params_free(extra);
        runloop_client_free(made);
        OK(runloop_config_add_header(config, names[i], "7", E));
        CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
        CHECK_HAS(last_message(), names[i]);
        runloop_config_free(config);
    }
    CHECK_INT(script_requests(server), before);
    group("headers that belong to the connection are refused");
}

/* Nothing waits for the writer of a pipe where a file is meant. */
static void pipes_instead_of_files(void)
{
    runloop_config *config = new_config(script_url(server));
    runloop_client *made;
    runloop_value *account;
    char pipe[] = "/tmp/librunloop-pipe-XXXXXX", aside[sizeof pipe + sizeof ".aside"], url[100];
    FILE *file;
    CHECK_INT(close(mkstemp(pipe)), 0);
    CHECK_INT(unlink(pipe), 0);
    CHECK_INT(mkfifo(pipe, 0600), 0);
    setenv("SSL_CERT_FILE", pipe, 1);
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "SSL_CERT_FILE");
    CHECK_HAS(last_message(), pipe);
    unsetenv("SSL_CERT_FILE");
    OK(runloop_config_set_client_certificate(config, pipe, pipe, E));
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), pipe);
    runloop_config_free(config);
    config = new_config(script_url(server));
    OK(runloop_config_set_ca_file(config, pipe, E));
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), pipe);
    runloop_config_free(config);
    /* It is read when the client is made: what takes its place afterwards is not opened. */
    CHECK_INT(rename(pipe, strcat(strcpy(aside, pipe), ".aside")), 0);
    file = fopen(pipe, "wx");
    CHECK(file && fputs(authority, file) >= 0 && !fclose(file));
    setenv("SSL_CERT_FILE", pipe, 1);
    snprintf(url, sizeof url, "https://%s", script_url(server) + strlen("http://"));
    config = new_config(url);
    OK(runloop_config_set_max_retries(config, -1, E));
    OK(runloop_client_new(config, &made, E));
    runloop_config_free(config);
    CHECK_INT(rename(aside, pipe), 0);
    CHECK_STATUS(runloop_account_me(made, NULL, &account, E), RUNLOOP_CONNECT);
    runloop_client_free(made);
    setenv("SSL_CERT_FILE", "/dev/zero", 1);
    config = new_config(url);
    CHECK_STATUS(runloop_client_new(config, &made, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_HAS(last_message(), "SSL_CERT_FILE");
    runloop_config_free(config);
    unsetenv("SSL_CERT_FILE");
    CHECK_INT(unlink(pipe), 0);
    group("pipes in the place of certificates");
}

int main(void)
{
    begin("test_config");
    scripted_start();
    through_a_proxy();
    no_proxies();
    certificates();
    certificates_of_the_environment();
    values_that_are_no_text();
    hosts_without_a_proxy();
    headers_of_the_connection();
    pipes_instead_of_files();
    scripted_stop();
    return finish();
}
