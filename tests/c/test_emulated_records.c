/* Against the emulator: axons with their events and SQL, secrets, configs, keys, the account. */

#include "harness.h"

static runloop_client *client;

static void publish(runloop_axon *axon, const char *payload)
{
    runloop_params *params = params_of("{\"event_type\":\"t\",\"origin\":\"USER_EVENT\",\"source\":\"test\"}");
    runloop_value *result;
    OK(runloop_params_set_string(params, "/payload", payload, E));
    OK(runloop_axon_publish(axon, params, NULL, &result, E));
    runloop_value_free(result);
    runloop_params_free(params);
}

static void expect_payload(runloop_event_stream *stream, const char *expected)
{
    runloop_value *event;
    const char *payload;
    OK(runloop_event_stream_next(stream, NULL, &event, E));
    CHECK(event != NULL);
    OK(runloop_value_get_string(event, "/payload", &payload, NULL, E));
    CHECK_TEXT(payload, expected);
    runloop_value_free(event);
}

static void axons(void)
{
    runloop_axon *axon;
    runloop_axon_event_cursor *cursor;
    runloop_event_stream *stream;
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    runloop_params *params;
    runloop_value *value;
    int64_t number;
    int count = 0, way;
    OK(runloop_axon_create(client, NULL, NULL, &axon, E));
    OK(runloop_axon_subscribe(axon, -1, NULL, &stream, E));
    publish(axon, "1");
    publish(axon, "2");
    expect_payload(stream, "1");
    expect_payload(stream, "2");
    options.deadline_ms = 200;
    CHECK_STATUS(runloop_event_stream_next(stream, &options, &value, E), RUNLOOP_DEADLINE);
    publish(axon, "3");
    expect_payload(stream, "3");

    /* Cut in the middle, again and again, in every way: each event once. */
    publish(axon, "4");
    for (way = 0; way < 4; way++) {
        static const char *const ways[] = {"reset", "eof", "truncate", "event408"};
        runloop_event_stream_free(stream);
        fault("axons.subscribe_sse", 0, 3, "{\"type\":\"cut\",\"after_bytes\":300,\"how\":\"%s\"}", ways[way]);
        OK(runloop_axon_subscribe(axon, -1, NULL, &stream, E));
        expect_payload(stream, "1");
        expect_payload(stream, "2");
        expect_payload(stream, "3");
        expect_payload(stream, "4");
        CHECK(faults_fired() > 0);
        faults_clear();
    }
    runloop_event_stream_free(stream);

    params = params_of("{\"limit\":3}");
    OK(runloop_axon_events(axon, params, &cursor, E));
    for (;;) {
        OK(runloop_axon_event_cursor_next(cursor, NULL, &value, E));
        if (!value) break;
        count++;
        runloop_value_free(value);
    }
    CHECK_INT(count, 4);
    runloop_axon_event_cursor_free(cursor);
    runloop_params_free(params);

    OK(runloop_axon_sql_query(axon, "CREATE TABLE t (a INTEGER, b TEXT)", NULL, NULL, &value, E));
    runloop_value_free(value);
    params = params_of("{\"statements\":[{\"sql\":\"INSERT INTO t VALUES (?, ?)\",\"params\":[7,\"seven\"]},{\"sql\":\"INSERT INTO t VALUES (8, 'eight')\"}]}");
    OK(runloop_axon_sql_batch(axon, params, NULL, &value, E));
    runloop_value_free(value);
    runloop_params_free(params);
    params = params_of("{\"params\":[\"seven\"]}");
    OK(runloop_axon_sql_query(axon, "SELECT a FROM t WHERE b = ?", params, NULL, &value, E));
    OK(runloop_value_get_int(value, "/rows/0/0", &number, E));
    CHECK_INT(number, 7);
    runloop_value_free(value);
    runloop_params_free(params);
    CHECK_STATUS(runloop_axon_sql_query(axon, "SELEC", NULL, NULL, &value, E), RUNLOOP_BAD_REQUEST);

    OK(runloop_axon_subscribe(axon, 4, NULL, &stream, E));
    OK(runloop_axon_delete(axon, NULL, NULL, E));
    OK(runloop_axon_get_info(axon, NULL, &value, E));
    CHECK_INT(runloop_value_kind(value, "/deleted_at_ms"), RUNLOOP_KIND_INT);
    runloop_value_free(value);
    options.deadline_ms = 3000;
    {
        int32_t status = runloop_event_stream_next(stream, &options, &value, E);
        CHECK(value == NULL && (status == RUNLOOP_OK || status == RUNLOOP_DEADLINE));
    }
    runloop_event_stream_free(stream);
    runloop_axon_free(axon);
    group("axons");
}

