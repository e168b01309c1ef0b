//! `/v1/accounts`, and the keys that open it.

use http::Method;
use serde_json::Value;

use crate::transport::{Repeat, Request};

/// GET `/v1/accounts/me`
pub fn me() -> Request {
    Request::new(Method::GET, "/v1/accounts/me".to_owned(), Repeat::Harmless)
}

/// POST `/v1/apikeys`
pub fn create_api_key(body: Value) -> Request {
    Request::new(Method::POST, "/v1/apikeys".to_owned(), Repeat::OnlyWithoutEffect).with_body(body).confidential()
}

/// POST `/v1/restricted_keys`
pub fn create_restricted_key(body: Value) -> Request {
    Request::new(Method::POST, "/v1/restricted_keys".to_owned(), Repeat::OnlyWithoutEffect).with_body(body).confidential()
}
