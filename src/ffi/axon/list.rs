//! `runloop_axon_cursor` and `runloop_axon_event_cursor`: the lists of axons and of an axon's events.

use runloop_macros::{export, handle};

use crate::error::Result;
use crate::ffi::axon::runloop_axon;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_any, give_if_wanted, runloop_value};
use crate::sdk::{Axon, Cursor};

/// A walk through a list of axons, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_axon_cursor_free().
#[handle(Cursor)]
pub struct runloop_axon_cursor;

/// Begins a walk through the axons; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/metadata[key]`, `/limit`
/// (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_axon_cursor>) -> Result<()> {
    cursor.set(handles::give(Axon::list(&client, &params::of(&params))?));
    Ok(())
}

/// Gives the next axon and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `axon` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
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
    axon.set(handles::give(Named::new(Axon::from_id(cursor.client(), &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_axon_cursor_free(cursor: *mut runloop_axon_cursor) {
    drop(handles::take(cursor))
}

/// A walk through an axon's events, which asks for page after page. Thread-safe; several threads share
/// the events among them. Free it with runloop_axon_event_cursor_free().
#[handle(Cursor)]
pub struct runloop_axon_event_cursor;

/// Begins a walk through the axon's events so far; the caller owns the cursor. Nothing is sent yet.
/// To follow those that come: runloop_axon_subscribe().
///
/// `params` are the list's filters, or NULL: `/limit` (items a page) and what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_events(axon: In<runloop_axon>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_axon_event_cursor>) -> Result<()> {
    cursor.set(handles::give(axon.events(&params::of(&params))?));
    Ok(())
}

/// Gives the next event; the caller owns it. At the end of the list the status is RUNLOOP_OK and
/// `event` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/axons/{id}/events.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_event_cursor_next(cursor: In<runloop_axon_event_cursor>, opts: Options, event: Out<*mut runloop_value>) -> Result<()> {
    give_if_any(event, cursor.next(&opts)?);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_axon_event_cursor_free(cursor: *mut runloop_axon_event_cursor) {
    drop(handles::take(cursor))
}
