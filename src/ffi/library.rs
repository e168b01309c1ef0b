//! The library itself: its version, what is live, where it tells what it does.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use runloop_macros::export;

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::arguments::{Argument, MaybeText};
use crate::ffi::boundary::callbacks::{runloop_log_fn, UserData};
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;
use crate::log::Level;
use crate::{log, panics};

/// The ABI's number: the one in `librunloop.so.0`.
const ABI: i32 = 0;

/// Returns the version of the library that is loaded, such as `0.1.0`, as a static string.
///
/// Any thread; never blocks; may be called before anything else, and after a fork.
#[export(unguarded)]
fn runloop_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Checks that a program compiled against this header works with the library that is loaded. A program
/// compiled against an older header does. Call it as
/// `runloop_abi_check(RUNLOOP_ABI, sizeof(runloop_call_options), sizeof(runloop_exec_options), &error)`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_ABI_MISMATCH.
#[export]
fn runloop_abi_check(abi: i32, call_options_size: usize, exec_options_size: usize) -> Result<()> {
    if abi != ABI {
        return Err(Error::new(
            Status::AbiMismatch,
            format!(
                "The program was compiled for ABI {abi}; this is librunloop {} with ABI {ABI}. Compile it against the installed runloop.h.",
                env!("CARGO_PKG_VERSION")
            ),
        ));
    }
    let known = [
        ("runloop_call_options", call_options_size, size_of::<crate::ffi::options::call::runloop_call_options>()),
        ("runloop_exec_options", exec_options_size, size_of::<crate::ffi::options::exec::runloop_exec_options>()),
    ];
    for (name, theirs, ours) in known {
        if theirs > ours {
            return Err(Error::new(
                Status::AbiMismatch,
                format!(
                    "The program's {name} is newer ({theirs} bytes) than that of librunloop {} ({ours} bytes). Install the newer library.",
                    env!("CARGO_PKG_VERSION")
                ),
            ));
        }
    }
    Ok(())
}

/// Returns the name of a status, such as `RUNLOOP_NOT_FOUND`, as a static string; `RUNLOOP_?` for a number
/// that this library does not know.
///
/// Any thread; never blocks; may be called after a fork.
#[export(unguarded)]
fn runloop_status_name(status: i32) -> *const c_char {
    Status::from_number(status).map_or(c"RUNLOOP_?", Status::c_name).as_ptr()
}

/// Returns the number of handles that have not been freed, for finding leaks: handles of one kind, or of
/// all kinds if `kind` is NULL. A kind is the name of a type without `runloop_`: "client", "exec_result" ….
/// It is 0 at the end of a program that has freed all its handles.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_live_handles(kind: *const c_char) -> usize {
    // SAFETY: by the header's rules `kind` is NULL or a NUL-terminated text.
    let kind = unsafe { <MaybeText as Argument>::take(kind, "kind") };
    kind.map_or(0, |kind| handles::live(kind.as_deref()))
}

/// Sets the log callback of the process and its level, one of RUNLOOP_LOG_…; a level includes those with
/// smaller numbers. NULL turns logging off, which is the default.
///
/// `user_data` is passed to the callback and must stay valid until the callback has been replaced. Waits,
/// for 10 s at most, until the previous callback has returned in all other threads, so that it no longer
/// runs afterwards: hold no lock that it needs. Does not block when called from the log callback itself.
/// Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
#[export]
fn runloop_log_set(log: runloop_log_fn, user_data: *mut c_void, level: i32) -> Result<()> {
    let known = Level::from_number(level);
    let level = known.ok_or_else(|| Error::invalid(format!("{level} is not a log level; see RUNLOOP_LOG_….")))?;
    let user_data = UserData(user_data);
    let sink = log.map(|function| -> log::Sink {
        Arc::new(move |level: Level, line: &str| {
            let text = c_text(line.as_bytes());
            let _outside = panics::outside();
            // SAFETY: the caller gave a function of this type, to be called until replaced.
            unsafe { function(user_data.pointer(), level as i32, text.as_ptr()) };
        })
    });
    log::set(level, sink);
    Ok(())
}
