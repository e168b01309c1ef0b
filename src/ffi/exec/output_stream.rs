//! `runloop_output_stream`: a command's output, pulled.

use std::ffi::c_char;
use std::sync::{Mutex, TryLockError};

use runloop_macros::{export, handle};

use super::execution::runloop_execution;
use crate::error::{Error, Result, Status};
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::sdk::{OutputStream, Which};

/// A command's output, to be pulled piece by piece: whoever reads slowly slows the sender, and
/// memory stays flat. For one thread at a time. Free it with runloop_output_stream_free().
#[handle(Mutex<Pulled>)]
pub struct runloop_output_stream;

/// A stream, and the piece of it that is borrowed.
pub struct Pulled {
    stream: OutputStream,
    piece: Vec<u8>,
}

/// Begins to read a command's output from its first byte; the caller owns the stream.
///
/// `which` is RUNLOOP_STDOUT, RUNLOOP_STDERR, or both (`|`). The timeout, the retries and the extra
/// headers of `opts` are those of the stream's requests: one that is silent for the timeout, and for 20 s at most, is asked anew,
/// since its connection may have died unnoticed; deadline and cancel token are given to each
/// runloop_output_stream_next(). A stream that stays silent although the command has ended is asked once more, and then given up.
///
/// Nothing is sent yet. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_execution_stream(
    execution: In<runloop_execution>,
    which: i32,
    opts: Options,
    stream: Out<*mut runloop_output_stream>,
) -> Result<()> {
    const BOTH: i32 = Which::Stdout as i32 | Which::Stderr as i32;
    let outputs = match which {
        BOTH => Which::ALL.to_vec(),
        _ => Which::from_number(which).into_iter().collect(),
    };
    if outputs.is_empty() {
        return Err(Error::invalid(format!("which is {which}; it must be RUNLOOP_STDOUT, RUNLOOP_STDERR or both.")));
    }
    let pulled = Pulled { stream: execution.execution.stream(&outputs, &opts), piece: Vec::new() };
    stream.set(handles::give(Mutex::new(pulled)));
    Ok(())
}

/// Gives the next piece of output: `data`, borrowed until the next call on this stream or until it
/// is freed, `length` bytes (no NUL behind them), and in `which` RUNLOOP_STDOUT or RUNLOOP_STDERR. At
/// the end the status is RUNLOOP_OK, `which` is 0 and `data` NULL.
///
/// Every byte comes once, in order, through whatever happens to the connection. Bytes that are no UTF-8, and halves of
/// characters, come as U+FFFD. A call that failed, by its deadline for instance, has lost nothing: the next one goes on. Where the
/// stream broke or stayed silent, and what followed does not show that all has come, RUNLOOP_BROKEN stands in the place of the end.
/// If one of two outputs fails, the next call goes on with the other, and tries the failed one again. Blocks until there is
/// output. One thread at a time.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where another thread is at it.
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

/// Frees a stream, and ends it at the service. The command goes on. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_output_stream_free(stream: *mut runloop_output_stream) {
    drop(handles::take(stream))
}
