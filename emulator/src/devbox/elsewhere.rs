//! What a devbox takes from the other rooms of the emulator, a function each.

use crate::app::App;
use crate::axon::Axons;
use crate::http::ApiError;
use crate::network_policy::NetworkPolicies;
use crate::object::Objects;
use crate::secret::Secrets;
use crate::{gateway_config, mcp_config, secret};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The secrets of a new devbox: names, by the variable that is to hold the value. All are there.
pub fn secrets(app: &App, asked: &Value) -> Result<BTreeMap<String, String>, ApiError> {
    secret::check(app, asked)
}

/// The value of the newest secret of that name.
pub fn secret_value(app: &App, name: &str) -> Result<String, ApiError> {
    app.state::<Secrets>().value_of(name)
}

/// The gateways of a new devbox, as its view shows them.
pub fn gateways(app: &App, asked: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    gateway_config::check(app, asked)
}

/// A gateway's URL and a token for it.
pub fn gateway_access(app: &App) -> Result<(String, String), ApiError> {
    gateway_config::access(app)
}

/// The MCP servers of a new devbox, as its view shows them.
pub fn mcp(app: &App, asked: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    mcp_config::check(app, asked)
}

/// The MCP hub's URL and a token for it.
pub fn mcp_access(app: &App) -> Result<(String, String), ApiError> {
    mcp_config::access(app)
}

/// Whether there is such a network policy.
pub fn network_policy(app: &App, id: &str) -> Result<(), ApiError> {
    let found = app.state::<NetworkPolicies>().get(id);
    found.map(|_| ()).map_err(|e| ApiError::bad_request(format!("launch_parameters.network_policy_id: {}; create it first", e.message())))
}

/// A complete object's content, and the type that it was made with.
pub fn object(app: &App, id: &str) -> Result<(PathBuf, String), ApiError> {
    Ok((app.state::<Objects>().content_path(id)?, app.state::<Objects>().content_type(id)?))
}

/// The number of an axon's last event.
pub fn last_event(app: &App, axon: &str) -> Result<i64, ApiError> {
    app.state::<Axons>().last(axon)
}
