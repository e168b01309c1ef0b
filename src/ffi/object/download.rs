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

/// Gives the object's content; the caller owns the bytes. For what is too large for memory use
/// runloop_object_download_to_file(): content longer than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The content comes from the storage's own host, without the API key and following no redirect. Where
/// the connection breaks, the transfer goes on where it stopped; the length is checked at the end.
///
/// `params`, or NULL: `/duration_seconds`, for how long the signed URL is good. The `timeout_ms` of `opts` is
/// how long the transfer may stand still (default: the client's, else 60 s). Blocks until the content is
/// here. Any thread.
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

/// Gives the object's content as UTF-8 text; the caller owns it. What is no UTF-8 in it is replaced by
/// U+FFFD. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the content is here. Any thread.
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

/// Fetches the object's content, of any size, to a file of this machine, a few pieces of it in memory at
/// a time. The file appears under its name, replacing what was there, when it is whole; after a failure
/// nothing is left of it. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the file is here. Any thread.
///
/// Endpoint: GET /v1/objects/{id}/download, then GET from the storage.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_object_download_to_file(object: In<runloop_object>, path: Text, params: Maybe<runloop_params>, opts: Options) -> Result<()> {
    write_to(PathSink::create(&path)?, |sink| object.object.download(&params::of(&params), sink, &opts))
}

/// Fetches the object's content, a tar or tar.gz archive, and unpacks it as it comes into a directory of
/// this machine. One that does not exist appears when it is whole; in an existing one files are added
/// and replaced, each when it is whole, new directories appear before what is in them, and what came before a failure stays.
///
/// Nothing lands outside the directory: an archive that would put something there is refused with
/// RUNLOOP_BAD_ARCHIVE; links that would lead outside, and devices, are left out and told of. The limits
/// of `tree` (which may be NULL) hold. In all else as runloop_object_download_as_bytes().
///
/// Blocks until the directory is here. Any thread.
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

/// Fetches the object's content, of any size, to a file, descriptor or function, a few pieces of it in
/// memory at a time. In all else as runloop_object_download_as_bytes(); where the storage cannot go on in
/// the middle, a descriptor or function gets RUNLOOP_BROKEN, since it has taken what came before.
///
/// Blocks until all is here. Any thread.
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
        return Err(arguments::null("sink", "where the bytes go"));
    }
    let params = params::of(&params);
    // SAFETY: not NULL, and else by the header's rules.
    unsafe { with_sink(sink, |sink| object.object.download(&params, sink, &opts)) }
}
