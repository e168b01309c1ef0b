//! Storage objects made of files, directories, texts, memory and whatever else gives bytes.

use std::ffi::{c_char, c_void};

use runloop_macros::export;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, Out, Text};
use crate::ffi::boundary::{arguments, handles};
use crate::ffi::client::runloop_client;
use crate::ffi::object::{runloop_object, Handle};
use crate::ffi::options::call::Options;
use crate::ffi::options::source_sink::{read_from, runloop_source, with_source};
use crate::ffi::options::tree::{runloop_tree_options, with_tree};
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::sdk::{FileSource, Memory, StorageObject};

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
#[export]
fn runloop_object_upload_from_file(
    client: In<runloop_client>,
    path: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let params = params::of(&params);
    let made = read_from(FileSource::open(&path)?, |source| StorageObject::upload_file(&client, &path, source, &params, &opts))?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
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
#[export]
fn runloop_object_upload_from_dir(
    client: In<runloop_client>,
    path: Text,
    tree: *const runloop_tree_options,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let params = params::of(&params);
    // SAFETY: by the header's rules.
    let made = unsafe { with_tree(tree, |tree| StorageObject::upload_directory(&client, &path, tree, &params, &opts)) }?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
}

/// Makes an object of a text; the caller owns the handle.
///
/// `params`, or NULL: `/content_type` (default: text), `/metadata`, `/ttl_ms`. Leaves nothing behind, as
/// runloop_object_upload_from_file(). Blocks until the object is complete. Any thread.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_STOPPED.
#[export]
fn runloop_object_upload_from_text(
    client: In<runloop_client>,
    name: Text,
    text: Text,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let made = StorageObject::upload_text(&client, &name, &text, &params::of(&params), &opts)?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
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
#[export]
fn runloop_object_upload_from_bytes(
    client: In<runloop_client>,
    name: Text,
    data: *const c_char,
    length: usize,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    // SAFETY: by the header's rules.
    let data = unsafe { arguments::data(data.cast::<c_void>(), length, "data") }?;
    let made = StorageObject::upload(&client, &name, &params::of(&params), &mut Memory::new(data), &opts)?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
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
#[export]
fn runloop_object_upload_from_source(
    client: In<runloop_client>,
    name: Text,
    source: *const runloop_source,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let params = params::of(&params);
    // SAFETY: by the header's rules.
    let made = unsafe { with_source(source, |source| StorageObject::upload(&client, &name, &params, source, &opts)) }?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
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
#[export]
fn runloop_docker_context_upload(
    client: In<runloop_client>,
    path: Text,
    tree: *const runloop_tree_options,
    params: Maybe<runloop_params>,
    opts: Options,
    object: Out<*mut runloop_object>,
) -> Result<()> {
    let params = params::of(&params);
    // SAFETY: by the header's rules.
    let made = unsafe { with_tree(tree, |tree| StorageObject::upload_docker_context(&client, &path, tree, &params, &opts)) }?;
    object.set(handles::give(Handle::new(made)));
    Ok(())
}
