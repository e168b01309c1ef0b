//! `runloop_secret`: secrets by name, and by the identifier of one row.

use std::ffi::{c_char, CString};

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::params;
use super::params::runloop_params;
use super::value::{give_if_wanted, runloop_value, Answer};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, MaybeOut, Out, Text};
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::sdk::{Cursor, SecretHandle};

/// A secret. The handle is bound to a name, and then stands for the newest secret of that name, or
/// to the identifier of one row, and then never stands for another. A secret's value is sent to the
/// service and never comes back; it is in no message and no log. Thread-safe. Free it with
/// runloop_secret_free().
#[handle(Stored)]
pub struct runloop_secret;

/// A secret, its name and identifier ready for C.
pub struct Stored {
    secret: SecretHandle,
    name: Option<CString>,
    id: Option<CString>,
}

impl Stored {
    fn new(secret: SecretHandle) -> Stored {
        let text = |text: Option<&str>| text.map(|text| c_text(text.as_bytes()));
        Stored { name: text(secret.name()), id: text(secret.id()), secret }
    }
}

fn borrowed(secret: *const runloop_secret, part: fn(&Stored) -> &Option<CString>) -> *const c_char {
    handles::get(secret, "secret").map_or(std::ptr::null(), |secret| part(&secret).as_ref().map_or(std::ptr::null(), |text| text.as_ptr()))
}

/// Creates a secret; the caller owns the handle, which is bound to the name. Devboxes that are
/// given the name get the value in their environment.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_create(
    client: In<runloop_client>,
    name: Text,
    value: Text,
    opts: Options,
    secret: Out<*mut runloop_secret>,
) -> Result<()> {
    secret.set(handles::give(Stored::new(SecretHandle::create(&client, &name, &value, &opts)?)));
    Ok(())
}

/// Gives a handle of the newest secret of a name, without asking whether there is one; the caller
/// owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_from_name(client: In<runloop_client>, name: Text, secret: Out<*mut runloop_secret>) -> Result<()> {
    secret.set(handles::give(Stored::new(SecretHandle::from_name(&client, &name)?)));
    Ok(())
}

/// Gives a handle of one row, without asking whether there is one; the caller owns the handle. It
/// never stands for another secret of the same name.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_from_id(client: In<runloop_client>, id: Text, secret: Out<*mut runloop_secret>) -> Result<()> {
    secret.set(handles::give(Stored::new(SecretHandle::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `secret`, until it is freed: the name that the handle is bound to. NULL if it is
/// bound to a row, and if `secret` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_secret_name(secret: *const runloop_secret) -> *const c_char {
    borrowed(secret, |secret| &secret.name)
}

/// Borrowed from `secret`, until it is freed: the identifier of the row that the handle is bound
/// to, or that it had when it was created or listed. NULL if it is not known, and if `secret` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_secret_id(secret: *const runloop_secret) -> *const c_char {
    borrowed(secret, |secret| &secret.id)
}

/// Gives the secret as the API shows it, all but its value; the caller owns it.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/secrets/{name} or GET /v1/secrets/id/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_get_info(secret: In<runloop_secret>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(secret.secret.get_info(&opts)?)));
    Ok(())
}

/// Gives the secret another value.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/secrets/{name} or POST /v1/secrets/id/{id}/update.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_update(secret: In<runloop_secret>, value: Text, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, secret.secret.update(&value, &opts)?);
    Ok(())
}

/// Deletes the secret: the row that the handle is bound to, or all secrets of its name. The handle
/// stays and must still be freed.
///
/// `info`, if not NULL, receives what the API answers; the caller owns it. Blocks for one request.
/// Any thread.
///
/// Endpoint: POST /v1/secrets/{name}/delete or POST /v1/secrets/id/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_delete(secret: In<runloop_secret>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, secret.secret.delete(&opts)?);
    Ok(())
}

/// Frees a handle. The secret stays: runloop_secret_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_secret_free(secret: *mut runloop_secret) {
    drop(handles::take(secret))
}

/// A walk through a list of secrets, which asks for page after page. Thread-safe; several threads
/// share the items among them. Free it with runloop_secret_cursor_free().
#[handle(Cursor)]
pub struct runloop_secret_cursor;

/// Begins a walk through the secrets; the caller owns the cursor. Nothing is sent yet.
///
/// `params` are the list's filters, or NULL: `/limit`. The API gives the secrets in one page: as
/// many as `/limit` says, else 5000 at most.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_secret_cursor>) -> Result<()> {
    cursor.set(handles::give(SecretHandle::list(&client, &params::of(&params))?));
    Ok(())
}

/// Gives the next secret and, if `info` is not NULL, how the API shows it; the caller owns both. At
/// the end of the list the status is RUNLOOP_OK and `secret` receives NULL.
///
/// After a failure the same page is asked for again. Blocks for one request where a page begins.
/// Any thread.
///
/// Endpoint: GET /v1/secrets.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_cursor_next(
    cursor: In<runloop_secret_cursor>,
    opts: Options,
    secret: Out<*mut runloop_secret>,
    info: MaybeOut<*mut runloop_value>,
) -> Result<()> {
    let made = cursor.next_as(&opts, |id, row| SecretHandle::of_row(cursor.client(), id, row))?;
    let Some((handle, item)) = made else { return Ok(()) };
    secret.set(handles::give(Stored::new(handle)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees a cursor. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_secret_cursor_free(cursor: *mut runloop_secret_cursor) {
    drop(handles::take(cursor))
}
