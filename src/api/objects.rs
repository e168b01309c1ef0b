//! `/v1/objects`

use http::Method;
use serde_json::Value;

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request};

/// POST `/v1/objects`
pub fn create(body: Value) -> Request {
    Request::new(Method::POST, "/v1/objects".to_owned(), Repeat::OnlyWithoutEffect).with_body(body).confidential()
}

/// GET `/v1/objects`
pub fn list() -> Request {
    Request::new(Method::GET, "/v1/objects".to_owned(), Repeat::Harmless)
}

/// GET `/v1/objects/list_public`
pub fn list_public() -> Request {
    Request::new(Method::GET, "/v1/objects/list_public".to_owned(), Repeat::Harmless)
}

/// GET `/v1/objects/{id}`
pub fn retrieve(id: &str) -> Result<Request> {
    Ok(Request::new(Method::GET, path::fill("/v1/objects/{object id}", &[id])?, Repeat::Harmless).confidential())
}

/// POST `/v1/objects/{id}/complete`: a second one is refused.
pub fn complete(id: &str) -> Result<Request> {
    Ok(Request::new(Method::POST, path::fill("/v1/objects/{object id}/complete", &[id])?, Repeat::OnlyWithoutEffect))
}

/// POST `/v1/objects/{id}/delete`
pub fn delete(id: &str) -> Result<Request> {
    Ok(Request::new(Method::POST, path::fill("/v1/objects/{object id}/delete", &[id])?, Repeat::Harmless))
}

/// GET `/v1/objects/{id}/download`
pub fn download(id: &str, query: Vec<(String, String)>) -> Result<Request> {
    let mut request = Request::new(Method::GET, path::fill("/v1/objects/{object id}/download", &[id])?, Repeat::Harmless).confidential();
    request.query = query;
    Ok(request)
}

/// Fails where an object cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("object id", id)
}
