//! `runloop_call_options`

use std::ffi::{c_char, c_void};
use std::sync::Arc;
use std::time::Duration;

use runloop_macros::growing;

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{Argument, Maybe, MaybeText};
use crate::ffi::boundary::callbacks::{runloop_progress_fn, UserData};
use crate::ffi::boundary::{callbacks, growing};
use crate::ffi::cancel::runloop_cancel;
use crate::ffi::params::runloop_params;
use crate::transport::CallOptions;

/// How one call is made. Zero, or NULL, is the default everywhere; begin with
/// `runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;`. Everything that it points to is
/// used during the call alone.
#[growing]
pub struct runloop_call_options {
    /// sizeof(runloop_call_options); set by the _INIT macro.
    pub struct_size: usize,
    /// For each attempt, in milliseconds; of a transfer, how long it may stand still. Default: the
    /// client's; else 30 s, or 600 s where a file is waited for. An attempt whose answer the service holds back by
    /// design has at least 7 s more than that takes: 9 s for runloop_devbox_exec(), 37 s for runloop_devbox_create(), up to 32 s for
    /// each question of a wait. deadline_ms bounds those too.
    pub timeout_ms: i64,
    /// For the whole call, with all attempts, pauses and waits, in milliseconds. Default: none.
    pub deadline_ms: i64,
    /// How long a wait lasts before RUNLOOP_WAIT_TIMED_OUT, in milliseconds. Default: 120 s for a
    /// devbox, 10 min for a snapshot, 30 min for a blueprint, no end for a command. A command that runs longer is killed where
    /// runloop_devbox_exec() waits for it, with output functions or without, and goes on where runloop_execution_result() does.
    pub poll_timeout_ms: i64,
    /// The pause between two questions of a wait whose server does not hold them, in milliseconds.
    /// Default: 100 ms, growing to 2 s.
    pub poll_interval_ms: i64,
    /// Attempts after the first, those in an outage too; -1 for none. Default: the client's, else 5, and in an
    /// outage of a server that has answered before as many as fit into the deadline, or into 120 s (5 s where it is this machine
    /// that has no descriptor or no memory for a connection).
    pub max_retries: i32,
    /// Not 0: what a failed or cancelled create has created is kept, not shut down or deleted.
    pub keep_on_failure: i32,
    /// Sent as x-request-id with every attempt. Default: a fresh one for each call.
    pub idempotency_key: *const c_char,
    /// Headers of all the call's requests; they replace those of the same name: an object of texts.
    pub extra_headers: *const runloop_params,
    /// Query parameters of the call's first request; they replace those of the same name. For what every request needs:
    /// runloop_config_add_query().
    pub extra_query: *const runloop_params,
    /// Members that replace those of the same name in the body of the call's first request. Where a file is uploaded they are
    /// fields of its form: texts, numbers and truth values.
    pub extra_body: *const runloop_params,
    /// Ends the call when triggered.
    pub cancel: *const runloop_cancel,
    /// Told how much of a transfer is done.
    pub progress: runloop_progress_fn,
    /// Handed to `progress`.
    pub progress_data: *mut c_void,
}

/// # Safety
/// `raw` is NULL or keeps the header's rules.
pub unsafe fn read(raw: *const runloop_call_options) -> Result<CallOptions> {
    if raw.is_null() {
        return Ok(CallOptions::default());
    }
    // SAFETY: by the header's rules the struct has the size that it says.
    let given = unsafe { growing::read(raw) }?;
    // SAFETY: the members keep the header's rules.
    let (key, headers, query, body, cancel) = unsafe {
        (
            <MaybeText as Argument>::take(given.idempotency_key, "idempotency_key")?,
            <Maybe<runloop_params> as Argument>::take(given.extra_headers, "extra_headers")?,
            <Maybe<runloop_params> as Argument>::take(given.extra_query, "extra_query")?,
            <Maybe<runloop_params> as Argument>::take(given.extra_body, "extra_body")?,
            <Maybe<runloop_cancel> as Argument>::take(given.cancel, "cancel")?,
        )
    };
    Ok(CallOptions {
        timeout: milliseconds(given.timeout_ms, "timeout_ms")?,
        deadline: milliseconds(given.deadline_ms, "deadline_ms")?,
        poll_timeout: milliseconds(given.poll_timeout_ms, "poll_timeout_ms")?,
        poll_interval: milliseconds(given.poll_interval_ms, "poll_interval_ms")?,
        max_retries: retries(given.max_retries)?,
        idempotency_key: idempotency_key(key)?,
        extra_headers: headers.map_or(Ok(Vec::new()), |headers| headers.read().to_pairs("extra_headers"))?,
        extra_query: query.map_or(Ok(Vec::new()), |query| query.read().to_query())?,
        extra_body: body.map(|body| body.read().object().clone()).unwrap_or_default(),
        cancel: cancel.map(|cancel| Arc::clone(&**cancel)),
        progress: given.progress.map(|function| -> crate::transport::Progress {
            let user_data = UserData(given.progress_data);
            Arc::new(move |done, total| {
                let done = i64::try_from(done).unwrap_or(i64::MAX);
                // SAFETY: the caller gave a function of this type, to be called during the call.
                callbacks::call(|| unsafe { function(user_data.pointer(), done, total) == 0 })
            })
        }),
        keep: given.keep_on_failure != 0,
        secrets: Vec::new(),
    })
}

/// A header that holds nothing would name no call.
fn idempotency_key(given: Option<String>) -> Result<Option<String>> {
    match given {
        Some(key) if key.trim().is_empty() => Err(Error::invalid("idempotency_key is empty. Give a key, or NULL for a fresh one.")),
        key => Ok(key),
    }
}

/// A time, 0 being none.
pub fn milliseconds(given: i64, name: &str) -> Result<Option<Duration>> {
    match u64::try_from(given) {
        Ok(0) => Ok(None),
        Ok(given) => Ok(Some(Duration::from_millis(given))),
        Err(_) => Err(Error::invalid(format!("{name} is {given}; a time cannot be negative. 0 is the default."))),
    }
}

/// A number of retries, 0 being the default and -1 none.
pub fn retries(given: i32) -> Result<Option<u32>> {
    match given {
        0 => Ok(None),
        -1 => Ok(Some(0)),
        _ => u32::try_from(given)
            .map(Some)
            .map_err(|_| Error::invalid(format!("max_retries is {given}; it must be -1 (none), 0 (the default) or more."))),
    }
}

/// Call options, which may be NULL.
pub struct Options;

impl Argument for Options {
    type Raw = *const runloop_call_options;
    type Taken = CallOptions;

    unsafe fn take(raw: *const runloop_call_options, _name: &'static str) -> Result<CallOptions> {
        // SAFETY: the caller keeps the header's rules.
        unsafe { read(raw) }
    }
}
