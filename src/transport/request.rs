//! One request as the transport sees it.

use std::fmt;
use std::time::Duration;

use http::Method;
use serde_json::Value;

use super::connections::traffic::Traffic;
use super::effect::Effect;
use super::secret::Secret;

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
