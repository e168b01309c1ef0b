//! `runloop_network_policy`.

use std::ffi::c_char;

use crate::api::collection::NETWORK_POLICIES;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Options, Out, Text};
use crate::ffi::boundary::error::runloop_error;
use crate::ffi::boundary::handles;
use crate::ffi::boundary::named::Named;
use crate::ffi::client::runloop_client;
use crate::ffi::options::call::runloop_call_options;
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::ffi::value::{give_if_wanted, runloop_value, Answer};
use crate::sdk::{Cursor, Record};

/// A network policy: what devboxes may reach. The handle is its identifier; freeing it leaves the
/// network policy where it is. Thread-safe. Free it with runloop_network_policy_free().
pub struct runloop_network_policy {
    _private: (),
}

opaque!(runloop_network_policy, NetworkPolicy, Named<Record>);

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
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_create(
    client: *const runloop_client,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    network_policy: *mut *mut runloop_network_policy,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_create,
        error,
        [
            network_policy: Out<*mut runloop_network_policy>,
            client: In<runloop_client>,
            params: Maybe<runloop_params>,
            opts: Options
        ],
        {
            let made = Record::create(&client, &NETWORK_POLICIES, &params::of(&params), &opts)?;
            network_policy.set(handles::give(Named::new(made)));
            Ok(())
        }
    )
}

/// Gives a handle of a network policy, without asking whether there is one; the caller owns the
/// handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_from_id(
    client: *const runloop_client,
    id: *const c_char,
    network_policy: *mut *mut runloop_network_policy,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_from_id,
        error,
        [network_policy: Out<*mut runloop_network_policy>, client: In<runloop_client>, id: Text],
        {
            network_policy.set(handles::give(Named::new(Record::from_id(&client, &NETWORK_POLICIES, &id)?)));
            Ok(())
        }
    )
}

/// Borrowed from `network_policy`, until it is freed: its identifier. NULL if `network_policy` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_id(network_policy: *const runloop_network_policy) -> *const c_char {
    quiet!(runloop_network_policy_id, std::ptr::null(), {
        handles::get(network_policy, "network_policy").map_or(std::ptr::null(), |network_policy| network_policy.id_for_c())
    })
}

/// Gives the network policy as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/network-policies/{id}.
///
/// Statuses: those of any request.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_get_info(
    network_policy: *const runloop_network_policy,
    opts: *const runloop_call_options,
    info: *mut *mut runloop_value,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_get_info,
        error,
        [info: Out<*mut runloop_value>, network_policy: In<runloop_network_policy>, opts: Options],
        {
            info.set(handles::give(Answer::new(network_policy.get_info(&opts)?)));
            Ok(())
        }
    )
}

/// Changes what `params` name of the network policy; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}.
///
/// Statuses: those of any request.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_update(
    network_policy: *const runloop_network_policy,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    info: *mut *mut runloop_value,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_update,
        error,
        [
            info: MaybeOut<*mut runloop_value>,
            network_policy: In<runloop_network_policy>,
            params: Maybe<runloop_params>,
            opts: Options
        ],
        {
            give_if_wanted(info, network_policy.update(&params::of(&params), &opts)?);
            Ok(())
        }
    )
}

/// Deletes the network policy. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/network-policies/{id}/delete.
///
/// Statuses: those of any request.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_delete(
    network_policy: *const runloop_network_policy,
    opts: *const runloop_call_options,
    info: *mut *mut runloop_value,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_delete,
        error,
        [info: MaybeOut<*mut runloop_value>, network_policy: In<runloop_network_policy>, opts: Options],
        {
            give_if_wanted(info, network_policy.delete(&opts)?);
            Ok(())
        }
    )
}

/// Frees a handle. The network policy stays: runloop_network_policy_delete() deletes it. NULL is
/// fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_free(network_policy: *mut runloop_network_policy) {
    quiet!(runloop_network_policy_free, (), { drop(handles::take(network_policy)) });
}

/// A walk through a list of network policies, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_network_policy_cursor_free().
pub struct runloop_network_policy_cursor {
    _private: (),
}

opaque!(runloop_network_policy_cursor, NetworkPolicyCursor, Cursor);

/// Begins a walk through the network policies; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_list(
    client: *const runloop_client,
    params: *const runloop_params,
    cursor: *mut *mut runloop_network_policy_cursor,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_list,
        error,
        [cursor: Out<*mut runloop_network_policy_cursor>, client: In<runloop_client>, params: Maybe<runloop_params>],
        {
            cursor.set(handles::give(Record::list(&client, &NETWORK_POLICIES, &params::of(&params))?));
            Ok(())
        }
    )
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
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_cursor_next(
    cursor: *const runloop_network_policy_cursor,
    opts: *const runloop_call_options,
    network_policy: *mut *mut runloop_network_policy,
    info: *mut *mut runloop_value,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(
        runloop_network_policy_cursor_next,
        error,
        [
            network_policy: Out<*mut runloop_network_policy>,
            info: MaybeOut<*mut runloop_value>,
            cursor: In<runloop_network_policy_cursor>,
            opts: Options
        ],
        {
            let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
            network_policy.set(handles::give(Named::new(Record::from_id(cursor.client(), &NETWORK_POLICIES, &id)?)));
            give_if_wanted(info, item);
            Ok(())
        }
    )
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[no_mangle]
pub unsafe extern "C" fn runloop_network_policy_cursor_free(cursor: *mut runloop_network_policy_cursor) {
    quiet!(runloop_network_policy_cursor_free, (), { drop(handles::take(cursor)) });
}
