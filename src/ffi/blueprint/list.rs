//! `runloop_blueprint_cursor`: the lists of blueprints.

use runloop_macros::{export, handle};

use crate::error::Result;
use crate::ffi::blueprint::runloop_blueprint;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::with_id::WithId;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value};
use crate::sdk::{Blueprint, Cursor};

/// A position in a list of blueprints; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_blueprint_cursor_free().
#[handle(Cursor)]
pub struct runloop_blueprint_cursor;

/// Lists the account's blueprints. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/status`, `/limit` (items per page) and others.
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

/// Lists public blueprints, which all accounts may use. Otherwise like runloop_blueprint_list().
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

/// Retrieves the next blueprint of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `blueprint` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
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
    blueprint.set(handles::give(WithId::new(Blueprint::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_blueprint_cursor_free(cursor: *mut runloop_blueprint_cursor) {
    drop(handles::take(cursor))
}
