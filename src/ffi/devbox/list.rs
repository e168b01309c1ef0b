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

/// A position in a list of devboxes; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_devbox_cursor_free().
#[handle(Cursor)]
pub struct runloop_devbox_cursor;

/// Lists devboxes. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/status`, `/limit` (items per page) and others.
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

/// Retrieves the next devbox of the list. `info` receives its state, and may be NULL. At the end of the
/// list, returns RUNLOOP_OK and sets `devbox` to NULL. After a failure, the next call requests the same
/// page again.
///
/// Blocks for one request when a new page is needed. Any thread.
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

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_devbox_cursor_free(cursor: *mut runloop_devbox_cursor) {
    drop(handles::take(cursor))
}
