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
use crate::ffi::boundary::with_id::WithId;
use crate::ffi::options::call::Options;
use crate::sdk::Axon;

/// An axon: a channel of events with a database of its own. The handle holds its identifier. Freeing the
/// handle does not delete the axon. Thread-safe. Free it with runloop_axon_free().
#[handle(WithId<Axon>)]
pub struct runloop_axon;

/// Creates an axon.
///
/// `params`: the request body, or NULL: `/name`, `/metadata`.
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
    axon.set(handles::give(WithId::new(made)));
    Ok(())
}

/// Creates a handle for an axon by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_axon_from_id(client: In<runloop_client>, id: Text, axon: Out<*mut runloop_axon>) -> Result<()> {
    axon.set(handles::give(WithId::new(Axon::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `axon`: its identifier. NULL if `axon` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_axon_id(axon: *const runloop_axon) -> *const c_char {
    handles::get(axon, "axon").map_or(std::ptr::null(), |axon| axon.id_for_c())
}

/// Retrieves the current state of the axon.
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

/// Changes the members of the axon that `params` contains; the others stay as they are.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
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

/// Deletes the axon. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: DELETE /v1/axons/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_axon_delete(axon: In<runloop_axon>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, axon.delete(&opts)?);
    Ok(())
}

/// Frees the handle. The axon stays until runloop_axon_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_axon_free(axon: *mut runloop_axon) {
    drop(handles::take(axon))
}

/// Publishes an event: `/sequence`, `/timestamp_ms`.
///
/// `params`: the request body: `/event_type`, `/origin` (EXTERNAL_EVENT, AGENT_EVENT or USER_EVENT),
/// `/payload` (a string, usually JSON), `/source`. If the response is lost, the event is not published
/// again, and the error says that it may have been published.
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

/// Opens a stream of the axon's events: first the existing events whose `/sequence` is above
/// `after_sequence`, or all of them if it is -1, then new ones. Sends nothing yet.
///
/// The timeout and the extra headers in `opts` apply to the requests of the stream; pass a deadline and a
/// cancel token to each runloop_event_stream_next() instead. Any thread; never blocks.
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

/// Runs one statement in the axon's database: `/columns`, `/rows`, `/meta`.
///
/// `sql` contains a `?` for each value in the array `/params` of `params`, which may be NULL. If the
/// response is lost, the statement is not run again, and the error says that it may have been run.
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

/// Runs several statements in the axon's database, all of them or none: `/results/0/success`, or
/// `/results/0/error` ….
///
/// `params`: the request body: `/statements`, an array of objects with `/sql` and `/params`.
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
