//! MCP configs: a server of tools, and which of its tools are allowed.

pub mod api;

use crate::app::App;
use crate::http::ApiError;
use crate::records::{Record, Records};
use crate::upstream::{self, AuthMechanism, CustomHeader};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::collections::BTreeMap;

#[derive(Clone, Serialize, Deserialize)]
pub struct McpConfig {
    id: String,
    name: String,
    endpoint: String,
    allowed_tools: Vec<String>,
    auth_mechanism: AuthMechanism,
    custom_headers: Vec<CustomHeader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    create_time_ms: i64,
}

impl Record for McpConfig {
    const KIND: &'static str = "MCP config";
    fn id(&self) -> &str {
        &self.id
    }
}

pub type McpConfigs = Records<McpConfig>;

#[derive(Deserialize)]
struct Spec {
    mcp_config: String,
    secret: String,
}

/// The `mcp` of a new devbox as its view shows it; refused where something is not there.
pub fn check(app: &App, mcp: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    let specs = Option::<BTreeMap<String, Spec>>::deserialize(mcp);
    let specs = specs.map_err(|e| ApiError::bad_request(format!("mcp: {e}")))?.unwrap_or_default();
    let check = |(variable, spec): (String, Spec)| {
        crate::secret::check_variable("mcp", &variable)?;
        let at = format!("mcp.{variable}");
        let config = find(app, &format!("{at}.mcp_config"), &spec.mcp_config)?;
        let secret = upstream::secret_id(app, &format!("{at}.secret"), &spec.secret)?;
        Ok((variable, json!({"mcp_config_id": config.id, "secret_id": secret})))
    };
    specs.into_iter().map(check).collect()
}

/// What a devbox gets for MCP servers: the hub's URL, and the token to send there.
pub fn access(app: &App) -> Result<(String, String), ApiError> {
    Ok((format!("http://{}/mcp", app.address), upstream::token("mcps")?))
}

/// By id, or the newest of a name.
fn find(app: &App, at: &str, reference: &str) -> Result<McpConfig, ApiError> {
    let named = || app.state::<McpConfigs>().all().into_iter().rfind(|config| config.name == reference);
    let found = app.state::<McpConfigs>().get(reference).ok().or_else(named);
    found.ok_or_else(|| ApiError::bad_request(format!("{at}: MCP config {reference} not found; create it first")))
}
