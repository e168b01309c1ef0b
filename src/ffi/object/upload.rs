//! Storage objects made of files, directories, texts, memory and whatever else gives bytes.

use std::ffi::{c_char, c_void};

use crate::ffi::boundary::arguments::{In, Maybe, Options, Out, Text};
use crate::ffi::boundary::error::runloop_error;
use crate::ffi::boundary::{arguments, handles};
use crate::ffi::client::runloop_client;
use crate::ffi::object::{runloop_object, Handle};
use crate::ffi::options::call::runloop_call_options;
use crate::ffi::options::source_sink::{runloop_source, with_source};
use crate::ffi::options::tree::{runloop_tree_options, with_tree};
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::sdk::{Memory, StorageObject};

/// Makes an object of a file of this machine, of any size, a few pieces of it in memory at a time;
/// the caller owns the handle.
///
/// `params`, or NULL: `/name` (default: the file's), `/content_type` (default: by the name's ending),
/// `/metadata`, `/ttl_ms`.
///
/// Nothing is left behind: where the call fails after the object was created, or is cancelled, the
/// object is deleted behind it, unless `keep_on_failure` is set in `opts`; the error names it. To find an
/// object whose identifier did not come back, the request carries a mark in its metadata
/// (see runloop_config_set_unmarked_creates()).
/// The content goes to the storage as runloop_object_upload_content() says; so do `timeout_ms` and
/// `progress`.
///
/// Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[no_mangle]
pub unsafe extern "C" fn runloop_object_upload_from_file(
    client: *const runloop_client,
    path: *const c_char,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_object_upload_from_file, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, path: Text], {
        let made = StorageObject::upload_file(&client, &path, &params::of(&params), &opts)?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}

/// Makes an object of a directory of this machine: a tar.gz of all that is below it, names relative,
/// in their order; the caller owns the handle.
///
/// It is packed on all cores: permissions, times, owners, symbolic and hard links are kept, sockets and
/// devices left out. A storage wants to know the length first, so the archive is gathered, in memory
/// while it is small, else in a file without a name in TMPDIR (/tmp). `tree`, which may be NULL, says what
/// is left out. `params`, or NULL: `/name` (default: the directory's and .tar.gz), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete.
/// Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[no_mangle]
pub unsafe extern "C" fn runloop_object_upload_from_dir(
    client: *const runloop_client,
    path: *const c_char,
    tree: *const runloop_tree_options,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_object_upload_from_dir, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, path: Text], {
        let params = params::of(&params);
        // SAFETY: by the header's rules.
        let made = unsafe { with_tree(tree, |tree| StorageObject::upload_directory(&client, &path, tree, &params, &opts)) }?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}

/// Makes an object of a text; the caller owns the handle.
///
/// `params`, or NULL: `/content_type` (default: text), `/metadata`, `/ttl_ms`. Leaves nothing behind, as
/// runloop_object_upload_from_file(). Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_STOPPED.
#[no_mangle]
pub unsafe extern "C" fn runloop_object_upload_from_text(
    client: *const runloop_client,
    name: *const c_char,
    text: *const c_char,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_object_upload_from_text, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, name: Text, text: Text], {
        let made = StorageObject::upload_text(&client, &name, &text, &params::of(&params), &opts)?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}

/// Makes an object of `length` bytes from `data`; the caller owns the handle.
///
/// `params`, or NULL: `/content_type` (default: by the name's ending), `/metadata`, `/ttl_ms`. Leaves
/// nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete. Any
/// thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_STOPPED.
#[no_mangle]
pub unsafe extern "C" fn runloop_object_upload_from_bytes(
    client: *const runloop_client,
    name: *const c_char,
    data: *const c_char,
    length: usize,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_object_upload_from_bytes, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, name: Text], {
        // SAFETY: by the header's rules.
        let data = unsafe { arguments::data(data.cast::<c_void>(), length, "data") }?;
        let made = StorageObject::upload(&client, &name, &params::of(&params), &mut Memory::new(data), &opts)?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}

/// Makes an object of what a file, memory, descriptor or function gives; the caller owns the handle.
///
/// A storage wants to know the length first. Where it is not known (a pipe, or a function with a
/// `length` of -1) the bytes are gathered, in memory while they are few, else in a file without a name in
/// TMPDIR (/tmp). `params`, or NULL: `/content_type` (default: by the name's ending), `/metadata`, `/ttl_ms`.
/// Leaves nothing behind, as runloop_object_upload_from_file(). Blocks until the object is complete.
/// Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[no_mangle]
pub unsafe extern "C" fn runloop_object_upload_from_source(
    client: *const runloop_client,
    name: *const c_char,
    source: *const runloop_source,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_object_upload_from_source, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, name: Text], {
        let params = params::of(&params);
        // SAFETY: by the header's rules.
        let made = unsafe { with_source(source, |source| StorageObject::upload(&client, &name, &params, source, &opts)) }?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}

/// Makes an object of a directory as a blueprint's build context, without what its `.dockerignore` names
/// (by Docker's own rules; the patterns of `tree`, which may be NULL, come after those); the caller owns
/// the handle. Give it to the blueprint with runloop_object_as_build_context().
///
/// In all else as runloop_object_upload_from_dir(), but that the files belong to nobody in particular.
/// Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED; RUNLOOP_INVALID_ARGUMENT for a
/// pattern that Docker would refuse.
#[no_mangle]
pub unsafe extern "C" fn runloop_docker_context_upload(
    client: *const runloop_client,
    path: *const c_char,
    tree: *const runloop_tree_options,
    params: *const runloop_params,
    opts: *const runloop_call_options,
    object: *mut *mut runloop_object,
    error: *mut *mut runloop_error,
) -> i32 {
    boundary!(runloop_docker_context_upload, error, [object: Out<*mut runloop_object>, client: In<runloop_client>, params: Maybe<runloop_params>, opts: Options, path: Text], {
        let params = params::of(&params);
        // SAFETY: by the header's rules.
        let made = unsafe { with_tree(tree, |tree| StorageObject::upload_docker_context(&client, &path, tree, &params, &opts)) }?;
        object.set(handles::give(Handle::new(made)));
        Ok(())
    })
}
