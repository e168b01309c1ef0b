//! The operations whose bodies and filters become structs, and the structs' names.

/// An operation's identifier in openapi.json, and the struct of its JSON body.
pub const BODIES: &[(&str, &str)] = &[
    ("apikeys.create", "ApiKeyCreateParams"),
    ("restrictedkeys.create", "RestrictedKeyCreateParams"),
    ("axons.create", "AxonCreateParams"),
    ("axons.update", "AxonUpdateParams"),
    ("axons.publish", "AxonPublishParams"),
    ("sql.batch", "AxonSqlBatchParams"),
    ("sql.query", "AxonSqlQueryParams"),
    ("blueprints.create", "BlueprintCreateParams"),
    ("devboxes.create", "DevboxCreateParams"),
    ("devboxes.update", "DevboxUpdateParams"),
    ("devboxes.enable_tunnel", "DevboxEnableTunnelParams"),
    ("devboxes.create_gateway_token", "DevboxCreateGatewayTokenParams"),
    ("devboxes.create_mcp_token", "DevboxCreateMcpTokenParams"),
    ("devboxes.snapshot_disk", "DevboxSnapshotDiskParams"),
    ("disksnapshots.update", "SnapshotUpdateParams"),
    ("gatewayconfigs.create", "GatewayConfigCreateParams"),
    ("gatewayconfigs.update", "GatewayConfigUpdateParams"),
    ("mcpconfigs.create", "McpConfigCreateParams"),
    ("mcpconfigs.update", "McpConfigUpdateParams"),
    ("networkpolicies.create", "NetworkPolicyCreateParams"),
    ("networkpolicies.update", "NetworkPolicyUpdateParams"),
    ("objects.create", "ObjectCreateParams"),
];

/// An operation's identifier, and the struct of its query parameters.
pub const FILTERS: &[(&str, &str)] = &[
    ("axons.list", "AxonListParams"),
    ("events.list", "AxonEventListParams"),
    ("blueprints.list", "BlueprintListParams"),
    ("devboxes.list", "DevboxListParams"),
    ("logs.list", "DevboxLogsParams"),
    ("devboxes.list_disk_snapshots", "SnapshotListParams"),
    ("gatewayconfigs.list", "GatewayConfigListParams"),
    ("mcpconfigs.list", "McpConfigListParams"),
    ("networkpolicies.list", "NetworkPolicyListParams"),
    ("objects.list", "ObjectListParams"),
    ("objects.download", "ObjectDownloadParams"),
    ("secrets.list", "SecretListParams"),
];

/// Answers that the library takes apart itself: pages of lists, and terminals, which it does not serve.
pub const NOT_GIVEN: &[&str] = &["AxonEventListView", "SecretListView", "PtyConnectView", "PtyControlResultView"];
