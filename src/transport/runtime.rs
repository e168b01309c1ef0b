//! The engine below every blocking call: one small runtime, shared by all clients of the process.
//!
//! It is started by the first client and stopped with the last. The threads that call drive it: while a
//! call waits, its thread does the input and output, its own and everybody's, so that a call alone costs
//! no change of threads. Two threads are its own: one that drives it when nobody calls, and one that comes
//! and goes to resolve names (`helpers.rs`).

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::runtime::{Builder, Handle, Runtime};

use super::names;
use super::shift::Shift;
use super::signals;
use crate::error::{Error, Result, SideEffect, Status};
use crate::panics;
use crate::process::{self, Inherit, PerProcess};

static SHARED: PerProcess<Shared> = PerProcess::empty();

#[derive(Default)]
struct Shared(Mutex<Weak<Engine>>);

impl Inherit for Shared {
    fn inherit(_parent: Option<&Shared>) -> Shared {
        Shared::default()
    }
}

/// The runtime, counted: dropping the last reference stops its threads.
pub struct Engine {
    runtime: Option<Arc<Runtime>>,
    shift: Arc<Shift>,
    stand_in: Option<JoinHandle<()>>,
    generation: u32,
}

impl Engine {
    /// The process's engine, started if it does not run.
    pub fn shared() -> Result<Arc<Engine>> {
        let mut shared = SHARED.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(engine) = shared.upgrade() {
            return Ok(engine);
        }
        let engine = Arc::new(Engine::start()?);
        *shared = Arc::downgrade(&engine);
        Ok(engine)
    }

    fn start() -> Result<Engine> {
        let failed = |error: std::io::Error| {
            Error::new(
                Status::Internal,
                format!("The engine's threads could not be started: {error}. Look at the process's limits on threads and open files."),
            )
        };
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
        let (runtime, shift) = (Arc::new(runtime), Arc::new(Shift::default()));
        let (driven, watched) = (Arc::clone(&runtime), Arc::clone(&shift));
        let thread = std::thread::Builder::new().name("runloop-engine".into());
        let stand_in = signals::all_blocked(|| {
            thread.spawn(move || {
                panics::own_thread();
                watched.stand_in(&driven);
            })
        });
        Ok(Engine { runtime: Some(runtime), shift, stand_in: Some(stand_in.map_err(failed)?), generation: process::generation() })
    }

    /// Whether this thread drives an engine at this moment, so that what runs is the log's function.
    pub fn is_within() -> bool {
        Handle::try_current().is_ok()
    }

    /// Whether a parent of this process made it: a child must not drive it, nor end anything in it.
    pub fn is_of_parent(&self) -> bool {
        self.generation != process::generation()
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("present until the drop")
    }

    /// For spawning work that outlives its caller.
    pub fn handle(&self) -> &Handle {
        self.runtime().handle()
    }

    /// Makes work of a future, which goes on whenever its outcome is waited for.
    pub fn task<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
    {
        Task { work: Some(Box::pin(future)), handle: self.handle().clone(), generation: self.generation }
    }

    /// Drives a future on the calling thread until it is done or `until` has come, and meanwhile the engine.
    ///
    /// The calling thread is within the runtime only that long, so that a callback that runs between two
    /// such calls may itself call into the library. From within, nothing can be waited for, and in a forked child
    /// nothing of its parent's: that gives nothing.
    pub fn block_on<F: Future>(&self, future: F, until: Option<Instant>) -> Option<F::Output> {
        if Engine::is_within() || self.is_of_parent() {
            return None;
        }
        let _driving = self.shift.begin();
        let _unharmed = signals::no_sigpipe();
        self.runtime().block_on(async {
            match until {
                None => Some(future.await),
                Some(until) => tokio::time::timeout_at(until.into(), future).await.ok(),
            }
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let (Some(runtime), Some(stand_in)) = (self.runtime.take(), self.stand_in.take()) else { return };
        if self.is_of_parent() {
            // A forked child has none of the threads that a shutdown would wait for.
            std::mem::forget((runtime, stand_in));
            return;
        }
        self.shift.end();
        if Engine::is_within() {
            // The stand-in ends by itself, and the runtime with it.
            return;
        }
        let _ = stand_in.join();
        drop(runtime);
        names::RESOLVERS.end();
    }
}

/// Work of a call's, which another may take over. Whoever drops it, ends it.
pub struct Task<T> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    handle: Handle,
    generation: u32,
}

impl<T> Task<T> {
    /// Waits for the work's outcome, which is given once.
    pub async fn outcome(&mut self) -> Result<T> {
        let Some(work) = self.work.as_mut() else {
            return Err(Error::new(Status::Internal, "This work's outcome has been given already.").with_side_effect(SideEffect::Unknown));
        };
        let outcome = work.await;
        self.work = None;
        Ok(outcome)
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if self.generation != process::generation() {
            // The parent goes on with it: closing a socket here would take it from what the parent watches.
            std::mem::forget(self.work.take());
            return;
        }
        // What is left undone may need the runtime for its end.
        let _within = self.handle.enter();
        self.work = None;
    }
}
