//! Credentials in requests: the journal shows that they were there, and not what they were.

use crate::names::Door;
use http::{header, HeaderName};
use serde_json::Value;

const REDACTED: &str = "[redacted]";
/// Names of headers, query parameters and fields of bodies that hold one, in small letters.
const NAMES: [&str; 16] = [
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "authorization",
    "client_secret",
    "cookie",
    "password",
    "proxy-authorization",
    "sig",
    "signature",
    "token",
    "x-amz-security-token",
    "x-amz-signature",
    "x-api-key",
    "x-runloop-tunnel-authorization",
];

fn names_one(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase().as_str())
}

pub fn in_header(name: &HeaderName, value: &str) -> String {
    if names_one(name.as_str()) {
        return REDACTED.into();
    }
    // The name of an open tunnel's host is all that it asks for.
    match value.split_once('.').filter(|_| *name == header::HOST) {
        Some((label, rest)) if Door::parse(label).is_some() => format!("{REDACTED}.{rest}"),
        _ => value.to_string(),
    }
}

/// The label of a tunnel, in a path below it.
pub fn in_path(path: &str) -> String {
    const TUNNELS: &str = "/_tunnel/";
    match path.strip_prefix(TUNNELS) {
        Some(rest) => format!("{TUNNELS}{REDACTED}{}", &rest[rest.find('/').unwrap_or(rest.len())..]),
        None => path.to_string(),
    }
}

pub fn in_query(query: &str) -> String {
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if names_one(name) => format!("{name}={REDACTED}"),
        _ => pair.to_string(),
    });
    shown.collect::<Vec<_>>().join("&")
}

pub fn in_body(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.is_string() && names_one(name) {
                    true => *value = REDACTED.into(),
                    false => in_body(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(in_body),
        _ => {}
    }
}
