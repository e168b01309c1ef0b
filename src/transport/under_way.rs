//! Which calls the end of a client waits for.

use std::sync::Mutex;

use tokio_util::task::task_tracker::TaskTrackerToken;
use tokio_util::task::TaskTracker;

/// Whether a call is waiting in the engine, or has been ended there and has yet to begin its clean-up.
#[derive(Default)]
pub(super) struct UnderWay(Mutex<Option<TaskTrackerToken>>);

impl UnderWay {
    fn set(&self, token: Option<TaskTrackerToken>) {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = token;
    }

    /// From now until `end`, or the drop of this, closing the client waits for the call.
    pub(super) fn begin(&self, calls: &TaskTracker) {
        self.set(Some(calls.token()));
    }

    /// The call has what it waited for, and is on the caller's side again.
    pub(super) fn end(&self) {
        self.set(None);
    }
}
