//! The collections whose items are all handled alike.

pub(crate) mod gateway_config;
pub(crate) mod mcp_config;
pub(crate) mod network_policy;
