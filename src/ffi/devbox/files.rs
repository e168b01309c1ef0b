//! The files of a devbox.

use std::ffi::{c_char, c_void};

use runloop_macros::export;

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{In, MaybeOut, Out, Text};
use crate::ffi::boundary::bytes::{runloop_bytes, Owned};
use crate::ffi::boundary::{arguments, handles};
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::Options;
use crate::ffi::options::source_sink::{runloop_sink, runloop_source, with_sink, with_source};

/// Reads a text file of the devbox. For large or binary files, use runloop_devbox_download_file().
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the contents have been
/// received. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/read_file_contents.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_read_file(devbox: In<runloop_devbox>, path: Text, opts: Options, contents: Out<*mut runloop_bytes>) -> Result<()> {
    contents.set(handles::give(Owned::new(devbox.devbox.read_file(&path, &opts)?)));
    Ok(())
}

/// Writes `length` bytes from `contents` to a file of the devbox, which is created or replaced. Contents
/// that are not valid UTF-8 are uploaded instead, because the endpoint for text cannot transfer them.
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the service has written the
/// file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/write_file_contents, or …/upload_file.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_write_file(devbox: In<runloop_devbox>, path: Text, contents: *const c_char, length: usize, opts: Options) -> Result<()> {
    // SAFETY: by the header's rules.
    let contents = unsafe { arguments::data(contents.cast::<c_void>(), length, "contents") }?;
    devbox.devbox.write_file(&path, contents, &opts)
}

/// Uploads a file of any size to the devbox, from a file, memory, a descriptor or a callback, in constant
/// memory.
///
/// `path` is the destination in the devbox: absolute, or relative to the user's home directory.
/// `timeout_ms` in `opts` is the idle timeout; `progress` counts the bytes of the whole request body. If
/// the connection breaks, the file is sent again, up to `max_retries` times, which is harmless. This is not
/// possible if a pipe or a callback has provided bytes: the call then fails, the service may have written
/// the file or a part of it, and runloop_error_retryable() does not return RUNLOOP_RETRYABLE_YES. Blocks
/// until the service has the file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_upload_file(devbox: In<runloop_devbox>, path: Text, source: *const runloop_source, opts: Options) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_source(source, |source| devbox.devbox.upload_file(&path, source, &opts)) }
}

/// Downloads a file of any size from the devbox, to a file, a descriptor or a callback, in constant memory.
/// If `sink` is NULL, downloads into memory: `contents` receives the bytes, and a file that is larger than
/// runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The service does not support downloading a part of a file. If the connection breaks, a file that goes to
/// a path, to memory or to a descriptor of a regular file is downloaded again from its beginning (and
/// `progress` starts again), up to `max_retries` times; for any other descriptor, and for a callback, the
/// call fails with RUNLOOP_BROKEN once it has received bytes. A local file appears under its name when it
/// is complete, and nothing is left of it after a failure.
///
/// `path` is absolute, or relative to the user's home directory. `timeout_ms` in `opts` is the idle
/// timeout. Blocks until the file has been received. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/download_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_download_file(
    devbox: In<runloop_devbox>,
    path: Text,
    sink: *const runloop_sink,
    opts: Options,
    contents: MaybeOut<*mut runloop_bytes>,
) -> Result<()> {
    match (sink.is_null(), contents) {
        (true, Some(contents)) => {
            contents.set(handles::give(Owned::new(devbox.devbox.download_file_held(&path, &opts)?)));
            Ok(())
        }
        // SAFETY: not NULL, and else by the header's rules.
        (false, None) => unsafe { with_sink(sink, |sink| devbox.devbox.download_file(&path, sink, &opts)) },
        (true, None) => Err(Error::invalid("sink and contents are NULL; one of them must say where the file goes.")),
        (false, Some(_)) => Err(Error::invalid("sink and contents are both given; the file goes to one of them.")),
    }
}
