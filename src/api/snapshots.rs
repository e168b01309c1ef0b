//! `/v1/devboxes/disk_snapshots`

use http::Method;
use serde_json::Value;

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request};

/// POST `/v1/devboxes/{id}/snapshot_disk_async`: answers when the snapshot has an identifier.
pub fn begin(devbox: &str, body: Value) -> Result<Request> {
    let path = path::fill("/v1/devboxes/{devbox id}/snapshot_disk_async", &[devbox])?;
    Ok(Request::new(Method::POST, path, Repeat::OnlyWithoutEffect).with_body(body))
}

/// GET `/v1/devboxes/disk_snapshots`
pub fn list() -> Request {
    Request::new(Method::GET, "/v1/devboxes/disk_snapshots".to_owned(), Repeat::Harmless)
}

/// GET `/v1/devboxes/disk_snapshots/{id}/status`
pub fn status(id: &str) -> Result<Request> {
    Ok(Request::new(Method::GET, path::fill("/v1/devboxes/disk_snapshots/{snapshot id}/status", &[id])?, Repeat::Harmless))
}

/// POST `/v1/devboxes/disk_snapshots/{id}`: the same change made twice is like one.
pub fn update(id: &str, body: Value) -> Result<Request> {
    let path = path::fill("/v1/devboxes/disk_snapshots/{snapshot id}", &[id])?;
    Ok(Request::new(Method::POST, path, Repeat::Harmless).with_body(body))
}

/// POST `/v1/devboxes/disk_snapshots/{id}/delete`
pub fn delete(id: &str) -> Result<Request> {
    Ok(Request::new(Method::POST, path::fill("/v1/devboxes/disk_snapshots/{snapshot id}/delete", &[id])?, Repeat::Harmless))
}

/// Fails where a snapshot cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("snapshot id", id)
}
