//! Who drives the engine: the threads that call, and the engine's own when there are none.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// So long nobody has to call before the engine's own thread takes over: calls that follow each other
/// find the engine free.
const QUIET: Duration = Duration::from_millis(5);

/// What the callers and the engine's own thread tell each other.
#[derive(Default)]
pub struct Shift {
    state: Mutex<State>,
    changed: Condvar,
    step_back: Notify,
}

#[derive(Default)]
struct State {
    callers: usize,
    /// How many there have been, so that one who came and went is noticed.
    calls: u64,
    stand_in: StandIn,
    ended: bool,
}

/// What the engine's own thread does.
#[derive(Default, PartialEq)]
enum StandIn {
    /// It sleeps for a while, and looks then.
    #[default]
    Resting,
    /// It wants to be woken when the last caller has gone.
    Waiting,
    Driving,
}

/// A caller who drives the engine, until this is dropped.
pub struct Driving<'a>(&'a Shift);

impl Shift {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// A caller drives from now on.
    pub fn begin(&self) -> Driving<'_> {
        let mut state = self.state();
        state.callers += 1;
        state.calls += 1;
        if state.stand_in == StandIn::Driving {
            self.step_back.notify_one();
        }
        Driving(self)
    }

    /// Ends the engine's own thread.
    pub fn end(&self) {
        self.state().ended = true;
        self.changed.notify_one();
        self.step_back.notify_one();
    }

    /// The engine's own thread: drives the runtime whenever nobody calls.
    pub fn stand_in(&self, runtime: &Runtime) {
        while self.until_quiet() {
            runtime.block_on(self.step_back.notified());
        }
    }

    /// False when the engine ends.
    fn until_quiet(&self) -> bool {
        let mut state = self.state();
        while !state.ended {
            let calls = state.calls;
            if state.callers > 0 {
                state.stand_in = StandIn::Waiting;
                state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
                continue;
            }
            state.stand_in = StandIn::Resting;
            state = self.changed.wait_timeout(state, QUIET).unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            if state.callers == 0 && state.calls == calls && !state.ended {
                state.stand_in = StandIn::Driving;
                return true;
            }
        }
        false
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.callers -= 1;
        if state.callers == 0 && state.stand_in == StandIn::Waiting {
            self.0.changed.notify_one();
        }
    }
}
