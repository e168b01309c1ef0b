//! What the program may pull the rug from under: it may close all descriptors, with them those by which a runtime waits, and
//! open files of its own, which get their numbers. Work of a runtime that is found so is never polled again, since it would use
//! its sockets; and nothing wakes it, since that writes to a descriptor.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::driver::Driver;

thread_local! {
    /// Of the runtime that this thread drives.
    static DRIVEN: Cell<*const Driver> = const { Cell::new(ptr::null()) };
}

/// Whether this thread is the one that drives: what it wakes, it finds by itself.
fn drives(driver: &Arc<Driver>) -> bool {
    DRIVEN.try_with(|driven| ptr::eq(driven.get(), Arc::as_ptr(driver))).unwrap_or(false)
}

/// While this thread drives.
pub struct Driving(*const Driver);

impl Driving {
    /// From now on, until this is dropped.
    pub fn begin(driver: &Arc<Driver>) -> Driving {
        Driving(DRIVEN.try_with(|driven| driven.replace(Arc::as_ptr(driver))).unwrap_or(ptr::null()))
    }
}

impl Drop for Driving {
    fn drop(&mut self) {
        let _ = DRIVEN.try_with(|driven| driven.set(self.0));
    }
}

/// The waker of a runtime's, which is not used any more when its descriptors are found closed.
struct Guard {
    plain: Waker,
    driver: Arc<Driver>,
}

impl Wake for Guard {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if drives(&self.driver) || !self.driver.is_found_broken() {
            self.plain.wake_by_ref();
        }
    }
}

/// Makes such wakers, the same one for the same waker of the runtime's.
#[derive(Default)]
pub struct Wakers(Option<(Waker, Waker)>);

impl Wakers {
    /// For what is polled with `plain`.
    pub fn guarding(&mut self, plain: &Waker, driver: &Arc<Driver>) -> &Waker {
        if !self.0.as_ref().is_some_and(|(known, _)| known.will_wake(plain)) {
            self.0 = None;
        }
        &self.0.get_or_insert_with(|| (plain.clone(), Waker::from(Arc::new(Guard { plain: plain.clone(), driver: Arc::clone(driver) })))).1
    }
}

/// Work that a runtime polls.
pub struct Guarded<F> {
    work: Pin<Box<F>>,
    driver: Arc<Driver>,
    wakers: Wakers,
}

impl<F: Future> Guarded<F> {
    /// Of the runtime that this one drives.
    pub fn new(work: F, driver: &Arc<Driver>) -> Guarded<F> {
        Guarded { work: Box::pin(work), driver: Arc::clone(driver), wakers: Wakers::default() }
    }
}

impl<F: Future> Future for Guarded<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        if this.driver.is_broken() {
            return Poll::Pending;
        }
        let waker = this.wakers.guarding(context.waker(), &this.driver);
        this.work.as_mut().poll(&mut Context::from_waker(waker))
    }
}
