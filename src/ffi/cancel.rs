//! `runloop_cancel`

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::error::runloop_error;
use crate::ffi::boundary::handles;
use crate::transport::Token;

/// Ends calls from another thread: given to any number of them by their call options, and
/// triggered once. Thread-safe. Free it with runloop_cancel_free().
pub struct runloop_cancel {
    _private: (),
}

opaque!(runloop_cancel, Cancel, Token);

/// Makes a cancel token; the caller owns it.
///
/// Any thread; never blocks.
#[no_mangle]
pub unsafe extern "C" fn runloop_cancel_new(cancel: *mut *mut runloop_cancel, error: *mut *mut runloop_error) -> i32 {
    boundary!(runloop_cancel_new, error, [cancel: Out<*mut runloop_cancel>], {
        cancel.set(handles::give(Arc::new(CancellationToken::new().into())));
        Ok(())
    })
}

/// Ends all calls that were given the token, and those that will be, with RUNLOOP_CANCELLED. Once
/// triggered it stays so; triggering it again changes nothing.
///
/// Any thread; never blocks. Not for signal handlers: have a thread wait for the signal (sigwait), and trigger it there.
///
/// Statuses: RUNLOOP_INVALID_HANDLE.
#[no_mangle]
pub unsafe extern "C" fn runloop_cancel_trigger(cancel: *const runloop_cancel, error: *mut *mut runloop_error) -> i32 {
    boundary!(runloop_cancel_trigger, error, [cancel: In<runloop_cancel>], {
        cancel.cancel();
        Ok(())
    })
}

/// Frees a cancel token. Calls that were given it go on. NULL is fine.
///
/// Any thread; never blocks.
#[no_mangle]
pub unsafe extern "C" fn runloop_cancel_free(cancel: *mut runloop_cancel) {
    quiet!(runloop_cancel_free, (), { drop(handles::take(cancel)) });
}
