//! One request with its attempts: made until one succeeds or no further one is due.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::answer::Answer;
use super::attempt::Prepared;
use super::attempts::Attempts;
use super::call::{patience, Call, CallOptions};
use super::connections::traffic::Traffic;
use super::failure::Failure;
use super::request::Request;
use super::retry::{Most, Retries};
use super::sender::Transport;
use super::wire::Wire;
use crate::engine::runtime::Task;
use crate::error::Result;
use crate::log;

/// The status of the answer that a request gets whose earlier attempt has done what it asks for.
const NO_CONTENT: u16 = 204;

/// A request on its way.
pub struct Sending {
    task: Task<Result<Answer>>,
    attempts: Arc<Attempts>,
}

impl Sending {
    /// What is known of the attempts while they are made.
    pub fn attempts(&self) -> Arc<Attempts> {
        Arc::clone(&self.attempts)
    }

    /// The answer, for a clean-up that has taken over the request.
    pub async fn outcome(&mut self) -> Result<Answer> {
        self.task.outcome().await?
    }

    /// How many of its earlier attempts may have had their effect.
    pub fn doubts(&self) -> u32 {
        self.attempts.doubts()
    }
}

impl Transport {
    /// Sends a request and reads the answer, with retries.
    pub fn send(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Answer> {
        let mut sending = self.start(call, options, request)?;
        self.finish(call, request, &mut sending)
    }

    /// Begins to send a request, unless the call has ended already; `finish` gives the answer. What
    /// is dropped is aborted.
    pub fn start(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Sending> {
        call.check()?;
        let prepared = Prepared::new(&self.wire, options, request)?;
        let attempts = Arc::clone(&prepared.attempts);
        let within = self.wire.of_attempt(options, request);
        let work = repeatedly(Arc::clone(&self.wire), prepared, request.traffic, within, self.wire.most(options), patience(call));
        Ok(Sending { task: self.engine.task(work), attempts })
    }

    /// Waits for what `start` began.
    pub fn finish(&self, call: &Call, request: &Request, sending: &mut Sending) -> Result<Answer> {
        match self.drive(call, sending.task.outcome()).and_then(|outcome| outcome) {
            Ok(outcome) => outcome,
            Err(error) => Err(sending.attempts.interrupted(request.effect, error)),
        }
    }
}

/// Sends a request and reads the answer whole, with retries.
pub(super) async fn repeatedly(
    wire: Arc<Wire>,
    prepared: Prepared,
    traffic: Traffic,
    within: Duration,
    most: Most,
    patience: Duration,
) -> Result<Answer> {
    let done = || Answer {
        status: NO_CONTENT,
        headers: http::HeaderMap::new(),
        body: Bytes::new(),
        attempts: prepared.attempts.made(),
        confidential: false,
        effect: prepared.effect(),
        doubts: prepared.attempts.doubts(),
        scrubber: prepared.scrubber().clone(),
    };
    repeat(&wire, &prepared, most, patience, |attempt| prepared.whole(&wire.connections, traffic, within, attempt), Some(&done)).await
}

/// Makes attempts until one succeeds or no further one is due. Where an earlier attempt may have ended something,
/// a later one that finds it ended has succeeded: `done` makes its answer.
pub(super) async fn repeat<T, F, W>(
    wire: &Wire,
    prepared: &Prepared,
    most: Most,
    patience: Duration,
    mut attempt: F,
    done: Option<&(dyn Fn() -> T + Sync)>,
) -> Result<T>
where
    F: FnMut(u32) -> W,
    W: Future<Output = std::result::Result<T, Failure>>,
{
    let (attempts, effect) = (&prepared.attempts, prepared.effect());
    let mut retries = Retries::new(effect, most, patience, &wire.origin);
    loop {
        let number = attempts.begin();
        let mut underway = Underway { name: prepared.name(), number, started: Instant::now(), ended: false };
        let outcome = attempt(number).await;
        underway.ended = true;
        let failure = match outcome {
            Ok(success) => {
                retries.succeeded();
                log::tell(log::Level::Debug, || {
                    format!("{}: answered in {} ms, attempt {number}", prepared.name(), underway.started.elapsed().as_millis())
                });
                return Ok(success);
            }
            Err(failure) => failure,
        };
        if let Some(done) = done.filter(|_| attempts.is_doubtful() && prepared.is_done(&failure)) {
            log::tell(log::Level::Info, || format!("{}: an earlier attempt has done it: {}", prepared.name(), failure.error));
            return Ok(done());
        }
        let pause = retries.after(&failure);
        tell_of(prepared.name(), &failure, number, pause);
        match pause {
            Some(pause) => {
                attempts.failed(effect, failure.phase, &failure.error);
                tokio::time::sleep(pause).await;
            }
            None => return Err(failure.after(attempts, effect)),
        }
    }
}

/// An attempt under way, which is told of too if its call ends before it has an outcome: by a token, a
/// deadline, or the end of the client.
struct Underway<'a> {
    name: &'a str,
    number: u32,
    started: Instant,
    ended: bool,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended {
            log::tell(log::Level::Debug, || {
                format!("{}: left after {} ms, attempt {}: its call has ended", self.name, self.started.elapsed().as_millis(), self.number)
            });
        }
    }
}

/// Tells the log of a failed attempt, and of what comes next.
pub(super) fn tell_of(name: &str, failure: &Failure, attempt: u32, pause: Option<Duration>) {
    let level = if pause.is_some() { log::Level::Warn } else { log::Level::Info };
    log::tell(level, || {
        let next = pause.map_or("giving up".to_owned(), |pause| format!("again in {} ms", pause.as_millis()));
        format!("{name}: attempt {attempt} failed ({}), {next}: {}", failure.phase, failure.error)
    });
}
