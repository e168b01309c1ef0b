//! Who drives the engine. A thread that calls alone drives it: then a call costs no change of threads. As soon
//! as a second one calls, the first is asked to step back, and the engine's own thread, the background driver, drives
//! for all of them, so that what the host program does with one thread holds up no other.

use std::future::{poll_fn, Future};
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::guarded::{Driving, Ground, Wakers};
use super::wakeup::Wakeup;
use super::witness::Witness;

/// The background driver begins when there has been no call for so long, and goes on for so long after several
/// calls at a time: calls that follow each other do not change drivers again and again.
const LINGER: Duration = Duration::from_millis(5);
/// A caller that takes longer than this to step back is held up: by a signal handler, or a low priority.
const SLOW: Duration = Duration::from_millis(5);
/// After that the background driver drives for so long, whoever calls.
const MISTRUST: Duration = Duration::from_secs(10);

/// Nothing wakes a thread that waits by descriptors which are closed meanwhile: it wakes up by itself so often.
const LOOK: Duration = Duration::from_secs(5);

/// The name of the thread of the background driver.
pub const THREAD: &str = "runloop-engine";

/// What the callers and the background driver tell each other.
pub struct Driver {
    state: Mutex<State>,
    changed: Condvar,
    /// Asks the background driver to step back.
    background: Notify,
    /// Asks the caller that drives to step back.
    caller: AtomicBool,
    broken: AtomicBool,
    /// Wakes whoever drives, on its own thread.
    driving: Mutex<Option<Waker>>,
    /// Older than the runtime.
    first: Witness,
    /// Younger: the numbers of the runtime's descriptors are between those of the two, where there were no gaps.
    last: OnceLock<Witness>,
}

#[derive(Default)]
struct State {
    callers: Vec<Arc<Wakeup>>,
    /// How many there have been, so that one who came and went is noticed.
    calls: u64,
    background: Background,
    /// The background driver drives, even if there are callers.
    shared: bool,
    /// How long `shared` lasts at least, when no two calls are under way any more.
    shared_until: Option<Instant>,
    /// When the caller that drives was asked to step back, until it has.
    asked: Option<Instant>,
    ended: bool,
}

/// What the background driver does.
#[derive(Default, PartialEq)]
enum Background {
    /// It sleeps for a while, and looks then.
    #[default]
    Resting,
    /// It wants to be woken when the last caller has gone.
    Waiting,
    Driving,
}

/// A call under way, until this is dropped.
pub struct Place<'a> {
    driver: &'a Driver,
    wakeup: &'a Arc<Wakeup>,
    drives: bool,
}

impl Driver {
    /// For a runtime that is about to be made.
    pub fn new() -> io::Result<Driver> {
        Ok(Driver {
            state: Mutex::default(),
            changed: Condvar::new(),
            background: Notify::new(),
            caller: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            driving: Mutex::default(),
            first: Witness::new()?,
            last: OnceLock::new(),
        })
    }

    /// The runtime has been made.
    pub fn is_made(&self) -> io::Result<()> {
        // There is none yet.
        let _ = self.last.set(Witness::new()?);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// A call begins. `None` if the engine is broken.
    pub fn enter<'a>(&'a self, wakeup: &'a Arc<Wakeup>) -> Option<Place<'a>> {
        let mut state = self.state();
        if self.is_broken() {
            return None;
        }
        state.calls += 1;
        let alone = state.callers.is_empty();
        let mut asked = None;
        if alone && state.shared {
            state.shared = state.shared_until.is_some_and(|until| Instant::now() < until);
        } else if !alone && !state.shared {
            state.shared = true;
            state.asked = Some(Instant::now());
            self.caller.store(true, Ordering::Relaxed);
            asked = state.callers.first().cloned();
        }
        let drives = alone && !state.shared;
        if drives {
            self.caller.store(false, Ordering::Relaxed);
        }
        let to_change = drives == (state.background == Background::Driving);
        state.callers.push(Arc::clone(wakeup));
        drop(state);
        let place = Place { driver: self, wakeup, drives };
        if let Some(asked) = asked {
            asked.wake();
        }
        if to_change && drives {
            self.background.notify_one();
        } else if to_change {
            self.changed.notify_one();
        }
        Some(place)
    }

    /// Ends the background driver.
    pub fn end(&self) {
        self.state().ended = true;
        self.changed.notify_one();
        self.background.notify_one();
    }

    /// Nothing can be driven any more: whoever waits gets up.
    pub fn broke(&self) {
        let state = self.state();
        self.broken.store(true, Ordering::Relaxed);
        let callers = state.callers.clone();
        drop(state);
        self.changed.notify_one();
        callers.into_iter().for_each(Wake::wake);
    }

    /// Whoever drives is woken by this, if what has just been waited for is broken.
    pub fn is_driven_by(&self, waker: &Waker) {
        let mut driving = self.driving();
        if !driving.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *driving = Some(waker.clone());
        }
    }

