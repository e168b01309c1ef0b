//! From a request to an answer: who may ask, and which room answers.

use super::repeat;
use crate::account::keys;
use crate::app::App;
use crate::http::attend::attend;
use crate::http::connection::Connection;
use crate::http::openapi::Found;
use crate::http::routes::operate;
use crate::http::{guard, ApiError};
use crate::journal::Entry;
use crate::{control, pty, tunnel};
use axum::body::Body;
use http::{header, HeaderValue, Request, Response, StatusCode};
use std::sync::Arc;

/// Answers one request. `None`: the connection is to be closed without an answer.
pub async fn answer(app: Arc<App>, connection: Connection, request: Request<Body>) -> Option<Response<Body>> {
    if let Err(refused) = guard::origin(&app, &request) {
        return Some(refused.into_response());
    }
    if let Some(target) = tunnel::proxy::target(&app, &request) {
        return Some(tunnel::proxy::answer(app, target, request).await);
    }
    if pty::is_data(&request) {
        return Some(pty::answer(&app, request).await.unwrap_or_else(ApiError::into_response));
    }
    if request.uri().path().starts_with("/_emulator/") {
        return Some(control::answer(app, request).await);
    }
    let found = app.api.find(request.method(), request.uri().path());
    let operation = match &found {
        Found::Operation(operation, _) => Some(*operation),
        Found::Nothing => None,
    };
    let noted = app.journal.arrived(&request, operation.map(|o| o.id.as_str()));
    attend(&app, connection, operation, request, &noted, |request| async {
        match serve(&app, found, request, &noted).await {
            Ok(response) => response,
            Err(e) => e.into_response(),
        }
    })
    .await
}

async fn serve(app: &Arc<App>, found: Found<'static>, request: Request<Body>, noted: &Arc<Entry>) -> Result<Response<Body>, ApiError> {
    let Found::Operation(operation, parameters) = found else {
        let text = format!("Endpoint {} {} not found", request.method(), request.uri().path());
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = StatusCode::NOT_FOUND;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        return Ok(response);
    };
    keys::authorize(app, &request)?;
    if app.settings().repeat_by_request_id && repeat::is_create(operation) {
        return repeat::answer(app, operation, parameters, request, noted).await;
    }
    operate(app, operation, parameters, request, noted).await
}
