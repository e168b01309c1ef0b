//! What every exported function goes through.

#[macro_use]
pub(crate) mod arguments;
pub(crate) mod access_list;
pub(crate) mod bytes;
pub(crate) mod callbacks;
pub(crate) mod error;
pub(crate) mod fork;
pub(crate) mod growing;
pub(crate) mod handles;
pub(crate) mod pthread_cancel;
pub(crate) mod status;
pub(crate) mod with_id;
pub(crate) mod write_signals;

use std::panic::{catch_unwind, AssertUnwindSafe};

use once_cell::race::OnceBool;

use crate::error::{Error, Result, Status};
use crate::ffi::options::source_sink;
use crate::os::process;
use crate::{log, panics};
use error::runloop_error;
use pthread_cancel::HeldBack;

static PREPARED: OnceBool = OnceBool::new();

/// What the first function that is called sees to. Should two threads do it, that does no harm.
fn prepare() {
    PREPARED.get_or_init(|| {
        fork::watch();
        crate::os::write_signals::take_by(write_signals::take);
        crate::os::named_descriptor::duplicate_by(source_sink::duplicate);
        crate::os::access_list::keep_by(access_list::keep);
        true
    });
}

pub fn enter(name: &'static str, touched: &[usize], error: *mut *mut runloop_error, body: impl FnOnce() -> Result<()>) -> i32 {
    prepare();
    let held_back = HeldBack::now();
    let _lines = log::enter();
    let outcome = if held_back.is_asynchronous() {
        Err(asynchronous(name))
    } else {
        match guarded(name, body) {
            Ok(outcome) => outcome,
            Err(Left::ByFork) => Err(forked(name)),
            Err(Left::ByPanic(what)) => {
                touched.iter().copied().filter(|address| *address != 0).for_each(handles::poison);
                Err(panicked(name).because(what))
            }
        }
    };
    match outcome {
        Ok(()) => {
            // SAFETY: `error` is NULL or, by the header's rules, may be written.
            unsafe { error::put(error, None) };
            Status::Ok as i32
        }
        Err(failure) => {
            let status = failure.status() as i32;
            // SAFETY: as above.
            unsafe { error::put(error, Some(failure)) };
            status
        }
    }
}

pub fn enter_infallible<T>(name: &'static str, fallback: T, body: impl FnOnce() -> T) -> T {
    prepare();
    let _held_back = HeldBack::now();
    let _lines = log::enter();
    match guarded(name, body) {
        Ok(given) => given,
        Err(Left::ByFork) => fallback,
        Err(Left::ByPanic(_)) => {
            log::tell(log::Level::Error, || panicked(name).to_string());
            fallback
        }
    }
}

/// How a body was left, other than at its end.
enum Left {
    /// A function of the host's has forked, and come back in the child.
    ByFork,
    ByPanic(String),
}

fn guarded<T>(_name: &'static str, body: impl FnOnce() -> T) -> std::result::Result<T, Left> {
    let generation = process::generation();
    let _inside = panics::inside(|info| log::tell(log::Level::Error, || info.to_string()));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-injection")]
        inject(_name);
        body()
    }));
    if generation != process::generation() {
        // The log's function may have forked too, and that one is not left at once.
        std::mem::forget(outcome);
        return Err(Left::ByFork);
    }
    outcome.map_err(|panic| Left::ByPanic(panics::describe(&*panic)))
}

fn panicked(name: &str) -> Error {
    Error::new(
        Status::InternalPanic,
        format!("{name} panicked; this is a defect of librunloop. The handles given to it are out of use: free them."),
    )
}

fn forked(name: &str) -> Error {
    Error::new(
        Status::Forked,
        format!("This process was forked while {name} ran, and the call continues in the parent only. In the child, leave a callback with exec or _exit."),
    )
}

fn asynchronous(name: &str) -> Error {
    Error::new(
        Status::WrongState,
        format!("{name} cannot run in a thread that may be cancelled at any instruction. Call pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL) first."),
    )
}

#[cfg(feature = "panic-injection")]
fn inject(name: &str) {
    if std::env::var("RUNLOOP_TEST_PANIC").is_ok_and(|wanted| wanted == name) {
        panic!("injected into {name}");
    }
}
