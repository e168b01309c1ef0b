//! `runloop_execution`: running commands.

use std::ffi::{c_char, CString};

use runloop_macros::{export, handle};

use super::result::{runloop_exec_result, Finished};
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Out, Text};
use crate::ffi::boundary::callbacks::OutputFunctions;
use crate::ffi::boundary::error::c_text;
use crate::ffi::boundary::handles;
use crate::ffi::devbox::runloop_devbox;
use crate::ffi::options::call::Options;
use crate::ffi::options::exec::ExecArgument;
use crate::ffi::value::{runloop_value, Answer};
use crate::sdk::{ExecOptions, Execution, Listener};

/// A command that was started in a devbox. Freeing the handle leaves the command running. Thread-safe. Free
/// it with runloop_execution_free().
#[handle(Started)]
pub struct runloop_execution;

/// An execution, its identifiers ready for C, and how it was started.
pub struct Started {
    pub execution: Execution,
    id: CString,
    devbox_id: CString,
    options: ExecOptions,
    functions: Option<OutputFunctions>,
}

impl Started {
    fn new(execution: Execution, options: ExecOptions, functions: Option<OutputFunctions>) -> Started {
        Started {
            id: c_text(execution.id().as_bytes()),
            devbox_id: c_text(execution.devbox().id().as_bytes()),
            execution,
            options,
            functions,
        }
    }
}

/// Runs a command in a new login shell of the devbox and waits until it ends. A command that fails is a
/// result, not an error.
///
/// If `exec` has output callbacks, they receive the output as it is produced, every byte once (but invalid
/// UTF-8 is replaced by U+FFFD), on this thread, and never after the call has returned. Without them, a
/// command that ends quickly takes a single round trip. If one of the two outputs cannot be read, the call
/// does not end: the other output continues, the reason is logged, and if the finished command does not
/// show all of the output, the outcome is RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE.
///
/// The call owns the command: if the call is cancelled, exceeds its deadline or its `poll_timeout_ms`, is
/// stopped by an output callback, or fails otherwise, the command's process group is killed in the
/// background (see runloop_execution_kill()).
///
/// Blocks until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute; with output callbacks, `timeout_ms` or `max_output_bytes`
/// POST /v1/devboxes/{id}/execute_async,
/// GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates, …/stream_stderr_updates,
/// POST …/wait_for_status, …/kill.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
#[export]
fn runloop_devbox_exec(
    devbox: In<runloop_devbox>,
    command: Text,
    exec: ExecArgument,
    opts: Options,
    result: Out<*mut runloop_exec_result>,
) -> Result<()> {
    let mut functions = exec.functions;
    let listener = functions.any().then_some(&mut functions as &mut dyn Listener);
    let finished = devbox.devbox.exec(&command, &exec.options, &opts, listener)?;
    result.set(handles::give(Finished::new(finished)));
    Ok(())
}

/// Starts a command in a new login shell of the devbox and returns. The command continues whatever happens
/// to the handle.
///
/// Output callbacks in `exec` are called by runloop_execution_result(), on the thread that calls it;
/// `user_data` must stay valid until then. `timeout_ms` in `exec` is likewise enforced only while
/// runloop_execution_result() waits.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute_async.
///
/// Statuses: those of any request.
#[export]
fn runloop_devbox_exec_async(
    devbox: In<runloop_devbox>,
    command: Text,
    exec: ExecArgument,
    opts: Options,
    execution: Out<*mut runloop_execution>,
) -> Result<()> {
    let started = devbox.devbox.exec_async(&command, &exec.options, &opts)?;
    let functions = exec.functions.any().then_some(exec.functions);
    execution.set(handles::give(Started::new(started, exec.options, functions)));
    Ok(())
}

/// Creates a handle for an execution by its identifier. Does not check that it exists.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_execution_attach(devbox: In<runloop_devbox>, id: Text, execution: Out<*mut runloop_execution>) -> Result<()> {
    let attached = Execution::attach(&devbox.devbox, &id)?;
    execution.set(handles::give(Started::new(attached, ExecOptions::default(), None)));
    Ok(())
}

