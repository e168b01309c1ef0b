//! `/v1/devboxes/disk_snapshots`

use serde_json::Value;

use super::{operations, path};
use crate::error::Result;
use crate::transport::Request;

/// POST `/v1/devboxes/{id}/snapshot_disk_async`: answers when the snapshot has an identifier.
pub fn begin(devbox: &str, body: Value) -> Result<Request> {
    Ok(operations::SNAPSHOT_CREATE.request(&[devbox])?.with_body(body))
}

/// GET `/v1/devboxes/disk_snapshots`
pub fn list() -> Request {
    operations::SNAPSHOT_LIST.plain()
}

/// GET `/v1/devboxes/disk_snapshots/{id}/status`
pub fn status(id: &str) -> Result<Request> {
    operations::SNAPSHOT_STATUS.request(&[id])
}

/// POST `/v1/devboxes/disk_snapshots/{id}`: the same change made twice is like one.
pub fn update(id: &str, body: Value) -> Result<Request> {
    Ok(operations::SNAPSHOT_UPDATE.request(&[id])?.with_body(body))
}

/// POST `/v1/devboxes/disk_snapshots/{id}/delete`
pub fn delete(id: &str) -> Result<Request> {
    operations::SNAPSHOT_DELETE.request(&[id])
}

/// Fails where a snapshot cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("snapshot id", id)
}
