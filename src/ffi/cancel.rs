//! `runloop_cancel`

use std::sync::Arc;

use runloop_macros::{export, handle};

use tokio_util::sync::CancellationToken;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::handles;
use crate::transport::Token;

/// A cancel token. Any number of calls can share one, in their call options; triggering it from another
/// thread ends them all. Thread-safe. Free it with runloop_cancel_free().
#[handle(Token)]
pub struct runloop_cancel;

/// Creates a cancel token.
///
/// Any thread; never blocks.
#[export]
fn runloop_cancel_new(cancel: Out<*mut runloop_cancel>) -> Result<()> {
    cancel.set(handles::give(Arc::new(CancellationToken::new().into())));
    Ok(())
}

/// Ends all calls that use the token, now or later, with RUNLOOP_CANCELLED. A token stays triggered;
/// triggering it again has no effect.
///
/// Any thread; never blocks. Must not be called in a signal handler: let a thread wait for the signal
/// (sigwait) and trigger the token.
///
/// Statuses: RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_cancel_trigger(cancel: In<runloop_cancel>) -> Result<()> {
    cancel.cancel();
    Ok(())
}

/// Frees the token. Calls that use it continue.
///
/// Any thread; never blocks.
#[export]
fn runloop_cancel_free(cancel: *mut runloop_cancel) {
    drop(handles::take(cancel))
}
