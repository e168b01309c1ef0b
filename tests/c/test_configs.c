/* Network policies, gateway configs and MCP configs: the same verbs for each. */

#include "scripted.h"

#define VERBS(noun, path, key)                                                                                          \
    static void noun##s(void)                                                                                           \
    {                                                                                                                   \
        runloop_##noun *made, *found;                                                                                   \
        runloop_##noun##_cursor *cursor;                                                                                \
        runloop_value *info;                                                                                            \
        runloop_params *params = params_of("{\"name\":\"n\",\"endpoint\":\"https://example.com\"}");                    \
        int before;                                                                                                     \
        answer("{\"id\":\"cfg_1\",\"name\":\"n\"}");                                                                    \
        OK(runloop_##noun##_create(client, params, NULL, &made, E));                                                    \
        CHECK_TEXT(runloop_##noun##_id(made), "cfg_1");                                                                 \
        check_sent(0, "POST " path, "{\"name\":\"n\",\"endpoint\":\"https://example.com\"}");                           \
        before = script_requests(server);                                                                               \
        CHECK_STATUS(runloop_##noun##_from_id(client, "", &found, E), RUNLOOP_INVALID_ARGUMENT);                        \
        OK(runloop_##noun##_from_id(client, "cfg/2", &found, E));                                                       \
        CHECK_INT(script_requests(server), before);                                                                     \
        answer("{\"id\":\"cfg/2\",\"name\":\"m\"}");                                                                    \
        OK(runloop_##noun##_get_info(found, NULL, &info, E));                                                           \
        check_answer(info, "/name", "m");                                                                               \
        check_sent(0, "GET " path "/cfg%2F2", "");                                                                      \
        answer("{\"id\":\"cfg/2\",\"name\":\"o\"}");                                                                    \
        OK(runloop_##noun##_update(found, params, NULL, &info, E));                                                     \
        check_answer(info, "/name", "o");                                                                               \
        check_sent(0, "POST " path "/cfg%2F2", "{\"name\":\"n\",\"endpoint\":\"https://example.com\"}");                \
        answer("{\"id\":\"cfg/2\"}");                                                                                   \
        OK(runloop_##noun##_update(found, NULL, NULL, NULL, E));                                                        \
        answer("{\"id\":\"cfg/2\",\"name\":\"gone\"}");                                                                 \
        OK(runloop_##noun##_delete(found, NULL, &info, E));                                                             \
        check_answer(info, "/name", "gone");                                                                            \
        check_sent(0, "POST " path "/cfg%2F2/delete", "");                                                              \
        script_answer(server, 404, "", "{\"message\":\"gone\"}");                                                       \
        CHECK_STATUS(runloop_##noun##_get_info(found, NULL, &info, E), RUNLOOP_NOT_FOUND);                              \
        CHECK_TEXT(runloop_error_resource_id(last_error()), "cfg/2");                                                   \
        runloop_##noun##_free(found);                                                                                   \
        runloop_##noun##_free(made);                                                                                    \
        runloop_params_free(params);                                                                                    \
        script_answer(server, 409, "", "{\"message\":\"the name is taken\"}");                                          \
        CHECK_STATUS(runloop_##noun##_create(client, NULL, NULL, &made, E), RUNLOOP_CONFLICT);                          \
        CHECK(made == NULL);                                                                                            \
        answer("{\"name\":\"without an id\"}");                                                                         \
        CHECK_STATUS(runloop_##noun##_create(client, NULL, NULL, &made, E), RUNLOOP_PROTOCOL);                          \
        CHECK_INT(runloop_error_side_effect(last_error()), RUNLOOP_SIDE_EFFECT_UNKNOWN);                                \
                                                                                                                        \
        params = params_of("{\"search\":\"a b\"}");                                                                     \
        OK(runloop_##noun##_list(client, params, &cursor, E));                                                          \
        answer("{\"" key "\":[{\"id\":\"cfg_1\",\"name\":\"n\"}],\"has_more\":true}");                                  \
        OK(runloop_##noun##_cursor_next(cursor, NULL, &found, &info, E));                                               \
        CHECK_TEXT(runloop_##noun##_id(found), "cfg_1");                                                                \
        check_answer(info, "/name", "n");                                                                               \
        check_sent(0, "GET " path "?search=a%20b", "");                                                                 \
        runloop_##noun##_free(found);                                                                                   \
        answer("{\"" key "\":[],\"has_more\":true}");                                                                   \
        OK(runloop_##noun##_cursor_next(cursor, NULL, &found, &info, E));                                               \
        CHECK(found == NULL && info == NULL);                                                                           \
        check_sent(0, "GET " path "?search=a%20b&starting_after=cfg_1", "");                                            \
        runloop_##noun##_cursor_free(cursor);                                                                           \
        runloop_params_free(params);                                                                                    \
        group(#noun);                                                                                                   \
    }

VERBS(network_policy, "/v1/network-policies", "network_policies")
VERBS(gateway_config, "/v1/gateway-configs", "gateway_configs")
VERBS(mcp_config, "/v1/mcp-configs", "mcp_configs")

/* Their handles hold the same, and are told apart all the same. */
static void told_apart(void)
{
    runloop_network_policy *policy;
    runloop_gateway_config_cursor *cursor;
    runloop_mcp_config *config;
    OK(runloop_network_policy_from_id(client, "np_1", &policy, E));
    CHECK_STATUS(runloop_gateway_config_delete((const runloop_gateway_config *)(const void *)policy, NULL, NULL, E), RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "network_policy");
    CHECK(runloop_mcp_config_id((const runloop_mcp_config *)(const void *)policy) == NULL);
    OK(runloop_gateway_config_list(client, NULL, &cursor, E));
    CHECK_STATUS(runloop_mcp_config_cursor_next((const runloop_mcp_config_cursor *)(const void *)cursor, NULL, &config, NULL, E),
                 RUNLOOP_INVALID_HANDLE);
    CHECK_HAS(last_message(), "gateway_config_cursor");
    runloop_mcp_config_cursor_free((runloop_mcp_config_cursor *)(void *)cursor);
    CHECK_INT(runloop_live_handles("gateway_config_cursor"), 1);
    runloop_gateway_config_cursor_free(cursor);
    runloop_network_policy_free(policy);
    group("one kind of handle is not another");
}

int main(void)
{
    begin("test_configs");
    scripted_start();
    network_policys();
    gateway_configs();
    mcp_configs();
    told_apart();
    scripted_stop();
    return finish();
}
