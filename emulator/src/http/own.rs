//! The emulator's own answers against the API's description, where a test asks for that.

use super::openapi::Operation;
use super::{schema, ApiError};
use crate::app::App;
use axum::body::Body;
use http::{header, Response};
use serde_json::Value;

const LARGEST: usize = 256 << 20;

/// The answer, or an error that says how it breaks the description.
pub async fn checked(app: &App, operation: &Operation, response: Response<Body>) -> Response<Body> {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    let Some(description) = operation.answer.as_ref().filter(|_| json && response.status().is_success()) else {
        return response;
    };
    let (head, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, LARGEST).await else {
        return ApiError::internal(format!("the answer of {} broke off", operation.id)).into_response();
    };
    let complaint = match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => schema::check(&app.api.schemas, description, &value, "body").err(),
        Err(e) => Some(format!("no JSON: {e}")),
    };
    match complaint {
        None => Response::from_parts(head, Body::from(bytes)),
        Some(complaint) => {
            let message = format!("the emulator's own answer breaks the description of {}: {complaint}", operation.id);
            eprintln!("runloop-emulator: {message}");
            ApiError::internal(message).into_response()
        }
    }
}
