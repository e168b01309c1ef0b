//! `runloop_snapshot`: disk snapshots.

use std::ffi::c_char;

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::devbox::{runloop_devbox, Handle};
use super::params;
use super::params::runloop_params;
use super::value::{give_if_wanted, runloop_value, Answer};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::options::call::Options;
use crate::sdk::{Cursor, Snapshot};

/// A snapshot of a devbox's disk. The handle is its identifier; freeing it leaves the snapshot
/// where it is. Thread-safe. Free it with runloop_snapshot_free().
#[handle(Named<Snapshot>)]
pub struct runloop_snapshot;

/// Takes a snapshot of the devbox's disk and waits until it is complete; the caller owns the
/// handle.
///
/// `params` is the request's body, or NULL: `/name`, `/metadata`, `/commit_message` and what else
/// the API knows.
///
/// Nothing is left behind: where the call fails after the snapshot was begun, or is cancelled, the
/// snapshot is deleted behind it, unless `keep_on_failure` is set in `opts`. One that the service
/// says has failed stays. To find a snapshot whose identifier did not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
///
/// Blocks until the snapshot is complete, for 10 min at most where `poll_timeout_ms` does not say.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async, then GET
/// /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_snapshot_disk(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    snapshot: Out<*mut runloop_snapshot>,
) -> Result<()> {
    snapshot.set(handles::give(Named::new(devbox.devbox.snapshot_disk(&params::of(&params), &opts)?)));
    Ok(())
}

/// Begins to take a snapshot of the devbox's disk and returns as soon as it has an identifier; the
/// caller owns the handle. In all else as runloop_devbox_snapshot_disk(); wait with
/// runloop_snapshot_await_completed().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_snapshot_disk_async(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    snapshot: Out<*mut runloop_snapshot>,
) -> Result<()> {
    snapshot.set(handles::give(Named::new(devbox.devbox.snapshot_disk_async(&params::of(&params), &opts)?)));
    Ok(())
}

/// Gives a handle of a snapshot, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_snapshot_from_id(client: In<runloop_client>, id: Text, snapshot: Out<*mut runloop_snapshot>) -> Result<()> {
    snapshot.set(handles::give(Named::new(Snapshot::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `snapshot`, until it is freed: its identifier, `snp_…`. NULL if `snapshot` is NULL
/// or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_snapshot_id(snapshot: *const runloop_snapshot) -> *const c_char {
    handles::get(snapshot, "snapshot").map_or(std::ptr::null(), |snapshot| snapshot.id_for_c())
}

/// Gives how far the snapshot is (`/status`: in_progress, complete, error, deleted) and what it
/// holds (`/snapshot`); the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request.
#[export]
fn runloop_snapshot_get_info(snapshot: In<runloop_snapshot>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(snapshot.get_info(&opts)?)));
    Ok(())
}

/// Changes the snapshot's `/name`, `/metadata` or `/commit_message`.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_snapshot_update(
    snapshot: In<runloop_snapshot>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, snapshot.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Deletes the snapshot. Devboxes made of it are not concerned. The handle stays and must still be
/// freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/disk_snapshots/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_snapshot_delete(snapshot: In<runloop_snapshot>, opts: Options) -> Result<()> {
    snapshot.delete(&opts).map(drop)
}

/// Waits until the snapshot is complete. Any other end (error, deleted) is RUNLOOP_SNAPSHOT_FAILED,
/// with the service's reason.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for 10 min at
/// most where `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT (the last state
/// seen is in runloop_error_body()).
#[export]
fn runloop_snapshot_await_completed(snapshot: In<runloop_snapshot>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, snapshot.await_completed(&opts)?);
    Ok(())
}

/// Creates a devbox from the snapshot and waits until it runs; the caller owns the handle. In all
/// else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `snapshot_id`.
///
/// Statuses: those of runloop_devbox_create().
#[export]
fn runloop_snapshot_create_devbox(
    snapshot: In<runloop_snapshot>,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    devbox.set(handles::give(Handle::new(snapshot.create_devbox(&params::of(&params), &opts)?)));
    Ok(())
}

/// Frees a handle. The snapshot stays: runloop_snapshot_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_snapshot_free(snapshot: *mut runloop_snapshot) {
    drop(handles::take(snapshot))
}

/// A walk through a list of snapshots, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_snapshot_cursor_free().
#[handle(Cursor)]
pub struct runloop_snapshot_cursor;

/// Begins a walk through the disk snapshots; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/devbox_id`, `/source_blueprint_id`,
/// `/metadata[key]`, `/limit` (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_snapshot_list(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_snapshot_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Snapshot::list(&client, &params::of(&params))?));
    Ok(())
}

/// Gives the next snapshot and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `snapshot` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/devboxes/disk_snapshots.
///
/// Statuses: those of any request.
#[export]
fn runloop_snapshot_cursor_next(
    cursor: In<runloop_snapshot_cursor>,
    opts: Options,
    snapshot: Out<*mut runloop_snapshot>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    snapshot.set(handles::give(Named::new(Snapshot::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_snapshot_cursor_free(cursor: *mut runloop_snapshot_cursor) {
    drop(handles::take(cursor))
}
