//! `runloop_bytes`

use std::ffi::c_char;

use runloop_macros::{export, handle};

use super::handles;

/// Bytes that the library returned: file contents, output. Immutable; several threads may read them. Free
/// them with runloop_bytes_free().
#[handle(Owned)]
pub struct runloop_bytes;

/// Bytes with a NUL behind them.
pub struct Owned(Vec<u8>);

impl Owned {
    pub fn new(mut bytes: Vec<u8>) -> Owned {
        bytes.push(0);
        Owned(bytes)
    }
}

/// Borrowed from `bytes`: the bytes, followed by a NUL that is not counted. NULL if `bytes` is NULL or
/// freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_bytes_data(bytes: *const runloop_bytes) -> *const c_char {
    handles::get(bytes, "bytes").map_or(std::ptr::null(), |owned| owned.0.as_ptr().cast())
}

/// Returns the number of bytes; 0 if `bytes` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_bytes_length(bytes: *const runloop_bytes) -> usize {
    handles::get(bytes, "bytes").map_or(0, |owned| owned.0.len() - 1)
}

/// Frees the bytes.
///
/// Any thread; never blocks.
#[export]
fn runloop_bytes_free(bytes: *mut runloop_bytes) {
    drop(handles::take(bytes))
}
