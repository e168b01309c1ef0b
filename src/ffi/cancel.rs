//! `runloop_cancel`

use std::sync::Arc;

use runloop_macros::{export, handle};

use tokio_util::sync::CancellationToken;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::handles;
use crate::transport::Token;

/// Ends calls from another thread: given to any number of them by their call options, and
/// triggered once. Thread-safe. Free it with runloop_cancel_free().
#[handle(Token)]
pub struct runloop_cancel;

/// Makes a cancel token; the caller owns it.
///
/// Any thread; never blocks.
#[export]
fn runloop_cancel_new(cancel: Out<*mut runloop_cancel>) -> Result<()> {
    cancel.set(handles::give(Arc::new(CancellationToken::new().into())));
    Ok(())
}

/// Ends all calls that were given the token, and those that will be, with RUNLOOP_CANCELLED. Once
/// triggered it stays so; triggering it again changes nothing.
///
/// Any thread; never blocks. Not for signal handlers: have a thread wait for the signal (sigwait), and trigger it there.
///
/// Statuses: RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_cancel_trigger(cancel: In<runloop_cancel>) -> Result<()> {
    cancel.cancel();
    Ok(())
}

/// Frees a cancel token. Calls that were given it go on. NULL is fine.
///
/// Any thread; never blocks.
#[export]
fn runloop_cancel_free(cancel: *mut runloop_cancel) {
    drop(handles::take(cancel))
}
