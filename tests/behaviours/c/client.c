/* The client, and requests that no noun makes. */

#include "call.h"
#include "step.h"

#include <stdlib.h>

FIND(client)
RELEASE(client)

static int32_t set_headers(const runloop_config *config, runloop_error **error)
{
    const char *const *headers = texts("/config/headers");
    int32_t status = RUNLOOP_OK;
    for (; !status && headers && headers[0] && headers[1]; headers += 2)
        status = runloop_config_add_header(config, headers[0], headers[1], error);
    return status;
}

static int32_t configure(const runloop_config *config, runloop_error **error)
{
    int32_t status;
    (void)((text("/config/base_url") && (status = runloop_config_set_base_url(config, text("/config/base_url"), error))) ||
           (text("/config/bearer_token") &&
            (status = runloop_config_set_bearer_token(config, text("/config/bearer_token"), error))) ||
           (text("/config/proxy") && (status = runloop_config_set_proxy(config, text("/config/proxy"), error))) ||
           (text("/config/user_agent") && (status = runloop_config_set_user_agent(config, text("/config/user_agent"), error))) ||
           (status = runloop_config_set_timeout_ms(config, number("/config/timeout_ms", 0), error)) ||
           (status = runloop_config_set_connect_timeout_ms(config, number("/config/connect_timeout_ms", 0), error)) ||
           (given("/config/max_retries") &&
            (status = runloop_config_set_max_retries(
                 config, number("/config/max_retries", 0) ? (int32_t)number("/config/max_retries", 0) : -1, error))) ||
           (status = runloop_config_set_strict_params(config, truth("/config/strict_params"), error)) ||
           (status = set_headers(config, error)));
    return status;
}

static void client_new(void)
{
    runloop_config *config = NULL;
    runloop_client *client = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_config_new(&config, &error);
    if (!status) status = configure(config, &error);
    if (!status) status = runloop_client_new(config, &client, &error);
    runloop_config_free(config);
    did(status, error);
    if (client) keep_handle("client", client, NULL, release_client);
}

DO(client_close, runloop_client_close(the_client(), &error))

static void client_request(void)
{
    int32_t http_status = 0;
    runloop_value *headers = NULL, *value = NULL;
    runloop_bytes *body = NULL;
    runloop_error *error = NULL;
    int32_t status = runloop_client_request(the_client(), text("/method"), text("/path"), params("/query"), params("/body"),
                                            options(), &http_status, &headers, &value, &body, &error);
    answer_int("http_status", http_status);
    if (headers) answer_json("headers", runloop_value_json(headers, NULL));
    runloop_value_free(headers);
    runloop_value_free(value);
    answer_owned("body", body);
    did(status, error);
}

VIEW(account_me, runloop_account_me(the_client(), options(), &value, &error))
VIEW(api_key_create, runloop_api_key_create(the_client(), params("/params"), options(), &value, &error))
VIEW(restricted_key_create, runloop_restricted_key_create(the_client(), params("/params"), options(), &value, &error))

const operation client_operations[] = {
    {"client_new", client_new},
    {"client_close", client_close},
    {"client_request", client_request},
    {"account_me", account_me},
    {"api_key_create", api_key_create},
    {"restricted_key_create", restricted_key_create},
    {NULL, NULL},
};
