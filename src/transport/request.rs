//! One request as the transport sees it, and its answer.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::connections::Traffic;
use super::content::{encoding, is_page};
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::scrub::Scrubber;
use super::secret::Secret;
use super::{content, effect, json};
use crate::error::{Error, Result, Retryable, SideEffect, Status};

/// What is to be sent; the same for all attempts of one call.
#[derive(Clone)]
pub struct Request {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Encoded, beginning with a slash; it holds identifiers at most, no secret.
    pub path: String,
    /// Absent options are left out.
    pub query: Vec<(String, String)>,
    /// What the answer is to be.
    pub accept: &'static str,
    /// The JSON body.
    pub body: Option<Value>,
    /// The kind of connection.
    pub traffic: Traffic,
    /// What it changes, by which it is decided what is repeated.
    pub effect: Effect,
    /// What the service says where the resource is in the requested state already: after an attempt whose answer was lost, that is
    /// success.
    pub done_words: &'static [&'static str],
    /// For an attempt, where neither the call nor the client sets one.
    pub timeout: Duration,
    /// How long the service may hold the answer by design.
    pub hold: Duration,
    /// What the body holds that must be struck out of whatever the server says.
    pub secrets: Vec<Secret>,
    /// Whether a good answer holds credentials, so that no error may carry it.
    pub confidential: bool,
}

/// The bodies of requests and answers may hold secrets, and are told to nobody.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// How much longer than a hold an attempt waits, so that the server's answer always comes first.
pub(super) const HOLD_MARGIN: Duration = Duration::from_secs(7);
/// An attempt's time where the operation has no other.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

impl Request {
    /// A request with the defaults of most.
    pub fn new(method: Method, path: String, effect: Effect) -> Request {
        Request {
            method,
            path,
            query: Vec::new(),
            accept: "application/json",
            body: None,
            traffic: Traffic::Control,
            effect,
            done_words: &[],
            timeout: DEFAULT_TIMEOUT,
            hold: Duration::ZERO,
            secrets: Vec::new(),
            confidential: false,
        }
    }

    /// How long an attempt may take, where the call or the client says so much: an answer that is held comes late by design.
    pub(super) fn within(&self, given: Option<Duration>) -> Duration {
        let least = if self.hold.is_zero() { Duration::ZERO } else { self.hold + HOLD_MARGIN };
        given.unwrap_or(self.timeout).max(least)
    }

    /// With a JSON body.
    pub fn with_body(mut self, body: Value) -> Request {
        self.body = Some(body);
        self
    }

    /// One whose answer holds credentials.
    pub fn confidential(mut self) -> Request {
        self.confidential = true;
        self
    }

    /// What messages and logs call it.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Of an answer that is not JSON so much is looked at for the error.
const READ: usize = 256 << 10;

/// An answer read whole.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// How many times the request was sent for it.
    pub attempts: u32,
    /// Whether it holds credentials.
    pub confidential: bool,
    /// What the request that it answers changes.
    pub effect: Effect,
    /// How many earlier attempts of the request may have had their effect as well.
    pub doubts: u32,
    /// Strikes the request's secrets out of what an error carries of it.
    pub(super) scrubber: Scrubber,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}, {} bytes", self.status, self.body.len())
    }
}

impl Answer {
    /// The body as JSON. What was done may be answered with nothing, which is an object without members; who asked
    /// for something is told an object.
    pub fn json(&self, name: &str) -> Result<Value> {
        let value = match self.body.is_empty() {
            true => Value::Null,
            false => self.parse(name)?,
        };
        match value {
            Value::Object(object) => Ok(Value::Object(object)),
            _ if self.effect == Effect::Reads => {
                let message = format!("{name}: the answer (HTTP {}) is not what the API describes: it is no JSON object.", self.status);
                Err(self.not_understood(Error::new(Status::Protocol, message)))
            }
            _ if self.body.is_empty() => Ok(Value::Object(serde_json::Map::new())),
            other => Ok(other),
        }
    }

    /// Whether it is a web page, as gateways and proxies give them in the service's place.
    pub fn is_page(&self) -> bool {
        is_page(&self.headers) || self.body.trim_ascii_start().starts_with(b"<")
    }

    fn parse(&self, name: &str) -> Result<Value> {
        json::parse(&self.body).map_err(|error| {
            let status = if error.out_of_memory { Status::OutOfMemory } else { Status::Protocol };
            let what = match encoding(&self.headers) {
                Some(encoding) => content::encoded(&encoding),
                None => format!("it is not JSON: {error}"),
            };
            self.not_understood(Error::new(
                status,
                format!(
                    "{name}: the answer (HTTP {}) cannot be read: {what}. Is the base URL the API's, or does a proxy answer in its place?",
                    self.status
                ),
            ))
        })
    }

    /// What `read` finds in the body. If it finds nothing that can be used, the request may have had its effect
    /// all the same.
    pub fn read<T>(&self, name: &str, read: impl FnOnce(&Value) -> Result<T>) -> Result<T> {
        let value = self.json(name)?;
        read(&value).map_err(|error| self.not_understood(error))
    }

    /// What errors tell of it.
    pub fn facts(&self) -> Facts {
        Facts::of(self.status, &self.headers, self.attempts, &self.scrubber)
    }

    /// Completes the error of a good answer that cannot be used.
    pub fn not_understood(&self, error: Error) -> Error {
        let side_effect = effect::side_effect(self.effect, Phase::Sent);
        let mut error = self.facts().told(error);
        let details = error.details_mut();
        details.by_gateway = self.is_page();
        // Of what is encoded nobody can tell whether it holds a secret.
        let shown = !self.confidential && encoding(&self.headers).is_none();
        details.body = shown.then(|| self.scrubber.body(self.body.get(..READ).unwrap_or(&self.body), self.body.len() > READ));
        if details.side_effect != SideEffect::Happened {
            details.side_effect = side_effect;
        }
        // A gateway's page passes; a wrong base URL does not.
        details.retryable = Retryable::Unknown;
        error
    }
}
