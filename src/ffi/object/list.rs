//! `runloop_object_cursor`: the lists of storage objects.

use runloop_macros::{export, handle};

use crate::api::object;
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::client::runloop_client;
use crate::ffi::object::{runloop_object, Handle};
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value};
use crate::sdk::{Cursor, StorageObject};

/// A walk through a list of objects, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_object_cursor_free().
#[handle(Cursor)]
pub struct runloop_object_cursor;

/// Begins a walk through the objects; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/content_type`, `/state`, `/search`, `/limit`
/// (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_object_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_object_cursor>) -> Result<()> {
    let query = params::of(&params).to_query()?;
    cursor.set(handles::give(Cursor::new(&client, "objects", object::list(), query)));
    Ok(())
}

/// Begins a walk through the objects that are everybody's; in all else as runloop_object_list().
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_object_list_public(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_object_cursor>,
) -> Result<()> {
    let query = params::of(&params).to_query()?;
    cursor.set(handles::give(Cursor::new(&client, "objects", object::list_public(), query)));
    Ok(())
}

/// Gives the next object and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `object` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/objects, or GET /v1/objects/list_public.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_cursor_next(
    cursor: In<runloop_object_cursor>,
    opts: Options,
    object: Out<*mut runloop_object>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    object.set(handles::give(Handle::new(StorageObject::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_object_cursor_free(cursor: *mut runloop_object_cursor) {
    drop(handles::take(cursor))
}
