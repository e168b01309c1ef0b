//! One call of an operation, read and checked.

use super::openapi::Operation;
use super::{check, schema, ApiError};
use crate::app::App;
use crate::journal::Entry;
use axum::body::Body;
use http::{HeaderMap, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// JSON bodies are held in memory; files come as multipart and are not.
const LARGEST_JSON: usize = 256 << 20;

pub struct Call {
    pub app: Arc<App>,
    path: HashMap<String, String>,
    query: HashMap<String, String>,
    pub headers: HeaderMap,
    body: Value,
    /// In a mutex only so that a `Call` can be lent across threads.
    raw: Mutex<Option<Request<Body>>>,
}

impl Call {
    pub async fn read(
        app: Arc<App>,
        operation: &Operation,
        parameters: Vec<(&str, String)>,
        request: Request<Body>,
        noted: &Arc<Entry>,
    ) -> Result<Call, ApiError> {
        let query = check::query(app.api, operation, request.uri().query().unwrap_or("")).map_err(ApiError::bad_request)?;
        let mut call = Call {
            path: parameters.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
            query,
            headers: request.headers().clone(),
            body: Value::Object(Default::default()),
            raw: Mutex::new(None),
            app,
        };
        match operation.body.as_ref().map(|b| (b.required, &b.json)) {
            Some((required, Some(schema))) => {
                let bytes = axum::body::to_bytes(request.into_body(), LARGEST_JSON)
                    .await
                    .map_err(|e| ApiError::bad_request(format!("the body cannot be read: {e}")))?;
                noted.body(&bytes);
                if let Some(body) = check::json(&bytes, required).map_err(ApiError::bad_request)? {
                    call.body = body;
                }
                let unknown = schema::unknown_keys(schema, &call.body);
                noted.unknown_keys(unknown);
                schema::check(&call.app.api.schemas, schema, &call.body, "body").map_err(ApiError::bad_request)?;
                schema::integers(&call.app.api.schemas, schema, &mut call.body);
            }
            _ => call.raw = Mutex::new(Some(request)),
        }
        Ok(call)
    }

    /// A part of the path, decoded.
    pub fn path(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub fn query_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A query parameter that the description calls a string and that holds a number.
    pub fn query_number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        // 60.0 is an integer in JSON.
        let whole = text.parse::<f64>().ok().and_then(schema::whole).map(|whole| whole.to_string());
        whole
            .as_deref()
            .unwrap_or(text)
            .parse()
            .map(Some)
            .map_err(|_| ApiError::bad_request(format!("{name} must be a whole number, not {text:?}")))
    }

    pub fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        T::deserialize(&self.body).map_err(|e| ApiError::bad_request(format!("the body: {e}")))
    }

    /// The request itself, where its body is not JSON.
    pub fn into_raw(self) -> Request<Body> {
        let raw = self.raw.into_inner().unwrap_or_default();
        raw.unwrap_or_default()
    }
}
