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

/// A position in a list of objects; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_object_cursor_free().
#[handle(Cursor)]
pub struct runloop_object_cursor;

/// Lists the account's objects. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/content_type`, `/state`, `/search`, `/limit` (items per page) and
/// others.
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

/// Lists public objects. Otherwise like runloop_object_list().
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

/// Retrieves the next object of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `object` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
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

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_object_cursor_free(cursor: *mut runloop_object_cursor) {
    drop(handles::take(cursor))
}
