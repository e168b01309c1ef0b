//! `runloop_devbox`: changing, watching, suspending and resuming devboxes.

use std::sync::atomic::Ordering;

use runloop_macros::export;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::milliseconds;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value, Answer};

/// Sets whether freeing this handle shuts the devbox down. If `timeout_ms` is above 0, it does, and
/// runloop_devbox_free() may block for that time. If it is 0, the default, it does not. Other handles of
/// the same devbox are not affected.
///
/// The shutdown is a single request with few retries. runloop_devbox_free() cannot report whether it
/// succeeded; a failure is only logged (RUNLOOP_LOG_WARN). To learn the outcome, call
/// runloop_devbox_shutdown(); freeing the handle then sends nothing. The shutdown also happens if the
/// client has been closed, but never in a forked child.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_devbox_set_shutdown_on_free(devbox: In<runloop_devbox>, timeout_ms: i64) -> Result<()> {
    milliseconds(timeout_ms, "timeout_ms")?;
    devbox.shutdown_on_free_ms.store(timeout_ms, Ordering::Relaxed);
    Ok(())
}

/// Changes the devbox's `/name` or `/metadata`.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_update(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, devbox.devbox.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Retrieves the devbox's resource usage so far: `/vcpu_seconds`, `/memory_gb_seconds` ….
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}/usage.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_usage(devbox: In<runloop_devbox>, opts: Options, usage: Out<*mut runloop_value>) -> Result<()> {
    usage.set(handles::give(Answer::new(devbox.devbox.usage(&opts)?)));
    Ok(())
}

/// Retrieves the devbox's logs so far: `/logs/0/message` …. Logs reach the service with a delay. To read
/// the output of a command, use its result.
///
/// `params`: filters, or NULL: `/execution_id`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}/logs.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_logs(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    logs: Out<*mut runloop_value>,
) -> Result<()> {
    logs.set(handles::give(Answer::new(devbox.devbox.logs(&params::of(&params), &opts)?)));
    Ok(())
}

/// Suspends the devbox and waits until it is suspended: its processes are killed, and its disk is kept.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/suspend, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_suspend(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.suspend(&opts)?);
    Ok(())
}

/// Waits until the devbox is suspended. If it fails or is shut down instead, returns RUNLOOP_DEVBOX_FAILED.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
#[export]
fn runloop_devbox_await_suspended(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.await_suspended(&opts)?);
    Ok(())
}

/// Resumes a suspended devbox and waits until it is running.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s).
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_resume(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.resume(&opts)?);
    Ok(())
}

/// Resumes a suspended devbox without waiting until it is running. Its state may still be suspended for a
/// moment.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_resume_async(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.resume_async(&opts)?);
    Ok(())
}
