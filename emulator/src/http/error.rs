//! Errors as the service shapes them: a status and `{"message": …}`.

use axum::body::Body;
use http::{header, HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    message: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl ApiError {
    pub fn new(status: StatusCode, message: impl Into<String>) -> ApiError {
        ApiError { status, message: message.into(), headers: Vec::new() }
    }

    pub fn bad_request(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn not_found(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, message)
    }

    pub fn internal(message: impl std::fmt::Display) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, message.to_string())
    }

    pub fn with_header(mut self, name: &'static str, value: &'static str) -> ApiError {
        let name = HeaderName::from_static(name);
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    pub fn into_response(self) -> Response<Body> {
        let body = serde_json::json!({"code": self.status.as_u16(), "message": self.message});
        let mut response = json_with(self.status, &body);
        response.headers_mut().extend(self.headers);
        response
    }
}

/// A JSON answer.
pub fn json<T: Serialize>(value: &T) -> Response<Body> {
    json_with(StatusCode::OK, value)
}

pub fn json_with<T: Serialize>(status: StatusCode, value: &T) -> Response<Body> {
    let (status, text) = match serde_json::to_vec(value) {
        Ok(text) => (status, text),
        Err(e) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"message\":\"{e}\"}}").into_bytes()),
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
