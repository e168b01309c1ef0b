//! Credentials in requests: the journal shows that they were there, and not what they were.

use crate::names::Door;
use http::HeaderName;
use serde_json::Value;

const REDACTED: &str = "[redacted]";
/// Names of headers, query parameters and fields of bodies that hold one, in small letters.
const NAMES: [&str; 17] = [
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "authorization",
    "client_secret",
    "cookie",
    "forwarded",
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
    match name.as_str() {
        "host" | "x-forwarded-host" | "x-original-host" | "x-forwarded-server" => in_hosts(value),
        "referer" | "origin" | "x-forwarded-uri" | "x-original-uri" | "x-original-url" | "x-rewrite-url" => in_url(value),
        _ => value.to_string(),
    }
}

/// Several, where proxies have added theirs.
fn in_hosts(hosts: &str) -> String {
    hosts.split(',').map(in_host).collect::<Vec<_>>().join(",")
}

/// The name of an open tunnel's host is all that it asks for.
fn in_host(host: &str) -> String {
    match host.split_once('.') {
        Some((label, rest)) if Door::parse(&label.trim().to_ascii_lowercase()).is_some() => format!("{REDACTED}.{rest}"),
        _ => host.to_string(),
    }
}

/// A whole URL, or the part of one that begins with the path. What is after a `#` is the browser's own.
fn in_url(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    let (authority, rest) = match scheme.is_empty() {
        true => ("", rest),
        false => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
    };
    let authority = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{REDACTED}@{}", in_host(host)),
        None => in_host(authority),
    };
    match rest.split_once('?') {
        Some((path, query)) => format!("{scheme}{authority}{}?{}", in_path(path), in_query(query)),
        None => format!("{scheme}{authority}{}", in_path(rest)),
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
