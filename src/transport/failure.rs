//! Turns what went wrong on the wire into an error that says what to do about it.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;

use super::request::request_id;
use super::retry;
use super::said::{scrub, Said};
use super::secret::{self, Secret};
use crate::error::{Error, Retryable, SideEffect, Status};

/// How far an attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No connection came about: the server has seen nothing.
    Unsent,
    /// The server's certificate, or ours, was not accepted: no attempt will change that.
    Untrusted,
    /// The request may have arrived; no whole answer came.
    Sent,
    /// The server answered with this error status.
    Answered(u16),
}

/// A failed attempt.
#[derive(Debug)]
pub struct Failure {
    /// What the user gets if it is the last.
    pub error: Error,
    /// How far it got.
    pub phase: Phase,
    /// The server's word on another attempt.
    pub should_retry: Option<bool>,
}

const BODY_KEPT: usize = 64 << 10;

impl Failure {
    /// The connection failed, before or after the request was sent.
    pub fn of_wire(name: &str, host: &str, error: reqwest::Error) -> Failure {
        let error = error.without_url();
        let cause = chain(&error);
        let failed = |status, phase, message: String, retryable| {
            let side_effect = if phase == Phase::Sent { SideEffect::Unknown } else { SideEffect::None };
            Failure {
                error: Error::new(status, message).because(cause.clone()).with_retryable(retryable).with_side_effect(side_effect),
                phase,
                should_retry: None,
            }
        };
        if let Some(tls) = source_of::<rustls::Error>(&error) {
            return failed(
                Status::Tls,
                Phase::Untrusted,
                format!("{name}: no trusted connection to {host}: {tls}. If the server's certificate is of your own authority, name its file with runloop_config_set_ca_file."),
                Retryable::No,
            );
        }
        if error.is_connect() {
            let why = if error.is_timeout() {
                format!("{host} did not answer in time")
            } else if io_kind(&error) == Some(ErrorKind::ConnectionRefused) {
                format!("{host} refused the connection")
            } else if cause.contains("lookup address") || cause.contains("dns error") {
                format!("the name {host} cannot be resolved")
            } else {
                format!("{host} cannot be reached: {}", innermost(&error))
            };
            return failed(
                Status::Connect,
                Phase::Unsent,
                format!("{name}: {why}. Check the base URL (RUNLOOP_BASE_URL), the network and the proxy, and that the server runs."),
                Retryable::Yes,
            );
        }
        if error.is_timeout() {
            return Failure::timed_out(name, None);
        }
        failed(
            Status::Broken,
            Phase::Sent,
            format!("{name}: the connection to {host} broke before the whole answer came: {}. Look at the resource before making the call again.", innermost(&error)),
            Retryable::Unknown,
        )
    }

    /// No client for the request could be made.
    pub fn unfit(error: Error) -> Failure {
        Failure { error, phase: Phase::Untrusted, should_retry: None }
    }

    /// An attempt took longer than it may.
    pub fn timed_out(name: &str, after: Option<std::time::Duration>) -> Failure {
        let after = after.map_or(String::new(), |after| format!(" within {} ms", after.as_millis()));
        Failure {
            error: Error::new(
                Status::Timeout,
                format!(
                    "{name}: no whole answer came{after}. Allow more by timeout_ms, or look at the resource before making the call again."
                ),
            )
            .with_retryable(Retryable::Unknown)
            .with_side_effect(SideEffect::Unknown),
            phase: Phase::Sent,
            should_retry: None,
        }
    }

    /// The server answered with an error status.
    pub fn of_answer(name: &str, http: u16, headers: &HeaderMap, body: &Bytes, secrets: &[Secret]) -> Failure {
        let said = Said::read(headers, body);
        let status = Status::of_http(http);
        let mut error = Error::new(status, scrub(&format!("{name}: {}", said.sentence(http, status)), secrets));
        let should_retry = retry::should_retry(headers);
        let details = error.details_mut();
        details.http_status = http;
        details.code = said.code;
        details.request_id = request_id(headers);
        details.retry_after = retry::retry_after(headers, SystemTime::now());
        details.retryable = match should_retry {
            Some(true) => Retryable::Yes,
            Some(false) => Retryable::No,
            None if matches!(http, 408 | 429 | 500..=599) => Retryable::Yes,
            None => Retryable::No,
        };
        details.side_effect = if http >= 500 || http == 408 { SideEffect::Unknown } else { SideEffect::None };
        let redacted = secret::redacted_json(body);
        let body = redacted.as_deref().unwrap_or(body);
        let kept = &body[..body.len().min(BODY_KEPT)];
        details.body = Some(match std::str::from_utf8(kept) {
            Ok(text) => scrub(text, secrets).into_bytes(),
            Err(_) => kept.to_vec(),
        });
        Failure { error, phase: Phase::Answered(http), should_retry }
    }
}

type Cause = dyn std::error::Error + 'static;

fn sources(error: &reqwest::Error) -> impl Iterator<Item = &Cause> {
    std::iter::successors(error.source(), |cause| beneath(*cause))
}

fn beneath(cause: &Cause) -> Option<&Cause> {
    // An io::Error keeps what it wraps to itself.
    match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}

fn source_of<T: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    sources(error).find_map(|source| source.downcast_ref::<T>())
}

fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    source_of::<std::io::Error>(error).map(std::io::Error::kind)
}

fn innermost(error: &reqwest::Error) -> String {
    sources(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

fn chain(error: &reqwest::Error) -> String {
    let mut parts = vec![error.to_string()];
    for source in sources(error) {
        let text = source.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(kind: &str, body: &str) -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        let body = Bytes::copy_from_slice(body.as_bytes());
        Failure::of_answer("GET /v1/x", 404, &headers, &body, &[Secret::new("token-1"), Secret::new("pass \"word\"")]).error
    }

    #[test]
    fn both_shapes_of_the_services_errors_are_read() {
        let json = answer("application/json", r#"{"message":"no such devbox","code":"gone"}"#);
        assert!(json.to_string().contains("no such devbox"));
        assert_eq!(json.details().code.as_deref(), Some("gone"));
        let text = answer("text/plain", "Endpoint GET /v1/x not found");
        assert!(text.to_string().contains("Endpoint GET /v1/x not found"));
        let page = answer("text/html", "<html><body>Bad gateway");
        assert!(page.to_string().contains("web page") && !page.to_string().contains("<html>"));
    }

    #[test]
    fn a_token_that_the_server_repeats_is_struck_out() {
        let error = answer("application/json", r#"{"message":"token-1 is unknown"}"#);
        assert!(!format!("{error} {error:?}").contains("token-1"));
        assert!(!String::from_utf8_lossy(error.details().body.as_ref().unwrap()).contains("token-1"));
        let error = answer("application/json", r#"{"message":"pass \"word\" is too short","auth_token":"k3y"}"#);
        let all = format!("{error} {} {:?}", String::from_utf8_lossy(error.details().body.as_ref().unwrap()), error.details().message);
        assert!(!all.contains("word") && !all.contains("k3y"), "{all}");
    }
}
