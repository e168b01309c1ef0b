//! `runloop_gateway_config`.

use std::ffi::c_char;

use runloop_macros::{export, handle};

use crate::api::collection::GATEWAY_CONFIGS;
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

/// A gateway config: an API that devboxes reach through a gateway, which adds the credentials. The
/// handle is its identifier; freeing it leaves the gateway config where it is. Thread-safe. Free it
/// with runloop_gateway_config_free().
#[handle(Named<Record>)]
pub struct runloop_gateway_config;

/// Creates a gateway config; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/endpoint`, `/auth_mechanism` and, for instance,
/// `/custom_headers`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/gateway-configs.
///
/// Statuses: those of any request.
#[export]
fn runloop_gateway_config_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    gateway_config: Out<*mut runloop_gateway_config>,
) -> Result<()> {
    let made = Record::create(&client, &GATEWAY_CONFIGS, &params::of(&params), &opts)?;
    gateway_config.set(handles::give(Named::new(made)));
    Ok(())
}

/// Gives a handle of a gateway config, without asking whether there is one; the caller owns the
/// handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_gateway_config_from_id(client: In<runloop_client>, id: Text, gateway_config: Out<*mut runloop_gateway_config>) -> Result<()> {
    gateway_config.set(handles::give(Named::new(Record::from_id(&client, &GATEWAY_CONFIGS, &id)?)));
    Ok(())
}

/// Borrowed from `gateway_config`, until it is freed: its identifier. NULL if `gateway_config` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_gateway_config_id(gateway_config: *const runloop_gateway_config) -> *const c_char {
    handles::get(gateway_config, "gateway_config").map_or(std::ptr::null(), |gateway_config| gateway_config.id_for_c())
}

/// Gives the gateway config as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/gateway-configs/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_gateway_config_get_info(gateway_config: In<runloop_gateway_config>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(gateway_config.get_info(&opts)?)));
    Ok(())
}

/// Changes what `params` name of the gateway config; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_gateway_config_update(
    gateway_config: In<runloop_gateway_config>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, gateway_config.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Deletes the gateway config. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/gateway-configs/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_gateway_config_delete(
    gateway_config: In<runloop_gateway_config>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, gateway_config.delete(&opts)?);
    Ok(())
}

/// Frees a handle. The gateway config stays: runloop_gateway_config_delete() deletes it. NULL is
/// fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_gateway_config_free(gateway_config: *mut runloop_gateway_config) {
    drop(handles::take(gateway_config))
}

/// A walk through a list of gateway configs, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_gateway_config_cursor_free().
#[handle(Cursor)]
pub struct runloop_gateway_config_cursor;

/// Begins a walk through the gateway configs; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_gateway_config_list(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_gateway_config_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Record::list(&client, &GATEWAY_CONFIGS, &params::of(&params))?));
    Ok(())
}

/// Gives the next gateway config and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `gateway_config` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/gateway-configs.
///
/// Statuses: those of any request.
#[export]
fn runloop_gateway_config_cursor_next(
    cursor: In<runloop_gateway_config_cursor>,
    opts: Options,
    gateway_config: Out<*mut runloop_gateway_config>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    gateway_config.set(handles::give(Named::new(Record::from_id(cursor.client(), &GATEWAY_CONFIGS, &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_gateway_config_cursor_free(cursor: *mut runloop_gateway_config_cursor) {
    drop(handles::take(cursor))
}
