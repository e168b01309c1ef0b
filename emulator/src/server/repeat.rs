//! Creates that are repeated with the same x-request-id: one effect, one answer. Only where a test
//! asks for it: whether the service does so is not known.

use crate::app::App;
use crate::http::openapi::Operation;
use crate::http::routes::operate;
use crate::http::ApiError;
use crate::journal::Entry;
use crate::part::Part;
use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

const LARGEST: usize = 64 << 20;

type Answer = Arc<OnceCell<Response<Bytes>>>;

/// First answers, by operation and request id.
#[derive(Default)]
pub struct Answers {
    all: Mutex<HashMap<(String, String), Answer>>,
}

impl Part for Answers {
    fn clear(&self, _app: &Arc<App>) {
        self.all.lock().unwrap().clear();
    }
}

pub fn is_create(operation: &Operation) -> bool {
    let verb = operation.id.split('.').next_back().unwrap_or_default();
    operation.method == Method::POST && (verb.starts_with("create") || verb.starts_with("snapshot_disk"))
}

pub async fn answer(
    app: &Arc<App>,
    operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    request: Request<Body>,
    noted: &Arc<Entry>,
) -> Result<Response<Body>, ApiError> {
    let Some(id) = noted.request_id().map(str::to_string) else {
        return operate(app, operation, parameters, request, noted).await;
    };
    let cell = app.state::<Answers>().all.lock().unwrap().entry((operation.id.clone(), id)).or_default().clone();
    let (app, noted) = (app.clone(), noted.clone());
    // To its end even if the client does not stay: its next attempt is to find this one's answer.
    let serving = tokio::spawn(async move {
        let first = || async {
            let response = operate(&app, operation, parameters, request, &noted).await.unwrap_or_else(ApiError::into_response);
            let (head, body) = response.into_parts();
            let body = axum::body::to_bytes(body, LARGEST).await.map_err(ApiError::internal);
            let response = body.map(|body| Response::from_parts(head, body)).unwrap_or_else(empty);
            match response.status().is_success() {
                true => Ok(response),
                // Nothing was created: the next attempt may.
                false => Err(response),
            }
        };
        match cell.get_or_try_init(first).await {
            Ok(response) => response.clone(),
            Err(response) => response,
        }
    });
    Ok(serving.await.map_err(ApiError::internal)?.map(Body::from))
}

fn empty(e: ApiError) -> Response<Bytes> {
    e.into_response().map(|_| Bytes::new())
}
