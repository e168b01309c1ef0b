//! Long polls: questions that the server holds until the answer is yes, or its patience ends.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::attempt::Prepared;
use super::failure::{Failure, Phase};
use super::request::Request;
use super::{retry, secret, tell_failure, Call, CallOptions, Transport};
use crate::error::{Error, Result, Status};

/// The longest hold asked for. Servers end a hold at 25 or 30 s; asking for the shorter everywhere
/// keeps clear of timers that fire at the same moment.
const LONGEST_HOLD: Duration = Duration::from_secs(25);
/// How much longer than the hold an attempt waits, so that the server's answer always comes first.
const MARGIN: Duration = Duration::from_secs(7);
/// A hold that lasted this long has been a wait; after a shorter one a pause is due.
const REAL_HOLD: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a wait that is over asks for the state that it leaves.
const STATE_TIMEOUT: Duration = Duration::from_secs(5);
/// How often in a row the server may fail (5xx, broken connections) before a wait gives up.
const FAILURES_IN_A_ROW: u32 = 12;

/// What is waited for.
pub struct Wait<'a> {
    /// The question, but for how long it is to be held.
    pub request: Request,
    /// Asks for the present state, which a server that only ever said "not yet" has not told.
    pub state: Request,
    /// Puts the hold into the question.
    pub hold: &'a dyn Fn(&mut Request, Duration),
    /// Whether an answer ends the wait.
    pub done: &'a dyn Fn(&Value) -> bool,
    /// What is waited for, in words.
    pub what: &'a str,
    /// How long at most, where the call does not say.
    pub total: Option<Duration>,
}

impl Transport {
    /// Asks until the answer ends the wait, the call ends, or the wait's own time is over.
    pub fn wait(&self, call: &Call, options: &CallOptions, wait: &Wait<'_>) -> Result<Value> {
        let started = Instant::now();
        let total = options.poll_timeout.or(wait.total);
        let mut last_seen = None;
        let mut pauses = Pauses::default();
        let mut attempts = 0;
        loop {
            call.check()?;
            let left = total.map(|total| total.saturating_sub(started.elapsed()));
            if left.is_some_and(|left| left.is_zero()) {
                let last_seen = match last_seen {
                    None => self.present_state(call, wait)?,
                    seen => seen,
                };
                return Err(timed_out(wait, total.unwrap_or_default(), last_seen, attempts));
            }
            let hold = left.map_or(LONGEST_HOLD, |left| left.min(LONGEST_HOLD));
            let mut request = wait.request.clone();
            (wait.hold)(&mut request, hold);
            let prepared = Prepared::new(&self.wire.settings, options, &request)?;
            let name = prepared.name().to_owned();
            let asked = Instant::now();
            attempts += 1;
            let wire = std::sync::Arc::clone(&self.wire);
            let traffic = request.traffic;
            let mut task = self.engine.task(async move {
                let outcome = prepared.whole(&wire.connections, traffic, hold + MARGIN, attempts).await;
                if let Err(failure) = &outcome {
                    tell_failure(&prepared, failure, attempts, None);
                }
                outcome
            });
            let pause = match self.drive(call, task.outcome())?? {
                Ok(answer) => {
                    let value = answer.json(&name)?;
                    if (wait.done)(&value) {
                        return Ok(value);
                    }
                    last_seen = Some(value);
                    pauses.after_answer(asked.elapsed(), options.poll_interval)
                }
                Err(failure) => match pauses.after_failure(&failure, asked.elapsed(), options.poll_interval) {
                    Some(pause) => pause,
                    None => return Err(failure.after(attempts)),
                },
            };
            let pause = total.map_or(pause, |total| pause.min(total.saturating_sub(started.elapsed())));
            if !pause.is_zero() {
                self.pause(call, pause)?;
            }
        }
    }
}

