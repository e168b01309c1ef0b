//! A runtime with its background driver, and how a call is run on it: driving it, or waiting.

use std::any::Any;
use std::future::{poll_fn, Future};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use tokio::runtime::{Builder, Handle, Runtime};

use super::driver::{Driver, Place, THREAD};
use super::guarded::{Driving, Ground, Wakers};
use super::helpers;
use super::wakeup::Wakeup;
use crate::error::{Error, Result, Status};
use crate::os::{descriptors, process, signals};
use crate::transport::connections::dns;
use crate::{log, panics};

static STARTED: AtomicU64 = AtomicU64::new(1);

/// A runtime and the thread that drives it where no caller does.
pub struct Running {
    runtime: Option<Arc<Runtime>>,
    driver: Arc<Driver>,
    background: Option<JoinHandle<()>>,
    handle: Handle,
    generation: u32,
    number: u64,
}

/// What a call does, whatever its outcome is: moving that from one frame to the next would cost the caller's stack.
pub type Work<'a> = dyn Future<Output = ()> + Send + 'a;

/// Why a call's work has no outcome.
pub enum Lost {
    /// The runtime was broken before.
    BeforeItBegan,
    /// The runtime broke.
    Underway,
}

/// Where driving has led to.
enum Step {
    Done,
    PastDeadline,
    SteppedBack,
    Panicked(Box<dyn Any + Send>),
    Broken,
}

/// Makes a runtime for a driver.
fn runtime(driver: &Arc<Driver>) -> std::io::Result<Runtime> {
    let _kept = descriptors::keep();
    // The driver keeps what belongs to the runtime.
    let (before, after) = (Arc::downgrade(driver), Arc::downgrade(driver));
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .on_thread_park(move || before.upgrade().iter().for_each(|driver| driver.is_about_to_wait()))
        .on_thread_unpark(move || after.upgrade().iter().for_each(|driver| driver.has_waited()))
        .build()?;
    driver.is_made()?;
    Ok(runtime)
}

/// The error of an engine that cannot be started.
pub fn not_started(error: &std::io::Error) -> Error {
    Error::new(
        Status::Internal,
        format!("The engine's threads could not be started: {error}. Look at the process's limits on threads and open files."),
    )
}

impl Running {
    /// The number of none of them.
    pub const NONE: u64 = 0;

    /// Starts both.
    pub fn start() -> Result<Running> {
        let driver = Arc::new(Driver::new().map_err(|error| not_started(&error))?);
        let runtime = Arc::new(runtime(&driver).map_err(|error| not_started(&error))?);
        let handle = runtime.handle().clone();
        let (driven, asked) = (Arc::clone(&runtime), Arc::clone(&driver));
        let thread = thread::Builder::new().name(THREAD.to_owned());
        let background = signals::all_blocked(|| thread.spawn(move || drive_in_background(driven, &asked)));
        let background = background.map_err(|error| not_started(&error))?;
        Ok(Running {
            runtime: Some(runtime),
            driver,
            background: Some(background),
            handle,
            generation: process::generation(),
            number: STARTED.fetch_add(1, Ordering::Relaxed),
        })
    }

    /// For spawning.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// How many had been started when this one was.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether nothing can be waited for any more.
    pub fn is_broken(&self) -> bool {
        self.driver.is_found_broken()
    }

    /// Who drives it.
    pub fn driver(&self) -> Arc<Driver> {
        Arc::clone(&self.driver)
    }

    /// Waits on the calling thread until the work is done or `until` has come; `None` for the latter.
    pub fn run(&self, mut work: Pin<&mut Work>, wakeup: &Arc<Wakeup>, until: Option<Instant>) -> std::result::Result<Option<()>, Lost> {
        let Some(runtime) = &self.runtime else { return Err(Lost::BeforeItBegan) };
        // Asking others to step back writes to a descriptor of the runtime's, and panics if that is not there.
        let entered = catch_unwind(AssertUnwindSafe(|| self.driver.enter(wakeup)));
        if entered.is_err() {
            self.driver.broke();
        }
        let Ok(Some(mut place)) = entered else { return Err(Lost::BeforeItBegan) };
        let mut step = Step::SteppedBack;
        if place.drives() {
            let driven = catch_unwind(AssertUnwindSafe(|| drive(runtime, &self.driver, &place, work.as_mut(), wakeup, until)));
            self.driver.rests();
            if driven.is_err() {
                self.driver.broke();
            }
            step = driven.map_err(|_| Lost::Underway)?;
            place.step_back();
        }
        if matches!(step, Step::SteppedBack) {
            step = self.wait(work, wakeup, until).ok_or(Lost::Underway)?;
        }
        drop(place);
        match step {
            Step::Done => Ok(Some(())),
            Step::Broken => Err(Lost::Underway),
            Step::PastDeadline | Step::SteppedBack => Ok(None),
            Step::Panicked(panic) if self.works() => resume_unwind(panic),
            Step::Panicked(_) => Err(Lost::Underway),
        }
    }

