//! `runloop_network_policy`.

use std::ffi::c_char;

use runloop_macros::{export, handle};

use crate::api::collection::NETWORK_POLICIES;
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::Options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value, Answer};
use crate::sdk::{Cursor, Record};

/// A network policy: what devboxes may reach. The handle is its identifier; freeing it leaves the
/// network policy where it is. Thread-safe. Free it with runloop_network_policy_free().
#[handle(Named<Record>)]
pub struct runloop_network_policy;

/// Creates a network policy; the caller owns the handle.
///
/// `params` is the request's body: `/name` and, for instance, `/allow_all`, `/allowed_hostnames`,
/// `/allow_devbox_to_devbox`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/network-policies.
///
/// Statuses: those of any request.
#[export]
fn runloop_network_policy_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    network_policy: Out<*mut runloop_network_policy>,
) -> Result<()> {
    let made = Record::create(&client, &NETWORK_POLICIES, &params::of(&params), &opts)?;
    network_policy.set(handles::give(Named::new(made)));
    Ok(())
}

/// Gives a handle of a network policy, without asking whether there is one; the caller owns the
/// handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_network_policy_from_id(client: In<runloop_client>, id: Text, network_policy: Out<*mut runloop_network_policy>) -> Result<()> {
    network_policy.set(handles::give(Named::new(Record::from_id(&client, &NETWORK_POLICIES, &id)?)));
    Ok(())
}

/// Borrowed from `network_policy`, until it is freed: its identifier. NULL if `network_policy` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_network_policy_id(network_policy: *const runloop_network_policy) -> *const c_char {
    handles::get(network_policy, "network_policy").map_or(std::ptr::null(), |network_policy| network_policy.id_for_c())
}

/// Gives the network policy as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/network-policies/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_network_policy_get_info(network_policy: In<runloop_network_policy>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(network_policy.get_info(&opts)?)));
    Ok(())
}

/// Changes what `params` name of the network policy; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_network_policy_update(
    network_policy: In<runloop_network_policy>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, network_policy.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Deletes the network policy. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_network_policy_delete(
    network_policy: In<runloop_network_policy>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, network_policy.delete(&opts)?);
    Ok(())
}

/// Frees a handle. The network policy stays: runloop_network_policy_delete() deletes it. NULL is
/// fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_network_policy_free(network_policy: *mut runloop_network_policy) {
    drop(handles::take(network_policy))
}

/// A walk through a list of network policies, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_network_policy_cursor_free().
#[handle(Cursor)]
pub struct runloop_network_policy_cursor;

/// Begins a walk through the network policies; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_network_policy_list(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_network_policy_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Record::list(&client, &NETWORK_POLICIES, &params::of(&params))?));
    Ok(())
}

/// Gives the next network policy and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `network_policy` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/network-policies.
///
/// Statuses: those of any request.
#[export]
fn runloop_network_policy_cursor_next(
    cursor: In<runloop_network_policy_cursor>,
    opts: Options,
    network_policy: Out<*mut runloop_network_policy>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    network_policy.set(handles::give(Named::new(Record::from_id(cursor.client(), &NETWORK_POLICIES, &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_network_policy_cursor_free(cursor: *mut runloop_network_policy_cursor) {
    drop(handles::take(cursor))
}
