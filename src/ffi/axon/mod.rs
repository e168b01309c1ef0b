//! `runloop_axon`: events and SQL.

pub(crate) mod list;

use std::ffi::c_char;

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::event_stream::runloop_event_stream;
use super::params::runloop_params;
use super::value::{give_if_wanted, runloop_value, Answer};
use super::{event_stream, params};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::options::call::Options;
use crate::sdk::Axon;

/// An axon: a channel of events, with a database of its own. The handle is its identifier; freeing
/// it leaves the axon where it is. Thread-safe. Free it with runloop_axon_free().
#[handle(Named<Axon>)]
pub struct runloop_axon;

/// Creates an axon; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/metadata`; NULL for neither.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    axon: Out<*mut runloop_axon>,
) -> Result<()> {
    let made = Axon::create(&client, &params::of(&params), &opts)?;
    axon.set(handles::give(Named::new(made)));
    Ok(())
}

/// Gives a handle of an axon, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_from_id(client: In<runloop_client>, id: Text, axon: Out<*mut runloop_axon>) -> Result<()> {
    axon.set(handles::give(Named::new(Axon::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `axon`, until it is freed: its identifier. NULL if `axon` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_axon_id(axon: *const runloop_axon) -> *const c_char {
    handles::get(axon, "axon").map_or(std::ptr::null(), |axon| axon.id_for_c())
}

/// Gives the axon as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/axons/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_get_info(axon: In<runloop_axon>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(axon.get_info(&opts)?)));
    Ok(())
}

/// Changes what `params` name of the axon; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/axons/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_update(
    axon: In<runloop_axon>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, axon.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Deletes the axon. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: DELETE /v1/axons/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_delete(axon: In<runloop_axon>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, axon.delete(&opts)?);
    Ok(())
}

/// Frees a handle. The axon stays: runloop_axon_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_axon_free(axon: *mut runloop_axon) {
    drop(handles::take(axon))
}

/// Publishes an event; the caller owns the result (`/sequence`, `/timestamp_ms`).
///
/// `params` is the request's body: `/event_type`, `/origin` (EXTERNAL_EVENT, AGENT_EVENT or
/// USER_EVENT), `/payload` (text, usually JSON), `/source`. Where the answer is lost, the event
/// is not published again: the error says that it may have been.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/publish.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_publish(
    axon: In<runloop_axon>,
    params: Maybe<runloop_params>,
    opts: Options,
    result: Out<*mut runloop_value>,
) -> Result<()> {
    result.set(handles::give(Answer::new(axon.publish(&params::of(&params), &opts)?)));
    Ok(())
}

/// Begins to follow the axon's events: those whose `/sequence` is above `after_sequence`, or all
/// where it is -1, and then those that come; the caller owns the stream.
///
/// The timeout and the extra headers of `opts` are those of the stream's requests; deadline and
/// cancel token are given to each runloop_event_stream_next(). Nothing is sent yet. Any thread;
/// never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_subscribe(
    axon: In<runloop_axon>,
    after_sequence: i64,
    opts: Options,
    stream: Out<*mut runloop_event_stream>,
) -> Result<()> {
    let after = (after_sequence >= 0).then_some(after_sequence);
    stream.set(event_stream::give(axon.subscribe(after, &opts)?));
    Ok(())
}

/// Runs one statement in the axon's database; the caller owns the result (`/columns`, `/rows`,
/// `/meta`).
///
/// `sql` has `?` for each of the values in `/params`, an array in `params`, which may be NULL.
/// Where the answer is lost, the statement is not run again: the error says that it may have been.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/sql/query.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_sql_query(
    axon: In<runloop_axon>,
    sql: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    result: Out<*mut runloop_value>,
) -> Result<()> {
    result.set(handles::give(Answer::new(axon.sql_query(&sql, &params::of(&params), &opts)?)));
    Ok(())
}

/// Runs several statements in the axon's database, all of them or none; the caller owns the results
/// (`/results/0/success`, or `/results/0/error` …).
///
/// `params` is the request's body: `/statements`, an array of `/sql` and `/params`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/axons/{id}/sql/batch.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_sql_batch(
    axon: In<runloop_axon>,
    params: Maybe<runloop_params>,
    opts: Options,
    result: Out<*mut runloop_value>,
) -> Result<()> {
    result.set(handles::give(Answer::new(axon.sql_batch(&params::of(&params), &opts)?)));
    Ok(())
}
