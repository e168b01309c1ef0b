//! A stream of server-sent events, from its opening to its end, without resuming: where to resume
//! is known by who understands the events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::attempt::{Open, Prepared};
use super::content::is_page;
use super::effect::{Effect, Phase};
use super::facts::Facts;
use super::failure::Failure;
use super::request::Request;
use super::retry::retry_after::LONGEST_RETRY_AFTER;
use super::sse::{Event, Parser};
use super::{content, json, CallOptions, Transport};
use crate::engine::runtime::{on_heap, Task};
use crate::engine::runtime_bound::{lost, Bound, Home};
use crate::error::{Error, Result, SideEffect, Status};
use crate::log;
use crate::transport::retry::jitter;
use crate::transport::retry::origin::Origin;
use crate::transport::retry::shared_budget::Toll;

/// A stream that is silent for so long may have died unnoticed. One that has not is opened anew in vain, which costs a request.
const SILENCE: Duration = Duration::from_secs(20);
/// The pause before a stream is opened for the third time in vain; it doubles.
const REOPENED: Duration = Duration::from_millis(150);
/// An event may have this part of what an answer may have.
const EVENT_PART: usize = 16;

/// An open stream. Dropping it ends it at the server too.
pub struct EventStream(Bound<Box<Inner>>);

struct Inner {
    prepared: Prepared,
    open: Open,
    parser: Parser,
    silence: Duration,
}

/// A stream that is being opened.
pub struct Opening {
    task: Task<std::result::Result<EventStream, Interruption>>,
    home: Home,
}

impl Opening {
    /// Waits until it is open, or cannot be opened.
    pub async fn outcome(&mut self) -> Result<std::result::Result<EventStream, Interruption>> {
        match self.task.outcome().await {
            // Another try finds another runtime.
            Err(error) if self.home.is_lost() => Ok(Err(Failure::new(error, Phase::Sent).into())),
            outcome => outcome,
        }
    }
}

/// Why a stream gave no further event.
pub struct Interruption {
    /// What the user gets if nothing helps.
    pub error: Error,
    /// Whether opening the stream again may help.
    pub resumable: bool,
    /// Whether the stream was only silent for long.
    pub silent: bool,
}

impl From<Failure> for Interruption {
    fn from(failure: Failure) -> Interruption {
        // As for any request that only reads.
        let conflict = matches!(failure.phase, Phase::Answered { http: 409, .. });
        let page = matches!(failure.phase, Phase::Answered { page: true, .. });
        let resumable = failure.should_retry.unwrap_or(conflict || page || failure.is_passing());
        let mut error = failure.settled(Effect::Reads, SideEffect::None);
        error.details_mut().attempts = 1;
        Interruption { error, resumable, silent: false }
    }
}

impl Transport {
    /// For a stream that is about to be opened.
    pub fn openings(&self) -> Openings {
        Openings { origin: Arc::clone(&self.wire.origin), toll: Toll::new(&self.wire.origin), failing_since: None }
    }

    /// Opens a stream: one attempt, for which the usual time of an attempt is allowed. The time that the call or the client
    /// sets for an attempt is also the longest silence of the stream, if it is shorter than the usual one.
    pub fn open_events(&self, options: &CallOptions, request: &Request) -> Result<Opening> {
        let prepared = Prepared::new(&self.wire, options, request)?;
        let wire = Arc::clone(&self.wire);
        let traffic = request.traffic;
        let within = self.wire.of_attempt(options, request);
        let silence = self.wire.within(options, SILENCE).min(SILENCE);
        let home = self.engine.home();
        let its = home.clone();
        let task = self.engine.task(async move {
            let opened = match tokio::time::timeout(within, on_heap(|| prepared.open(&wire.connections, traffic, None))).await {
                Ok(opened) => opened.and_then(|open| events_only(&prepared, open)),
                Err(_) => Err(prepared.too_slow(within)),
            };
            if let Err(failure) = &opened {
                // Who opens it knows whether another opening follows.
                log::tell(log::Level::Info, || format!("{}: not opened ({}): {}", prepared.name(), failure.phase, failure.error));
            }
            opened
                .map(|open| {
                    EventStream(its.bind(Box::new(Inner { parser: Parser::new(prepared.most() / EVENT_PART), prepared, open, silence })))
                })
                .map_err(Interruption::from)
        });
        Ok(Opening { task, home })
    }
}

