//! `runloop_axon_cursor` and `runloop_axon_event_cursor`: the lists of axons and of an axon's events.

use runloop_macros::{export, handle};

use crate::error::Result;
use crate::ffi::axon::runloop_axon;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::with_id::WithId;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_any, give_if_wanted, runloop_value};
use crate::sdk::{Axon, Cursor};

/// A position in a list of axons; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_axon_cursor_free().
#[handle(Cursor)]
pub struct runloop_axon_cursor;

/// Lists axons. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/name`, `/search`, `/id`, `/metadata[key]`, `/limit` (items per page) and
/// others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_axon_cursor>) -> Result<()> {
    cursor.set(handles::give(Axon::list(&client, &params::of(&params))?));
    Ok(())
}

/// Retrieves the next axon of the list. `info` receives its state, and may be NULL. At the end of the list,
/// returns RUNLOOP_OK and sets `axon` to NULL. After a failure, the next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/axons.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_cursor_next(
    cursor: In<runloop_axon_cursor>,
    opts: Options,
    axon: Out<*mut runloop_axon>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    axon.set(handles::give(WithId::new(Axon::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_axon_cursor_free(cursor: *mut runloop_axon_cursor) {
    drop(handles::take(cursor))
}

/// A position in a list of an axon's events; requests page after page. Thread-safe: threads that share it
/// get different events. Free it with runloop_axon_event_cursor_free().
#[handle(Cursor)]
pub struct runloop_axon_event_cursor;

/// Lists the axon's existing events. Creates a cursor at the beginning of the list; sends nothing yet. To
/// follow new events, use runloop_axon_subscribe().
///
/// `params`: filters, or NULL: `/limit` (items per page) and others.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_events(axon: In<runloop_axon>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_axon_event_cursor>) -> Result<()> {
    cursor.set(handles::give(axon.events(&params::of(&params))?));
    Ok(())
}

/// Retrieves the next event of the list. At the end of the list, returns RUNLOOP_OK and sets `event` to
/// NULL. After a failure, the next call requests the same page again.
///
/// Blocks for one request when a new page is needed. Any thread.
///
/// Endpoint: GET /v1/axons/{id}/events.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_event_cursor_next(cursor: In<runloop_axon_event_cursor>, opts: Options, event: Out<*mut runloop_value>) -> Result<()> {
    give_if_any(event, cursor.next(&opts)?);
    Ok(())
}

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_axon_event_cursor_free(cursor: *mut runloop_axon_event_cursor) {
    drop(handles::take(cursor))
}
