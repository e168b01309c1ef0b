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

/// Options of a single call. Zero and NULL select the defaults; initialize with
/// `runloop_call_options options = RUNLOOP_CALL_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call.
#[growing]
pub struct runloop_call_options {
    /// sizeof(runloop_call_options); set by RUNLOOP_CALL_OPTIONS_INIT.
    pub struct_size: usize,
    /// Limit for each attempt, in milliseconds. For a transfer, the idle timeout: the longest it may make
    /// no progress. Default: the client's, otherwise 30 s, except 45 s for runloop_devbox_create(), 60 s
    /// for the content of objects, and 600 s for files and directories of a devbox. If the service holds a
    /// response back by design, the attempt gets at least 7 s more than that, even if this limit is
    /// shorter: 9 s for runloop_devbox_exec(), 37 s for runloop_devbox_create(), up to 32 s for each poll
    /// of a wait. `deadline_ms` limits those too.
    pub timeout_ms: i64,
    /// Limit for the whole call, including all attempts, pauses and waits, in milliseconds. Default: none.
    pub deadline_ms: i64,
    /// How long a call waits for something to happen before it fails with RUNLOOP_WAIT_TIMED_OUT, in
    /// milliseconds. Default: 120 s for a devbox, 10 min for a snapshot, 30 min for a blueprint, no limit
    /// for a command. A command that runs longer is killed if runloop_devbox_exec() waits for it, with or
    /// without output callbacks, and continues if runloop_execution_result() does.
    pub poll_timeout_ms: i64,
    /// Pause between two polls of a wait whose server answers at once instead of holding the request, in
    /// milliseconds. Default: 100 ms, growing to 2 s.
    pub poll_interval_ms: i64,
    /// How often the request may be retried, also while the server cannot be reached; -1 for never.
    /// Default: the client's, otherwise 5. If neither is set, a server that has answered before but cannot
    /// be reached is retried until the deadline, or for 120 s if there is none (5 s if this machine has no
    /// descriptor or memory for a connection).
    pub max_retries: i32,
    /// Not 0: keeps the resource that a failed or cancelled create has created, instead of shutting it down
    /// or deleting it.
    pub keep_on_failure: i32,
    /// Sent as x-request-id with every attempt. Default: a new one for each call.
    pub idempotency_key: *const c_char,
    /// Additional headers for all requests of the call: an object of strings. They replace headers of the
    /// same name.
    pub extra_headers: *const runloop_params,
    /// Additional query parameters for the first request of the call. They replace parameters of the same
    /// name. Further requests of the call, such as waits, output streams and the kill after a command's
    /// timeout, do not carry them. The clean-up after a failed call does, because it must pass the same
    /// gateways. To add them to every request, use runloop_config_add_query().
    pub extra_query: *const runloop_params,
    /// Additional members for the body of the first request of the call. They replace members of the same
    /// name. If the call uploads a file, they are fields of its form: strings, numbers and booleans.
    pub extra_body: *const runloop_params,
    /// Ends the call when triggered.
    pub cancel: *const runloop_cancel,
    /// Receives the progress of a transfer.
    pub progress: runloop_progress_fn,
    /// Passed to `progress`.
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
