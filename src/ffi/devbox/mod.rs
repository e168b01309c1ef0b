//! `runloop_devbox`: creating, finding, waiting for, and ending devboxes.

pub(crate) mod access;
pub(crate) mod directories;
pub(crate) mod files;
pub(crate) mod lifecycle;
pub(crate) mod list;

use std::ffi::{c_char, CString};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::params;
use super::params::runloop_params;
use super::value::{runloop_value, Answer};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::sdk::{Devbox, Origin};

/// A devbox: an isolated Linux machine at the service. The handle holds its identifier. Freeing the handle
/// leaves the devbox running, except after runloop_devbox_set_shutdown_on_free(). Thread-safe. Free it with
/// runloop_devbox_free().
#[handle(Handle)]
pub struct runloop_devbox;

/// A devbox, its identifier ready for C.
pub struct Handle {
    pub devbox: Devbox,
    id: CString,
    /// How long freeing the handle may take to shut the devbox down; 0 where it does not.
    pub(super) shutdown_on_free_ms: AtomicI64,
}

impl Handle {
    pub fn new(devbox: Devbox) -> Handle {
        Handle { id: c_text(devbox.id().as_bytes()), devbox, shutdown_on_free_ms: AtomicI64::new(0) }
    }
}

/// Creates a devbox and waits until it is running.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`, `/environment_variables`,
/// `/launch_parameters`, `/mounts` and others. The service shuts the devbox down after one hour, unless
/// `/launch_parameters/keep_alive_time_seconds` says otherwise.
///
/// Leaves nothing behind: if the call fails or is cancelled after the devbox was created, the devbox is
/// shut down in the background, unless `keep_on_failure` is set in `opts`. So that a devbox whose
/// identifier was lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates().
///
/// Blocks until the devbox is running, for `poll_timeout_ms` at most (default: 120 s). Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running, then POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    let made = Devbox::create(&client, Origin::Params, &params::of(&params), &opts)?;
    devbox.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Creates a devbox from a blueprint and waits until it is running. Otherwise like runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_id`.
///
/// Statuses: those of runloop_devbox_create().
#[export]
fn runloop_devbox_create_from_blueprint_id(
    client: In<runloop_client>,
    blueprint_id: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    let made = Devbox::create(&client, Origin::BlueprintId(&blueprint_id), &params::of(&params), &opts)?;
    devbox.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Creates a devbox from the newest blueprint with the given name and waits until it is running. Otherwise
/// like runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_name`.
///
/// Statuses: those of runloop_devbox_create().
#[export]
fn runloop_devbox_create_from_blueprint_name(
    client: In<runloop_client>,
    blueprint_name: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    let made = Devbox::create(&client, Origin::BlueprintName(&blueprint_name), &params::of(&params), &opts)?;
    devbox.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Creates a devbox from a disk snapshot and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `snapshot_id`.
///
/// Statuses: those of runloop_devbox_create().
#[export]
fn runloop_devbox_create_from_snapshot(
    client: In<runloop_client>,
    snapshot_id: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    let made = Devbox::create(&client, Origin::Snapshot(&snapshot_id), &params::of(&params), &opts)?;
    devbox.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Creates a devbox and returns as soon as it has an identifier. Call runloop_devbox_await_running() before
/// you run commands in it. `params` are those of runloop_devbox_create().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_create_async(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    let made = Devbox::create_async(&client, Origin::Params, &params::of(&params), &opts)?;
    devbox.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Creates a handle for an existing devbox, after waiting until it is running.
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
///
/// Statuses: those of runloop_devbox_await_running().
#[export]
fn runloop_devbox_from_id(client: In<runloop_client>, id: Text, opts: Options, devbox: Out<*mut runloop_devbox>) -> Result<()> {
    let found = Devbox::from_id(&client, &id, &opts)?;
    devbox.set(handles::give(Handle::new(found)));
    Ok(())
}

/// Creates a handle for a devbox by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_devbox_attach(client: In<runloop_client>, id: Text, devbox: Out<*mut runloop_devbox>) -> Result<()> {
    devbox.set(handles::give(Handle::new(Devbox::attach(&client, &id)?)));
    Ok(())
}

/// Borrowed from `devbox`: its identifier, `dbx_…`. NULL if `devbox` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_devbox_id(devbox: *const runloop_devbox) -> *const c_char {
    handles::get(devbox, "devbox").map_or(std::ptr::null(), |devbox| devbox.id.as_ptr())
}

/// Retrieves the current state of the devbox.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_get_info(devbox: In<runloop_devbox>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(devbox.devbox.get_info(&opts)?)));
    Ok(())
}

/// Waits until the devbox is running. If it fails or is shut down instead, returns RUNLOOP_DEVBOX_FAILED. A
/// suspended devbox is waited for, since another program may resume it; otherwise the wait times out.
///
/// `info` receives the devbox, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 120 s). Any
/// thread.
///
/// Statuses: those of any request; RUNLOOP_DEVBOX_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: POST /v1/devboxes/{id}/wait_for_status.
#[export]
fn runloop_devbox_await_running(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    let view = devbox.devbox.await_running(&opts)?;
    if let Some(info) = info {
        info.set(handles::give(Answer::new(view)));
    }
    Ok(())
}

/// Resets the devbox's keep-alive timer. When the timer expires, the service shuts the devbox down: after
/// one hour, or after `/launch_parameters/keep_alive_time_seconds`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/keep_alive.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_keep_alive(devbox: In<runloop_devbox>, opts: Options) -> Result<()> {
    devbox.devbox.keep_alive(&opts).map(drop)
}

/// Shuts the devbox down: everything running in it is killed, and its disk is deleted. The handle must
/// still be freed.
///
/// `info` receives the devbox, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/shutdown.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_shutdown(devbox: In<runloop_devbox>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    let view = devbox.devbox.shutdown(&opts)?;
    // What has ended need not be ended again.
    devbox.shutdown_on_free_ms.store(0, Ordering::Relaxed);
    if let Some(info) = info {
        info.set(handles::give(Answer::new(view)));
    }
    Ok(())
}

/// Frees the handle. The devbox keeps running until runloop_devbox_shutdown() is called, unless
/// runloop_devbox_set_shutdown_on_free() has been called.
///
/// Any thread. Blocks only for that shutdown, and as the last handle of its client: see
/// runloop_client_free().
#[export]
fn runloop_devbox_free(devbox: *mut runloop_devbox) {
    let Some(freed) = handles::take(devbox) else { return };
    if let limit @ 1.. = freed.shutdown_on_free_ms.load(Ordering::Relaxed) {
        freed.devbox.shutdown_within(Duration::from_millis(limit.unsigned_abs()));
    }
}