    /// While somebody else drives. `None` if the runtime is broken.
    fn wait(&self, mut work: Pin<&mut Work>, wakeup: &Arc<Wakeup>, until: Option<Instant>) -> Option<Step> {
        wakeup.keep();
        let waker = Waker::from(Arc::clone(wakeup));
        let _within = self.handle.enter();
        loop {
            if let Poll::Ready(step) = poll(work.as_mut(), &waker) {
                return Some(step);
            }
            if !wakeup.wait(until) {
                return Some(Step::PastDeadline);
            }
            if self.driver.is_found_broken() {
                return None;
            }
        }
    }

    /// Whether the runtime can still be woken, which each new task of its tries.
    fn works(&self) -> bool {
        let works = !self.is_broken() && catch_unwind(AssertUnwindSafe(|| drop(self.handle.spawn(async {})))).is_ok();
        if !works {
            self.driver.broke();
        }
        works
    }
}

/// A poll whose panic is told from the runtime's own.
fn poll(work: Pin<&mut Work>, waker: &Waker) -> Poll<Step> {
    match catch_unwind(AssertUnwindSafe(|| work.poll(&mut Context::from_waker(waker)))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(())) => Poll::Ready(Step::Done),
        Err(panic) => Poll::Ready(Step::Panicked(panic)),
    }
}

/// Drives the runtime on a calling thread until the work is done, the deadline has come, or others call.
fn drive(
    runtime: &Runtime,
    driver: &Arc<Driver>,
    place: &Place<'_>,
    mut work: Pin<&mut Work>,
    wakeup: &Arc<Wakeup>,
    until: Option<Instant>,
) -> Step {
    let waker = Waker::from(Arc::clone(wakeup));
    let mut wakers = Wakers::default();
    let _driving = Driving::begin(driver);
    // What tasks tell the log while this thread polls them is not told by this call.
    let call = log::current();
    let steps = poll_fn(|context| {
        if driver.is_broken() {
            return Poll::Ready(Step::Broken);
        }
        driver.is_driven_by(context.waker());
        wakeup.hand_on_to(wakers.guarding(context.waker(), driver));
        if place.is_asked_to_step_back() {
            return Poll::Ready(Step::SteppedBack);
        }
        log::within(call, || poll(work.as_mut(), &waker))
    });
    log::within(log::Call::default(), || {
        runtime.block_on(async {
            match until {
                None => steps.await,
                Some(until) => tokio::time::timeout_at(until.into(), steps).await.unwrap_or(Step::PastDeadline),
            }
        })
    })
}

/// What the background driver's thread does.
fn drive_in_background(runtime: Arc<Runtime>, driver: &Arc<Driver>) {
    panics::own_thread();
    if catch_unwind(AssertUnwindSafe(|| driver.run_background(&runtime))).is_err() {
        driver.broke();
    }
    if driver.is_found_broken() {
        // Its end would close descriptors whose numbers may be the host's by now.
        std::mem::forget(runtime);
    }
    // Else this is where the runtime ends, since this thread has all its thread-locals.
}

impl Drop for Running {
    fn drop(&mut self) {
        let (Some(runtime), Some(background)) = (self.runtime.take(), self.background.take()) else { return };
        if self.generation != process::generation() || self.is_broken() || catch_unwind(AssertUnwindSafe(|| self.driver.end())).is_err() {
            // A forked child does not have the thread; and what is broken neither wakes up nor can be closed.
            std::mem::forget((runtime, background, self.driver()));
            return;
        }
        drop(runtime);
        // Within a runtime nothing may be waited for. The thread ends by itself.
        if Handle::try_current().is_err() {
            let _ = background.join();
        }
        dns::RESOLVERS.end();
        log::HELPER.end();
        helpers::AFTERWARDS.end();
    }
}
