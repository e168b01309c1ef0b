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
use crate::ffi::boundary::named::Named;
use crate::ffi::options::call::Options;
use crate::sdk::Blueprint;

/// A blueprint: a built image from which devboxes are made. The handle is its identifier; freeing
/// it leaves the blueprint where it is. Thread-safe. Free it with runloop_blueprint_free().
#[handle(Named<Blueprint>)]
pub struct runloop_blueprint;

/// Creates a blueprint and waits until it is built; the caller owns the handle.
///
/// `params` is the request's body: `/name` and, for instance, `/dockerfile`, `/build_context`,
/// `/build_args`, `/system_setup_commands`, `/file_mounts` (98,250 bytes a file, 7,860,000 in all,
/// checked before anything is sent), `/launch_parameters`, `/metadata`. `log`, if not NULL, is
/// given each line of the build's log as it appears.
///
/// A build that fails is RUNLOOP_BUILD_FAILED; the message carries the last lines of its log, and
/// the blueprint stays, so that its whole log can be read (runloop_error_resource_id() names it).
/// Where the call fails otherwise after the blueprint was created, or is cancelled, it is deleted
/// behind it, unless `keep_on_failure` is set in `opts`. To find a blueprint whose identifier did
/// not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
///
/// Blocks until the blueprint is built, for 30 min at most where `poll_timeout_ms` does not say.
/// Any thread.
///
/// Endpoint: POST /v1/blueprints, then GET /v1/blueprints/{id} and, for the log, GET
/// /v1/blueprints/{id}/logs.
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
    blueprint.set(handles::give(Named::new(made)));
    Ok(())
}

/// Creates a blueprint and returns as soon as it has an identifier; the caller owns the handle. In
/// all else as runloop_blueprint_create(); wait with runloop_blueprint_await_build_complete().
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
    blueprint.set(handles::give(Named::new(Blueprint::create_async(&client, &params::of(&params), &opts)?)));
    Ok(())
}

/// Waits until the blueprint is built. A build that fails is RUNLOOP_BUILD_FAILED; the message
/// carries the last lines of its log.
///
/// `log`, if not NULL, is given each line of the build's log, from the first. `info`, if not NULL,
/// receives the blueprint as the API shows it; the caller owns it. Blocks for 30 min at most where
/// `poll_timeout_ms` does not say. Any thread.
///
/// Endpoint: GET /v1/blueprints/{id} and, for the log, GET /v1/blueprints/{id}/logs.
///
/// Statuses: those of any request; RUNLOOP_BUILD_FAILED, RUNLOOP_STOPPED, RUNLOOP_WAIT_TIMED_OUT
/// (the last state seen is in runloop_error_body()).
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

/// Gives a handle of a blueprint, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_blueprint_from_id(client: In<runloop_client>, id: Text, blueprint: Out<*mut runloop_blueprint>) -> Result<()> {
    blueprint.set(handles::give(Named::new(Blueprint::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `blueprint`, until it is freed: its identifier, `bpt_…`. NULL if `blueprint` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_blueprint_id(blueprint: *const runloop_blueprint) -> *const c_char {
    handles::get(blueprint, "blueprint").map_or(std::ptr::null(), |blueprint| blueprint.id_for_c())
}

/// Gives the blueprint as the API shows it now; the caller owns the value.
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

/// Gives the log of the blueprint's build so far (`/logs/0/message` …); the caller owns the value.
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

/// Gives what would be built, as a Dockerfile (`/dockerfile`); the caller owns the value. `params`
/// are those of runloop_blueprint_create(). Nothing is built.
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

/// Deletes the blueprint. Devboxes made of it are not concerned. The handle stays and must still be
/// freed.
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

/// Creates a devbox from the blueprint and waits until it runs; the caller owns the handle. In all
/// else as runloop_devbox_create().
///
/// Blocks until the devbox runs. Any thread.
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

/// Frees a handle. The blueprint stays: runloop_blueprint_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_blueprint_free(blueprint: *mut runloop_blueprint) {
    drop(handles::take(blueprint))
}
