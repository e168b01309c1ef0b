//! `/v1/objects`

use serde_json::Value;

use super::{operations, path};
use crate::error::Result;
use crate::transport::Request;

/// POST `/v1/objects`
pub fn create(body: Value) -> Request {
    operations::OBJECT_CREATE.plain().with_body(body).confidential()
}

/// GET `/v1/objects`
pub fn list() -> Request {
    operations::OBJECT_LIST.plain()
}

/// GET `/v1/objects/list_public`
pub fn list_public() -> Request {
    operations::OBJECT_LIST_PUBLIC.plain()
}

/// GET `/v1/objects/{id}`
pub fn retrieve(id: &str) -> Result<Request> {
    Ok(operations::OBJECT_RETRIEVE.request(&[id])?.confidential())
}

/// POST `/v1/objects/{id}/complete`: a second one is refused.
pub fn complete(id: &str) -> Result<Request> {
    operations::OBJECT_COMPLETE.request(&[id])
}

/// POST `/v1/objects/{id}/delete`
pub fn delete(id: &str) -> Result<Request> {
    operations::OBJECT_DELETE.request(&[id])
}

/// GET `/v1/objects/{id}/download`
pub fn download(id: &str, query: Vec<(String, String)>) -> Result<Request> {
    let mut request = operations::OBJECT_DOWNLOAD.request(&[id])?.confidential();
    request.query = query;
    Ok(request)
}

/// Fails where an object cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("object id", id)
}
