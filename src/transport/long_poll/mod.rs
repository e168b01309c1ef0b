//! Long polls: questions that the server holds until the answer is yes, or its patience ends.

pub(crate) mod pauses;

use std::time::{Duration, Instant};

use serde_json::Value;

use super::answer::Answer;
use super::attempt::Prepared;
use super::attempts::LastFailure;
use super::call::patience;
use super::effect::Phase;
use super::facts::Facts;
use super::failure::Failure;
use super::repeat::tell_of;
use super::request::{Request, HOLD_MARGIN};
use super::{Call, CallOptions, Scrubber, Transport};
use crate::error::{Error, Next, Result, Retryable, Status};
use pauses::{Pauses, Step};

/// The longest hold asked for. Servers end a hold at 25 or 30 s; asking for the shorter everywhere
/// keeps clear of timers that fire at the same moment.
const LONGEST_HOLD: Duration = Duration::from_secs(25);
/// A state that was seen so long ago may be another by now.
const OLD: Duration = Duration::from_secs(1);
/// How long a wait that is over asks for the state that it leaves.
const STATE_TIMEOUT: Duration = Duration::from_secs(5);

/// What is waited for.
pub struct Wait<'a> {
    /// The question, but for how long it is to be held.
    pub request: Request,
    /// Asks for the present state, which a server that only ever said "not yet", or nothing of late, has not told.
    pub state: Request,
    /// Puts the hold into the question.
    pub hold: &'a dyn Fn(&mut Request, Duration),
    /// Whether an answer ends the wait.
    pub done: &'a dyn Fn(&Value) -> bool,
    /// What is waited for, in words.
    pub what: &'a str,
    /// How long at most, where the call does not say.
    pub total: Option<Duration>,
    /// How long the caller allowed for all that this wait is a part of, if it is one.
    pub allowed: Option<Duration>,
}

/// What ended a wait.
#[derive(Clone)]
pub struct Found {
    /// The answer.
    pub value: Value,
    /// What errors tell of it.
    pub facts: Facts,
}

