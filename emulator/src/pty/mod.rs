//! Interactive terminals in devboxes: sessions by name, their control, and their bytes over WebSocket.

pub mod api;
mod data;
mod session;

pub use session::Sessions;

use crate::app::App;
use crate::devbox::Devbox;
use crate::devbox::Devboxes;
use crate::http::openapi::Found;
use crate::http::routes::operate;
use crate::http::ApiError;
use crate::tunnel::token::token;
use crate::tunnel::Tunnels;
use axum::body::Body;
use http::{HeaderMap, Request, Response, StatusCode};
use std::sync::Arc;

/// Requests to the way that only terminals have.
pub fn is_data<B>(request: &Request<B>) -> bool {
    data_name(request.uri().path()).is_some()
}

/// The session of `/pty/{name}/ws`.
fn data_name(path: &str) -> Option<&str> {
    path.strip_prefix("/pty/")?.strip_suffix("/ws").filter(|name| !name.contains('/'))
}

/// What a terminals' tunnel leads to: the two operations, and the bytes.
pub async fn answer(app: &Arc<App>, request: Request<Body>) -> Result<Response<Body>, ApiError> {
    if let Some(name) = data_name(request.uri().path()) {
        let devbox = devbox(app, request.headers())?;
        let session = app.state::<Sessions>().get(&devbox.id, name)?;
        return data::attach(app.clone(), session, request).await;
    }
    match app.api.find(request.method(), request.uri().path()) {
        Found::Operation(operation, parameters) if operation.id.starts_with("pty.") => {
            let noted = app.journal.arrived(&request, Some(&operation.id));
            let answer = operate(app, operation, parameters, request, &noted).await;
            let response = answer.unwrap_or_else(ApiError::into_response);
            noted.answered(response.status().as_u16());
            app.journal.count(&operation.id, response.status().is_success());
            Ok(response)
        }
        _ => Err(ApiError::not_found("this tunnel leads to terminals only: to /pty/{session_name}")),
    }
}

/// The devbox whose terminals the request's token opens.
fn devbox(app: &App, headers: &HeaderMap) -> Result<Arc<Devbox>, ApiError> {
    let id = token(headers).and_then(|token| app.state::<Tunnels>().devbox_of_token(token)).ok_or_else(|| {
        let how = "which devbox? Send the auth_token of create_pty_tunnel as X-Runloop-Tunnel-Authorization: Bearer …";
        ApiError::new(StatusCode::UNAUTHORIZED, how)
    })?;
    app.state::<Devboxes>().get(&id)
}
