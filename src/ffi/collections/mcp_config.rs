//! `runloop_mcp_config`.

use std::ffi::c_char;

use runloop_macros::{export, handle};

use crate::api::collection::MCP_CONFIGS;
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

/// An MCP config: an MCP server that devboxes reach through a gateway, and which of its tools. The
/// handle is its identifier; freeing it leaves the MCP config where it is. Thread-safe. Free it
/// with runloop_mcp_config_free().
#[handle(Named<Record>)]
pub struct runloop_mcp_config;

/// Creates an MCP config; the caller owns the handle.
///
/// `params` is the request's body: `/name`, `/endpoint`, `/allowed_tools` and, for instance,
/// `/auth_mechanism`, `/description`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/mcp-configs.
///
/// Statuses: those of any request.
#[export]
fn runloop_mcp_config_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    mcp_config: Out<*mut runloop_mcp_config>,
) -> Result<()> {
    let made = Record::create(&client, &MCP_CONFIGS, &params::of(&params), &opts)?;
    mcp_config.set(handles::give(Named::new(made)));
    Ok(())
}

/// Gives a handle of an MCP config, without asking whether there is one; the caller owns the
/// handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_mcp_config_from_id(client: In<runloop_client>, id: Text, mcp_config: Out<*mut runloop_mcp_config>) -> Result<()> {
    mcp_config.set(handles::give(Named::new(Record::from_id(&client, &MCP_CONFIGS, &id)?)));
    Ok(())
}

/// Borrowed from `mcp_config`, until it is freed: its identifier. NULL if `mcp_config` is NULL or
/// freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_mcp_config_id(mcp_config: *const runloop_mcp_config) -> *const c_char {
    handles::get(mcp_config, "mcp_config").map_or(std::ptr::null(), |mcp_config| mcp_config.id_for_c())
}

/// Gives the MCP config as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/mcp-configs/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_mcp_config_get_info(mcp_config: In<runloop_mcp_config>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(mcp_config.get_info(&opts)?)));
    Ok(())
}

/// Changes what `params` name of the MCP config; the rest stays as it is.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_mcp_config_update(
    mcp_config: In<runloop_mcp_config>,
    params: Maybe<runloop_params>,
    opts: Options,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    give_if_wanted(info, mcp_config.update(&params::of(&params), &opts)?);
    Ok(())
}

/// Deletes the MCP config. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/mcp-configs/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_mcp_config_delete(mcp_config: In<runloop_mcp_config>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, mcp_config.delete(&opts)?);
    Ok(())
}

/// Frees a handle. The MCP config stays: runloop_mcp_config_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_mcp_config_free(mcp_config: *mut runloop_mcp_config) {
    drop(handles::take(mcp_config))
}

/// A walk through a list of MCP configs, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_mcp_config_cursor_free().
#[handle(Cursor)]
pub struct runloop_mcp_config_cursor;

/// Begins a walk through the MCP configs; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/name`, `/search`, `/id`, `/limit` (items a page) and
/// what else the API knows.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_mcp_config_list(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    cursor: Out<*mut runloop_mcp_config_cursor>,
) -> Result<()> {
    cursor.set(handles::give(Record::list(&client, &MCP_CONFIGS, &params::of(&params))?));
    Ok(())
}

/// Gives the next mcp config and, if `info` is not NULL, how the API shows it; the caller owns
/// both. At the end of the list the status is RUNLOOP_OK and `mcp_config` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/mcp-configs.
///
/// Statuses: those of any request.
#[export]
fn runloop_mcp_config_cursor_next(
    cursor: In<runloop_mcp_config_cursor>,
    opts: Options,
    mcp_config: Out<*mut runloop_mcp_config>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let Some((id, item)) = cursor.next_with_id(&opts)? else { return Ok(()) };
    mcp_config.set(handles::give(Named::new(Record::from_id(cursor.client(), &MCP_CONFIGS, &id)?)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_mcp_config_cursor_free(cursor: *mut runloop_mcp_config_cursor) {
    drop(handles::take(cursor))
}
