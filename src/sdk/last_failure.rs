//! What keeps a stream from going on, for whoever ends the call meanwhile.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::error::{Error, Status};
use crate::transport::{Attempts, LastFailure};

/// Kept by the stream, and read from without while the stream is being opened again. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Hindrance(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// How many openings there have been since the stream has last brought something.
    openings: u32,
    last: LastFailure,
    /// Since when the stream has been open.
    open: Option<Instant>,
    /// Of a question that is asked beside the stream.
    asking: Option<Arc<Attempts>>,
}

impl Hindrance {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// An opening begins.
    pub(super) fn opening(&self) {
        let mut state = self.state();
        state.openings += 1;
        state.asking = None;
    }

    /// The stream is open.
    pub(super) fn is_open(&self) {
        self.state().open = Some(Instant::now());
    }

    /// It is open no more.
    pub(super) fn is_over(&self) {
        self.state().open = None;
    }

    /// It has brought something: what was before is past.
    pub(super) fn brought(&self) {
        let mut state = self.state();
        state.openings = 1;
        state.last.forget();
    }

    /// It has failed in this way, or could not be opened.
    pub(super) fn note(&self, error: &Error) {
        self.state().last.note(error);
    }

    /// A question is asked beside the stream, in these attempts.
    pub(super) fn asking(&self, attempts: Arc<Attempts>) {
        self.state().asking = Some(attempts);
    }

    /// The last failure as the cause of an error that names none.
    pub(super) fn beneath(&self, error: Error) -> Error {
        self.state().last.beneath(error)
    }

    /// All that was is told: the next call begins anew.
    pub(super) fn forget(&self) {
        *self.state() = State::default();
    }

    /// Completes the error of a call that was ended meanwhile. A stream that has been open for `long` is hindered by nothing.
    pub(super) fn explain(&self, error: Error, long: Duration) -> Error {
        let state = self.state();
        if !matches!(error.status(), Status::Deadline | Status::Cancelled | Status::Closed) {
            return error;
        }
        let asked = state.asking.as_ref();
        let stands = state.open.is_some_and(|since| since.elapsed() >= long);
        let mut error =
            if stands { error } else { state.last.explain(asked.map_or_else(|| error.clone(), |asked| asked.explain(error.clone()))) };
        let details = error.details_mut();
        details.attempts = details.attempts.max(state.openings.max(1) + asked.map_or(0, |asked| asked.made()));
        error
    }
}
