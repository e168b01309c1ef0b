//! `runloop_exec_options`

use std::ffi::{c_char, c_void};

use super::call::milliseconds;
use runloop_macros::growing;

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{Argument, MaybeText};
use crate::ffi::boundary::callbacks::{runloop_output_fn, OutputFunctions};
use crate::ffi::boundary::{arguments, growing};
use crate::sdk::{ExecOptions, Surroundings};

/// Options for running a command. Zero and NULL select the defaults; initialize with
/// `runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;`. Everything that it points to is used only
/// during the call, except for the output callbacks of runloop_devbox_exec_async(): see there.
#[growing]
pub struct runloop_exec_options {
    /// sizeof(runloop_exec_options); set by RUNLOOP_EXEC_OPTIONS_INIT.
    pub struct_size: usize,
    /// Working directory of the command. Default: the user's home directory.
    pub working_directory: *const c_char,
    /// Environment variables in addition to the devbox's own: strings of the form NAME=value, followed by a
    /// NULL pointer. Any valid name can be set, except variables that the shell controls (PPID, RANDOM,
    /// SHELLOPTS …), which are RUNLOOP_INVALID_ARGUMENT. If the devbox's profile makes one of the variables
    /// read-only, the command is not run and the exit code is 125. Values of four bytes or more are removed
    /// from error messages.
    pub environment: *const *const c_char,
    /// User that runs the command. Default: the devbox's user.
    pub user: *const c_char,
    /// Limit for the run time of the command, in milliseconds. When it is exceeded, the command's process
    /// group is killed (see runloop_execution_kill()), and the output so far is returned. If the command
    /// has not ended 10 s later, the call fails with RUNLOOP_WAIT_TIMED_OUT. Default: no limit.
    pub timeout_ms: i64,
    /// Keeps only the last N bytes of each output stream in the result; the output callbacks receive all of
    /// it. Default: everything is kept.
    pub max_output_bytes: i64,
    /// Receives standard output as it is produced.
    pub on_stdout: runloop_output_fn,
    /// Receives standard error as it is produced.
    pub on_stderr: runloop_output_fn,
    /// Receives both as they are produced.
    pub on_output: runloop_output_fn,
    /// Passed to the output callbacks.
    pub user_data: *mut c_void,
    /// Not 0: lets runloop_execution_send_stdin() send input. Only for runloop_devbox_exec_async().
    pub attach_stdin: i32,
    /// Must be 0.
    pub reserved: i32,
}

/// The options, taken.
pub struct Exec {
    pub options: ExecOptions,
    pub functions: OutputFunctions,
}

/// # Safety
/// `raw` is NULL or keeps the header's rules.
pub unsafe fn read(raw: *const runloop_exec_options) -> Result<Exec> {
    let nothing = OutputFunctions { on_stdout: None, on_stderr: None, on_output: None, user_data: std::ptr::null_mut() };
    if raw.is_null() {
        return Ok(Exec { options: ExecOptions::default(), functions: nothing });
    }
    // SAFETY: by the header's rules the struct has the size that it says.
    let given = unsafe { growing::read(raw) }?;
    if given.reserved != 0 {
        return Err(Error::invalid("The member reserved of runloop_exec_options is not 0."));
    }
    let max_output = match usize::try_from(given.max_output_bytes) {
        Ok(0) => None,
        Ok(bytes) => Some(bytes),
        Err(_) => return Err(Error::invalid(format!("max_output_bytes is {}; it cannot be negative.", given.max_output_bytes))),
    };
    // SAFETY: the members keep the header's rules.
    let surroundings = unsafe {
        Surroundings {
            working_directory: <MaybeText as Argument>::take(given.working_directory, "working_directory")?,
            environment: environment(given.environment)?,
            user: <MaybeText as Argument>::take(given.user, "user")?,
        }
    };
    Ok(Exec {
        options: ExecOptions {
            surroundings,
            timeout: milliseconds(given.timeout_ms, "timeout_ms")?,
            max_output,
            attach_stdin: given.attach_stdin != 0,
        },
        functions: OutputFunctions {
            on_stdout: given.on_stdout,
            on_stderr: given.on_stderr,
            on_output: given.on_output,
            user_data: given.user_data,
        },
    })
}

/// # Safety
/// `list` is NULL, or an array of NUL-terminated texts that ends with NULL.
unsafe fn environment(list: *const *const c_char) -> Result<Vec<(String, String)>> {
    let mut variables = Vec::new();
    if list.is_null() {
        return Ok(variables);
    }
    loop {
        // SAFETY: by this function's contract there is a NULL, and we stop there.
        let entry = unsafe { list.add(variables.len()).read() };
        if entry.is_null() {
            return Ok(variables);
        }
        // SAFETY: as above.
        let text = unsafe { arguments::text(entry, "environment") }?;
        let (name, value) = text.split_once('=').ok_or_else(|| Error::invalid("An entry of environment has no =; each is NAME=value."))?;
        variables.push((name.to_owned(), value.to_owned()));
    }
}

/// Exec options, which may be NULL.
pub struct ExecArgument;

impl Argument for ExecArgument {
    type Raw = *const runloop_exec_options;
    type Taken = Exec;

    unsafe fn take(raw: *const runloop_exec_options, _name: &'static str) -> Result<Exec> {
        // SAFETY: the caller keeps the header's rules.
        unsafe { read(raw) }
    }
}
