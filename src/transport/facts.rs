//! What an error tells of the answer that it was born behind.

use std::fmt;

use http::HeaderMap;

use super::scrub::Scrubber;
use crate::error::Error;

/// What an error tells of the answer that it was born behind.
#[derive(Clone, Default)]
pub struct Facts {
    http_status: u16,
    attempts: u32,
    /// As the answer says it. Its secrets are struck out when an error tells it: most answers are behind none.
    request_id: Option<String>,
    scrubber: Scrubber,
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}, {} attempts", self.http_status, self.attempts)
    }
}

impl Facts {
    /// Of an answer to a request that was sent so many times for it.
    pub fn of(http_status: u16, headers: &HeaderMap, attempts: u32, scrubber: &Scrubber) -> Facts {
        Facts { http_status, attempts, request_id: request_id(headers), scrubber: scrubber.clone() }
    }

    /// Of one whose identifier is nobody's business.
    pub fn without_identifier(http_status: u16, attempts: u32) -> Facts {
        Facts { http_status, attempts, ..Facts::default() }
    }

    /// How many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Completes an error.
    pub fn told(&self, mut error: Error) -> Error {
        let details = error.details_mut();
        details.http_status = self.http_status;
        details.attempts = self.attempts;
        if details.request_id.is_none() {
            details.request_id = self.request_id.as_ref().map(|id| self.scrubber.text(id));
        }
        error
    }
}

/// The service's identifier of a request, from its answer.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-runloop-request-id", "x-request-id"].iter().find_map(|name| headers.get(*name)?.to_str().ok()).map(str::to_owned)
}
