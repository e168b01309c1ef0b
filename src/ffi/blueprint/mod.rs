//! `runloop_blueprint`: what devboxes are made from.

pub(crate) mod list;

use std::ffi::{c_char, c_void};

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::devbox::{runloop_devbox, Handle};
use super::params;
use super::params::runloop_params;
use super::value::{give_if_wanted, runloop_value, Answer};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::callbacks::{runloop_build_log_fn, BuildLogFunction};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::with_id::WithId;
use crate::ffi::options::call::Options;
use crate::sdk::Blueprint;

/// A blueprint: a built image from which devboxes are created. The handle holds its identifier. Freeing the
/// handle does not delete the blueprint. Thread-safe. Free it with runloop_blueprint_free().
#[handle(WithId<Blueprint>)]
pub struct runloop_blueprint;

/// Creates a blueprint and waits until it is built.
///
/// `params`: the request body: `/name` and optionally `/dockerfile`, `/build_context`, `/build_args`,
/// `/system_setup_commands`, `/file_mounts` (98,250 bytes per file, 7,860,000 in total, checked before
/// anything is sent), `/launch_parameters`, `/metadata` and others. `log` receives each line of the build
/// log as it appears, and may be NULL; `user_data` is passed to it.
///
/// A build that fails is RUNLOOP_BUILD_FAILED. The message contains the last lines of its log. The
/// blueprint stays, so that its whole log can be read; runloop_error_resource_id() returns its identifier.
/// If the call fails otherwise after the blueprint was created, or is cancelled, the blueprint is deleted
/// in the background, unless `keep_on_failure` is set in `opts`. So that a blueprint whose identifier was
/// lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates().
///
/// Blocks until the blueprint is built, for `poll_timeout_ms` at most (default: 30 min). Any thread.
///
/// Endpoint: POST /v1/blueprints, then GET /v1/blueprints/{id} and, for the log,
/// GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
#[export]
fn runloop_blueprint_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    log: runloop_build_log_fn,
    user_data: *mut c_void,
    opts: Options,
    blueprint: Out<*mut runloop_blueprint>,
) -> Result<()> {
    let mut listener = BuildLogFunction::new(log, user_data);
    let made = Blueprint::create(&client, &params::of(&params), &opts, listener.as_mut().map(BuildLogFunction::listener))?;
    blueprint.set(handles::give(WithId::new(made)));
    Ok(())
}

/// Creates a blueprint and returns as soon as it has an identifier. To wait for it, call
/// runloop_blueprint_await_build_complete(). Otherwise like runloop_blueprint_create().
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_create_async(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    blueprint: Out<*mut runloop_blueprint>,
) -> Result<()> {
    blueprint.set(handles::give(WithId::new(Blueprint::create_async(&client, &params::of(&params), &opts)?)));
    Ok(())
}

/// Waits until the blueprint is built. A build that fails is RUNLOOP_BUILD_FAILED; the message contains the
/// last lines of its log.
///
/// `log` receives each line of the build log, from the first, and may be NULL; `user_data` is passed to it.
/// `info` receives the blueprint, and may be NULL. Blocks for `poll_timeout_ms` at most (default: 30 min).
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_STOPPED, RUNLOOP_WAIT_TIMED_OUT
/// (runloop_error_body() holds the last state that was received).
///
/// Endpoint: GET /v1/blueprints/{id} and, for the log, GET /v1/blueprints/{id}/logs.
#[export]
fn runloop_blueprint_await_build_complete(
    blueprint: In<runloop_blueprint>,
    log: runloop_build_log_fn,
    user_data: *mut c_void,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let mut listener = BuildLogFunction::new(log, user_data);
    let built = blueprint.await_build_complete(&opts, listener.as_mut().map(BuildLogFunction::listener))?;
    give_if_wanted(info, built);
    Ok(())
}

/// Creates a handle for a blueprint by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_blueprint_from_id(client: In<runloop_client>, id: Text, blueprint: Out<*mut runloop_blueprint>) -> Result<()> {
    blueprint.set(handles::give(WithId::new(Blueprint::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `blueprint`: its identifier, `bpt_…`. NULL if `blueprint` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_blueprint_id(blueprint: *const runloop_blueprint) -> *const c_char {
    handles::get(blueprint, "blueprint").map_or(std::ptr::null(), |blueprint| blueprint.id_for_c())
}

/// Retrieves the current state of the blueprint.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_get_info(blueprint: In<runloop_blueprint>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(blueprint.get_info(&opts)?)));
    Ok(())
}

/// Retrieves the log of the blueprint's build so far: `/logs/0/message` ….
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_logs(blueprint: In<runloop_blueprint>, opts: Options, logs: Out<*mut runloop_value>) -> Result<()> {
    logs.set(handles::give(Answer::new(blueprint.logs(&opts)?)));
    Ok(())
}

/// Retrieves the Dockerfile that runloop_blueprint_create() would build from the same `params`:
/// `/dockerfile`. Builds nothing.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints/preview.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_preview(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    preview: Out<*mut runloop_value>,
) -> Result<()> {
    preview.set(handles::give(Answer::new(Blueprint::preview(&client, &params::of(&params), &opts)?)));
    Ok(())
}

/// Deletes the blueprint. Devboxes created from it are not affected. The handle must still be freed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/blueprints/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_delete(blueprint: In<runloop_blueprint>, opts: Options) -> Result<()> {
    blueprint.delete(&opts).map(drop)
}

/// Creates a devbox from the blueprint and waits until it is running. Otherwise like
/// runloop_devbox_create().
///
/// Blocks until the devbox is running. Any thread.
///
/// Endpoint: POST /v1/devboxes/create_and_await_running with `blueprint_id`.
///
/// Statuses: those of runloop_devbox_create().
#[export]
fn runloop_blueprint_create_devbox(
    blueprint: In<runloop_blueprint>,
    params: Maybe<runloop_params>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
) -> Result<()> {
    devbox.set(handles::give(Handle::new(blueprint.create_devbox(&params::of(&params), &opts)?)));
    Ok(())
}

/// Frees the handle. The blueprint stays until runloop_blueprint_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_blueprint_free(blueprint: *mut runloop_blueprint) {
    drop(handles::take(blueprint))
}
