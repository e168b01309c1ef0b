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
use crate::ffi::boundary::with_id::WithId;
use crate::ffi::options::call::Options;
use crate::sdk::{Cursor, Snapshot};

/// A snapshot of a devbox's disk. The handle holds its identifier. Freeing the handle does not delete the
/// snapshot. Thread-safe. Free it with runloop_snapshot_free().
#[handle(WithId<Snapshot>)]
pub struct runloop_snapshot;

/// Creates a snapshot of the devbox's disk and waits until it is complete.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`, `/commit_message` and others.
///
/// Leaves nothing behind: if the call fails or is cancelled after the snapshot was started, the snapshot is
/// deleted in the background, unless `keep_on_failure` is set in `opts`. A snapshot that the service
/// reports as failed stays. So that a snapshot whose identifier was lost can be found, the request carries
/// a mark in its metadata: see runloop_config_set_unmarked_creates().
///
/// Blocks until the snapshot is complete, for `poll_timeout_ms` at most (default: 10 min). Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/snapshot_disk_async, then GET /v1/devboxes/disk_snapshots/{id}/status.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT.
#[export]
fn runloop_devbox_snapshot_disk(
    devbox: In<runloop_devbox>,
    params: Maybe<runloop_params>,
    opts: Options,
    snapshot: Out<*mut runloop_snapshot>,
) -> Result<()> {
    snapshot.set(handles::give(WithId::new(devbox.devbox.snapshot_disk(&params::of(&params), &opts)?)));
    Ok(())
}

/// Starts a snapshot of the devbox's disk and returns as soon as it has an identifier. To wait for it, call
/// runloop_snapshot_await_completed(). Otherwise like runloop_devbox_snapshot_disk().
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
    snapshot.set(handles::give(WithId::new(devbox.devbox.snapshot_disk_async(&params::of(&params), &opts)?)));
    Ok(())
}

/// Creates a handle for a snapshot by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_snapshot_from_id(client: In<runloop_client>, id: Text, snapshot: Out<*mut runloop_snapshot>) -> Result<()> {
    snapshot.set(handles::give(WithId::new(Snapshot::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `snapshot`: its identifier, `snp_…`. NULL if `snapshot` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_snapshot_id(snapshot: *const runloop_snapshot) -> *const c_char {
    handles::get(snapshot, "snapshot").map_or(std::ptr::null(), |snapshot| snapshot.id_for_c())
}

/// Retrieves the progress of the snapshot (`/status`: in_progress, complete, error, deleted) and the
/// snapshot itself (`/snapshot`).
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
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
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

/// Deletes the snapshot. Devboxes created from it are not affected. The handle must still be freed.
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

/// Waits until the snapshot is complete. If it fails or is deleted instead, returns RUNLOOP_SNAPSHOT_FAILED
/// with the service's reason.
///
/// `info` receives the response, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 10 min).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_SNAPSHOT_FAILED, RUNLOOP_WAIT_TIMED_OUT (runloop_error_body()
/// holds the last state that was received).
///
/// Endpoint: GET /v1/devboxes/disk_snapshots/{id}/status.
#[export]
fn runloop_snapshot_await_completed(snapshot: In<runloop_snapshot>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, snapshot.await_completed(&opts)?);
    Ok(())
}

/// Creates a devbox from the snapshot and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
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

/// Frees the handle. The snapshot stays until runloop_snapshot_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_snapshot_free(snapshot: *mut runloop_snapshot) {
    drop(handles::take(snapshot))
}

/// A position in a list of snapshots; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_snapshot_cursor_free().
#[handle(Cursor)]
pub struct runloop_snapshot_cursor;

/// Lists disk snapshots. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/devbox_id`, `/source_blueprint_id`, `/metadata[key]`, `/limit` (items per
/// page) and others.
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

/// Retrieves the next snapshot of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `snapshot` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
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
    snapshot.set(handles::give(WithId::new(Snapshot::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_snapshot_cursor_free(cursor: *mut runloop_snapshot_cursor) {
    drop(handles::take(cursor))
}
