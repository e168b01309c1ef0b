/* The further nouns' calls, for noun_cases.py. Included by calls.c. */

/* Opens a stream; what it gives does not matter here. */
static void follow(runloop_event_stream *stream)
{
    runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;
    options.deadline_ms = 300;
    (void)runloop_event_stream_next(stream, &options, &value, &error);
    runloop_error_free(error);
    error = NULL;
    runloop_event_stream_free(stream);
}

static void devbox_usage(void) { must(runloop_devbox_usage(devbox, NULL, &value, &error)); }
static void devbox_await_suspended(void) { must(runloop_devbox_await_suspended(devbox, NULL, &value, &error)); }
static void devbox_suspend(void) { must(runloop_devbox_suspend(devbox, NULL, &value, &error)); }
static void devbox_resume(void) { must(runloop_devbox_resume(devbox, NULL, &value, &error)); }
static void devbox_resume_async(void) { must(runloop_devbox_resume_async(devbox, NULL, &value, &error)); }
static void devbox_create_ssh_key(void) { must(runloop_devbox_create_ssh_key(devbox, NULL, &value, &error)); }
static void devbox_get_tunnel(void) { must(runloop_devbox_get_tunnel(devbox, NULL, &value, &error)); }
static void devbox_create_pty_tunnel(void) { must(runloop_devbox_create_pty_tunnel(devbox, NULL, &value, &error)); }
static void devbox_update(void) { must(runloop_devbox_update(devbox, params, NULL, &value, &error)); }
static void devbox_logs(void) { must(runloop_devbox_logs(devbox, params, NULL, &value, &error)); }
static void devbox_enable_tunnel(void) { must(runloop_devbox_enable_tunnel(devbox, params, NULL, &value, &error)); }
static void devbox_create_gateway_token(void) { must(runloop_devbox_create_gateway_token(devbox, params, NULL, &value, &error)); }
static void devbox_create_mcp_token(void) { must(runloop_devbox_create_mcp_token(devbox, params, NULL, &value, &error)); }
static void devbox_remove_tunnel(void) { must(runloop_devbox_remove_tunnel(devbox, NULL, &error)); }
static void devbox_get_tunnel_url(void) { must(runloop_devbox_get_tunnel_url(devbox, 8080, NULL, &bytes, &error)); }
static void eviction_watch(void)
{
    runloop_event_stream *stream;
    must(runloop_eviction_watch(client, NULL, &stream, &error));
    follow(stream);
}
static void devbox_snapshot_disk(void)
{
    runloop_snapshot *snapshot;
    must(runloop_devbox_snapshot_disk(devbox, params, NULL, &snapshot, &error));
    runloop_snapshot_free(snapshot);
}
static void devbox_snapshot_disk_async(void)
{
    runloop_snapshot *snapshot;
    must(runloop_devbox_snapshot_disk_async(devbox, params, NULL, &snapshot, &error));
    runloop_snapshot_free(snapshot);
}
static void snapshot_list(void)
{
    runloop_snapshot_cursor *cursor;
    runloop_snapshot *snapshot;
    must(runloop_snapshot_list(client, params, &cursor, &error));
    must(runloop_snapshot_cursor_next(cursor, NULL, &snapshot, NULL, &error));
    runloop_snapshot_free(snapshot);
    runloop_snapshot_cursor_free(cursor);
}
static void snapshot_get_info(void)
{
    runloop_snapshot *snapshot;
    must(runloop_snapshot_from_id(client, "snp_1", &snapshot, &error));
    must(runloop_snapshot_get_info(snapshot, NULL, &value, &error));
    runloop_snapshot_free(snapshot);
}
static void snapshot_update(void)
{
    runloop_snapshot *snapshot;
    must(runloop_snapshot_from_id(client, "snp_1", &snapshot, &error));
    must(runloop_snapshot_update(snapshot, params, NULL, &value, &error));
    runloop_snapshot_free(snapshot);
}
static void snapshot_delete(void)
{
    runloop_snapshot *snapshot;
    must(runloop_snapshot_from_id(client, "snp_1", &snapshot, &error));
    must(runloop_snapshot_delete(snapshot, NULL, &error));
    runloop_snapshot_free(snapshot);
}
static void snapshot_await_completed(void)
{
    runloop_snapshot *snapshot;
    must(runloop_snapshot_from_id(client, "snp_1", &snapshot, &error));
    must(runloop_snapshot_await_completed(snapshot, NULL, &value, &error));
    runloop_snapshot_free(snapshot);
}
static void snapshot_create_devbox(void)
{
    runloop_snapshot *snapshot;
    must(runloop_snapshot_from_id(client, "snp_1", &snapshot, &error));
    must(runloop_snapshot_create_devbox(snapshot, params, NULL, &made, &error));
    runloop_snapshot_free(snapshot);
}
static void blueprint_create(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_create(client, params, NULL, NULL, NULL, &blueprint, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_create_async(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_create_async(client, params, NULL, &blueprint, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_preview(void) { must(runloop_blueprint_preview(client, params, NULL, &value, &error)); }
static void blueprint_list(void)
{
    runloop_blueprint_cursor *cursor;
    runloop_blueprint *blueprint;
    must(runloop_blueprint_list(client, params, &cursor, &error));
    must(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, NULL, &error));
    runloop_blueprint_free(blueprint);
    runloop_blueprint_cursor_free(cursor);
}
static void blueprint_list_public(void)
{
    runloop_blueprint_cursor *cursor;
    runloop_blueprint *blueprint;
    must(runloop_blueprint_list_public(client, params, &cursor, &error));
    must(runloop_blueprint_cursor_next(cursor, NULL, &blueprint, NULL, &error));
    runloop_blueprint_free(blueprint);
    runloop_blueprint_cursor_free(cursor);
}
static void blueprint_get_info(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_from_id(client, "bpt_1", &blueprint, &error));
    must(runloop_blueprint_get_info(blueprint, NULL, &value, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_await_build_complete(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_from_id(client, "bpt_1", &blueprint, &error));
    must(runloop_blueprint_await_build_complete(blueprint, NULL, NULL, NULL, &value, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_logs(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_from_id(client, "bpt_1", &blueprint, &error));
    must(runloop_blueprint_logs(blueprint, NULL, &value, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_delete(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_from_id(client, "bpt_1", &blueprint, &error));
    must(runloop_blueprint_delete(blueprint, NULL, &error));
    runloop_blueprint_free(blueprint);
}
static void blueprint_create_devbox(void)
{
    runloop_blueprint *blueprint;
    must(runloop_blueprint_from_id(client, "bpt_1", &blueprint, &error));
    must(runloop_blueprint_create_devbox(blueprint, params, NULL, &made, &error));
    runloop_blueprint_free(blueprint);
}
static void axon_create(void)
{
    runloop_axon *axon;
    must(runloop_axon_create(client, params, NULL, &axon, &error));
    runloop_axon_free(axon);
}
static void axon_list(void)
{
    runloop_axon_cursor *cursor;
    runloop_axon *axon;
    must(runloop_axon_list(client, params, &cursor, &error));
    must(runloop_axon_cursor_next(cursor, NULL, &axon, NULL, &error));
    runloop_axon_free(axon);
    runloop_axon_cursor_free(cursor);
}
static void axon_get_info(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_get_info(axon, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void axon_update(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_update(axon, params, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void axon_delete(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_delete(axon, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void axon_publish(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_publish(axon, params, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void axon_subscribe(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    runloop_event_stream *stream;
    must(runloop_axon_subscribe(axon, member("/after_sequence") ? atoll(member("/after_sequence")) : -1, NULL, &stream, &error));
    follow(stream);
    runloop_axon_free(axon);
}
static void axon_events(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    runloop_axon_event_cursor *cursor;
    must(runloop_axon_events(axon, params, &cursor, &error));
    must(runloop_axon_event_cursor_next(cursor, NULL, &value, &error));
    runloop_axon_event_cursor_free(cursor);
    runloop_axon_free(axon);
}
static void axon_sql_query(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_sql_query(axon, member("/sql"), params, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void axon_sql_batch(void)
{
    runloop_axon *axon;
    must(runloop_axon_from_id(client, "axn_1", &axon, &error));
    must(runloop_axon_sql_batch(axon, params, NULL, &value, &error));
    runloop_axon_free(axon);
}
static void secret_create(void)
{
    runloop_secret *secret;
    must(runloop_secret_create(client, member("/name"), member("/value"), NULL, &secret, &error));
    runloop_secret_free(secret);
}
static void secret_list(void)
{
    runloop_secret_cursor *cursor;
    runloop_secret *secret;
    must(runloop_secret_list(client, params, &cursor, &error));
    must(runloop_secret_cursor_next(cursor, NULL, &secret, NULL, &error));
    runloop_secret_free(secret);
    runloop_secret_cursor_free(cursor);
}
static void secret_get_info(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_name(client, "A NAME", &secret, &error));
    must(runloop_secret_get_info(secret, NULL, &value, &error));
    runloop_secret_free(secret);
}
static void secret_update(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_name(client, "NAME", &secret, &error));
    must(runloop_secret_update(secret, member("/value"), NULL, &value, &error));
    runloop_secret_free(secret);
}
static void secret_delete(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_name(client, "NAME", &secret, &error));
    must(runloop_secret_delete(secret, NULL, &value, &error));
    runloop_secret_free(secret);
}
static void secret_by_id_get_info(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_id(client, "sec/1", &secret, &error));
    must(runloop_secret_get_info(secret, NULL, &value, &error));
    runloop_secret_free(secret);
}
static void secret_by_id_update(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_id(client, "sec_1", &secret, &error));
    must(runloop_secret_update(secret, member("/value"), NULL, &value, &error));
    runloop_secret_free(secret);
}
static void secret_by_id_delete(void)
{
    runloop_secret *secret;
    must(runloop_secret_from_id(client, "sec_1", &secret, &error));
    must(runloop_secret_delete(secret, NULL, &value, &error));
    runloop_secret_free(secret);
}
static void network_policy_create(void)
{
    runloop_network_policy *network_policy;
    must(runloop_network_policy_create(client, params, NULL, &network_policy, &error));
    runloop_network_policy_free(network_policy);
}
static void network_policy_list(void)
{
    runloop_network_policy_cursor *cursor;
    runloop_network_policy *network_policy;
    must(runloop_network_policy_list(client, params, &cursor, &error));
    must(runloop_network_policy_cursor_next(cursor, NULL, &network_policy, NULL, &error));
    runloop_network_policy_free(network_policy);
    runloop_network_policy_cursor_free(cursor);
}
static void network_policy_get_info(void)
{
    runloop_network_policy *network_policy;
    must(runloop_network_policy_from_id(client, "cfg_1", &network_policy, &error));
    must(runloop_network_policy_get_info(network_policy, NULL, &value, &error));
    runloop_network_policy_free(network_policy);
}
static void network_policy_update(void)
{
    runloop_network_policy *network_policy;
    must(runloop_network_policy_from_id(client, "cfg_1", &network_policy, &error));
    must(runloop_network_policy_update(network_policy, params, NULL, &value, &error));
    runloop_network_policy_free(network_policy);
}
static void network_policy_delete(void)
{
    runloop_network_policy *network_policy;
    must(runloop_network_policy_from_id(client, "cfg_1", &network_policy, &error));
    must(runloop_network_policy_delete(network_policy, NULL, &value, &error));
    runloop_network_policy_free(network_policy);
}
static void gateway_config_create(void)
{
    runloop_gateway_config *gateway_config;
    must(runloop_gateway_config_create(client, params, NULL, &gateway_config, &error));
    runloop_gateway_config_free(gateway_config);
}
static void gateway_config_list(void)
{
    runloop_gateway_config_cursor *cursor;
    runloop_gateway_config *gateway_config;
    must(runloop_gateway_config_list(client, params, &cursor, &error));
    must(runloop_gateway_config_cursor_next(cursor, NULL, &gateway_config, NULL, &error));
    runloop_gateway_config_free(gateway_config);
    runloop_gateway_config_cursor_free(cursor);
}
static void gateway_config_get_info(void)
{
    runloop_gateway_config *gateway_config;
    must(runloop_gateway_config_from_id(client, "cfg_1", &gateway_config, &error));
    must(runloop_gateway_config_get_info(gateway_config, NULL, &value, &error));
    runloop_gateway_config_free(gateway_config);
}
static void gateway_config_update(void)
{
    runloop_gateway_config *gateway_config;
    must(runloop_gateway_config_from_id(client, "cfg_1", &gateway_config, &error));
    must(runloop_gateway_config_update(gateway_config, params, NULL, &value, &error));
    runloop_gateway_config_free(gateway_config);
}
static void gateway_config_delete(void)
{
    runloop_gateway_config *gateway_config;
    must(runloop_gateway_config_from_id(client, "cfg_1", &gateway_config, &error));
    must(runloop_gateway_config_delete(gateway_config, NULL, &value, &error));
    runloop_gateway_config_free(gateway_config);
}
static void mcp_config_create(void)
{
    runloop_mcp_config *mcp_config;
    must(runloop_mcp_config_create(client, params, NULL, &mcp_config, &error));
    runloop_mcp_config_free(mcp_config);
}
static void mcp_config_list(void)
{
    runloop_mcp_config_cursor *cursor;
    runloop_mcp_config *mcp_config;
    must(runloop_mcp_config_list(client, params, &cursor, &error));
    must(runloop_mcp_config_cursor_next(cursor, NULL, &mcp_config, NULL, &error));
    runloop_mcp_config_free(mcp_config);
    runloop_mcp_config_cursor_free(cursor);
}
static void mcp_config_get_info(void)
{
    runloop_mcp_config *mcp_config;
    must(runloop_mcp_config_from_id(client, "cfg_1", &mcp_config, &error));
    must(runloop_mcp_config_get_info(mcp_config, NULL, &value, &error));
    runloop_mcp_config_free(mcp_config);
}
static void mcp_config_update(void)
{
    runloop_mcp_config *mcp_config;
    must(runloop_mcp_config_from_id(client, "cfg_1", &mcp_config, &error));
    must(runloop_mcp_config_update(mcp_config, params, NULL, &value, &error));
    runloop_mcp_config_free(mcp_config);
}
static void mcp_config_delete(void)
{
    runloop_mcp_config *mcp_config;
    must(runloop_mcp_config_from_id(client, "cfg_1", &mcp_config, &error));
    must(runloop_mcp_config_delete(mcp_config, NULL, &value, &error));
    runloop_mcp_config_free(mcp_config);
}
static void account_me(void) { must(runloop_account_me(client, NULL, &value, &error)); }
static void api_key_create(void) { must(runloop_api_key_create(client, params, NULL, &value, &error)); }
static void restricted_key_create(void) { must(runloop_restricted_key_create(client, params, NULL, &value, &error)); }
static void client_request(void)
{
    runloop_params *query;
    must(runloop_params_new(&query, &error));
    must(runloop_params_set_string(query, "/q", "a b", &error));
    must(runloop_client_request(client, "POST", "/v1/things/1", query, params, NULL, NULL, NULL, &value, NULL, &error));
    runloop_params_free(query);
}

#define NOUN_CALLS \
    CALL(devbox_usage), \
    CALL(devbox_await_suspended), \
    CALL(devbox_suspend), \
    CALL(devbox_resume), \
    CALL(devbox_resume_async), \
    CALL(devbox_create_ssh_key), \
    CALL(devbox_get_tunnel), \
    CALL(devbox_create_pty_tunnel), \
    CALL(devbox_update), \
    CALL(devbox_logs), \
    CALL(devbox_enable_tunnel), \
    CALL(devbox_create_gateway_token), \
    CALL(devbox_create_mcp_token), \
    CALL(devbox_remove_tunnel), \
    CALL(devbox_get_tunnel_url), \
    CALL(eviction_watch), \
    CALL(devbox_snapshot_disk), \
    CALL(devbox_snapshot_disk_async), \
    CALL(snapshot_list), \
    CALL(snapshot_get_info), \
    CALL(snapshot_update), \
    CALL(snapshot_delete), \
    CALL(snapshot_await_completed), \
    CALL(snapshot_create_devbox), \
    CALL(blueprint_create), \
    CALL(blueprint_create_async), \
    CALL(blueprint_preview), \
    CALL(blueprint_list), \
    CALL(blueprint_list_public), \
    CALL(blueprint_get_info), \
    CALL(blueprint_await_build_complete), \
    CALL(blueprint_logs), \
    CALL(blueprint_delete), \
    CALL(blueprint_create_devbox), \
    CALL(axon_create), \
    CALL(axon_list), \
    CALL(axon_get_info), \
    CALL(axon_update), \
    CALL(axon_delete), \
    CALL(axon_publish), \
    CALL(axon_subscribe), \
    CALL(axon_events), \
    CALL(axon_sql_query), \
    CALL(axon_sql_batch), \
    CALL(secret_create), \
    CALL(secret_list), \
    CALL(secret_get_info), \
    CALL(secret_update), \
    CALL(secret_delete), \
    CALL(secret_by_id_get_info), \
    CALL(secret_by_id_update), \
    CALL(secret_by_id_delete), \
    CALL(network_policy_create), \
    CALL(network_policy_list), \
    CALL(network_policy_get_info), \
    CALL(network_policy_update), \
    CALL(network_policy_delete), \
    CALL(gateway_config_create), \
    CALL(gateway_config_list), \
    CALL(gateway_config_get_info), \
    CALL(gateway_config_update), \
    CALL(gateway_config_delete), \
    CALL(mcp_config_create), \
    CALL(mcp_config_list), \
    CALL(mcp_config_get_info), \
    CALL(mcp_config_update), \
    CALL(mcp_config_delete), \
    CALL(account_me), \
    CALL(api_key_create), \
    CALL(restricted_key_create), \
    CALL(client_request)
