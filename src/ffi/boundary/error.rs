//! `runloop_error`

use std::ffi::{c_char, CString};
use std::sync::Arc;

use runloop_macros::{export, handle};

use super::handles;
use super::handles::Opaque;
use crate::error::{Details, Error};

/// What went wrong, what to do, and what is left behind. Immutable; may be read by any number
/// of threads. Free it with runloop_error_free().
#[handle(Stored)]
pub struct runloop_error;

/// An error with its texts ready for C.
pub struct Stored {
    details: Details,
    message: CString,
    code: Option<CString>,
    request_id: Option<CString>,
    resource_id: Option<CString>,
    body: Option<CString>,
    cause: Option<CString>,
}

impl Stored {
    fn new(error: Error) -> Stored {
        let details = error.details().clone();
        let optional = |text: &Option<String>| text.as_deref().map(|text| c_text(text.as_bytes()));
        Stored {
            message: c_text(error.to_string().as_bytes()),
            code: optional(&details.code),
            request_id: optional(&details.request_id),
            resource_id: optional(&details.resource_id),
            body: details.body.as_deref().map(c_text),
            cause: optional(&details.cause),
            details,
        }
    }
}

/// Text for C; a NUL inside would end it early and is replaced.
pub fn c_text(bytes: &[u8]) -> CString {
    let clean: Vec<u8> = bytes.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    CString::new(clean).unwrap_or_default()
}

/// # Safety
/// `place` is NULL or may be written.
pub unsafe fn put(place: *mut *mut runloop_error, error: Option<Error>) {
    if place.is_null() {
        return;
    }
    let handle = match error {
        None => std::ptr::null_mut(),
        Some(error) => handles::give::<runloop_error>(Stored::new(error)),
    };
    // SAFETY: by this function's contract.
    unsafe { place.write(handle) };
}

fn read<T>(error: *const runloop_error, otherwise: T, read: impl FnOnce(&Stored) -> T) -> T {
    let stored: Option<Arc<<runloop_error as Opaque>::Object>> = handles::get(error, "error").ok();
    stored.map_or(otherwise, |stored| read(&stored))
}

fn text_of(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

/// The status that the failed call returned; 0 if `error` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_status(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.status as i32)
}

/// Borrowed from `error`, until it is freed: the thing, the cause and the next step, in English,
/// with no secret in it. Never NULL; empty if `error` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = c"".as_ptr())]
fn runloop_error_message(error: *const runloop_error) -> *const c_char {
    read(error, c"".as_ptr(), |stored| stored.message.as_ptr())
}

/// The HTTP status of the service's answer; 0 if none came.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_http_status(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| i32::from(stored.details.http_status))
}

/// Borrowed from `error`, until it is freed: the service's own code for what went wrong; NULL if
/// it gave none.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_code(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.code))
}

/// Borrowed from `error`, until it is freed: the identifier under which the service's operators
/// find the request; NULL if there is none.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_request_id(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.request_id))
}

/// How many milliseconds the service asks to wait before another attempt, as it said; -1 if it does not say. The
/// library itself waits for 60 s at most; a longer pause ends the call.
///
/// Any thread; never blocks.
#[export(fallback = -1)]
fn runloop_error_retry_after_ms(error: *const runloop_error) -> i64 {
    read(error, -1, |stored| stored.details.retry_after.map_or(-1, |after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX)))
}

/// Whether making the same call again is of use and can do no harm: one of RUNLOOP_RETRYABLE_…. It is
/// RUNLOOP_RETRYABLE_UNKNOWN where time may heal the failure, but the call may have had its effect, and would have it
/// twice, or where its runloop_source or runloop_sink is not as it was before.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_retryable(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.retryable as i32)
}

/// How many times the request was sent, or tried to be; 0 if the call failed before.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_attempts(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| i32::try_from(stored.details.attempts).unwrap_or(i32::MAX))
}

/// Borrowed from `error`, until it is freed: the devbox, execution … that the call concerned or
/// left behind; NULL if none is known.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_resource_id(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.resource_id))
}

/// Whether the failed call changed something at the service: one of RUNLOOP_SIDE_EFFECT_….
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_side_effect(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.side_effect as i32)
}

/// Borrowed from `error`, until it is freed: the body of the service's answer, at most 64 KiB of
/// it, or the last state that a wait has seen; NULL if there is none.
///
/// `length`, if not NULL, receives its length in bytes. Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_body(error: *const runloop_error, length: *mut usize) -> *const c_char {
    let write = |count: usize| {
        if !length.is_null() {
            // SAFETY: what is not NULL may be written.
            unsafe { length.write(count) };
        }
    };
    write(0);

    read(error, std::ptr::null(), |stored| {
        write(stored.body.as_ref().map_or(0, |body| body.as_bytes().len()));
        text_of(&stored.body)
    })
}

/// Borrowed from `error`, until it is freed: what lies beneath, innermost last; NULL if nothing is
/// known.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_cause(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.cause))
}

/// Frees an error and all texts borrowed from it. NULL is fine.
///
/// Any thread; never blocks.
#[export]
fn runloop_error_free(error: *mut runloop_error) {
    drop(handles::take(error))
}
