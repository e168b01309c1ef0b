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

/// Uploads a local file of any size as a new object, in constant memory.
///
/// `params`, or NULL: `/name` (default: the name of the file), `/content_type` (default: by the extension
/// of the name), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind: if the call fails or is cancelled after the object was created, the object is
/// deleted in the background, unless `keep_on_failure` is set in `opts`; the error has its identifier. So
/// that an object whose identifier was lost can be found, the request carries a mark in its metadata: see
/// runloop_config_set_unmarked_creates(). The transfer, `timeout_ms` and `progress` are those of
/// runloop_object_upload_content().
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

/// Uploads a local directory with everything in it as a new object: a tar.gz archive with relative names,
/// sorted.
///
/// The directory is packed on all cores. Permissions, times, owners, symbolic and hard links are preserved;
/// sockets and devices are skipped. Since the storage requires the length in advance, the archive is stored
/// locally first, in memory if it is small, otherwise in an unnamed file in TMPDIR (/tmp). `params`, or
/// NULL: `/name` (default: the name of the directory, with .tar.gz), `/metadata`, `/ttl_ms`.
///
/// Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is complete. Any
/// thread.
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

/// Uploads a string as a new object.
///
/// `params`, or NULL: `/content_type` (default: text), `/metadata`, `/ttl_ms`. Leaves nothing behind, like
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

/// Uploads `length` bytes from `data` as a new object.
///
/// `params`, or NULL: `/content_type` (default: by the extension of the name), `/metadata`, `/ttl_ms`.
/// Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is complete. Any
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

/// Uploads the bytes of a file, memory, a descriptor or a callback as a new object.
///
/// Since the storage requires the length in advance, content of unknown length (a pipe, or a callback with
/// a `length` of -1) is stored locally first, in memory if it is small, otherwise in an unnamed file in
/// TMPDIR (/tmp). `params`, or NULL: `/content_type` (default: by the extension of the name), `/metadata`,
/// `/ttl_ms`. Leaves nothing behind, like runloop_object_upload_from_file(). Blocks until the object is
/// complete. Any thread.
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

/// Uploads a local directory as a new object that serves as a blueprint's build context: see
/// runloop_object_as_build_context(). Skips what the directory's `.dockerignore` names, by Docker's rules;
/// the patterns in `tree` follow those of that file.
///
/// Otherwise like runloop_object_upload_from_dir(), except that the owners of the files are not preserved.
/// Blocks until the object is complete. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE, RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED;
/// RUNLOOP_INVALID_ARGUMENT for a pattern that Docker would refuse.
///
/// Endpoint: POST /v1/objects, PUT to the storage, POST /v1/objects/{id}/complete.
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