impl Transport {
    /// Asks until the answer ends the wait, the call ends, or the wait's own time is over.
    pub fn wait(&self, call: &Call, options: &CallOptions, wait: &Wait<'_>) -> Result<Found> {
        let started = Instant::now();
        let total = options.poll_timeout.or(wait.total);
        // A hold counts in whole seconds at most services; the wait ends by the client's own clock.
        let bounded = total.and_then(|total| started.checked_add(total)).map_or_else(|| call.clone(), |end| call.no_later_than(end));
        let patience = if total.is_some() { Duration::MAX } else { patience(call) };
        let mut last_seen: Option<(Found, Instant)> = None;
        let mut last_failure = LastFailure::default();
        let mut pauses = Pauses::new(&self.wire.origin, options.poll_interval, patience);
        let mut attempts = 0;
        loop {
            let left = total.map(|total| total.saturating_sub(started.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                let last_seen = match last_seen {
                    Some((seen, when)) if when.elapsed() < OLD => Some(seen),
                    // What has come about in the last moment counts.
                    old => {
                        let seen = old.map(|(seen, _)| seen);
                        self.present_state(call, options, wait, &mut last_failure, seen).map_err(|error| ended(error, attempts))?
                    }
                };
                if let Some(found) = last_seen.as_ref().filter(|found| (wait.done)(&found.value)) {
                    return Ok(found.clone());
                }
                let last_seen = last_seen.map(|found| found.value);
                let scrubber = self.scrubber(options, last_seen.as_ref().unwrap_or(&Value::Null));
                let allowed = wait.allowed.or(total).unwrap_or_default();
                return Err(last_failure.explain(timed_out(wait, allowed, last_seen, attempts, &scrubber)));
            }
            let hold = left.map_or(LONGEST_HOLD, |left| left.min(LONGEST_HOLD));
            let asked = Instant::now();
            attempts += 1;
            let outcome = match self.ask(&bounded, options, wait, hold, attempts) {
                // The wait's own time is over, which is looked at above.
                Err(error) if error.status() == Status::Deadline && call.check().is_ok() => continue,
                outcome => outcome.map_err(|error| ended(last_failure.explain(error), attempts))?,
            };
            let pause = match outcome {
                Ok(found) => {
                    last_failure.forget();
                    // What `done` asks the service may take long.
                    let seen_at = Instant::now();
                    if (wait.done)(&found.value) {
                        return Ok(found);
                    }
                    last_seen = Some((found, seen_at));
                    pauses.after_answer(asked.elapsed())
                }
                Err(failure) if matches!(failure.phase, Phase::Answered { http: 408, page: false }) => {
                    last_failure.forget();
                    match pauses.after_not_yet(&failure, asked.elapsed()) {
                        Some(pause) => pause,
                        None => return Err(given_up(failure, wait, attempts)),
                    }
                }
                Err(failure) => {
                    last_failure.note(&failure.error);
                    let step = pauses.after_failure(&failure, asked.elapsed());
                    tell_of(&wait.request.name(), &failure, attempts, step.pause());
                    match step {
                        Step::Again(pause) => pause,
                        Step::GiveUp => return Err(given_up(failure, wait, attempts)),
                        Step::Look { pause, last } => match self.look(&bounded, options, wait) {
                            Ok(Some(found)) => {
                                let seen_at = Instant::now();
                                if (wait.done)(&found.value) {
                                    return Ok(found);
                                }
                                last_seen = Some((found, seen_at));
                                pauses.after_state();
                                pause
                            }
                            Ok(None) if last => return Err(given_up(failure, wait, attempts)),
                            Ok(None) => pause,
                            Err(error) if error.status() == Status::Deadline && call.check().is_ok() => continue,
                            Err(error) => return Err(ended(last_failure.explain(error), attempts)),
                        },
                    }
                }
            };
            let mut next = Some(pause);
            while let Some(pause) = next {
                let pause = total.map_or(pause, |total| pause.min(total.saturating_sub(started.elapsed())));
                if pause.is_zero() {
                    break;
                }
                self.pause(call, pause).map_err(|error| ended(last_failure.explain(error), attempts))?;
                next = pauses.stand_back();
            }
        }
    }

    /// One question; an answer that cannot be read is a failure like any other.
    fn ask(
        &self,
        call: &Call,
        options: &CallOptions,
        wait: &Wait<'_>,
        hold: Duration,
        attempt: u32,
    ) -> Result<std::result::Result<Found, Failure>> {
        call.check()?;
        let mut request = wait.request.clone();
        (wait.hold)(&mut request, hold);
        let prepared = Prepared::new(&self.wire, options, &request)?;
        let name = prepared.name().to_owned();
        let wire = std::sync::Arc::clone(&self.wire);
        let mut task = self.engine.task(async move {
            prepared.attempts.begin();
            prepared.whole(&wire.connections, request.traffic, hold + HOLD_MARGIN, attempt).await
        });
        Ok(self.drive(call, task.outcome())??.and_then(|answer| read(&name, &answer)))
    }

    /// The state, if it can be had quickly, else the one that was seen before; the wait is over either way.
    fn present_state(
        &self,
        call: &Call,
        options: &CallOptions,
        wait: &Wait<'_>,
        last_failure: &mut LastFailure,
        seen: Option<Found>,
    ) -> Result<Option<Found>> {
        match self.state_now(call, options, wait) {
            // An answer that names no state tells less than what was seen.
            Ok(answer) => Ok(answer.ok().filter(|now| seen.is_none() || state_of(&now.value).is_some()).or(seen)),
            // The wait had ended before.
            Err(error) if error.status() == Status::Deadline && seen.is_some() => Ok(seen),
            Err(error) if is_of_call(&error) => Err(last_failure.explain(error)),
            Err(error) => {
                last_failure.note(&error);
                Ok(seen)
            }
        }
    }

    /// The state, while the holds of a wait fail, if it can be had. An error ends the wait: that of the call, or what no
    /// question will heal.
    fn look(&self, call: &Call, options: &CallOptions, wait: &Wait<'_>) -> Result<Option<Found>> {
        match self.state_now(call, options, wait) {
            Ok(answer) => Ok(answer.ok().filter(|now| state_of(&now.value).is_some())),
            Err(error) if is_of_call(&error) || (error.details().retryable == Retryable::No && !error.details().by_gateway) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Asks for the state, without a hold, once.
    fn state_now(&self, call: &Call, options: &CallOptions, wait: &Wait<'_>) -> Result<std::result::Result<Found, Failure>> {
        let options = CallOptions {
            timeout: Some(STATE_TIMEOUT),
            max_retries: Some(0),
            poll_timeout: None,
            progress: None,
            ..options.for_what_follows()
        };
        Ok(read(&wait.state.name(), &self.send(call, &options, &wait.state)?))
    }
}

/// Whether it is the end of the call, or of its client.
fn is_of_call(error: &Error) -> bool {
    matches!(error.status(), Status::Cancelled | Status::Closed | Status::Deadline)
}

fn state_of(value: &Value) -> Option<&str> {
    value.get("status").and_then(Value::as_str)
}

/// What an answer tells.
fn read(name: &str, answer: &Answer) -> std::result::Result<Found, Failure> {
    answer.json(name).map(|value| Found { value, facts: answer.facts() }).map_err(|error| Failure::new(error, Phase::Sent))
}

/// The error of a wait whose call ends it: questions only read.
fn ended(mut error: Error, attempts: u32) -> Error {
    if is_of_call(&error) {
        error.details_mut().attempts = attempts;
    }
    error.continuable()
}

/// The error of a wait that gives up: questions only read.
fn given_up(failure: Failure, wait: &Wait<'_>, attempts: u32) -> Error {
    let several = attempts > 1 && !failure.hopeless;
    let mut error = failure.settled(wait.request.effect, crate::error::SideEffect::None);
    error.details_mut().attempts = attempts;
    if several {
        error = error.adding(&format!("({attempts} attempts were made.)"));
    }
    error
}

fn timed_out(wait: &Wait<'_>, total: Duration, last_seen: Option<Value>, attempts: u32, scrubber: &Scrubber) -> Error {
    let seen =
        last_seen.as_ref().and_then(state_of).map_or(String::new(), |state| format!(" It was last seen {}.", scrubber.message(state)));
    let mut error = Error::new(Status::WaitTimedOut, format!("Waited {} ms for {}, without success.{seen}", total.as_millis(), wait.what))
        .with_retryable(Retryable::Yes)
        .followed_by(Next::WAIT);
    let details = error.details_mut();
    details.attempts = attempts;
    details.body = last_seen.as_ref().map(|seen| scrubber.answer(seen));
    error
}
