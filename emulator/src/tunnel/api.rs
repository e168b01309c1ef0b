//! The operations on tunnels.

use super::Tunnels;
use super::Wanted;
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::Response;
use serde_json::json;

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let tunnels = Tunnels::load(&builder.app.store)?;
    builder.add(tunnels);
    let routes = &mut builder.routes;
    routes.add("devboxes.enable_tunnel", enable);
    routes.add("devboxes.remove_tunnel", remove);
    routes.add("devboxes.create_pty_tunnel", create_pty);
    Ok(())
}

async fn enable(call: Call) -> Answer {
    // Of a devbox that a reset does not forget before it has its tunnel.
    let _making = call.app.making();
    let devbox = call.devbox("id")?;
    devbox.running()?;
    let tunnel = call.app.state::<Tunnels>().open(&call.app, &devbox.id, call.body::<Wanted>()?)?;
    Ok(json(&tunnel))
}

async fn remove(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    call.app.state::<Tunnels>().close(&devbox.id)?;
    Ok(json(&json!({})))
}

async fn create_pty(call: Call) -> Answer {
    let _making = call.app.making();
    let devbox = call.devbox("id")?;
    devbox.running()?;
    let (key, token) = call.app.state::<Tunnels>().open_terminals(&call.app.ids, &devbox.id);
    Ok(json(&json!({"tunnel_key": key, "auth_token": token})))
}
