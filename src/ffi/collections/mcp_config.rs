//! `runloop_mcp_config`.

runloop_macros::collection! {
    handle: runloop_mcp_config,
    collection: MCP_CONFIGS,
    path: "/v1/mcp-configs",
    singular: "an MCP config",
    plural: "MCP configs",
    description: "an MCP server that devboxes reach through a gateway, and those of its tools that they may use",
    required: "`/name`, `/endpoint`, `/allowed_tools`",
    optional: "`/auth_mechanism`, `/description`",
}
