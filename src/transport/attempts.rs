//! What is known of a request's attempts while they are made, for whoever ends the call before they end.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::effect;
use super::effect::{Effect, Phase};
use super::failure::Failure;
use crate::error::{Details, Error, SideEffect, Status};

/// The attempts of one request.
#[derive(Default)]
pub struct Attempts {
    made: AtomicU32,
    /// Whether the present attempt has been handed to a connection.
    handed: AtomicBool,
    /// How many earlier attempts may have had their effect.
    doubts: AtomicU32,
    last: Mutex<LastFailure>,
    /// What the head of the present attempt's answer says, while its body is read: an error, that much is known.
    refused: Mutex<Option<Failure>>,
}

/// The last failed attempt, for calls that end for another reason.
#[derive(Clone, Default)]
pub struct LastFailure(Option<Box<Details>>);

impl LastFailure {
    /// Notes a failed attempt.
    pub fn note(&mut self, error: &Error) {
        self.0 = Some(Box::new(error.details().clone()));
    }

    /// An attempt went well.
    pub fn forget(&mut self) {
        self.0 = None;
    }

    /// Makes it the cause of an error that ends the call for want of time.
    pub fn explain(&self, error: Error) -> Error {
        if !matches!(error.status(), Status::Deadline | Status::WaitTimedOut) {
            return error;
        }
        self.beneath(error)
    }

    /// Makes it the cause of an error that names none.
    pub fn beneath(&self, mut error: Error) -> Error {
        let Some(last) = &self.0 else { return error };
        let details = error.details_mut();
        if details.http_status == 0 {
            details.http_status = last.http_status;
            details.code = details.code.take().or_else(|| last.code.clone());
            details.request_id = details.request_id.take().or_else(|| last.request_id.clone());
            details.retry_after = details.retry_after.or(last.retry_after);
        }
        if details.cause.is_none() {
            details.cause = Some(match &last.cause {
                Some(cause) => format!("{} ({cause})", last.message),
                None => last.message.clone(),
            });
        }
        error
    }
}

impl Attempts {
    /// A further attempt begins; gives its number.
    pub fn begin(&self) -> u32 {
        self.handed.store(false, Ordering::Release);
        self.refused().take();
        self.made.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// How many have begun.
    pub fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed)
    }

    fn refused(&self) -> MutexGuard<'_, Option<Failure>> {
        self.refused.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The head of an answer that is an error has come: its failure, as far as it is known.
    pub fn is_refused(&self, failure: Failure) {
        *self.refused() = Some(failure);
    }

    /// The failure that the head of the present answer tells, for whoever does not wait for its body any longer.
    pub fn refusal(&self) -> Option<Failure> {
        self.refused().take()
    }

    /// The failure of the present attempt, which took longer than this: what its answer said, if it has begun to say it.
    pub fn too_slow(&self, name: &str, within: Duration) -> Failure {
        self.refusal().unwrap_or_else(|| Failure::timed_out(name, Some(within), self.phase()))
    }

    /// How far the present attempt got, where no answer says more.
    pub fn phase(&self) -> Phase {
        if let Some(failure) = &*self.refused() {
            failure.phase
        } else if self.handed.load(Ordering::Acquire) {
            Phase::Sent
        } else {
            Phase::Unsent
        }
    }

    /// The present attempt has failed in this way, and another will follow.
    pub fn failed(&self, effect: Effect, phase: Phase, error: &Error) {
        self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).note(error);
        if effect::side_effect(effect, phase) != SideEffect::None {
            self.doubts.fetch_add(1, Ordering::Release);
        }
        self.handed.store(false, Ordering::Release);
    }

    /// Whether an earlier attempt may have had its effect.
    pub fn is_doubtful(&self) -> bool {
        self.doubts() > 0
    }

    /// How many earlier attempts may have had their effect.
    pub fn doubts(&self) -> u32 {
        self.doubts.load(Ordering::Acquire)
    }

    /// What all attempts together may have changed, the last of which ended in this phase.
    pub fn side_effect(&self, effect: Effect, phase: Phase) -> SideEffect {
        if self.is_doubtful() {
            SideEffect::Unknown
        } else {
            effect::side_effect(effect, phase)
        }
    }

    /// The last failure before the present attempt, as the cause of an error that ends the call for want of time.
    pub fn explain(&self, error: Error) -> Error {
        self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).explain(error)
    }

    /// Completes the error of a call that was ended while attempts were made: by a deadline, a token, or the
    /// end of the client.
    pub fn interrupted(&self, effect: Effect, error: Error) -> Error {
        let side_effect = self.side_effect(effect, self.phase());
        if let Some(refusal) = self.refusal() {
            self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).note(&refusal.error);
        }
        let mut error = self.explain(error);
        let details = error.details_mut();
        details.attempts = self.made();
        details.side_effect = side_effect;
        if details.status == Status::Deadline {
            details.retryable = effect::retryable(effect, side_effect, true, None);
        }
        error
    }
}

impl Failure {
    /// The error of a request that made these attempts, of which this was the last.
    pub fn after(self, attempts: &Attempts, effect: Effect) -> Error {
        let made = attempts.made();
        let several = made > 1 && !self.hopeless;
        let side_effect = attempts.side_effect(effect, self.phase);
        let mut error = self.settled(effect, side_effect);
        error.details_mut().attempts = made;
        if several {
            error = error.adding(&format!("({made} attempts were made.)"));
        }
        error
    }
}

/// A request's body that notes when it is handed to a connection: the connection asks whether there is a body,
/// and for its pieces, at the moment when it takes the request over, and never before.
pub struct Noted {
    body: reqwest::Body,
    attempts: Arc<Attempts>,
}

impl Noted {
    /// The body of the present attempt.
    pub fn wrap(body: reqwest::Body, attempts: &Arc<Attempts>) -> reqwest::Body {
        reqwest::Body::wrap(Noted { body, attempts: Arc::clone(attempts) })
    }

    fn note(&self) {
        self.attempts.handed.store(true, Ordering::Release);
    }
}

impl Body for Noted {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.note();
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.note();
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
