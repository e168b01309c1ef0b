//! A request on its way: the faults that are armed for it, its place in the journal.

use super::connection::Connection;
use super::openapi::Operation;
use super::own;
use crate::app::App;
use crate::faults::{self, Effect, When};
use crate::journal::{Counted, Entry};
use axum::body::Body;
use http::{HeaderValue, Request, Response};
use std::future::Future;
use std::sync::Arc;

/// Of a request that a fault answers, so much is read.
const JOURNALLED: usize = 16 << 20;

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
