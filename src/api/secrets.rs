//! `/v1/secrets`: by name, and by the identifier of one row.

use http::Method;
use serde_json::{json, Value};

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request, Secret};

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
    let request = Request::new(Method::POST, "/v1/secrets".to_owned(), Repeat::OnlyWithoutEffect);
    with_value(request, json!({ "name": name, "value": value }), value)
}

/// GET `/v1/secrets`
pub fn list() -> Request {
    Request::new(Method::GET, "/v1/secrets".to_owned(), Repeat::Harmless)
}

/// GET `/v1/secrets/{name}` or `/v1/secrets/id/{id}`
pub fn retrieve(secret: &Selector) -> Result<Request> {
    at(secret, Method::GET, "/v1/secrets/{secret name}", "/v1/secrets/id/{secret id}")
}

/// POST `/v1/secrets/{name}` or `/v1/secrets/id/{id}/update`: the same value set twice is like once.
pub fn update(secret: &Selector, value: &str) -> Result<Request> {
    let request = at(secret, Method::POST, "/v1/secrets/{secret name}", "/v1/secrets/id/{secret id}/update")?;
    Ok(with_value(request, json!({ "value": value }), value))
}

/// POST `/v1/secrets/{name}/delete` or `/v1/secrets/id/{id}/delete`
pub fn delete(secret: &Selector) -> Result<Request> {
    at(secret, Method::POST, "/v1/secrets/{secret name}/delete", "/v1/secrets/id/{secret id}/delete")
}

fn at(secret: &Selector, method: Method, by_name: &str, by_id: &str) -> Result<Request> {
    let path = match secret {
        Selector::Name(name) => path::fill(by_name, &[name])?,
        Selector::Id(id) => path::fill(by_id, &[id])?,
    };
    Ok(Request::new(method, path, Repeat::Harmless))
}

/// Fails where there cannot be such a secret.
pub fn check(secret: &Selector) -> Result<()> {
    match secret {
        Selector::Name(name) => path::check("secret name", name),
        Selector::Id(id) => path::check("secret id", id),
    }
}
