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

/// A secret. The handle is bound either to a name, and then refers to the newest secret of that name, or to
/// the identifier of one secret, and then never refers to another. The value of a secret is sent to the
/// service and never returned; it appears in no message and no log. Thread-safe. Free it with
/// runloop_secret_free().
#[handle(SecretTexts)]
pub struct runloop_secret;

/// A secret, its name and identifier ready for C.
pub struct SecretTexts {
    secret: SecretHandle,
    name: Option<CString>,
    id: Option<CString>,
}

impl SecretTexts {
    fn new(secret: SecretHandle) -> SecretTexts {
        let text = |text: Option<&str>| text.map(|text| c_text(text.as_bytes()));
        SecretTexts { name: text(secret.name()), id: text(secret.id()), secret }
    }
}

fn borrowed(secret: *const runloop_secret, part: fn(&SecretTexts) -> &Option<CString>) -> *const c_char {
    handles::get(secret, "secret").map_or(std::ptr::null(), |secret| part(&secret).as_ref().map_or(std::ptr::null(), |text| text.as_ptr()))
}

/// Creates a secret. The handle is bound to the name. Devboxes that are given the name receive the value in
/// their environment.
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
    secret.set(handles::give(SecretTexts::new(SecretHandle::create(&client, &name, &value, &opts)?)));
    Ok(())
}

/// Creates a handle for the newest secret of a name. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_from_name(client: In<runloop_client>, name: Text, secret: Out<*mut runloop_secret>) -> Result<()> {
    secret.set(handles::give(SecretTexts::new(SecretHandle::from_name(&client, &name)?)));
    Ok(())
}

/// Creates a handle for one secret by its identifier. It never refers to another secret of the same name.
/// Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_from_id(client: In<runloop_client>, id: Text, secret: Out<*mut runloop_secret>) -> Result<()> {
    secret.set(handles::give(SecretTexts::new(SecretHandle::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `secret`: the name that the handle is bound to. NULL if it is bound to an identifier, and
/// if `secret` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_secret_name(secret: *const runloop_secret) -> *const c_char {
    borrowed(secret, |secret| &secret.name)
}

/// Borrowed from `secret`: the identifier that the handle is bound to, or that the secret had when the
/// handle created or listed it. NULL if it is not known, and if `secret` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_secret_id(secret: *const runloop_secret) -> *const c_char {
    borrowed(secret, |secret| &secret.id)
}

/// Retrieves the secret, without its value.
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

/// Changes the value of the secret.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets/{name} or POST /v1/secrets/id/{id}/update.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_update(secret: In<runloop_secret>, value: Text, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, secret.secret.update(&value, &opts)?);
    Ok(())
}

/// Deletes one secret if the handle is bound to an identifier, or all secrets of the name if it is bound to
/// a name. The handle must still be freed.
///
/// `info` receives the response, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/secrets/{name}/delete or POST /v1/secrets/id/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_secret_delete(secret: In<runloop_secret>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, secret.secret.delete(&opts)?);
    Ok(())
}

/// Frees the handle. The secret stays until runloop_secret_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_secret_free(secret: *mut runloop_secret) {
    drop(handles::take(secret))
}

/// A position in a list of secrets; requests page after page. Thread-safe: threads that share it get
/// different items. Free it with runloop_secret_cursor_free().
#[handle(Cursor)]
pub struct runloop_secret_cursor;

/// Lists secrets. Creates a cursor at the beginning of the list; sends nothing yet.
///
/// `params`: filters, or NULL: `/limit`. The API returns all secrets in one page: as many as `/limit` says,
/// or 5000 at most.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_secret_list(client: In<runloop_client>, params: Maybe<runloop_params>, cursor: Out<*mut runloop_secret_cursor>) -> Result<()> {
    cursor.set(handles::give(SecretHandle::list(&client, &params::of(&params))?));
    Ok(())
}

/// Retrieves the next secret of the list. `info` receives it, and may be NULL. At the end of the list,
/// returns RUNLOOP_OK and sets `secret` to NULL. After a failure, the next call requests the same page
/// again.
///
/// Blocks for one request when a new page is needed. Any thread.
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
    secret.set(handles::give(SecretTexts::new(handle)));
    give_if_wanted(info, item);
    Ok(())
}

/// Frees the cursor.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_secret_cursor_free(cursor: *mut runloop_secret_cursor) {
    drop(handles::take(cursor))
}
