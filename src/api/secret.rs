//! `/v1/secrets`: by name, and by the identifier of one row.

use serde_json::{json, Value};

use super::operations::Operation;
use super::{operations, path};
use crate::error::Result;
use crate::transport::{Request, Secret};

/// Which secret is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The newest of this name; a deletion concerns all of the name.
    Name(String),
    /// This row and no other.
    Id(String),
}

/// How many secrets a list holds at most. It has no further pages.
pub const MOST: usize = 5000;

fn with_value(mut request: Request, body: Value, value: &str) -> Request {
    request.secrets.push(Secret::new(value));
    request.with_body(body)
}

/// POST `/v1/secrets`
pub fn create(name: &str, value: &str) -> Request {
    let request = operations::SECRET_CREATE.plain();
    with_value(request, json!({ "name": name, "value": value }), value)
}

/// GET `/v1/secrets`
pub fn list() -> Request {
    operations::SECRET_LIST.plain()
}

/// GET `/v1/secrets/{name}` or `/v1/secrets/id/{id}`
pub fn retrieve(secret: &Selector) -> Result<Request> {
    at(secret, &operations::SECRET_RETRIEVE, &operations::SECRET_RETRIEVE_BY_ID)
}

/// POST `/v1/secrets/{name}` or `/v1/secrets/id/{id}/update`: the same value set twice is like once.
pub fn update(secret: &Selector, value: &str) -> Result<Request> {
    let request = at(secret, &operations::SECRET_UPDATE, &operations::SECRET_UPDATE_BY_ID)?;
    Ok(with_value(request, json!({ "value": value }), value))
}

/// POST `/v1/secrets/{name}/delete` or `/v1/secrets/id/{id}/delete`
pub fn delete(secret: &Selector) -> Result<Request> {
    at(secret, &operations::SECRET_DELETE, &operations::SECRET_DELETE_BY_ID)
}

fn at(secret: &Selector, by_name: &Operation, by_id: &Operation) -> Result<Request> {
    match secret {
        Selector::Name(name) => by_name.request(&[name]),
        Selector::Id(id) => by_id.request(&[id]),
    }
}

/// Fails where there cannot be such a secret.
pub fn check(secret: &Selector) -> Result<()> {
    match secret {
        Selector::Name(name) => path::check("secret name", name),
        Selector::Id(id) => path::check("secret id", id),
    }
}
