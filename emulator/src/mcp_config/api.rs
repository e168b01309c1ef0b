//! The operations on MCP configs.

use super::McpConfigs;
use super::{access, find, McpConfig, Spec};
use crate::filter::{ByName, Filter};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use crate::upstream::{self, AuthMechanism, CustomHeader};
use axum::body::Body;
use http::Response;
use serde::Deserialize;
use serde_json::{json, Value};

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let configs = McpConfigs::load(&builder.app.store)?;
    builder.add(configs);
    let routes = &mut builder.routes;
    routes.add("mcpconfigs.create", create);
    routes.add("mcpconfigs.retrieve", retrieve);
    routes.add("mcpconfigs.update", update);
    routes.add("mcpconfigs.list", list);
    routes.add("mcpconfigs.delete", delete);
    routes.add("devboxes.create_mcp_token", create_token);
    Ok(())
}

async fn create_token(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    let spec: Spec = call.body()?;
    let config = find(&call.app, "mcp_config", &spec.mcp_config)?;
    upstream::secret_id(&call.app, "secret", &spec.secret)?;
    if devbox.status().is_end() {
        devbox.running()?;
    }
    let (url, token) = access(&call.app)?;
    Ok(json(&json!({
        "token": token,
        "url": url,
        "devbox_id": devbox.id,
        "mcp_config_id": config.id,
        "endpoint": config.endpoint,
        "allowed_tools": config.allowed_tools,
    })))
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    endpoint: Option<String>,
    allowed_tools: Option<Vec<String>>,
    auth_mechanism: Option<AuthMechanism>,
    custom_headers: Option<Vec<CustomHeader>>,
    description: Option<String>,
}

impl Change {
    fn read(call: &Call) -> Result<Change, ApiError> {
        let mut change: Change = call.body()?;
        change.name.as_deref().map_or(Ok(()), upstream::check_name)?;
        change.endpoint.as_deref().map_or(Ok(()), upstream::check_endpoint)?;
        change.allowed_tools.as_deref().map_or(Ok(()), check_tools)?;
        change.auth_mechanism.as_ref().map_or(Ok(()), AuthMechanism::check)?;
        let headers = change.custom_headers.take();
        change.custom_headers = headers.map(|headers| upstream::check_headers(&call.app, headers)).transpose()?;
        Ok(change)
    }

    fn apply(self, config: &mut McpConfig) {
        let Change { name, endpoint, allowed_tools, auth_mechanism, custom_headers, description } = self;
        config.name = name.unwrap_or(std::mem::take(&mut config.name));
        config.endpoint = endpoint.unwrap_or(std::mem::take(&mut config.endpoint));
        config.allowed_tools = allowed_tools.unwrap_or(std::mem::take(&mut config.allowed_tools));
        config.custom_headers = custom_headers.unwrap_or(std::mem::take(&mut config.custom_headers));
        config.description = description.or(config.description.take());
        if let Some(mechanism) = auth_mechanism {
            config.auth_mechanism = mechanism;
        }
    }
}

fn check_tools(tools: &[String]) -> Result<(), ApiError> {
    if tools.is_empty() {
        return Err(ApiError::bad_request("allowed_tools must name a tool; [\"*\"] allows all"));
    }
    match tools.iter().position(|tool| tool.trim().is_empty()) {
        Some(n) => Err(ApiError::bad_request(format!("allowed_tools[{n}] must not be empty"))),
        None => Ok(()),
    }
}

fn view(config: &McpConfig) -> Value {
    json!(config)
}

async fn create(call: Call) -> Answer {
    let change = Change::read(&call)?;
    let mut config = McpConfig {
        id: call.app.ids.next("mcp"),
        name: String::new(),
        endpoint: String::new(),
        allowed_tools: Vec::new(),
        auth_mechanism: AuthMechanism::bearer(),
        custom_headers: Vec::new(),
        description: None,
        create_time_ms: call.app.clock.now_ms(),
    };
    change.apply(&mut config);
    let answer = view(&config);
    call.app.state::<McpConfigs>().add(config)?;
    Ok(json(&answer))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.app.state::<McpConfigs>().get(call.path("id"))?))
}

async fn update(call: Call) -> Answer {
    let change = Change::read(&call)?;
    let changed = call.app.state::<McpConfigs>().update(call.path("id"), |config| {
        change.apply(config);
        Ok(())
    })?;
    Ok(json(&changed))
}

async fn list(call: Call) -> Answer {
    let filter = Filter::of(&call, ByName::Start);
    let page = call.app.state::<McpConfigs>().page(&call, |config| filter.takes(&config.id, Some(&config.name)))?;
    Ok(json(&page.answer(&call, "mcp_configs", view)))
}

async fn delete(call: Call) -> Answer {
    Ok(json(&call.app.state::<McpConfigs>().remove(call.path("id"))?))
}
