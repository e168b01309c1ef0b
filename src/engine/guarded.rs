//! What the program may pull the rug from under: it may close all descriptors, with them those by which a runtime waits, and
//! open files of its own, which get their numbers. Work of a runtime that is found so is never polled again, since it would use
//! its sockets; and nothing wakes it, since that writes to a descriptor.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// What work runs on, which may break.
pub trait Ground: Send + Sync + 'static {
    /// Whether it is known to be broken.
    fn is_broken(&self) -> bool;

    /// The same, having looked.
    fn is_found_broken(&self) -> bool;
}

thread_local! {
    /// What the runtime runs on that this thread drives, by its address alone.
    static DRIVEN: Cell<*const ()> = const { Cell::new(ptr::null()) };
}

/// Whether this thread is the one that drives: what it wakes, it finds by itself.
fn drives<G>(ground: &Arc<G>) -> bool {
    DRIVEN.try_with(|driven| ptr::eq(driven.get(), address(ground))).unwrap_or(false)
}

fn address<G>(ground: &Arc<G>) -> *const () {
    Arc::as_ptr(ground).cast()
}

/// While this thread drives.
pub struct Driving(*const ());

impl Driving {
    /// From now on, until this is dropped.
    pub fn begin<G>(ground: &Arc<G>) -> Driving {
        Driving(DRIVEN.try_with(|driven| driven.replace(address(ground))).unwrap_or(ptr::null()))
    }
}

impl Drop for Driving {
    fn drop(&mut self) {
        let _ = DRIVEN.try_with(|driven| driven.set(self.0));
    }
}

/// The waker of a runtime's, which is not used any more when its descriptors are found closed.
struct Guard<G> {
    plain: Waker,
    ground: Arc<G>,
}

impl<G: Ground> Wake for Guard<G> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if drives(&self.ground) || !self.ground.is_found_broken() {
            self.plain.wake_by_ref();
        }
    }
}

/// Makes such wakers, the same one for the same waker of the runtime's.
#[derive(Default)]
pub struct Wakers(Option<(Waker, Waker)>);

impl Wakers {
    /// For what is polled with `plain`.
    pub fn guarding<G: Ground>(&mut self, plain: &Waker, ground: &Arc<G>) -> &Waker {
        if !self.0.as_ref().is_some_and(|(known, _)| known.will_wake(plain)) {
            self.0 = None;
        }
        &self.0.get_or_insert_with(|| (plain.clone(), Waker::from(Arc::new(Guard { plain: plain.clone(), ground: Arc::clone(ground) })))).1
    }
}

/// Work that a runtime polls.
pub struct Guarded<F, G> {
    work: Pin<Box<F>>,
    ground: Arc<G>,
    wakers: Wakers,
}

impl<F: Future, G: Ground> Guarded<F, G> {
    /// Of the runtime that runs on this.
    pub fn new(work: F, ground: &Arc<G>) -> Guarded<F, G> {
        Guarded { work: Box::pin(work), ground: Arc::clone(ground), wakers: Wakers::default() }
    }
}

impl<F: Future, G: Ground> Future for Guarded<F, G> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        if this.ground.is_broken() {
            return Poll::Pending;
        }
        let waker = this.wakers.guarding(context.waker(), &this.ground);
        this.work.as_mut().poll(&mut Context::from_waker(waker))
    }
}
