//! An answer read whole: what it holds, and whether that can be what was asked for.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::content::{encoded, encoding, is_page, not_content, not_the_content, of_transfer};
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::scrub::Scrubber;
use super::{effect, json};
use crate::error::{Error, Result, Retryable, SideEffect, Status};

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
                let message = format!("{name}: the answer (HTTP {}) is not what the API describes: it is not a JSON object.", self.status);
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
                Some(encoding) => encoded(&encoding),
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

    /// Checks that the answer, which the API gives in bytes, is neither compressed nor a web page.
    pub fn check_content(&self, name: &str) -> Result<()> {
        let page = || is_page(&self.headers).then(|| "it is a web page".to_owned());
        match not_content(self.status, &self.headers, false).or_else(page) {
            Some(what) => Err(self.not_understood(not_the_content(name, self.status, &what))),
            None => Ok(()),
        }
    }

    /// Checks that the answer is not encoded in a way that the caller has not asked for.
    pub fn check_encoding(&self, name: &str, asked: bool) -> Result<()> {
        match encoding(&self.headers) {
            Some(encoding) if !asked || of_transfer(&self.headers).next().is_some() => {
                Err(self.not_understood(not_the_content(name, self.status, &encoded(&encoding))))
            }
            _ => Ok(()),
        }
    }

    /// Checks that it is the service that took what was sent: a web page is another's answer.
    pub fn check_taken(&self, name: &str) -> Result<()> {
        if !self.is_page() {
            return Ok(());
        }
        let message = format!("{name}: the answer is a web page. Is the base URL the API's, or does a proxy answer in its place?");
        Err(self.not_understood(Error::new(Status::Protocol, message)))
    }
}
