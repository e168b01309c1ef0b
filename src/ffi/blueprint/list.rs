//! `runloop_blueprint_cursor`: the lists of blueprints.

use runloop_macros::{export, handle};

use crate::error::Result;
use crate::ffi::blueprint::runloop_blueprint;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value};
use crate::sdk::{Blueprint, Cursor};

/// A walk through a list of blueprints, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_blueprint_cursor_free().
#[handle(Cursor)]
pub struct runloop_blueprint_cursor;

/// Begins a walk through the account's blueprints; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/status`, `/limit` (items a page) and what
/// else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_blueprint_list(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_blueprint_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Blueprint::list(&client, &params::of(&params))?));
    Ok(())
}

/// Begins a walk through the blueprints that all accounts may use; the caller owns the cursor.
/// Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: those of runloop_blueprint_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_blueprint_list_public(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_blueprint_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Blueprint::list_public(&client, &params::of(&params))?));
    Ok(())
}

/// Gives the next blueprint and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `blueprint` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/blueprints or GET /v1/blueprints/list_public.
///
/// Statuses: those of any request.
#[export]
fn runloop_blueprint_cursor_next(
    cursor: In<runloop_blueprint_cursor>,
    opts: Options,
    blueprint: Out<*mut runloop_blueprint>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    blueprint.set(handles::give(Named::new(Blueprint::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_blueprint_cursor_free(cursor: *mut runloop_blueprint_cursor) {
    drop(handles::take(cursor))
}
