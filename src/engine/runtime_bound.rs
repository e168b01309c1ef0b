//! What belongs to one runtime: sockets, timers and tasks that are watched there, and are told to it when they end.
//!
//! Such a thing may be held by a handle of the program's for as long as the program likes. Meanwhile the program may have
//! closed all descriptors, and with them those by which the runtime waits: then the end of a thing cannot be told any more,
//! and trying to do so panics.

use std::future::{poll_fn, Future};
use std::ops::{Deref, DerefMut};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use hyper::rt::Executor;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::driver::Driver;
use super::guarded::{Ground, Guarded};
use crate::error::{Error, Status};
use crate::os::process;

/// A runtime, for what belongs to it.
#[derive(Clone)]
pub struct Home {
    pub(crate) handle: Handle,
    pub(crate) driver: Arc<Driver>,
    pub(crate) generation: u32,
}

impl Home {
    /// A value that belongs to it.
    pub fn bind<T: Send + 'static>(&self, value: T) -> Bound<T> {
        Bound { value: Some(value), home: self.clone() }
    }

    /// Whether both are the same.
    pub fn is(&self, other: &Home) -> bool {
        Arc::ptr_eq(&self.driver, &other.driver)
    }

    /// Spawns a task there.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        self.handle.spawn(Guarded::new(work, &self.driver))
    }

    /// Whether it has been found broken: then nothing will ever come of what belongs to it.
    pub fn is_lost(&self) -> bool {
        self.driver.is_broken()
    }

    /// The same, having looked.
    pub fn is_found_lost(&self) -> bool {
        self.driver.is_found_broken()
    }

    /// Ready if it is found broken, and whoever waits is woken for another reason.
    pub async fn lost(&self) {
        poll_fn(|_| if self.is_lost() { Poll::Ready(()) } else { Poll::Pending }).await;
    }
}

impl<F> Executor<F> for Home
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, work: F) {
        self.spawn(work);
    }
}

/// Sleeps. What sleeps by tokio's means goes on for ever if another runtime takes the place of its own meanwhile.
pub async fn sleep(pause: Duration) {
    let until = Instant::now() + pause;
    let mut asleep = None;
    poll_fn(|context| {
        let runtime = Handle::current().id();
        let (of, sleep) = asleep.get_or_insert_with(|| (runtime, Box::pin(tokio::time::sleep_until(until.into()))));
        if *of != runtime {
            (*of, *sleep) = (runtime, Box::pin(tokio::time::sleep_until(until.into())));
        }
        sleep.as_mut().poll(context)
    })
    .await;
}

/// A value that belongs to a runtime, and ends there; or is left alone, if that cannot be.
pub struct Bound<T: Send + 'static> {
    value: Option<T>,
    home: Home,
}

impl<T: Send + 'static> Bound<T> {
    /// Where it belongs.
    pub fn home(&self) -> &Home {
        &self.home
    }
}

impl<T: Send + 'static> Deref for Bound<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.value {
            Some(value) => value,
            None => unreachable!("the value is there until the drop"),
        }
    }
}

impl<T: Send + 'static> DerefMut for Bound<T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.value {
            Some(value) => value,
            None => unreachable!("the value is there until the drop"),
        }
    }
}

impl<T: Send + 'static> Drop for Bound<T> {
    fn drop(&mut self) {
        let Some(value) = self.value.take() else { return };
        if self.home.generation != process::generation() || self.home.is_found_lost() {
            // The parent goes on with it: closing a socket here would take it from what the parent watches. And what
            // belongs to a broken runtime cannot even be told of its end.
            std::mem::forget(value);
            return;
        }
        // What is left undone may need the runtime for its end.
        let _ = catch_unwind(AssertUnwindSafe(|| match Handle::try_current() {
            // So it ends there, where this thread cannot enter it any more.
            Err(outside) if outside.is_thread_local_destroyed() => drop(self.home.spawn(async move { drop(value) })),
            _ => {
                let _within = self.home.handle.enter();
                drop(value);
            }
        }));
    }
}

/// The error of what was under way when the program closed the runtime's descriptors.
pub fn lost() -> Error {
    Error::new(
        Status::Internal,
        "The program has closed the descriptors by which the library waits; what became of this call is not known. Further calls start afresh. \
         Call closefrom() and the like before the first client is made, or spare what the program has not opened itself.",
    )
}
