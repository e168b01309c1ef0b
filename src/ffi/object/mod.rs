//! `runloop_object`: creating, completing, finding and deleting storage objects.

pub(crate) mod download;
pub(crate) mod list;
pub(crate) mod upload;

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
use crate::ffi::options::source_sink::{runloop_source, with_source};
use crate::sdk::StorageObject;

/// An object of the service's storage. The handle is its identifier and, for a new one, where its
/// content goes; freeing it leaves the object. Thread-safe. Free it with runloop_object_free().
#[handle(Handle)]
pub struct runloop_object;

/// An object, its texts ready for C.
pub struct Handle {
    pub object: StorageObject,
    id: CString,
    upload_url: Option<CString>,
}

impl Handle {
    pub fn new(object: StorageObject) -> Handle {
        let upload_url = object.upload_url().map(|url| c_text(url.expose().as_bytes()));
        Handle { id: c_text(object.id().as_bytes()), upload_url, object }
    }
}

/// Creates an object without content; the caller owns the handle. Fill it with
/// runloop_object_upload_content(), then make it readable with runloop_object_complete(); or let
/// one of the runloop_object_upload_from_… functions do all three.
///
/// `params` is the request's body: `/name`, `/content_type` (unspecified, text, binary, gzip, tar or
/// tgz), `/metadata`, `/ttl_ms`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/objects.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_create(
    client: In<runloop_client>,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let created = StorageObject::create(&client, &params::of(&params), &opts)?;
    object.set(handles::give(Handle::new(created)));
    Ok(())
}

/// Gives a handle of an object, without asking whether there is one; the caller owns the handle.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_object_from_id(client: In<runloop_client>, id: Text, object: Out<*mut runloop_object>) -> Result<()> {
    object.set(handles::give(Handle::new(StorageObject::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `object`, until it is freed: its identifier, `obj_…`. NULL if `object` is NULL or
/// freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_object_id(object: *const runloop_object) -> *const c_char {
    handles::get(object, "object").map_or(std::ptr::null(), |object| object.id.as_ptr())
}

/// Borrowed from `object`, until it is freed: the signed URL to which its content goes, for other
/// means than runloop_object_upload_content(). It is a credential. NULL where there is none: for a
/// handle that did not create the object, and once the object is complete.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_object_upload_url(object: *const runloop_object) -> *const c_char {
    handles::get(object, "object").map_or(std::ptr::null(), |object| match (object.object.upload_url(), &object.upload_url) {
        (Some(_), Some(url)) => url.as_ptr(),
        _ => std::ptr::null(),
    })
}

/// Gives the object as the API shows it now; the caller owns the value.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/objects/{id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_refresh(object: In<runloop_object>, opts: Options, info: Out<*mut runloop_value>) -> Result<()> {
    info.set(handles::give(Answer::new(object.object.refresh(&opts)?)));
    Ok(())
}

/// Sends the content of an object that this handle created, from a file, memory, descriptor or
/// function, a few pieces of it in memory at a time. Complete the object afterwards.
///
/// The content goes to the storage's own host, with its length and the headers that the service
/// asked for, without the API key, and follows no redirect. Where the length is not known it is
/// gathered first, as runloop_object_upload_from_source() says. Where the connection breaks and the
/// content can be had again, it is sent again.
///
/// The `timeout_ms` of `opts` is how long the transfer may stand still (default: the client's, else
/// 60 s); its `progress` function is told of the content's bytes. Blocks until the storage has the content.
/// Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the handle has no upload URL,
/// RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_object_upload_content(object: In<runloop_object>, source: *const runloop_source, opts: Options) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_source(source, |source| object.object.upload_content(source, &opts)) }
}

/// Says that the content is whole: from then on the object can be read, and not be written.
///
/// `info`, if not NULL, receives the object as the API shows it; the caller owns it. Blocks for one
/// request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the object has failed.
#[export]
fn runloop_object_complete(object: In<runloop_object>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, object.object.complete(&opts)?);
    Ok(())
}

/// Gives a signed URL of the object's content, at `/download_url` of `view`; the caller owns it. The
/// URL is a credential.
///
/// `params`, or NULL: `/duration_seconds`, for how long the URL is good. Blocks for one request.
/// Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_get_download_url(
    object: In<runloop_object>,
    params: Maybe<runloop_params>,
    opts: Options,
    view: Out<*mut runloop_value>,
) -> Result<()> {
    view.set(handles::give(Answer::new(object.object.get_download_url(&params::of(&params), &opts)?)));
    Ok(())
}

/// Deletes the object and its content. The handle stays and must still be freed.
///
/// `info`, if not NULL, receives the object as the API shows it; the caller owns it. Blocks for one
/// request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_delete(object: In<runloop_object>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, object.object.delete(&opts)?);
    Ok(())
}

/// Gives the object as a blueprint's build context; the caller owns the value. Its JSON goes into the
/// blueprint's parameters:
/// `runloop_params_set_json(params, "/build_context", runloop_value_json(context, NULL), &error)`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_object_as_build_context(object: In<runloop_object>, context: Out<*mut runloop_value>) -> Result<()> {
    context.set(handles::give(Answer::new(object.object.as_build_context())));
    Ok(())
}

/// Frees a handle. The object stays: runloop_object_delete() deletes it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_object_free(object: *mut runloop_object) {
    drop(handles::take(object))
}