impl Transport {
    /// The state, if it can be had quickly; the wait is over either way.
    fn present_state(&self, call: &Call, wait: &Wait<'_>) -> Result<Option<Value>> {
        let options = CallOptions { timeout: Some(STATE_TIMEOUT), max_retries: Some(0), ..CallOptions::default() };
        match self.send(call, &options, &wait.state) {
            Ok(answer) => Ok(answer.json(&wait.state.name()).ok()),
            Err(error) if matches!(error.status(), Status::Cancelled | Status::Closed | Status::Deadline) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

/// Decides what comes between two questions.
#[derive(Default)]
struct Pauses {
    short_holds: u32,
    unreachable: u32,
    failures: u32,
}

impl Pauses {
    fn after_answer(&mut self, held: Duration, interval: Option<Duration>) -> Duration {
        self.unreachable = 0;
        self.failures = 0;
        if held >= REAL_HOLD {
            self.short_holds = 0;
            return Duration::ZERO;
        }
        self.short_holds += 1;
        interval.unwrap_or_else(|| growing(self.short_holds))
    }

    fn after_failure(&mut self, failure: &Failure, held: Duration, interval: Option<Duration>) -> Option<Duration> {
        match failure.phase {
            Phase::Answered(408) => Some(self.after_answer(held, interval)),
            Phase::Untrusted => None,
            Phase::Unsent => {
                self.unreachable += 1;
                retry::connect_pause(self.unreachable)
            }
            Phase::Answered(status) if status != 429 && status < 500 => None,
            Phase::Sent | Phase::Answered(_) => {
                self.unreachable = 0;
                if held >= REAL_HOLD {
                    self.failures = 0;
                }
                self.failures += 1;
                (self.failures < FAILURES_IN_A_ROW).then(|| failure.error.details().retry_after.unwrap_or_else(|| growing(self.failures)))
            }
        }
    }
}

fn growing(times: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2u32.saturating_pow(times.saturating_sub(1))).min(LONGEST_PAUSE)
}

fn timed_out(wait: &Wait<'_>, total: Duration, last_seen: Option<Value>, attempts: u32) -> Error {
    let state = last_seen.as_ref().and_then(|value| value.get("status")).and_then(Value::as_str);
    let seen = state.map_or(String::new(), |state| format!(" It was last seen {state}."));
    let mut error = Error::new(
        Status::WaitTimedOut,
        format!("Waited {} ms for {} in vain.{seen} Wait again, or allow more by poll_timeout_ms.", total.as_millis(), wait.what),
    )
    .with_retryable(crate::error::Retryable::Yes);
    let details = error.details_mut();
    details.attempts = attempts;
    details.body = last_seen.as_ref().map(secret::to_body);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(phase: Phase) -> Failure {
        Failure { error: Error::new(Status::Broken, "x"), phase, should_retry: None }
    }

    #[test]
    fn after_a_real_hold_the_next_question_follows_at_once() {
        let mut pauses = Pauses::default();
        let held = Duration::from_secs(25);
        assert_eq!(pauses.after_failure(&failure(Phase::Answered(408)), held, None), Some(Duration::ZERO));
        assert_eq!(pauses.after_answer(held, None), Duration::ZERO);
    }

    #[test]
    fn answers_that_come_at_once_are_spaced_more_and_more() {
        let mut pauses = Pauses::default();
        let spaced: Vec<_> =
            (0..8).map(|_| pauses.after_failure(&failure(Phase::Answered(408)), Duration::ZERO, None).unwrap().as_millis()).collect();
        assert_eq!(spaced, [100, 200, 400, 800, 1600, 2000, 2000, 2000]);
    }

    #[test]
    fn what_no_question_can_heal_ends_the_wait() {
        for phase in [Phase::Untrusted, Phase::Answered(401), Phase::Answered(404)] {
            assert_eq!(Pauses::default().after_failure(&failure(phase), Duration::ZERO, None), None);
        }
        let mut pauses = Pauses::default();
        let asked = (0..100).take_while(|_| pauses.after_failure(&failure(Phase::Unsent), Duration::ZERO, None).is_some());
        assert_eq!(asked.count() as u32 + 1, retry::CONNECT_ATTEMPTS);
    }
}
