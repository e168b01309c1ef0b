//! A stream of server-sent events, from its opening to its end, without resuming: where to resume
//! is known by who understands the events.

use std::time::Duration;

use super::attempt::{Open, Prepared};
use super::effect::{Effect, Phase};
use super::failure::Failure;
use super::jitter;
use super::repeat::tell_of;
use super::request::Request;
use super::runtime::Task;
use super::sse::{Event, Parser};
use super::{CallOptions, Transport};
use crate::error::{Error, Result, SideEffect, Status};

/// Servers send comments on a silent stream; one that is silent for longer has died unnoticed.
const SILENCE: Duration = Duration::from_secs(60);
/// The pause before a stream is opened for the third time in vain; it doubles.
const REOPENED: Duration = Duration::from_millis(150);

/// An open stream. Dropping it ends it at the server too.
pub struct EventStream {
    prepared: Prepared,
    open: Open,
    parser: Parser,
}

/// A stream that is being opened.
pub struct Opening(Task<std::result::Result<EventStream, Interruption>>);

impl Opening {
    /// Waits until it is open, or cannot be opened.
    pub async fn outcome(&mut self) -> Result<std::result::Result<EventStream, Interruption>> {
        self.0.outcome().await
    }
}

/// Why a stream gave no further event.
pub struct Interruption {
    /// What the user gets if nothing helps.
    pub error: Error,
    /// Whether opening the stream again may help.
    pub resumable: bool,
}

impl From<Failure> for Interruption {
    fn from(failure: Failure) -> Interruption {
        let resumable = failure.should_retry.unwrap_or(failure.is_passing());
        Interruption { error: failure.settled(Effect::Reads, SideEffect::None), resumable }
    }
}

impl Transport {
    /// Opens a stream: one attempt, for which the usual time of an attempt is allowed.
    pub fn open_events(&self, options: &CallOptions, request: &Request) -> Result<Opening> {
        let prepared = Prepared::new(&self.wire, options, request)?;
        let wire = std::sync::Arc::clone(&self.wire);
        let traffic = request.traffic;
        let within = self.wire.within(options, request.timeout);
        Ok(Opening(self.engine.task(async move {
            let opened = match tokio::time::timeout(within, prepared.open(&wire.connections, traffic, None)).await {
                Ok(opened) => opened.and_then(|open| events_only(&prepared, open)),
                Err(_) => Err(prepared.too_slow(within)),
            };
            if let Err(failure) = &opened {
                tell_of(prepared.name(), failure, 1, None);
            }
            opened.map(|open| EventStream { prepared, open, parser: Parser::default() }).map_err(Interruption::from)
        })))
    }
}

fn events_only(prepared: &Prepared, open: Open) -> std::result::Result<Open, Failure> {
    let kind = open.response.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.trim_start().starts_with("text/event-stream") {
        return Ok(open);
    }
    let message = format!("{}: the answer is not a stream of events but {kind:?}. Is the base URL the API's?", prepared.name());
    Err(Failure::hopeless(Error::new(Status::Protocol, message), Phase::Sent))
}

impl EventStream {
    /// The next event, `None` where the stream ended cleanly. An event that the server sends as
    /// an error is an interruption with the status that it names.
    pub async fn next(&mut self) -> std::result::Result<Option<Event>, Interruption> {
        loop {
            if let Some(event) = self.parser.next_event() {
                return match event.kind.as_str() {
                    "error" => Err(self.refused(&event).into()),
                    _ => Ok(Some(event)),
                };
            }
            let chunk = tokio::select! {
                biased;
                chunk = self.open.chunk() => chunk,
                () = tokio::time::sleep(SILENCE) => {
                    return Err(self.prepared.too_slow(SILENCE).into());
                }
            };
            match chunk {
                Ok(Some(piece)) => self.parser.push(&piece),
                Ok(None) => return Ok(None),
                Err(error) => return Err(self.prepared.broken(error).into()),
            }
        }
    }

    fn refused(&self, event: &Event) -> Failure {
        let said: serde_json::Value = serde_json::from_slice(&event.data).unwrap_or_default();
        let code = said.get("code").and_then(serde_json::Value::as_u64).and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
        let message = said.get("message").and_then(serde_json::Value::as_str).unwrap_or("no reason given");
        let mut error = Error::new(
            Status::of_http(code),
            self.prepared.scrubbed(&format!("{}: the stream was ended with {code}: {message}", self.prepared.name())),
        );
        error.details_mut().http_status = code;
        Failure::new(error, Phase::Answered { http: code, page: false })
    }
}

/// The pause before a stream is opened again, after this many fruitless times in a row.
pub fn reopen_pause(fruitless: u32) -> Duration {
    match fruitless {
        0 => Duration::ZERO,
        1 => Duration::from_millis(50),
        _ => jitter::less_a_quarter(REOPENED.saturating_mul(2u32.saturating_pow(fruitless - 2)).min(Duration::from_secs(1))),
    }
}
