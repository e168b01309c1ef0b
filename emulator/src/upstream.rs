//! What gateway and MCP configs share: an endpoint, how it is authorised, more headers, and the
//! tokens that devboxes get for them.

use crate::app::App;
use crate::http::ApiError;
use crate::secret::Secrets;
use http::{HeaderName, HeaderValue, Uri};
use serde::{Deserialize, Serialize};

const MOST_HEADERS: usize = 8;

/// How a secret goes into the requests.
#[derive(Clone, Serialize, Deserialize)]
pub struct AuthMechanism {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl AuthMechanism {
    pub fn bearer() -> AuthMechanism {
        AuthMechanism { kind: "bearer".into(), key: None }
    }

    pub fn check(&self) -> Result<(), ApiError> {
        match (self.kind.as_str(), &self.key) {
            ("header", Some(key)) => check_header_name("auth_mechanism.key", key),
            ("header", None) => Err(ApiError::bad_request("auth_mechanism.key is required with type header: the header's name")),
            ("bearer" | "basic", None) => Ok(()),
            ("bearer" | "basic", Some(_)) => Err(ApiError::bad_request("auth_mechanism.key goes with type header only")),
            (other, _) => Err(ApiError::bad_request(format!("auth_mechanism.type is header, bearer or basic, not {other:?}"))),
        }
    }
}

/// A header beside it, with a secret's value or a plain one.
#[derive(Clone, Serialize, Deserialize)]
pub struct CustomHeader {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// The headers as they are kept: secrets by their ids.
pub fn check_headers(app: &App, headers: Vec<CustomHeader>) -> Result<Vec<CustomHeader>, ApiError> {
    if headers.len() > MOST_HEADERS {
        return Err(ApiError::bad_request(format!("custom_headers has {} entries; {MOST_HEADERS} are allowed", headers.len())));
    }
    let check = |(n, header): (usize, CustomHeader)| {
        let at = format!("custom_headers[{n}]");
        check_header_name(&format!("{at}.name"), &header.name)?;
        let secret = match (&header.secret, &header.value) {
            (Some(reference), None) => Some(secret_id(app, &format!("{at}.secret"), reference)?),
            (None, Some(value)) if HeaderValue::from_str(value).is_ok() => None,
            (None, Some(_)) => return Err(ApiError::bad_request(format!("{at}.value is no header value"))),
            _ => return Err(ApiError::bad_request(format!("{at} must have exactly one of secret and value"))),
        };
        Ok(CustomHeader { secret, ..header })
    };
    headers.into_iter().enumerate().map(check).collect()
}

fn check_header_name(at: &str, name: &str) -> Result<(), ApiError> {
    match HeaderName::from_bytes(name.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Err(ApiError::bad_request(format!("{at}: {name:?} is no header name"))),
    }
}

pub fn check_endpoint(endpoint: &str) -> Result<(), ApiError> {
    let uri = endpoint.parse::<Uri>().ok();
    let fits = uri.as_ref().is_some_and(|uri| {
        let scheme = uri.scheme_str().is_some_and(|scheme| scheme == "https" || scheme == "http");
        let host = uri.authority().is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'));
        scheme && host
    });
    match fits {
        true => Ok(()),
        false => Err(ApiError::bad_request("endpoint must be an http or https URL with a host, and without credentials")),
    }
}

pub fn check_name(name: &str) -> Result<(), ApiError> {
    match name.trim().is_empty() {
        true => Err(ApiError::bad_request("name must not be empty")),
        false => Ok(()),
    }
}

/// The id of the secret that a reference names.
pub fn secret_id(app: &App, at: &str, reference: &str) -> Result<String, ApiError> {
    let found = app.state::<Secrets>().find(reference);
    found.map(|secret| secret.id).map_err(|e| ApiError::bad_request(format!("{at}: {}; create it first", e.message())))
}

/// A token that nobody can guess, whatever the seed of the ids.
pub fn token(prefix: &str) -> Result<String, ApiError> {
    Ok(format!("{prefix}_{}", crate::account::keys::random_hex()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mechanisms_are_checked() {
        let said = |kind: &str, key: Option<&str>| {
            let mechanism = AuthMechanism { kind: kind.into(), key: key.map(str::to_string) };
            mechanism.check().err().map(|e| e.message().to_string()).unwrap_or_default()
        };
        assert_eq!(said("bearer", None), "");
        assert_eq!(said("basic", None), "");
        assert_eq!(said("header", Some("x-api-key")), "");
        assert!(said("header", None).contains("required"));
        assert!(said("header", Some("a b")).contains("no header name"));
        assert!(said("bearer", Some("x")).contains("header only"));
        assert!(said("oauth", None).contains("bearer or basic"));
    }

    #[test]
    fn endpoints_are_urls() {
        for endpoint in ["https://api.example.com", "http://127.0.0.1:8000/v1"] {
            assert!(check_endpoint(endpoint).is_ok(), "{endpoint}");
        }
        for endpoint in ["", "api.example.com", "/x", "ftp://a.b", "https://", "https://u:p@a.b", "https://a b"] {
            assert!(check_endpoint(endpoint).is_err(), "{endpoint}");
        }
    }
}
