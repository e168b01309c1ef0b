//! `/v1/axons/{id}/…`: events and SQL. The axons themselves are a collection.

use serde_json::Value;

use super::operations;
use crate::error::Result;
use crate::transport::{Request, Traffic};

/// POST `/v1/axons/{id}/publish`
pub fn publish(id: &str, body: Value) -> Result<Request> {
    Ok(operations::AXON_PUBLISH.request(&[id])?.with_body(body))
}

/// POST `/v1/axons/{id}/sql/query`: it may write.
pub fn query(id: &str, body: Value) -> Result<Request> {
    Ok(operations::AXON_QUERY.request(&[id])?.with_body(body))
}

/// POST `/v1/axons/{id}/sql/batch`
pub fn batch(id: &str, body: Value) -> Result<Request> {
    Ok(operations::AXON_BATCH.request(&[id])?.with_body(body))
}

/// GET `/v1/axons/{id}/events`
pub fn events(id: &str) -> Result<Request> {
    operations::AXON_EVENTS.request(&[id])
}

/// GET `/v1/axons/{id}/subscribe/sse`: the events behind this one, or all.
pub fn subscribe(id: &str, after_sequence: Option<i64>) -> Result<Request> {
    let mut request = operations::AXON_SUBSCRIBE.request(&[id])?;
    request.accept = "text/event-stream";
    request.traffic = Traffic::Stream;
    if let Some(after) = after_sequence {
        request.query.push(("after_sequence".to_owned(), after.to_string()));
    }
    Ok(request)
}
