//! The engine below every blocking call: one small runtime, shared by all clients of the process.
//!
//! It is started by the first client and stopped with the last. It never has more than two threads
//! of its own: one that does all input and output, and one that comes and goes to resolve names.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use nix::sys::signal::SigSet;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::error::{Error, Result, SideEffect, Status};

/// How long the end of the last client waits for a name resolution that hangs.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

static SHARED: Mutex<Weak<Engine>> = Mutex::new(Weak::new());

/// The runtime, counted: dropping the last reference stops its threads.
pub struct Engine {
    runtime: Option<Runtime>,
    pid: u32,
}

impl Engine {
    /// The process's engine, started if it does not run.
    pub fn shared() -> Result<Arc<Engine>> {
        let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(engine) = shared.upgrade() {
            return Ok(engine);
        }
        let engine = Arc::new(Engine::start()?);
        *shared = Arc::downgrade(&engine);
        Ok(engine)
    }

    fn start() -> Result<Engine> {
        // New threads inherit the mask of the one that starts them, so that there is no moment
        // in which a signal of the host program could land on ours.
        let before = SigSet::thread_get_mask().ok();
        let _ = SigSet::all().thread_block();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .thread_name("runloop-engine")
            .thread_keep_alive(Duration::from_secs(5))
            .on_thread_start(|| {
                let _ = SigSet::all().thread_block();
            })
            .enable_io()
            .enable_time()
            .build();
        if let Some(before) = before {
            let _ = before.thread_set_mask();
        }
        let runtime = runtime.map_err(|error| {
            Error::new(
                Status::Internal,
                format!("The engine's threads could not be started: {error}. Look at the process's limits on threads and open files."),
            )
        })?;
        Ok(Engine { runtime: Some(runtime), pid: std::process::id() })
    }

    /// For spawning work that outlives its caller.
    pub fn handle(&self) -> &Handle {
        self.runtime.as_ref().expect("present until the drop").handle()
    }

    /// Runs a future on the engine's thread; dropping the answer aborts it.
    pub fn spawn<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Task(Some(self.handle().spawn(future)))
    }

    /// Drives a future on the calling thread until it is done or `until` has come.
    ///
    /// The calling thread enters the runtime only while the future is polled, so that a callback
    /// that runs between two such calls may itself call into the library.
    pub fn block_on<F: Future>(&self, future: F, until: Option<Instant>) -> Option<F::Output> {
        let parker = Arc::new(Parker { thread: std::thread::current(), woken: AtomicBool::new(false) });
        let waker = Waker::from(Arc::clone(&parker));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            let polled = {
                let _inside = self.handle().enter();
                future.as_mut().poll(&mut context)
            };
            if let Poll::Ready(output) = polled {
                return Some(output);
            }
            while !parker.woken.swap(false, Ordering::Acquire) {
                match until {
                    None => std::thread::park(),
                    Some(until) => {
                        let left = until.saturating_duration_since(Instant::now());
                        if left.is_zero() {
                            return None;
                        }
                        std::thread::park_timeout(left);
                    }
                }
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        if self.pid == std::process::id() {
            runtime.shutdown_timeout(SHUTDOWN_PATIENCE);
        } else {
            // A forked child has none of the threads that a shutdown would wait for.
            std::mem::forget(runtime);
        }
    }
}

struct Parker {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

/// Work on the engine's thread. Whoever drops it, ends it.
pub struct Task<T>(Option<JoinHandle<T>>);

impl<T> Task<T> {
    /// Waits for the work's outcome, which is given once.
    pub async fn outcome(&mut self) -> Result<T> {
        let Some(handle) = self.0.as_mut() else {
            return Err(Error::new(Status::Internal, "This work's outcome has been given already.").with_side_effect(SideEffect::Unknown));
        };
        let outcome = handle.await;
        self.0 = None;
        outcome.map_err(|error| {
            let what = if error.is_panic() { "panicked" } else { "was stopped" };
            Error::new(Status::Internal, format!("The engine's work on this call {what}.")).with_side_effect(SideEffect::Unknown)
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.abort();
        }
    }
}
