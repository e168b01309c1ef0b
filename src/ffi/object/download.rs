//! The content of storage objects, to wherever it shall be.

use runloop_macros::export;

use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, Out, Text};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::{arguments, handles};
use crate::ffi::object::runloop_object;
use crate::ffi::options::call::Options;
use crate::ffi::options::source_sink::{runloop_sink, with_sink, write_to};
use crate::ffi::options::tree::{runloop_tree_options, with_tree};
use crate::ffi::params;
use crate::ffi::params::runloop_params;
use crate::sdk::PathSink;

/// Downloads the object's content into memory. For large content, use runloop_object_download_to_file():
/// content that is larger than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The content comes from the host of the storage; the API key is not sent there, and redirects are not
/// followed. If the connection breaks, the transfer continues where it stopped; the length is checked at
/// the end.
///
/// `params`, or NULL: `/duration_seconds`, the lifetime of the signed URL. `timeout_ms` in `opts` is the
/// idle timeout (default: the client's, otherwise 60 s). Blocks until the content has been received. Any
/// thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_as_bytes(
    object: In<runloop_object>,
    params: Maybe<runloop_params>,
    opts: Options,
    contents: Out<*mut runloop_bytes>,
) -> Result<()> {
    contents.set(handles::give(Owned::new(object.object.download_held(&params::of(&params), &opts)?)));
    Ok(())
}

/// Downloads the object's content as UTF-8 text; invalid UTF-8 is replaced by U+FFFD. Otherwise like
/// runloop_object_download_as_bytes().
///
/// Blocks until the content has been received. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_as_text(
    object: In<runloop_object>,
    params: Maybe<runloop_params>,
    opts: Options,
    contents: Out<*mut runloop_bytes>,
) -> Result<()> {
    let text = match String::from_utf8(object.object.download_held(&params::of(&params), &opts)?) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    contents.set(handles::give(Owned::new(text.into_bytes())));
    Ok(())
}

/// Downloads the object's content, of any size, to a local file, in constant memory. The file appears under
/// its name, and replaces an existing file, when it is complete; nothing is left of it after a failure.
/// Otherwise like runloop_object_download_as_bytes().
///
/// Blocks until the file is complete. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_to_file(object: In<runloop_object>, path: Text, params: Maybe<runloop_params>, opts: Options) -> Result<()> {
    write_to(PathSink::create(&path)?, |sink| object.object.download(&params::of(&params), sink, &opts))
}

/// Downloads the object's content, a tar or tar.gz archive, and unpacks it into a local directory as it
/// arrives. A new directory appears when it is complete. In an existing directory, files are added and
/// replaced, each when it is complete; new directories appear before their contents, and what arrived
/// before a failure stays.
///
/// Nothing is written outside the directory: an archive with an entry outside the directory is refused with
/// RUNLOOP_BAD_ARCHIVE; links that would lead outside, and devices, are skipped and reported. Otherwise
/// like runloop_object_download_as_bytes().
///
/// Blocks until the directory is complete. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_BAD_ARCHIVE, RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_to_dir(
    object: In<runloop_object>,
    path: Text,
    tree: *const runloop_tree_options,
    params: Maybe<runloop_params>,
    opts: Options,
) -> Result<()> {
    let params = params::of(&params);
    // SAFETY: by the header's rules.
    unsafe { with_tree(tree, |tree| object.object.download_directory(&path, tree, &params, &opts)) }
}

/// Downloads the object's content, of any size, to a file, a descriptor or a callback, in constant memory.
/// Otherwise like runloop_object_download_as_bytes(). If the connection breaks and the storage cannot
/// continue in the middle of the content, a descriptor or callback that has already received bytes receives
/// no more, and the call fails with RUNLOOP_BROKEN.
///
/// Blocks until all content has been received. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_to_sink(
    object: In<runloop_object>,
    sink: *const runloop_sink,
    params: Maybe<runloop_params>,
    opts: Options,
) -> Result<()> {
    if sink.is_null() {
        return Err(arguments::null("sink", "the destination of the bytes"));
    }
    let params = params::of(&params);
    // SAFETY: not NULL, and else by the header's rules.
    unsafe { with_sink(sink, |sink| object.object.download(&params, sink, &opts)) }
}
