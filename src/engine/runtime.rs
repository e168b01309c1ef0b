//! The engine below every blocking call: one small runtime, shared by all clients of the process.
//!
//! It is started by the first client and stopped with the last. A thread that calls alone drives it, and does its
//! own input and output; when several call, a thread of the library's drives, and those that call wait, each with
//! its own deadline (`driver.rs`). What would hold up the driver is done by helper threads (`helpers.rs`).

use std::future::{poll_fn, Future};
use std::panic::resume_unwind;
use std::pin::{pin, Pin};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::task::Poll;
use std::thread::{self, ScopedJoinHandle};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::running::{not_started, Lost, Running, Work};
use super::runtime_bound::{lost, Bound, Home};
use super::wakeup::Wakeup;
use crate::error::{Error, Result, SideEffect, Status};
use crate::os::process::{Inherit, PerProcess};
use crate::os::{process, signals, write_signals};
use crate::{log, panics};

static SHARED: PerProcess<Shared> = PerProcess::empty();

#[derive(Default)]
struct Shared(Mutex<Weak<Engine>>);

impl Inherit for Shared {
    fn inherit(_parent: Option<&Shared>) -> Shared {
        Shared::default()
    }
}

/// The engine, counted: dropping the last reference stops its threads.
///
/// What runs is replaced if it breaks: a host program that closes all descriptors (closefrom) closes those too by
/// which the runtime waits.
pub struct Engine {
    running: Mutex<Arc<Running>>,
    generation: u32,
}

impl Engine {
    /// The process's engine, started if it does not run.
    pub fn shared() -> Result<Arc<Engine>> {
        let mut shared = SHARED.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(engine) = shared.upgrade() {
            return Ok(engine);
        }
        let engine = Arc::new(Engine { running: Mutex::new(Arc::new(Running::start()?)), generation: process::generation() });
        *shared = Arc::downgrade(&engine);
        Ok(engine)
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Running>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// What runs; a new one if that is broken.
    fn running(&self) -> Result<Arc<Running>> {
        let mut running = self.lock();
        if running.is_broken() {
            *running = Arc::new(Running::start()?);
        }
        Ok(Arc::clone(&running))
    }

    /// Whether a parent of this process made it: a child must not drive it, nor end anything in it.
    pub fn is_of_parent(&self) -> bool {
        self.generation != process::generation()
    }

    /// For spawning by what the engine must not live on for.
    pub fn spawner(self: &Arc<Engine>) -> Spawner {
        Spawner(Arc::downgrade(self))
    }

    /// The runtime that runs.
    pub fn home(&self) -> Home {
        // What cannot be replaced is as good as any.
        let running = self.running().unwrap_or_else(|_| Arc::clone(&self.lock()));
        Home { handle: running.handle(), driver: running.driver(), generation: self.generation }
    }

    /// Makes work of a future, which goes on whenever its outcome is waited for.
    pub fn task<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
    {
        Task(Some(self.home().bind(Box::pin(future))))
    }

    /// Waits on the calling thread until a future is done or `until` has come; `None` for the latter. The thread drives
    /// the engine meanwhile, if it is the only one that calls.
    ///
    /// The thread is within the runtime only that long, so that a callback that runs between two such calls may itself
    /// call into the library.
    pub fn block_on<F>(&self, future: F, until: Option<Instant>) -> Result<Option<F::Output>>
    where
        F: Future + Send,
        F::Output: Send,
    {
        if self.is_of_parent() {
            return Err(Error::new(
                Status::Forked,
                "This process was forked from the one that made the call. Make clients after the fork.",
            ));
        }
        let mut outcome = None;
        {
            let work: Pin<&mut Work> = pin!(async { outcome = Some(future.await) });
            match Handle::try_current() {
                Err(outside) if !outside.is_thread_local_destroyed() => self.run(work, until),
                // A thread that ends, or a process, has no thread-locals any more, and the runtime needs them.
                _ => on_fresh_thread(|| self.run(work, until)),
            }?;
        }
        Ok(outcome)
    }

    /// `None` if `until` came first.
    fn run(&self, mut work: Pin<&mut Work>, until: Option<Instant>) -> Result<Option<()>> {
        let wakeup = Arc::new(Wakeup::default());
        let _held_back = write_signals::hold_back();
        loop {
            match self.running()?.run(work.as_mut(), &wakeup, until) {
                Ok(outcome) => return Ok(outcome),
                Err(Lost::BeforeItBegan) => {}
                Err(Lost::Underway) => return Err(lost()),
            }
        }
    }
}

/// Spawns on the runtime that runs at that time.
#[derive(Clone)]
pub struct Spawner(Weak<Engine>);

impl Spawner {
    /// `None` where the engine has ended; the work is dropped then.
    pub fn spawn<F>(&self, work: F) -> Option<AbortHandle>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Some(self.home()?.spawn(work).abort_handle())
    }

    /// The runtime that runs; `None` where the engine has ended.
    pub fn home(&self) -> Option<Home> {
        Some(self.0.upgrade()?.home())
    }

    /// Whether both spawn on the same engine.
    pub fn is(&self, other: &Spawner) -> bool {
        Weak::ptr_eq(&self.0, &other.0)
    }

    /// Which runtime it is that runs, if there is one. What was connected by another one, which broke, is of no use.
    pub fn run(&self) -> Option<u64> {
        self.0.upgrade().map(|engine| engine.lock().number())
    }

    /// The same, where nothing has looked yet whether that one is broken.
    pub fn sound_run(&self) -> Option<u64> {
        let engine = self.0.upgrade()?;
        let running = Arc::clone(&engine.lock());
        Some(if running.is_broken() { Running::NONE } else { running.number() })
    }
}

fn on_fresh_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let call = log::current();
    thread::scope(|scope| {
        let fresh = thread::Builder::new().name("runloop-call".to_owned());
        let started = signals::all_blocked(|| {
            fresh.spawn_scoped(scope, move || {
                panics::own_thread();
                log::within(call, work)
            })
        });
        match started.map(ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(error) => Err(not_started(&error)),
        }
    })
}

/// Makes a future whose state is not kept on the stack of the thread that polls it; what making it takes of the stack is free
/// again by then. For the larger parts of a call: the stack may be a small one of the host program's.
#[inline(never)]
pub fn on_heap<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}

/// Work of a call's, which another may take over. Whoever drops it, ends it.
pub struct Task<T: 'static>(Option<Bound<Pin<Box<dyn Future<Output = T> + Send>>>>);

impl<T: 'static> Task<T> {
    /// Waits for the work's outcome, which is given once.
    pub async fn outcome(&mut self) -> Result<T> {
        let Some(work) = self.0.as_mut() else {
            return Err(Error::new(Status::Internal, "This work's outcome has been given already.").with_side_effect(SideEffect::Unknown));
        };
        let outcome = poll_fn(|context| match work.home().is_lost() {
            true => Poll::Ready(Err(lost())),
            false => work.as_mut().poll(context).map(Ok),
        });
        let outcome = outcome.await;
        self.0 = None;
        outcome
    }
}
