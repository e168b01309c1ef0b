//! `runloop_devbox_cursor`: the list of devboxes.

use runloop_macros::{export, handle};

use crate::api::devbox;
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::client::runloop_client;
use crate::ffi::devbox::{runloop_devbox, Handle};
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value};
use crate::sdk::{Cursor, Devbox};

/// A walk through a list of devboxes, which asks for page after page. Thread-safe; several
/// threads share the items among them. Free it with runloop_devbox_cursor_free().
#[handle(Cursor)]
pub struct runloop_devbox_cursor;

/// Begins a walk through the devboxes; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/status`, `/limit` (items a page) and what else the
/// API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_devbox_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_devbox_cursor>) -> Result<()> {
    let query = params::of(&params).to_query()?;
    cursor.set(handles::give(Cursor::new(&client, "devboxes", devbox::list(), query)));
    Ok(())
}

/// Gives the next devbox and, if `info` is not NULL, how the API shows it; the caller owns both.
/// At the end of the list the status is RUNLOOP_OK and `devbox` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/devboxes.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_cursor_next(
    cursor: In<runloop_devbox_cursor>,
    opts: Options,
    devbox: Out<*mut runloop_devbox>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    devbox.set(handles::give(Handle::new(Devbox::attach(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_devbox_cursor_free(cursor: *mut runloop_devbox_cursor) {
    drop(handles::take(cursor))
}