static void secrets(void)
{
    runloop_secret *older, *newer, *row;
    runloop_secret_cursor *cursor;
    runloop_value *info;
    int count = 0;
    OK(runloop_secret_create(client, "DATABASE", "first", NULL, &older, E));
    OK(runloop_secret_update(older, "second \xc3\xbc", NULL, NULL, E));
    OK(runloop_secret_from_name(client, "DATABASE", &newer, E));
    OK(runloop_secret_get_info(newer, NULL, &info, E));
    CHECK_HAS_NOT(runloop_value_json(info, NULL), "second");
    runloop_value_free(info);
    OK(runloop_secret_from_id(client, runloop_secret_id(older), &row, E));
    OK(runloop_secret_update(row, "third", NULL, NULL, E));
    OK(runloop_secret_list(client, NULL, &cursor, E));
    for (;;) {
        runloop_secret *listed;
        OK(runloop_secret_cursor_next(cursor, NULL, &listed, NULL, E));
        if (!listed) break;
        count++;
        runloop_secret_free(listed);
    }
    runloop_secret_cursor_free(cursor);
    CHECK_INT(count, 1);
    OK(runloop_secret_delete(row, NULL, NULL, E));
    CHECK_STATUS(runloop_secret_get_info(row, NULL, &info, E), RUNLOOP_NOT_FOUND);
    runloop_secret_free(older);
    runloop_secret_free(newer);
    runloop_secret_free(row);
    group("secrets");
}

#define VERBS(noun, body)                                                                   \
    static void noun##s(void)                                                               \
    {                                                                                       \
        runloop_##noun *made, *found;                                                       \
        runloop_##noun##_cursor *cursor;                                                    \
        runloop_params *params = params_of(body);                                           \
        runloop_value *info;                                                                \
        const char *text;                                                                   \
        int count = 0;                                                                      \
        OK(runloop_##noun##_create(client, params, NULL, &made, E));                        \
        runloop_params_free(params);                                                        \
        params = params_of("{\"description\":\"changed\"}");                                \
        OK(runloop_##noun##_update(made, params, NULL, NULL, E));                           \
        runloop_params_free(params);                                                        \
        OK(runloop_##noun##_from_id(client, runloop_##noun##_id(made), &found, E));         \
        OK(runloop_##noun##_get_info(found, NULL, &info, E));                               \
        OK(runloop_value_get_string(info, "/description", &text, NULL, E));                 \
        CHECK_TEXT(text, "changed");                                                        \
        runloop_value_free(info);                                                           \
        runloop_##noun##_free(found);                                                       \
        OK(runloop_##noun##_list(client, NULL, &cursor, E));                                \
        for (;;) {                                                                          \
            OK(runloop_##noun##_cursor_next(cursor, NULL, &found, NULL, E));                \
            if (!found) break;                                                              \
            count += !strcmp(runloop_##noun##_id(found), runloop_##noun##_id(made));        \
            runloop_##noun##_free(found);                                                   \
        }                                                                                   \
        CHECK_INT(count, 1);                                                                \
        runloop_##noun##_cursor_free(cursor);                                               \
        OK(runloop_##noun##_delete(made, NULL, NULL, E));                                   \
        CHECK_STATUS(runloop_##noun##_get_info(made, NULL, &info, E), RUNLOOP_NOT_FOUND);   \
        runloop_##noun##_free(made);                                                        \
        group(#noun);                                                                       \
    }

VERBS(network_policy, "{\"name\":\"np\",\"allowed_hostnames\":[\"example.com\"]}")
VERBS(gateway_config, "{\"name\":\"gw\",\"endpoint\":\"https://example.com\",\"auth_mechanism\":{\"type\":\"bearer\"}}")
VERBS(mcp_config, "{\"name\":\"mcp\",\"endpoint\":\"https://example.com\",\"allowed_tools\":[\"*\"]}")

static void account(void)
{
    runloop_value *value;
    runloop_params *params = params_of("{\"name\":\"ci\"}");
    int32_t http_status;
    OK(runloop_account_me(client, NULL, &value, E));
    CHECK_INT(runloop_value_kind(value, "/id"), RUNLOOP_KIND_STRING);
    runloop_value_free(value);
    OK(runloop_api_key_create(client, params, NULL, &value, E));
    CHECK_INT(runloop_value_kind(value, "/key_secret"), RUNLOOP_KIND_STRING);
    runloop_value_free(value);
    OK(runloop_restricted_key_create(client, params, NULL, &value, E));
    CHECK_INT(runloop_value_kind(value, "/key_secret"), RUNLOOP_KIND_STRING);
    runloop_value_free(value);
    runloop_params_free(params);
    OK(runloop_client_request(client, "GET", "/v1/accounts/me", NULL, NULL, NULL, &http_status, NULL, &value, NULL, E));
    CHECK_INT(http_status, 200);
    runloop_value_free(value);
    group("the account");
}

int main(void)
{
    begin("test_emulated_records");
    emulator_start(NULL);
    client = new_client(NULL);
    axons();
    secrets();
    network_policys();
    gateway_configs();
    mcp_configs();
    account();
    runloop_client_free(client);
    return finish();
}
