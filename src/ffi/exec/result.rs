//! `runloop_exec_result`

use std::ffi::{c_char, CString};

use runloop_macros::{export, handle};

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::ffi::value::{runloop_value, Answer};
use crate::sdk::{ExecResult, Outcome, StdStream};
use crate::transport::CallOptions;

/// The result of a command: how it ended, and its output. Immutable; several threads may read it. Free it
/// with runloop_exec_result_free().
#[handle(Finished)]
pub struct runloop_exec_result;

/// A result, its identifier ready for C.
pub struct Finished {
    result: ExecResult,
    execution_id: CString,
}

impl Finished {
    pub fn new(result: ExecResult) -> Finished {
        Finished { execution_id: c_text(result.execution_id().as_bytes()), result }
    }

    fn output(&self, which: StdStream, last_n: i64, options: &CallOptions) -> Result<Owned> {
        let lines = match usize::try_from(last_n) {
            Ok(0) => None,
            Ok(lines) => Some(lines),
            Err(_) => return Err(Error::invalid(format!("last_n is {last_n}; it must be 0 (all) or a number of lines."))),
        };
        Ok(Owned::new(self.result.output(which, lines, options)?.to_vec()))
    }
}

/// Returns the command's exit code; -1 if the service does not know it.
///
/// Any thread; never blocks.
#[export(fallback = -1)]
fn runloop_exec_result_exit_code(result: *const runloop_exec_result) -> i32 {
    let code = handles::get(result, "result").ok().and_then(|finished| finished.result.exit_code());
    code.and_then(|code| i32::try_from(code).ok()).unwrap_or(-1)
}

/// Returns how the command ended: one of RUNLOOP_OUTCOME_….
///
/// Any thread; never blocks.
#[export(fallback = Outcome::Unknown as i32)]
fn runloop_exec_result_outcome(result: *const runloop_exec_result) -> i32 {
    handles::get(result, "result").map_or(Outcome::Unknown, |finished| finished.result.outcome()) as i32
}

/// Returns 1 if the command ended in time with exit code 0 and all its output is available; otherwise 0.
///
/// Any thread; never blocks.
#[export(fallback = 0)]
fn runloop_exec_result_success(result: *const runloop_exec_result) -> i32 {
    i32::from(handles::get(result, "result").is_ok_and(|finished| finished.result.success()))
}

/// Returns the command's standard output: the last `last_n` lines, or everything if `last_n` is 0. If
/// `max_output_bytes` was set, only what was kept is returned. Invalid UTF-8 is replaced by U+FFFD: to get
/// binary output, have the command write a file, and download that.
///
/// If the service returned only the last lines, the rest is requested when it is first needed. That needs
/// the devbox: call this before you shut it down. Blocks only for that request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates.
///
/// Statuses: those of any request.
#[export]
fn runloop_exec_result_stdout(result: In<runloop_exec_result>, last_n: i64, opts: Options, output: Out<*mut runloop_bytes>) -> Result<()> {
    output.set(handles::give(result.output(StdStream::Stdout, last_n, &opts)?));
    Ok(())
}

/// Returns the command's standard error. Otherwise like runloop_exec_result_stdout().
///
/// Blocks like runloop_exec_result_stdout(). Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stderr_updates.
///
/// Statuses: those of any request.
#[export]
fn runloop_exec_result_stderr(result: In<runloop_exec_result>, last_n: i64, opts: Options, output: Out<*mut runloop_bytes>) -> Result<()> {
    output.set(handles::give(result.output(StdStream::Stderr, last_n, &opts)?));
    Ok(())
}

/// Borrowed from `result`: the identifier of the execution. NULL if `result` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_exec_result_execution_id(result: *const runloop_exec_result) -> *const c_char {
    handles::get(result, "result").map_or(std::ptr::null(), |finished| finished.execution_id.as_ptr())
}

/// Returns the final state of the execution, as the API returned it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_exec_result_value(result: In<runloop_exec_result>, value: Out<*mut runloop_value>) -> Result<()> {
    value.set(handles::give(Answer::new(result.result.value().clone())));
    Ok(())
}

/// Frees the result.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_exec_result_free(result: *mut runloop_exec_result) {
    drop(handles::take(result))
}
