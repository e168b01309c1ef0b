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

/// Sets whether freeing this handle shuts the devbox down: it does for a `timeout_ms` above 0, which is how
/// long runloop_devbox_free() may block for it, and does not for 0, as it is from the start. Other
/// handles of the same devbox are not concerned.
///
/// The shutdown is one request with few repetitions. Freeing tells nobody whether it succeeded, but for the
/// log function (RUNLOOP_LOG_WARN); to know, call runloop_devbox_shutdown(), after which freeing sends
/// nothing. It also happens where the client is closed, and never in a forked child.
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
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
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

/// Gives what the devbox has used so far (`/vcpu_seconds`, `/memory_gb_seconds` …); the caller owns
/// the value.
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

/// Gives what the devbox has logged so far (`/logs/0/message` …); the caller owns the value. Logs
/// arrive late at the service: a command's output is had from its result.
///
/// `params` are filters, or NULL: `/execution_id`.
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

/// Ends the devbox's processes, keeps its disk, and waits until that is done.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/suspend, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_suspend(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.suspend(&opts)?);
    Ok(())
}

/// Waits until the devbox is suspended. Any other end (failure, shutdown) is RUNLOOP_DEVBOX_FAILED.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (the last state
/// seen is in runloop_error_body()).
#[export]
fn runloop_devbox_await_suspended(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.await_suspended(&opts)?);
    Ok(())
}

/// Lets a suspended devbox run again, and waits until it does.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 120 s at most
/// where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_resume(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.resume(&opts)?);
    Ok(())
}

/// Lets a suspended devbox run again, without waiting until it does. It may be seen suspended for a
/// moment still.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/resume.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_resume_async(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, devbox.devbox.resume_async(&opts)?);
    Ok(())
}