/// Borrowed from `execution`: its identifier. NULL if `execution` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_execution_id(execution: *const runloop_execution) -> *const c_char {
    handles::get(execution, "execution").map_or(std::ptr::null(), |execution| execution.id.as_ptr())
}

/// Borrowed from `execution`: the identifier of its devbox. NULL if `execution` is NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_execution_devbox_id(execution: *const runloop_execution) -> *const c_char {
    handles::get(execution, "execution").map_or(std::ptr::null(), |execution| execution.devbox_id.as_ptr())
}

/// Retrieves the current state of the execution: `/status` is queued, running or completed.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: GET /v1/devboxes/{devbox_id}/executions/{execution_id}.
///
/// Statuses: those of any request.
#[export]
fn runloop_execution_get_state(execution: In<runloop_execution>, opts: Options, state: Out<*mut runloop_value>) -> Result<()> {
    state.set(handles::give(Answer::new(execution.execution.get_state(&opts)?)));
    Ok(())
}

/// Waits until the command has ended. May be called repeatedly, and by several threads. The call does not
/// own the command: if the call is cancelled, the command continues.
///
/// Calls the output callbacks that were passed to runloop_devbox_exec_async(), with the output from its
/// first byte. Blocks until the command has ended, without a limit unless `deadline_ms` or
/// `poll_timeout_ms` sets one. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/wait_for_status.
///
/// Statuses: those of any request; RUNLOOP_WAIT_TIMED_OUT, RUNLOOP_STOPPED.
#[export]
fn runloop_execution_result(execution: In<runloop_execution>, opts: Options, result: Out<*mut runloop_exec_result>) -> Result<()> {
    let mut functions = execution.functions;
    let listener = functions.as_mut().map(|functions| functions as &mut dyn Listener);
    let finished = execution.execution.result(&execution.options, &opts, listener)?;
    result.set(handles::give(Finished::new(finished)));
    Ok(())
}

/// Kills the command, or, if `process_group` is not 0, its process group: the command and the processes
/// that it has started. Processes that have left the group (setsid, daemons) continue; shutting the devbox
/// down kills them too. Succeeds if the command has already ended.
///
/// Blocks for one request, not until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/kill.
///
/// Statuses: those of any request.
#[export]
fn runloop_execution_kill(execution: In<runloop_execution>, process_group: i32, opts: Options) -> Result<()> {
    execution.execution.kill(process_group != 0, &opts).map(drop)
}

/// Writes text to the stdin of a command that was started with `attach_stdin`. Sends nothing if the text is
/// empty.
///
/// Texts sent through the same handle arrive in the order of the calls; a call that waits for an earlier
/// one obeys its own deadline and cancel token. A call whose outcome is unknown is not retried, because the
/// text could arrive twice. Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in.
#[export]
fn runloop_execution_send_stdin(execution: In<runloop_execution>, text: Text, opts: Options) -> Result<()> {
    execution.execution.send_stdin(&text, &opts)
}

/// Closes the stdin of a command that was started with `attach_stdin`: its next read returns end of file.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `EOF`.
#[export]
fn runloop_execution_close_stdin(execution: In<runloop_execution>, opts: Options) -> Result<()> {
    execution.execution.close_stdin(&opts)
}

/// Interrupts a command that was started with `attach_stdin`, as Ctrl-C does.
///
/// Blocks for one request. Any thread.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if the command accepts no input.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `INTERRUPT`.
#[export]
fn runloop_execution_interrupt(execution: In<runloop_execution>, opts: Options) -> Result<()> {
    execution.execution.interrupt(&opts)
}

/// Frees the handle. The command continues until it ends or runloop_execution_kill() is called.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_execution_free(execution: *mut runloop_execution) {
    drop(handles::take(execution))
}
