//! From a request to an answer: guards, faults, the operation, the journal.

pub mod call;
pub mod check;
pub mod error;
pub mod guard;
pub mod openapi;
mod own;
pub mod repeat;
mod routes;
pub mod schema;
pub mod sse;

pub use call::Call;
pub use error::ApiError;
pub use routes::Routes;

use crate::app::App;
use crate::faults::{self, Effect, When};
use crate::journal::{Counted, Entry};
use crate::pty;
use crate::server::Connection;
use crate::tunnel;
use axum::body::Body;
use http::{header, HeaderValue, Request, Response, StatusCode};
use openapi::{Found, Operation};
use std::future::Future;
use std::sync::Arc;

/// Of a request that a fault answers, so much is read.
const JOURNALLED: usize = 16 << 20;

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
        return Some(crate::control::answer(app, request).await);
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

/// Lets a request be served, and the faults that are armed for it happen.
pub async fn attend<F: Future<Output = Response<Body>>>(
    app: &App,
    connection: Connection,
    operation: Option<&Operation>,
    request: Request<Body>,
    noted: &Arc<Entry>,
    serve: impl FnOnce(Request<Body>) -> F,
) -> Option<Response<Body>> {
    let request = request.map(|body| Body::new(Counted::new(body, noted.clone())));
    let effect = app.faults.on(operation, &request);
    let mut after = None;
    match effect {
        None => {}
        Some(Effect::Answer(response)) => {
            // Read for the journal, and as a server does that refuses only after it has listened.
            if let Ok(body) = axum::body::to_bytes(request.into_body(), JOURNALLED).await {
                noted.body(&body);
            }
            noted.answered(response.status().as_u16());
            return Some(response);
        }
        Some(Effect::Delay(pause)) => tokio::time::sleep(pause).await,
        Some(Effect::Stall) => std::future::pending().await,
        Some(Effect::End(When::Before, ending, whole)) => {
            noted.answered(0);
            connection.break_off(ending, whole);
            return None;
        }
        Some(later) => after = Some(later),
    }
    let mut response = serve(request).await;
    if let Some(operation) = operation.filter(|_| app.check_answers) {
        response = own::checked(app, operation, response).await;
    }
    if let Some(id) = noted.request_id() {
        if let Ok(id) = HeaderValue::from_str(id) {
            response.headers_mut().insert("x-runloop-request-id", id);
        }
    }
    noted.answered(response.status().as_u16());
    if let Some(operation) = operation {
        app.journal.count(&operation.id, response.status().is_success());
    }
    match after {
        None => Some(response),
        Some(Effect::Goaway) => {
            connection.take_no_more(&mut response);
            Some(response)
        }
        Some(Effect::End(_, ending, whole)) => {
            noted.answered(0);
            connection.break_off(ending, whole);
            None
        }
        Some(effect) => Some(faults::body::bend(response, effect, connection)),
    }
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
    guard::bearer(app, &request)?;
    if app.settings().repeat_by_request_id && repeat::is_create(operation) {
        return repeat::answer(app, operation, parameters, request, noted).await;
    }
    operate(app, operation, parameters, request, noted).await
}

/// Checks a request against the operation's description, and has it served.
pub async fn operate(
    app: &Arc<App>,
    operation: &Operation,
    parameters: Vec<(&str, String)>,
    request: Request<Body>,
    noted: &Arc<Entry>,
) -> Result<Response<Body>, ApiError> {
    let Some(handler) = app.routes.get(&operation.id) else {
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, format!("the emulator does not serve {} yet", operation.id)));
    };
    let call = Call::read(app.clone(), operation, parameters, request, noted).await?;
    handler(call).await
}
