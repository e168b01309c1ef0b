//! `/v1/accounts`, and the keys that open it.

use serde_json::Value;

use super::operations;
use crate::transport::Request;

/// GET `/v1/accounts/me`
pub fn me() -> Request {
    operations::ACCOUNT_ME.plain()
}

/// POST `/v1/apikeys`
pub fn create_api_key(body: Value) -> Request {
    operations::API_KEY_CREATE.plain().with_body(body).confidential()
}

/// POST `/v1/restricted_keys`
pub fn create_restricted_key(body: Value) -> Request {
    operations::RESTRICTED_KEY_CREATE.plain().with_body(body).confidential()
}
