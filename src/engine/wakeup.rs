//! What wakes a call that waits: its future is told to go on by this, whoever drives the engine.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::task::{Wake, Waker};
use std::time::Instant;

/// The waker of one call's future.
///
/// While the calling thread drives the engine, what wakes the call is handed on to the engine; else the thread
/// is parked here, until it is woken or its own deadline has come.
#[derive(Default)]
pub struct Wakeup {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    woken: bool,
    driven: Option<Waker>,
}

impl Wakeup {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// From now on the thread drives, and is woken by this.
    pub fn hand_on_to(&self, waker: &Waker) {
        let mut state = self.state();
        if !state.driven.as_ref().is_some_and(|known| known.will_wake(waker)) {
            state.driven = Some(waker.clone());
        }
    }

    /// From now on the thread parks here.
    pub fn keep(&self) {
        self.state().driven = None;
    }

    /// Parks until the call is woken; `false` if `until` came first.
    pub fn wait(&self, until: Option<Instant>) -> bool {
        let mut state = self.state();
        while !state.woken {
            state = match until {
                None => self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner()),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    self.changed.wait_timeout(state, left).unwrap_or_else(|poisoned| poisoned.into_inner()).0
                }
            };
        }
        state.woken = false;
        true
    }
}

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.state();
        state.woken = true;
        let Some(waker) = state.driven.clone() else {
            drop(state);
            self.changed.notify_one();
            return;
        };
        drop(state);
        // The engine panics if the host program has closed its descriptors. Whoever wakes, such as the one who triggers
        // a cancel token, has no part in that.
        let _ = catch_unwind(AssertUnwindSafe(|| waker.wake()));
    }
}
