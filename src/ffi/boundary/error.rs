//! `runloop_error`

use std::ffi::{c_char, CString};
use std::sync::Arc;

use runloop_macros::{export, handle};

use super::handles;
use super::handles::Opaque;
use crate::error::{Details, Error};

/// An error: why a call failed, what to do about it, and what it left behind. Immutable; several threads
/// may read it. Free it with runloop_error_free().
#[handle(ErrorTexts)]
pub struct runloop_error;

/// An error with its texts ready for C.
pub struct ErrorTexts {
    details: Details,
    message: CString,
    code: Option<CString>,
    request_id: Option<CString>,
    resource_id: Option<CString>,
    body: Option<CString>,
    cause: Option<CString>,
}

impl ErrorTexts {
    fn new(error: Error) -> ErrorTexts {
        let details = error.details().clone();
        let optional = |text: &Option<String>| text.as_deref().map(|text| c_text(text.as_bytes()));
        ErrorTexts {
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
        Some(error) => handles::give::<runloop_error>(ErrorTexts::new(error)),
    };
    // SAFETY: by this function's contract.
    unsafe { place.write(handle) };
}

fn read<T>(error: *const runloop_error, otherwise: T, read: impl FnOnce(&ErrorTexts) -> T) -> T {
    let stored: Option<Arc<<runloop_error as Opaque>::Object>> = handles::get(error, "error").ok();
    stored.map_or(otherwise, |stored| read(&stored))
}

fn text_of(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(std::ptr::null(), |text| text.as_ptr())
}

/// Returns the status of the failed call; 0 if `error` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_status(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.status as i32)
}

/// Borrowed from `error`: what failed, why, and what to do next, in English, without secrets. Never NULL;
/// empty if `error` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = c"".as_ptr())]
fn runloop_error_message(error: *const runloop_error) -> *const c_char {
    read(error, c"".as_ptr(), |stored| stored.message.as_ptr())
}

/// Returns the HTTP status of the response; 0 if there was no response.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_http_status(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| i32::from(stored.details.http_status))
}

/// Borrowed from `error`: the service's own error code; NULL if the response has none.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_code(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.code))
}

/// Borrowed from `error`: the identifier by which the service's operators can find the request; NULL if
/// there is none.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_request_id(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.request_id))
}

/// Returns how long the service asks to wait before another attempt, in milliseconds; -1 if it does not
/// say. The library itself waits for 60 s at most; if the service asks for more, the call fails.
///
/// Any thread; never blocks.
#[export(fallback = -1)]
fn runloop_error_retry_after_ms(error: *const runloop_error) -> i64 {
    read(error, -1, |stored| stored.details.retry_after.map_or(-1, |after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX)))
}

/// Returns whether the same call may succeed, and does no harm, if it is made again: one of
/// RUNLOOP_RETRYABLE_…. It is RUNLOOP_RETRYABLE_UNKNOWN if the cause may be temporary, but the call may
/// already have had its effect and would have it twice, or if its runloop_source or runloop_sink is no
/// longer in the state in which it was before the call.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_retryable(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.retryable as i32)
}

/// Returns how often the request was attempted; 0 if the call failed before the first attempt.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_attempts(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| i32::try_from(stored.details.attempts).unwrap_or(i32::MAX))
}

/// Borrowed from `error`: the identifier of the devbox, execution or other resource that the call was
/// about, or that it left behind; NULL if none is known.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_resource_id(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.resource_id))
}

/// Returns whether the failed call changed something at the service: one of RUNLOOP_SIDE_EFFECT_….
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_error_side_effect(error: *const runloop_error) -> i32 {
    read(error, 0, |stored| stored.details.side_effect as i32)
}

/// Borrowed from `error`: the body of the response, at most 64 KiB of it, or the last state that a wait
/// received; NULL if there is none. `length` receives its length in bytes, and may be NULL.
///
/// Any thread; never blocks.
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

/// Borrowed from `error`: the underlying causes, the innermost last; NULL if none is known.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_error_cause(error: *const runloop_error) -> *const c_char {
    read(error, std::ptr::null(), |stored| text_of(&stored.cause))
}

/// Frees the error and all strings borrowed from it.
///
/// Any thread; never blocks.
#[export]
fn runloop_error_free(error: *mut runloop_error) {
    drop(handles::take(error))
}
