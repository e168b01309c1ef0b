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

/// An object in the service's storage. The handle holds its identifier and, if it created the object, the
/// URL to which its content is uploaded. Freeing the handle does not delete the object. Thread-safe. Free
/// it with runloop_object_free().
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

/// Creates an object without content. Upload the content with runloop_object_upload_content() and make it
/// readable with runloop_object_complete(); the runloop_object_upload_from_… functions do all three steps.
///
/// `params`: the request body: `/name`, `/content_type` (unspecified, text, binary, gzip, tar or tgz),
/// `/metadata`, `/ttl_ms`.
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

/// Creates a handle for an object by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_object_from_id(client: In<runloop_client>, id: Text, object: Out<*mut runloop_object>) -> Result<()> {
    object.set(handles::give(Handle::new(StorageObject::from_id(&client, &id)?)));
    Ok(())
}

/// Borrowed from `object`: its identifier, `obj_…`. NULL if `object` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_object_id(object: *const runloop_object) -> *const c_char {
    handles::get(object, "object").map_or(std::ptr::null(), |object| object.id.as_ptr())
}

/// Borrowed from `object`: the signed URL to which its content is uploaded, for uploads by other means than
/// runloop_object_upload_content(). The URL is a credential. NULL if the handle did not create the object,
/// and once the object is complete.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_object_upload_url(object: *const runloop_object) -> *const c_char {
    handles::get(object, "object").map_or(std::ptr::null(), |object| match (object.object.upload_url(), &object.upload_url) {
        (Some(_), Some(url)) => url.as_ptr(),
        _ => std::ptr::null(),
    })
}

/// Retrieves the current state of the object.
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

/// Uploads the content of an object that this handle created, from a file, memory, a descriptor or a
/// callback, in constant memory. Call runloop_object_complete() afterwards.
///
/// The content goes to the host of the storage, with its length and the headers that the service asks for,
/// without the API key; redirects are not followed. Content of unknown length is stored first: see
/// runloop_object_upload_from_source(). If the connection breaks, the content is sent again if it can be
/// read again.
///
/// `timeout_ms` in `opts` is the idle timeout (default: the client's, otherwise 60 s); `progress` counts
/// the bytes of the content. Blocks until the storage has the content. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the handle has no upload URL, RUNLOOP_LOCAL_IO,
/// RUNLOOP_STOPPED.
#[export]
fn runloop_object_upload_content(object: In<runloop_object>, source: *const runloop_source, opts: Options) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_source(source, |source| object.object.upload_content(source, &opts)) }
}

/// Marks the content as complete: from then on, the object can be read, and no longer written.
///
/// `info` receives the object, and may be NULL. Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the object has failed.
///
/// Endpoint: POST /v1/objects/{id}/complete.
#[export]
fn runloop_object_complete(object: In<runloop_object>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, object.object.complete(&opts)?);
    Ok(())
}

/// Creates a signed URL for downloading the object's content; `view` receives it at `/download_url`. The
/// URL is a credential.
///
/// `params`, or NULL: `/duration_seconds`, the lifetime of the URL. Blocks for one request. Any thread.
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

/// Deletes the object and its content. The handle must still be freed.
///
/// `info` receives the object, and may be NULL. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/objects/{id}/delete.
///
/// Statuses: those of any request.
#[export]
fn runloop_object_delete(object: In<runloop_object>, opts: Options, info: MaybeOut<*mut runloop_value>) -> Result<()> {
    give_if_wanted(info, object.object.delete(&opts)?);
    Ok(())
}

/// Describes the object as a blueprint's build context. Pass it on in the parameters of the blueprint:
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

/// Frees the handle. The object stays until runloop_object_delete() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_object_free(object: *mut runloop_object) {
    drop(handles::take(object))
}
