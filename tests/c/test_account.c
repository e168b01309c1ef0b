/* The account and its keys, and requests for which there is no function. */

#include "scripted.h"

static void account_and_keys(void)
{
    runloop_value *value;
    runloop_params *params = params_of("{\"name\":\"ci\",\"scopes\":[{\"resource_type\":\"RESOURCE_TYPE_DEVBOXES\"}]}");
    answer("{\"id\":\"acc_1\",\"name\":\"me\"}");
    OK(runloop_account_me(client, NULL, &value, E));
    check_answer(value, "/name", "me");
    check_sent(0, "GET /v1/accounts/me", "");
    answer("{\"id\":\"key_1\",\"key_secret\":\"ak_hidden\"}");
    OK(runloop_api_key_create(client, NULL, NULL, &value, E));
    check_answer(value, "/key_secret", "ak_hidden");
    check_sent(0, "POST /v1/apikeys", "{}");
    answer("{\"id\":\"key_2\",\"key_secret\":\"ak_hidden\"}");
    OK(runloop_restricted_key_create(client, params, NULL, &value, E));
    check_answer(value, "/key_secret", "ak_hidden");
    check_sent(0, "POST /v1/restricted_keys", "{\"name\":\"ci\",\"scopes\":[{\"resource_type\":\"RESOURCE_TYPE_DEVBOXES\"}]}");
    answer("{\"id\":\"key_2\",\"key_secret\":\"ak_hid");
    CHECK_STATUS(runloop_api_key_create(client, NULL, NULL, &value, E), RUNLOOP_PROTOCOL);
    check_no_secret("ak_hid");
    runloop_params_free(params);
    group("the account and its keys");
}

static void any_request(void)
{
    runloop_params *query = params_of("{\"a\":[1,2],\"b\":null,\"c\":true}"), *body = params_of("{\"x\":{\"y\":null}}");
    runloop_value *headers, *value;
    runloop_bytes *bytes;
    int32_t http_status;
    int before;
    char *id;
    script_answer(server, 201, "X-Thing: one\r\nX-Thing: two\r\n", "{\"made\":\"so\"}");
    OK(runloop_client_request(client, "POST", "/v1/things/a%2Fb", query, body, NULL, &http_status, &headers, &value, &bytes, E));
    CHECK_INT(http_status, 201);
    check_field(headers, "/content-type", "application/json");
    check_answer(headers, "/x-thing", "one, two");
    check_answer(value, "/made", "so");
    CHECK_OUTPUT(bytes, "{\"made\":\"so\"}");
    check_sent(0, "POST /v1/things/a%2Fb?a=1%2C2&c=true", "{\"x\":{\"y\":null}}");
    id = script_header(server, script_requests(server) - 1, "x-request-id");
    CHECK(id != NULL);
    free(id);
    id = script_header(server, script_requests(server) - 1, "authorization");
    CHECK_TEXT(id, "Bearer " TOKEN);
    free(id);

    /* An answer of another kind, and none. */
    script_answer(server, 200, "Content-Type: application/octet-stream\r\n", "\x01\x02 not JSON");
    OK(runloop_client_request(client, "GET", "/v1/things", NULL, NULL, NULL, NULL, NULL, &value, &bytes, E));
    CHECK(value == NULL);
    CHECK_OUTPUT(bytes, "\x01\x02 not JSON");
    check_sent(0, "GET /v1/things", "");
    script_add(server, "HTTP/1.1 204 None\r\nConnection: close\r\n\r\n", SCRIPT_CLOSE);
    OK(runloop_client_request(client, "DELETE", "/v1/things/1", NULL, NULL, NULL, &http_status, NULL, &value, &bytes, E));
    CHECK_INT(http_status, 204);
    CHECK(value == NULL);
    CHECK_OUTPUT(bytes, "");
    answer("{}");
    OK(runloop_client_request(client, "GET", "/v1/things", NULL, NULL, NULL, NULL, NULL, NULL, NULL, E));

    /* The same retries and errors as everywhere. */
    before = script_requests(server);
    script_add(server, "", SCRIPT_CLOSE);
    answer("{}");
    OK(runloop_client_request(client, "PUT", "/v1/things/1", NULL, body, NULL, NULL, NULL, NULL, NULL, E));
    CHECK_INT(script_requests(server), before + 2);
    script_add(server, "", SCRIPT_CLOSE);
    CHECK_STATUS(runloop_client_request(client, "POST", "/v1/things", NULL, body, NULL, NULL, NULL, NULL, NULL, E), RUNLOOP_BROKEN);
    CHECK_INT(script_requests(server), before + 3);
    script_answer(server, 409, "", "{\"message\":\"there is one\",\"code\":\"taken\"}");
    CHECK_STATUS(runloop_client_request(client, "POST", "/v1/things", NULL, NULL, NULL, &http_status, &headers, &value, &bytes, E),
                 RUNLOOP_CONFLICT);
    CHECK_TEXT(runloop_error_code(last_error()), "taken");
    CHECK(http_status == 0 && headers == NULL && value == NULL && bytes == NULL);
    group("any request");
    runloop_params_free(query);
    runloop_params_free(body);
}

static void refused(void)
{
    static const char *const paths[] = {"", "v1/things", "https://elsewhere.example/", "/v1/../admin", "/v1/./x", "/v1?x=1", "/v1#x",
                                        "/%2e%2e/x", "/v1/.%2E/x", "/%252e%252e/x", "/v1/a%2f..%2fb", "/v1/..%5cx", "/v1\\..\\x", "\\x",
                                        "/v1/.\t./x", "/v1/\r\nx", "/v1/a b", "//elsewhere.example/x"};
    runloop_cancel *cancel;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    size_t i;
    int before = script_requests(server);
    for (i = 0; i < sizeof paths / sizeof *paths; i++)
        CHECK_STATUS(runloop_client_request(client, "GET", paths[i], NULL, NULL, NULL, NULL, NULL, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_client_request(client, "get", "/v1", NULL, NULL, NULL, NULL, NULL, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    CHECK_STATUS(runloop_client_request(client, "CONNECT", "/v1", NULL, NULL, NULL, NULL, NULL, NULL, NULL, E), RUNLOOP_INVALID_ARGUMENT);
    OK(runloop_cancel_new(&cancel, E));
    OK(runloop_cancel_trigger(cancel, E));
    options.cancel = cancel;
    CHECK_STATUS(runloop_client_request(client, "GET", "/v1", NULL, NULL, &options, NULL, NULL, NULL, NULL, E), RUNLOOP_CANCELLED);
    runloop_cancel_free(cancel);
    CHECK(script_requests(server) <= before + 1);
    group("what cannot be sent is refused");
}

int main(void)
{
    begin("test_account");
    scripted_start();
    account_and_keys();
    any_request();
    refused();
    scripted_stop();
    return finish();
}