    /// Nobody drives for now.
    pub fn rests(&self) {
        *self.driving() = None;
    }

    fn driving(&self) -> MutexGuard<'_, Option<Waker>> {
        self.driving.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Called when the runtime is about to wait, which fails if its descriptors are closed, and has it close their numbers.
    pub fn is_about_to_wait(&self) {
        if self.is_found_broken() && std::thread::current().name() == Some(THREAD) && !has_numbers_of_its_own() {
            // The thread ends here.
            loop {
                std::thread::park();
            }
        }
    }

    /// Called when the runtime has waited, before it does anything else.
    pub fn has_waited(&self) {
        if self.is_found_broken() {
            let driving = self.driving().take();
            driving.into_iter().for_each(Waker::wake);
        }
    }

    /// The background driver: drives whenever it is needed, until the end.
    pub fn run_background(self: &Arc<Driver>, runtime: &Runtime) {
        let _driving = Driving::begin(self);
        while self.until_needed() && !self.is_found_broken() {
            runtime.block_on(self.until_asked());
            self.rests();
        }
    }

    /// Until the background driver is to step back, or there is nothing to drive any more.
    async fn until_asked(self: &Arc<Driver>) {
        let mut asked = pin!(self.background.notified());
        let mut look = pin!(tokio::time::sleep(LOOK));
        let mut wakers = Wakers::default();
        poll_fn(|context| {
            if self.is_broken() {
                return Poll::Ready(());
            }
            while look.as_mut().poll(context).is_ready() {
                look.as_mut().reset(tokio::time::Instant::now() + LOOK);
            }
            self.is_driven_by(context.waker());
            asked.as_mut().poll(&mut Context::from_waker(wakers.guarding(context.waker(), self)))
        })
        .await;
    }

    /// False when the engine ends.
    fn until_needed(&self) -> bool {
        let mut state = self.state();
        while !state.ended && !self.is_broken() {
            if state.shared {
                state.background = Background::Driving;
                return true;
            }
            if !state.callers.is_empty() {
                state.background = Background::Waiting;
                state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
                continue;
            }
            let calls = state.calls;
            state.background = Background::Resting;
            state = self.changed.wait_timeout(state, LINGER).unwrap_or_else(|poisoned| poisoned.into_inner()).0;
            if state.callers.is_empty() && state.calls == calls && !state.ended && !self.is_broken() {
                state.background = Background::Driving;
                return true;
            }
        }
        false
    }
}

impl Ground for Driver {
    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    fn is_found_broken(&self) -> bool {
        if self.is_broken() {
            return true;
        }
        let are_there = self.first.is_there() && self.last.get().is_none_or(Witness::is_there);
        if !are_there {
            self.broke();
        }
        !are_there
    }
}

/// Has the numbers that this thread closes be its own alone, if the system can do that.
#[cfg(target_os = "linux")]
fn has_numbers_of_its_own() -> bool {
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_FILES).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn has_numbers_of_its_own() -> bool {
    false
}

impl State {
    /// The caller that was asked to step back has done so.
    fn has_stepped_back(&mut self) {
        if self.asked.take().is_some_and(|asked| asked.elapsed() > SLOW) {
            self.shared_until = Instant::now().checked_add(MISTRUST);
        }
    }
}

impl Place<'_> {
    /// Whether the caller is to drive the engine; else it waits.
    pub fn drives(&self) -> bool {
        self.drives
    }

    /// Whether the caller that drives has been asked to step back.
    pub fn is_asked_to_step_back(&self) -> bool {
        self.driver.caller.load(Ordering::Relaxed)
    }

    /// The caller drives no longer.
    pub fn step_back(&mut self) {
        self.drives = false;
        if self.is_asked_to_step_back() {
            self.driver.state().has_stepped_back();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.driver.state();
        if let Some(at) = state.callers.iter().position(|caller| Arc::ptr_eq(caller, self.wakeup)) {
            state.callers.swap_remove(at);
        }
        if state.shared && state.callers.len() == 1 {
            let until = Instant::now().checked_add(LINGER);
            state.shared_until = state.shared_until.max(until);
        }
        let wakes = state.callers.is_empty() && state.background == Background::Waiting;
        drop(state);
        if wakes {
            self.driver.changed.notify_one();
        }
    }
}
