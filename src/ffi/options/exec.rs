//! `runloop_exec_options`

use std::ffi::{c_char, c_void};

use super::call::milliseconds;
use runloop_macros::growing;

use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{Argument, MaybeText};
use crate::ffi::boundary::callbacks::{runloop_output_fn, OutputFunctions};
use crate::ffi::boundary::{arguments, growing};
use crate::sdk::{ExecOptions, Surroundings};

/// How a command is run. Zero, or NULL, is the default everywhere; begin with
/// `runloop_exec_options exec = RUNLOOP_EXEC_OPTIONS_INIT;`. Everything that it points to is used
/// during the call alone, but for the output functions of runloop_devbox_exec_async(), which
/// see.
#[growing]
pub struct runloop_exec_options {
    /// sizeof(runloop_exec_options); set by the _INIT macro.
    pub struct_size: usize,
    /// Where the command runs. Default: the user's home directory.
    pub working_directory: *const c_char,
    /// Variables besides the devbox's own: texts of the form NAME=value, the last pointer NULL. Any name that a program can be
    /// given is set, but those whose value is the shell's own (PPID, RANDOM, SHELLOPTS …): RUNLOOP_INVALID_ARGUMENT. Where the
    /// devbox's profile forbids to set one, the command is not run, and the exit code is 125. Values of four bytes and more are
    /// struck out of whatever an error repeats.
    pub environment: *const *const c_char,
    /// As whom the command runs. Default: the devbox's user.
    pub user: *const c_char,
    /// When the command has run for so long its process group is killed (see runloop_execution_kill()), and what it had
    /// printed is returned; in milliseconds. Where the command has not ended 10 s later, the call fails with
    /// RUNLOOP_WAIT_TIMED_OUT. Default: no limit.
    pub timeout_ms: i64,
    /// So many bytes of each output are kept for the result, from its end; the output functions
    /// get all of it. Default: all of it.
    pub max_output_bytes: i64,
    /// Gets standard output as it comes.
    pub on_stdout: runloop_output_fn,
    /// Gets standard error as it comes.
    pub on_stderr: runloop_output_fn,
    /// Gets both as they come.
    pub on_output: runloop_output_fn,
    /// Handed to the output functions.
    pub user_data: *mut c_void,
    /// Not 0: runloop_execution_send_stdin() can be used. For runloop_devbox_exec_async() alone.
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
