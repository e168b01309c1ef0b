//! Which process this is: forks are counted, so that what one process made is never used, waited for or
//! ended by another.
//!
//! After a fork the child has a copy of everything but the threads. A lock that another thread held is held for
//! ever, and sockets, timers and what watches them are shared with the parent. So the library's state is
//! kept for each process separately ([`PerProcess`]), and a value whose end would reach the parent is
//! left alone by the child ([`OfProcess`]).

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU32, Ordering};

use once_cell::race::{OnceBox, OnceRef};

/// The mark of a process that has not noticed yet that it was forked.
const UNNOTICED: u32 = 0;
const NOTICING: u32 = 1;
const NOTICED: u32 = 2;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static MARK: OnceRef<'static, AtomicU32> = OnceRef::new();

/// Has forks noticed by a mark that reads 0 in a child, whoever sets it so: the kernel or a handler. The
/// first mark stays.
pub fn watch(mark: &'static AtomicU32) {
    mark.store(NOTICED, Ordering::Release);
    // A mark is there already if this fails.
    let _ = MARK.set(mark);
}

/// What a handler in a child does: nothing but store a number.
pub fn forked() {
    if let Some(mark) = MARK.get() {
        mark.store(UNNOTICED, Ordering::Release);
    }
}

/// How many forks lie between the first process that used the library and this one.
pub fn generation() -> u32 {
    if let Some(mark) = MARK.get() {
        if mark.load(Ordering::Acquire) != NOTICED {
            notice(mark);
        }
    }
    GENERATION.load(Ordering::Relaxed)
}

#[cold]
fn notice(mark: &AtomicU32) {
    match mark.compare_exchange(UNNOTICED, NOTICING, Ordering::Acquire, Ordering::Acquire) {
        Ok(_) => {
            GENERATION.fetch_add(1, Ordering::Relaxed);
            mark.store(NOTICED, Ordering::Release);
        }
        // Another thread is about to; a fork in between would have set the mark to 0 again.
        Err(_) => {
            while mark.load(Ordering::Acquire) == NOTICING {
                std::thread::yield_now();
            }
        }
    }
}

/// A static value that each process has of its own.
///
/// A child begins with a new one and never touches its parent's, which may be locked by a thread that the
/// child does not have. Nothing here waits for another thread.
pub struct PerProcess<T> {
    first: OnceBox<Process<T>>,
}

struct Process<T> {
    generation: u32,
    value: T,
    next: OnceBox<Process<T>>,
}

/// How a process gets its value.
pub trait Inherit {
    /// The value of a process, whose parent's was this if the parent had one.
    fn inherit(parent: Option<&Self>) -> Self;
}

impl<T: Inherit> PerProcess<T> {
    /// No process has its value yet.
    pub const fn empty() -> PerProcess<T> {
        PerProcess { first: OnceBox::new() }
    }

    /// This process's value, made if there is none.
    pub fn get(&self) -> &T {
        let generation = generation();
        let mut parent = None;
        let mut place = &self.first;
        loop {
            let process = place.get_or_init(|| {
                Box::new(Process { generation, value: T::inherit(parent.map(|parent: &Process<T>| &parent.value)), next: OnceBox::new() })
            });
            if process.generation == generation {
                return &process.value;
            }
            parent = Some(process);
            place = &process.next;
        }
    }
}

/// A value whose end concerns the process that made it alone: a forked child leaks it.
pub struct OfProcess<T> {
    value: Option<T>,
    generation: u32,
}

impl<T> OfProcess<T> {
    /// A value of this process.
    pub fn new(value: T) -> OfProcess<T> {
        OfProcess { value: Some(value), generation: generation() }
    }

    /// The value, unless it is the parent's.
    pub fn into_own(mut self) -> Option<T> {
        if self.is_parents() {
            return None;
        }
        self.value.take()
    }

    /// Whether this process was forked from the one that made it.
    pub fn is_parents(&self) -> bool {
        self.generation != generation()
    }
}

impl<T> From<T> for OfProcess<T> {
    fn from(value: T) -> OfProcess<T> {
        OfProcess::new(value)
    }
}

impl<T> Deref for OfProcess<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.value {
            Some(value) => value,
            None => unreachable!("the value is there until the drop"),
        }
    }
}

impl<T> DerefMut for OfProcess<T> {
    fn deref_mut(&mut self) -> &mut T {
        match &mut self.value {
            Some(value) => value,
            None => unreachable!("the value is there until the drop"),
        }
    }
}

impl<T: Clone> Clone for OfProcess<T> {
    fn clone(&self) -> OfProcess<T> {
        OfProcess { value: self.value.clone(), generation: self.generation }
    }
}

impl<T: fmt::Debug> fmt::Debug for OfProcess<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if self.is_parents() {
            std::mem::forget(self.value.take());
        }
    }
}
