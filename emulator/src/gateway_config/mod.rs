//! Gateway configs: where an agent gateway would pass requests on to, and how it would authorise them.

pub mod api;

use crate::app::App;
use crate::http::ApiError;
use crate::records::{Record, Records};
use crate::upstream::{self, AuthMechanism, CustomHeader};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::collections::BTreeMap;

#[derive(Clone, Serialize, Deserialize)]
pub struct GatewayConfig {
    id: String,
    account_id: String,
    name: String,
    endpoint: String,
    auth_mechanism: AuthMechanism,
    custom_headers: Vec<CustomHeader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    create_time_ms: i64,
}

impl Record for GatewayConfig {
    const KIND: &'static str = "gateway config";
    fn id(&self) -> &str {
        &self.id
    }
}

pub type GatewayConfigs = Records<GatewayConfig>;

#[derive(Deserialize)]
struct Spec {
    gateway: String,
    secret: String,
}

/// The `gateways` of a new devbox as its view shows them; refused where something is not there.
pub fn check(app: &App, gateways: &Value) -> Result<BTreeMap<String, Value>, ApiError> {
    let specs = Option::<BTreeMap<String, Spec>>::deserialize(gateways);
    let specs = specs.map_err(|e| ApiError::bad_request(format!("gateways: {e}")))?.unwrap_or_default();
    let check = |(prefix, spec): (String, Spec)| {
        crate::secret::check_variable("gateways", &prefix)?;
        let at = format!("gateways.{prefix}");
        let config = find(app, &format!("{at}.gateway"), &spec.gateway)?;
        let secret = upstream::secret_id(app, &format!("{at}.secret"), &spec.secret)?;
        Ok((prefix, json!({"gateway_config_id": config.id, "secret_id": secret})))
    };
    specs.into_iter().map(check).collect()
}

/// What a devbox gets for a gateway: the URL to send requests to, and the token to send with them.
pub fn access(app: &App) -> Result<(String, String), ApiError> {
    Ok((format!("http://{}/gateway", app.address), upstream::token("gws")?))
}

/// By id, or the newest of a name.
fn find(app: &App, at: &str, reference: &str) -> Result<GatewayConfig, ApiError> {
    let named = || app.state::<GatewayConfigs>().all().into_iter().rfind(|config| config.name == reference);
    let found = app.state::<GatewayConfigs>().get(reference).ok().or_else(named);
    found.ok_or_else(|| ApiError::bad_request(format!("{at}: gateway config {reference} not found; create it first")))
}
