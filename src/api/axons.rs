//! `/v1/axons/{id}/…`: events and SQL. The axons themselves are a collection.

use http::Method;
use serde_json::Value;

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request, Traffic};

/// POST `/v1/axons/{id}/publish`
pub fn publish(id: &str, body: Value) -> Result<Request> {
    post("/v1/axons/{axon id}/publish", id, body)
}

/// POST `/v1/axons/{id}/sql/query`: it may write.
pub fn query(id: &str, body: Value) -> Result<Request> {
    post("/v1/axons/{axon id}/sql/query", id, body)
}

/// POST `/v1/axons/{id}/sql/batch`
pub fn batch(id: &str, body: Value) -> Result<Request> {
    post("/v1/axons/{axon id}/sql/batch", id, body)
}

/// GET `/v1/axons/{id}/events`
pub fn events(id: &str) -> Result<Request> {
    Ok(Request::new(Method::GET, path::fill("/v1/axons/{axon id}/events", &[id])?, Repeat::Harmless))
}

/// GET `/v1/axons/{id}/subscribe/sse`: the events behind this one, or all.
pub fn subscribe(id: &str, after_sequence: Option<i64>) -> Result<Request> {
    let mut request = Request::new(Method::GET, path::fill("/v1/axons/{axon id}/subscribe/sse", &[id])?, Repeat::Harmless);
    request.accept = "text/event-stream";
    request.traffic = Traffic::Stream;
    if let Some(after) = after_sequence {
        request.query.push(("after_sequence".to_owned(), after.to_string()));
    }
    Ok(request)
}

fn post(template: &str, id: &str, body: Value) -> Result<Request> {
    Ok(Request::new(Method::POST, path::fill(template, &[id])?, Repeat::OnlyWithoutEffect).with_body(body))
}