fn events_only(prepared: &Prepared, open: Open) -> std::result::Result<Open, Failure> {
    if let Some(encoding) = content::encoding(open.response.headers()) {
        let message = format!("{}: the stream of events cannot be read: {}.", prepared.name(), content::encoded(&encoding));
        return Err(Failure::new(Error::new(Status::Protocol, message), Phase::Sent));
    }
    let kind = open.response.headers().get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream") {
        return Ok(open);
    }
    let kind = prepared.scrubber().message(kind);
    let message = format!("{}: the answer is not a stream of events but {kind:?}. Is the base URL the API's?", prepared.name());
    // A gateway's page may pass; who opens the stream again counts them.
    let mut error = Error::new(Status::Protocol, message);
    let details = error.details_mut();
    details.by_gateway = is_page(open.response.headers());
    details.http_status = open.response.status().as_u16();
    Err(Failure::new(error, Phase::Sent))
}

impl EventStream {
    /// Completes the error of what an event holds.
    pub fn told(&self, error: Error) -> Error {
        self.0.facts().told(error)
    }

    /// The next event, `None` where the stream ended cleanly. An event that the server sends as
    /// an error is an interruption with the status that it names. The API's own events have no name; events of any other
    /// are passed over, as are those without data: signs of life, and what the API may gain.
    pub async fn next(&mut self) -> std::result::Result<Option<Event>, Interruption> {
        let home = self.0.home().clone();
        let stream = &mut **self.0;
        loop {
            if let Some(event) = stream.parser.next_event() {
                match event.kind.as_str() {
                    "error" => return Err(stream.refused(&event).into()),
                    "message" if !event.data.trim_ascii().is_empty() => return Ok(Some(event)),
                    _ => continue,
                }
            }
            let chunk = tokio::select! {
                biased;
                () = home.lost() => return Err(Failure::new(lost(), Phase::Sent).into()),
                chunk = stream.open.chunk() => chunk,
                () = tokio::time::sleep(stream.silence) => {
                    let error = stream.prepared.too_slow(stream.silence).settled(Effect::Reads, SideEffect::None);
                    return Err(Interruption { error, resumable: true, silent: true });
                }
            };
            match chunk {
                Ok(Some(piece)) => {
                    let most = stream.prepared.most() / EVENT_PART;
                    if stream.parser.push(&piece).is_err() {
                        return Err(Failure::too_long(stream.prepared.name(), most).told(&stream.facts()).into());
                    }
                }
                Ok(None) => return Ok(None),
                Err(error) => return Err(stream.prepared.broken(error).into()),
            }
        }
    }
}

impl Inner {
    fn facts(&self) -> Facts {
        let response = &self.open.response;
        Facts::of(response.status().as_u16(), response.headers(), 1, self.prepared.scrubber())
    }

    fn refused(&self, event: &Event) -> Failure {
        let said = json::parse(&event.data).unwrap_or_default();
        // A number that is not an HTTP error says no more than that it is an error.
        let code = said.get("code").and_then(serde_json::Value::as_u64).and_then(|code| u16::try_from(code).ok());
        let code = code.filter(|code| (400..=599).contains(code)).unwrap_or(500);
        let message =
            self.prepared.scrubber().message(said.get("message").and_then(serde_json::Value::as_str).unwrap_or("no reason given"));
        let mut error = Error::new(Status::of_http(code), format!("{}: the stream was ended with {code}: {message}", self.prepared.name()));
        error.details_mut().http_status = code;
        Failure::new(error, Phase::Answered { http: code, page: false })
    }
}

/// How long openings that fail hold back for want of a budget.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long after streams that broke off together they are opened again at the latest.
const TOGETHER: Duration = Duration::from_secs(1);
/// How much later than asked for an opening may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);

