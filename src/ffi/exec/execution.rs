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

/// A command that was started in a devbox. Freeing the handle leaves the command running.
/// Thread-safe. Free it with runloop_execution_free().
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

/// Runs a command in a fresh login shell of the devbox and waits for its end; the caller owns the
/// result. A command that fails is a result, not an error.
///
/// With output functions in `exec`, output comes to them as it is produced, every byte once, on
/// this thread, and never after the call has returned. Without them, and where the command is
/// quick, the call is one round trip. An output that cannot be read does not end the call: the other goes on, the log tells
/// why, and if the finished command does not show all of it, the outcome is RUNLOOP_OUTCOME_OUTPUT_INCOMPLETE.
///
/// The call owns the command: where the call is cancelled, passes its deadline or its `poll_timeout_ms`, is stopped by
/// an output function, or fails otherwise, the command's process group is killed behind it (see runloop_execution_kill()).
///
/// Blocks until the command has ended. Any thread.
///
/// Endpoint: POST /v1/devboxes/{id}/execute; with output functions or limits POST
/// /v1/devboxes/{id}/execute_async, GET /v1/devboxes/{devbox_id}/executions/{execution_id}/stream_stdout_updates,
/// …/stream_stderr_updates, POST …/wait_for_status, …/kill.
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

/// Starts a command in a fresh login shell of the devbox and returns; the caller owns the
/// execution. The command goes on whatever becomes of the handle.
///
/// Output functions in `exec` are called by runloop_execution_result(), on the thread that calls
/// it, and `user_data` must live until then. Likewise a `timeout_ms` is kept to while
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

/// Gives a handle of an execution by its identifier, without asking whether there is one; the
/// caller owns the handle.
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

/// Borrowed from `execution`, until it is freed: its identifier. NULL if `execution` is NULL or
/// freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_execution_id(execution: *const runloop_execution) -> *const c_char {
    handles::get(execution, "execution").map_or(std::ptr::null(), |execution| execution.id.as_ptr())
}

/// Borrowed from `execution`, until it is freed: its devbox's identifier. NULL if `execution` is
/// NULL or freed.
///
/// Any thread; never blocks.
#[export(fallback = std::ptr::null())]
fn runloop_execution_devbox_id(execution: *const runloop_execution) -> *const c_char {
    handles::get(execution, "execution").map_or(std::ptr::null(), |execution| execution.devbox_id.as_ptr())
}

/// Gives the execution as the API shows it now: `/status` is queued, running or completed; the
/// caller owns the value.
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

/// Waits for the command's end; the caller owns the result. May be called again, and by several
/// threads. The call does not own the command: where it is cancelled, the command goes on.
///
/// Calls the output functions given to runloop_devbox_exec_async(), with the output from its first
/// byte. Blocks until the command has ended, however long that takes, where neither `deadline_ms`
/// nor `poll_timeout_ms` says otherwise. Any thread.
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

/// Kills the command; with `process_group` not 0 its process group, which is the command and what it has started. What has
/// left the group (setsid, a daemon) goes on; shutting the devbox down ends that too. A command that has
/// ended already is fine.
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

/// Gives the command text to read, where it was started with `attach_stdin`. Nothing is sent for
/// an empty text.
///
/// Texts sent through one handle arrive in the order of the calls; a call that waits for another to be done keeps to its own
/// deadline and cancel token. A call whose outcome is unknown
/// is not repeated, lest the text arrive twice. Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
#[export]
fn runloop_execution_send_stdin(execution: In<runloop_execution>, text: Text, opts: Options) -> Result<()> {
    execution.execution.send_stdin(&text, &opts)
}

/// Ends the command's input: what it reads next is the end of the file.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `EOF`.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
#[export]
fn runloop_execution_close_stdin(execution: In<runloop_execution>, opts: Options) -> Result<()> {
    execution.execution.close_stdin(&opts)
}

/// Sends the command what Ctrl-C would, where it was started with `attach_stdin`.
///
/// Blocks for one request. Any thread.
///
/// Endpoint: POST /v1/devboxes/{devbox_id}/executions/{execution_id}/send_std_in with `INTERRUPT`.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where the command takes no input.
#[export]
fn runloop_execution_interrupt(execution: In<runloop_execution>, opts: Options) -> Result<()> {
    execution.execution.interrupt(&opts)
}

/// Frees a handle. The command goes on: runloop_execution_kill() ends it. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_execution_free(execution: *mut runloop_execution) {
    drop(handles::take(execution))
}
