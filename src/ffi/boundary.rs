//! What every exported function goes through.

use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Once;

use super::cancellation;
use super::error::{self, runloop_error};
use super::handles;
use crate::error::{Error, Result, Status};
use crate::transport::log;

/// The body of an exported function that can fail.
///
/// `boundary!(name, error, [argument: Kind, …], { … Ok(()) })`: checks the fork, clears the
/// outputs, takes each argument as its kind says (see `arguments`), runs the block, and turns
/// whatever comes of it, a panic included, into a status and an error.
macro_rules! boundary {
    ($name:ident, $error:ident, [$($argument:ident: $kind:ty),* $(,)?], $body:block) => {{
        let touched = [$(<$kind as $crate::ffi::arguments::Argument>::address($argument)),*];
        $crate::ffi::boundary::enter(stringify!($name), &touched, $error, || {
            $(
                // SAFETY: the caller keeps the header's rules for this function's arguments.
                unsafe { <$kind as $crate::ffi::arguments::Argument>::clear($argument) };
            )*
            $(
                // SAFETY: as above.
                let $argument = unsafe {
                    <$kind as $crate::ffi::arguments::Argument>::take($argument, stringify!($argument))
                }?;
            )*
            $body
        })
    }};
}

/// The body of an exported function that cannot fail: `quiet!(name, fallback, { … })` gives the
/// fallback in a forked child and after a panic.
macro_rules! quiet {
    ($name:ident, $fallback:expr, $body:block) => {
        $crate::ffi::boundary::enter_quietly(stringify!($name), $fallback, || $body)
    };
}

/// The process that uses the library, 0 before it is used.
static OWNER: AtomicU32 = AtomicU32::new(0);
static HOOK: Once = Once::new();

thread_local! {
    static PANIC: Cell<Option<String>> = const { Cell::new(None) };
}

/// Whether this process was forked from one that had used the library already.
pub fn is_forked() -> bool {
    let own = std::process::id();
    match OWNER.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => false,
        Err(owner) => owner != own,
    }
}

/// A panic is told to the log, and in the error, never to the host program's standard error.
fn quieten_panics() {
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let text = info.to_string();
            log::tell(log::Level::Error, || text.clone());
            PANIC.set(Some(text));
        }));
    });
}

pub fn enter(name: &'static str, touched: &[usize], error: *mut *mut runloop_error, body: impl FnOnce() -> Result<()>) -> i32 {
    if is_forked() {
        // The tables may have been locked by a thread that the child does not have.
        // SAFETY: `error` is NULL or, by the header's rules, may be written.
        unsafe { error::put_static(error, Status::Forked) };
        return Status::Forked as i32;
    }
    let _whole = cancellation::hold_back();
    let _lines = log::enter();
    quieten_panics();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-injection")]
        inject(name);
        body()
    }));
    let outcome = outcome.unwrap_or_else(|_| {
        touched.iter().copied().filter(|address| *address != 0).for_each(handles::poison);
        let what = PANIC.take().unwrap_or_else(|| "no message".to_owned());
        Err(Error::new(
            Status::InternalPanic,
            format!("{name} panicked; this is a defect of librunloop. The handles given to it are out of use: free them."),
        )
        .because(what))
    });
    match outcome {
        Ok(()) => {
            // SAFETY: as above.
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

pub fn enter_quietly<T>(name: &'static str, fallback: T, body: impl FnOnce() -> T) -> T {
    if is_forked() {
        return fallback;
    }
    let _whole = cancellation::hold_back();
    let _lines = log::enter();
    quieten_panics();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-injection")]
        inject(name);
        body()
    }));
    outcome.unwrap_or_else(|_| {
        log::tell(log::Level::Error, || format!("{name} panicked; this is a defect of librunloop."));
        fallback
    })
}

#[cfg(feature = "panic-injection")]
fn inject(name: &str) {
    if std::env::var("RUNLOOP_TEST_PANIC").is_ok_and(|wanted| wanted == name) {
        panic!("injected into {name}");
    }
}
