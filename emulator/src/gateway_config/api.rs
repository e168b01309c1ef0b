//! The operations on gateway configs.

use super::GatewayConfigs;
use super::{access, find, GatewayConfig, Spec};
use crate::account::Account;
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
    let configs = GatewayConfigs::load(&builder.app.store)?;
    builder.add(configs);
    let routes = &mut builder.routes;
    routes.add("gatewayconfigs.create", create);
    routes.add("gatewayconfigs.retrieve", retrieve);
    routes.add("gatewayconfigs.update", update);
    routes.add("gatewayconfigs.list", list);
    routes.add("gatewayconfigs.delete", delete);
    routes.add("devboxes.create_gateway_token", create_token);
    Ok(())
}

async fn create_token(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    let spec: Spec = call.body()?;
    let config = find(&call.app, "gateway", &spec.gateway)?;
    upstream::secret_id(&call.app, "secret", &spec.secret)?;
    if devbox.status().is_end() {
        devbox.running()?;
    }
    let (url, token) = access(&call.app)?;
    Ok(json(&json!({
        "token": token,
        "url": url,
        "devbox_id": devbox.id,
        "gateway_config_id": config.id,
        "endpoint": config.endpoint,
        "auth_mechanism": config.auth_mechanism,
    })))
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    endpoint: Option<String>,
    auth_mechanism: Option<AuthMechanism>,
    custom_headers: Option<Vec<CustomHeader>>,
    description: Option<String>,
}

impl Change {
    fn read(call: &Call) -> Result<Change, ApiError> {
        let mut change: Change = call.body()?;
        change.name.as_deref().map_or(Ok(()), upstream::check_name)?;
        change.endpoint.as_deref().map_or(Ok(()), upstream::check_endpoint)?;
        change.auth_mechanism.as_ref().map_or(Ok(()), AuthMechanism::check)?;
        let headers = change.custom_headers.take();
        change.custom_headers = headers.map(|headers| upstream::check_headers(&call.app, headers)).transpose()?;
        Ok(change)
    }

    fn apply(self, config: &mut GatewayConfig) {
        let Change { name, endpoint, auth_mechanism, custom_headers, description } = self;
        config.name = name.unwrap_or(std::mem::take(&mut config.name));
        config.endpoint = endpoint.unwrap_or(std::mem::take(&mut config.endpoint));
        config.custom_headers = custom_headers.unwrap_or(std::mem::take(&mut config.custom_headers));
        config.description = description.or(config.description.take());
        if let Some(mechanism) = auth_mechanism {
            config.auth_mechanism = mechanism;
        }
    }
}

fn view(config: &GatewayConfig) -> Value {
    json!(config)
}

async fn create(call: Call) -> Answer {
    let change = Change::read(&call)?;
    let mut config = GatewayConfig {
        id: call.app.ids.next("gwc"),
        account_id: call.app.state::<Account>().id(&call.app)?,
        name: String::new(),
        endpoint: String::new(),
        auth_mechanism: AuthMechanism::bearer(),
        custom_headers: Vec::new(),
        description: None,
        create_time_ms: call.app.clock.now_ms(),
    };
    change.apply(&mut config);
    let answer = view(&config);
    call.app.state::<GatewayConfigs>().add(config)?;
    Ok(json(&answer))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.app.state::<GatewayConfigs>().get(call.path("id"))?))
}

async fn update(call: Call) -> Answer {
    let change = Change::read(&call)?;
    let changed = call.app.state::<GatewayConfigs>().update(call.path("id"), |config| {
        change.apply(config);
        Ok(())
    })?;
    Ok(json(&changed))
}

async fn list(call: Call) -> Answer {
    let filter = Filter::of(&call, ByName::Part);
    let page = call.app.state::<GatewayConfigs>().page(&call, |config| filter.takes(&config.id, Some(&config.name)))?;
    Ok(json(&page.answer(&call, "gateway_configs", view)))
}

async fn delete(call: Call) -> Answer {
    Ok(json(&call.app.state::<GatewayConfigs>().remove(call.path("id"))?))
}
