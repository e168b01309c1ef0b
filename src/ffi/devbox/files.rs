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

/// Gives the contents of a text file of the devbox; the caller owns the bytes. For files that are
/// large or no text use runloop_devbox_download_file().
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the contents are
/// here. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/read_file_contents.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_read_file(devbox: In<runloop_devbox>, path: Text, opts: Options, contents: Out<*mut runloop_bytes>) -> Result<()> {
    contents.set(handles::give(Owned::new(devbox.devbox.read_file(&path, &opts)?)));
    Ok(())
}

/// Makes a file of the devbox hold `length` bytes from `contents`, creating or replacing it. What
/// is no UTF-8 text is uploaded instead, since the operation for text cannot carry it.
///
/// `path` is absolute, or relative to the user's home directory. Blocks until the service has
/// written the file. Any thread.
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

/// Sends a file of any size into the devbox, from a file, memory, descriptor or function, a few
/// pieces of it in memory at a time.
///
/// `path` is where it goes in the devbox: absolute, or relative to the user's home directory. The
/// `timeout_ms` of `opts` is how long the transfer may stand still; the `progress` function is told
/// of all bytes of the request's body. Where the connection breaks, the file is sent again, as often as
/// `max_retries` says: putting it twice is like putting it once. What a pipe or a function gave cannot be had
/// again: then the call fails, and the service may have written the file, or a part of it; runloop_error_retryable() does not
/// say YES. Blocks until the
/// service has the file. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/upload_file.
///
/// Statuses: those of any request; RUNLOOP_LOCAL_IO, RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_upload_file(devbox: In<runloop_devbox>, path: Text, source: *const runloop_source, opts: Options) -> Result<()> {
    // SAFETY: by the header's rules.
    unsafe { with_source(source, |source| devbox.devbox.upload_file(&path, source, &opts)) }
}

/// Fetches a file of any size from the devbox, to a file, descriptor or function, a few pieces of
/// it in memory at a time; or, where `sink` is NULL, into memory: then `contents` receives it, and
/// the caller owns the bytes. There a file longer than runloop_config_set_max_answer_bytes() allows is RUNLOOP_PROTOCOL.
///
/// The service gives no parts of a file: where the connection breaks, a file that goes to a path, into memory or to a
/// descriptor of a regular file is fetched again from its beginning (and `progress` begins anew), as often as `max_retries`
/// says; any other descriptor or function that has taken bytes gets RUNLOOP_BROKEN. A file of this machine
/// appears under its name when it is whole, and after a failure nothing is left of it.
///
/// `path` is absolute, or relative to the user's home directory. The `timeout_ms` of `opts` is how
/// long the transfer may stand still. Blocks until the file is here. Any thread.
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