/// What the openings of a stream owe to the server and to other calls.
pub struct Openings {
    origin: Arc<Origin>,
    toll: Toll,
    failing_since: Option<Instant>,
}

impl Openings {
    /// The stream is open.
    pub fn came_about(&mut self) {
        self.toll.went_well();
        self.failing_since = None;
    }

    /// The pause before a stream is opened again that broke off: where it had been open for long, others broke with it.
    pub fn broke(&self, was_long: bool) -> Duration {
        self.origin.heeding(if was_long { jitter::full(TOGETHER) } else { Duration::ZERO })
    }

    /// No connection came about, which costs nothing.
    pub fn not_reached(&mut self) {
        self.toll.forget();
    }

    /// An opening was refused: the pause, which is no shorter than `own`, or `None` where the server asks for a longer one than
    /// streams wait.
    pub fn refused(&mut self, error: &Error, own: Duration) -> Option<Duration> {
        self.toll.forget();
        self.failing_since.get_or_insert_with(Instant::now);
        let asked = error.details().retry_after.unwrap_or_default();
        if asked > LONGEST_RETRY_AFTER {
            return None;
        }
        if error.details().http_status != 429 {
            self.toll.pay();
        }
        Some(self.origin.heeding(own.max(jitter::above(asked, SPREAD))))
    }

    /// A further pause, where the budget that all calls share is used up.
    pub fn stand_back(&mut self) -> Option<Duration> {
        self.toll.stand_back(self.failing_since.is_some_and(|since| since.elapsed() < PATIENCE))
    }

    /// Whether the service has ever answered: then a web page in its place passes.
    pub fn has_served(&self) -> bool {
        self.origin.has_served()
    }
}

/// The pause before a stream is opened again, after this many fruitless times in a row.
pub fn reopen_pause(fruitless: u32) -> Duration {
    match fruitless {
        0 => Duration::ZERO,
        1 => jitter::full(REOPENED),
        _ => jitter::less_a_quarter(REOPENED.saturating_mul(2u32.saturating_pow(fruitless - 2)).min(Duration::from_secs(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn openings() -> Openings {
        let origin = Arc::default();
        Openings { toll: Toll::new(&origin), origin, failing_since: None }
    }

    fn refused(http: u16, retry_after: u64) -> Error {
        let mut error = Error::new(Status::of_http(http), "x");
        error.details_mut().http_status = http;
        error.details_mut().retry_after = Some(Duration::from_secs(retry_after));
        error
    }

    #[test]
    fn openings_keep_to_the_pause_that_the_server_asks_for() {
        let own = Duration::from_secs(1);
        let mut openings = openings();
        assert!(openings.refused(&refused(503, 20), own).is_some_and(|pause| pause >= Duration::from_secs(20)));
        assert_eq!(openings.refused(&refused(503, 0), own), Some(own));
        assert_eq!(openings.refused(&refused(429, 61), own), None);
        // What another call was told counts too.
        openings.origin.hold_off(Duration::from_secs(30));
        assert!(openings.refused(&refused(502, 0), own).is_some_and(|pause| pause > Duration::from_secs(29)));
    }

    #[test]
    fn openings_that_fail_are_paid_for_from_the_budget_of_all_calls() {
        let mut openings = openings();
        while openings.origin.budget.take() {}
        assert!(openings.refused(&refused(503, 0), Duration::ZERO).is_some());
        assert!(openings.stand_back().is_some());
        openings.origin.budget.give_back();
        assert_eq!(openings.stand_back(), None);
        while openings.origin.budget.take() {}
        assert!(openings.refused(&refused(429, 0), Duration::ZERO).is_some());
        assert_eq!(openings.stand_back(), None);
        assert!(openings.refused(&refused(503, 0), Duration::ZERO).is_some());
        openings.failing_since = Instant::now().checked_sub(PATIENCE);
        assert!(openings.failing_since.is_none() || openings.stand_back().is_none());
    }
}
