//! `/v1/devboxes`

pub(crate) mod access;
pub(crate) mod files;

use std::time::Duration;

use serde_json::{json, Value};

use super::{operations, path};
use crate::error::Result;
use crate::transport::{Request, Traffic};

/// The service holds a create for up to so long,
const CREATE_HOLD: Duration = Duration::from_secs(30);
/// which an attempt must outlast.
const CREATE_TIMEOUT: Duration = Duration::from_secs(45);

/// POST `/v1/devboxes/create_and_await_running`
pub fn create_and_await_running(body: Value) -> Request {
    let mut request = operations::DEVBOX_CREATE_RUNNING.plain();
    request.body = Some(body);
    request.hold = CREATE_HOLD;
    request.timeout = CREATE_TIMEOUT;
    request.traffic = Traffic::Wait;
    request
}

/// POST `/v1/devboxes`
pub fn create(body: Value) -> Request {
    let mut request = operations::DEVBOX_CREATE.plain();
    request.body = Some(body);
    request
}

/// GET `/v1/devboxes/{id}`
pub fn retrieve(id: &str) -> Result<Request> {
    operations::DEVBOX_RETRIEVE.request(&[id])
}

/// GET `/v1/devboxes`
pub fn list() -> Request {
    operations::DEVBOX_LIST.plain()
}

/// POST `/v1/devboxes/{id}`: the same change made twice is like one.
pub fn update(id: &str, body: Value) -> Result<Request> {
    Ok(operations::DEVBOX_UPDATE.request(&[id])?.with_body(body))
}

/// GET `/v1/devboxes/{id}/usage`
pub fn usage(id: &str) -> Result<Request> {
    operations::DEVBOX_USAGE.request(&[id])
}

/// GET `/v1/devboxes/{id}/logs`
pub fn logs(id: &str, query: Vec<(String, String)>) -> Result<Request> {
    let mut request = operations::DEVBOX_LOGS.request(&[id])?;
    request.query = query;
    Ok(request)
}

/// POST `/v1/devboxes/{id}/suspend`
pub fn suspend(id: &str) -> Result<Request> {
    operations::DEVBOX_SUSPEND.request(&[id])
}

/// POST `/v1/devboxes/{id}/resume`
pub fn resume(id: &str) -> Result<Request> {
    operations::DEVBOX_RESUME.request(&[id])
}

/// GET `/v1/devboxes/evictions/watch`
pub fn watch_evictions() -> Request {
    let mut request = operations::EVICTIONS_WATCH.plain();
    request.accept = "text/event-stream";
    request.traffic = Traffic::Stream;
    request
}

/// POST `/v1/devboxes/{id}/wait_for_status`
pub fn wait_for_status(id: &str) -> Result<Request> {
    let mut request = operations::DEVBOX_WAIT.request(&[id])?;
    request.traffic = Traffic::Wait;
    Ok(request)
}

/// The body of a question for one of these statuses, to be held for so long.
pub fn wait_body(statuses: &[&str], hold: Duration) -> Value {
    json!({ "statuses": statuses, "timeout_seconds": hold.as_secs_f64() })
}

/// POST `/v1/devboxes/{id}/shutdown`
pub fn shutdown(id: &str) -> Result<Request> {
    operations::DEVBOX_SHUTDOWN.request(&[id])
}

/// POST `/v1/devboxes/{id}/keep_alive`
pub fn keep_alive(id: &str) -> Result<Request> {
    operations::DEVBOX_KEEP_ALIVE.request(&[id])
}

/// Fails where a devbox cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("devbox id", id)
}
