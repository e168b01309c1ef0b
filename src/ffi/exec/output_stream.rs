//! `runloop_output_stream`: a command's output, pulled.

use std::ffi::c_char;
use std::sync::{Mutex, TryLockError};

use runloop_macros::{export, handle};

use super::execution::runloop_execution;
use crate::error::{Error, Result, Status};
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::sdk::{OutputStream, StdStream};

/// A stream of a command's output, read piece by piece in constant memory: a slow reader applies
/// back-pressure. May be used by one thread at a time. Free it with runloop_output_stream_free().
#[handle(Mutex<Pulled>)]
pub struct runloop_output_stream;

/// A stream, and the piece of it that is borrowed.
pub struct Pulled {
    stream: OutputStream,
    piece: Vec<u8>,
}

/// Opens a stream of a command's output, from its first byte. Sends nothing yet.
///
/// `which` is RUNLOOP_STDOUT, RUNLOOP_STDERR, or both combined with `|`. The timeout, the retries and the
/// extra headers in `opts` apply to the requests of the stream; pass a deadline and a cancel token to each
/// runloop_output_stream_next() instead. A request that receives nothing for the timeout, or for 20 s if
/// that is shorter, is sent again, since its connection may have died unnoticed. A stream that stays silent
/// although the command has ended is requested once more, and then given up.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_execution_stream(
    execution: In<runloop_execution>,
    which: i32,
    opts: Options,
    stream: Out<*mut runloop_output_stream>,
) -> Result<()> {
    const BOTH: i32 = StdStream::Stdout as i32 | StdStream::Stderr as i32;
    let outputs = match which {
        BOTH => StdStream::ALL.to_vec(),
        _ => StdStream::from_number(which).into_iter().collect(),
    };
    if outputs.is_empty() {
        return Err(Error::invalid(format!("which is {which}; it must be RUNLOOP_STDOUT, RUNLOOP_STDERR or both.")));
    }
    let pulled = Pulled { stream: execution.execution.stream(&outputs, &opts), piece: Vec::new() };
    stream.set(handles::give(Mutex::new(pulled)));
    Ok(())
}

/// Reads the next piece of output. `data` receives `length` bytes without a terminating NUL, borrowed from
/// `stream` until the next call or until it is freed. `which` receives RUNLOOP_STDOUT or RUNLOOP_STDERR. At
/// the end, returns RUNLOOP_OK with `which` 0 and `data` NULL.
///
/// Every byte is delivered once and in order, even if the connection breaks. Invalid UTF-8, including
/// incomplete characters, is replaced by U+FFFD. A failed call, for instance one that exceeds its deadline,
/// loses nothing: the next call continues. If the stream broke or stayed silent, and it cannot be confirmed
/// afterwards that all output has arrived, the call returns RUNLOOP_BROKEN instead of the end. If one of
/// two outputs fails, the next call continues with the other, and tries the failed one again. Blocks until
/// there is output. One thread at a time.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if another thread is using the stream.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates.
#[export]
fn runloop_output_stream_next(
    stream: In<runloop_output_stream>,
    opts: Options,
    which: Out<i32>,
    data: Out<*const c_char>,
    length: Out<usize>,
) -> Result<()> {
    let mut pulled = match stream.try_lock() {
        Ok(pulled) => pulled,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => {
            return Err(Error::new(Status::WrongState, "Another thread is reading this stream; one reads at a time."))
        }
    };
    if let Some((from, piece)) = pulled.stream.next(&opts)? {
        pulled.piece = piece;
        which.set(from as i32);
        data.set(pulled.piece.as_ptr().cast());
        length.set(pulled.piece.len());
    }
    Ok(())
}

/// Frees the stream and closes it at the service. The command continues.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_output_stream_free(stream: *mut runloop_output_stream) {
    drop(handles::take(stream))
}
