//! Functions of the caller's that the library calls, always on the calling thread.

use std::ffi::{c_char, c_void};

use super::error::c_text;
use crate::os::process;
use crate::panics;
use crate::sdk::{BuildListener, Listener, StdStream};

/// Callback: receives output of a command as it is produced. `stream` is RUNLOOP_STDOUT or RUNLOOP_STDERR.
/// `data` holds `length` bytes without a terminating NUL and is valid until the callback returns. Return 0
/// to continue; any other value ends the call with RUNLOOP_STOPPED.
pub type runloop_output_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, stream: i32, data: *const c_char, length: usize) -> i32>;

/// Callback: reports the progress of a transfer, in bytes. `total` is -1 if the length is not known. Return
/// 0 to continue; any other value ends the call with RUNLOOP_STOPPED.
pub type runloop_progress_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, done: i64, total: i64) -> i32>;

/// Callback: receives one line of a blueprint's build log: its timestamp (Unix time in milliseconds), level
/// and message. The strings are valid until the callback returns. Return 0 to continue; any other value
/// ends the call with RUNLOOP_STOPPED.
///
/// If the end of the log cannot be fetched, the last line has the level "warn" and a message that begins
/// with "librunloop: ".
pub type runloop_build_log_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, timestamp_ms: i64, level: *const c_char, message: *const c_char) -> i32>;

/// Callback: provides the next bytes of an upload. Writes at most `capacity` bytes to `buffer` and returns
/// their number. Return 0 at the end of the data, or -1 to end the call with RUNLOOP_STOPPED.
pub type runloop_read_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, buffer: *mut c_char, capacity: usize) -> i64>;

/// Callback: receives the next `length` bytes of a download. `data` is valid until the callback returns.
/// Return 0 to continue; any other value ends the call with RUNLOOP_STOPPED.
pub type runloop_write_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, data: *const c_char, length: usize) -> i32>;

/// Callback: reports an entry of a directory that was skipped, and the reason. `path` is relative to the
/// directory. Both strings are valid until the callback returns.
pub type runloop_skipped_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, path: *const c_char, reason: *const c_char)>;

/// Callback: receives one log line, without a line feed and without secrets, which is valid until the
/// callback returns. `level` is one of RUNLOOP_LOG_….
///
/// This is the only callback that may run on ANY thread, and on several at once: it must be thread-safe.
/// The lines of a call are delivered on the calling thread before the call returns, while the library holds
/// no lock. If the call takes longer than a moment, and for background work, they are delivered on a thread
/// of the library. A slow callback delays only the calls whose lines it receives.
///
/// It may call any function of the library; those calls are not logged.
pub type runloop_log_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

as_given!(runloop_build_log_fn, runloop_log_fn);

/// Calls a function of the host's. It may fork, and come back in the child too: nothing of the call continues
/// there, and all frames up to the boundary are left at once.
pub fn call<T>(function: impl FnOnce() -> T) -> T {
    let generation = process::generation();
    let given = {
        let _outside = panics::outside();
        function()
    };
    if generation != process::generation() {
        std::panic::resume_unwind(Box::new("forked"));
    }
    given
}

/// The caller's output functions of one call.
#[derive(Clone, Copy)]
pub struct OutputFunctions {
    pub on_stdout: runloop_output_fn,
    pub on_stderr: runloop_output_fn,
    pub on_output: runloop_output_fn,
    pub user_data: *mut c_void,
}

// SAFETY: the functions are called on the calling thread alone; what moves is their address and
// the caller's pointer, which the library does not follow.
unsafe impl Send for OutputFunctions {}
// SAFETY: as above.
unsafe impl Sync for OutputFunctions {}

impl OutputFunctions {
    pub fn any(&self) -> bool {
        self.on_stdout.is_some() || self.on_stderr.is_some() || self.on_output.is_some()
    }

    fn own(&self, which: StdStream) -> runloop_output_fn {
        match which {
            StdStream::Stdout => self.on_stdout,
            StdStream::Stderr => self.on_stderr,
        }
    }
}

impl Listener for OutputFunctions {
    fn wants(&self, which: StdStream) -> bool {
        self.own(which).is_some() || self.on_output.is_some()
    }

    fn take(&mut self, which: StdStream, piece: &[u8]) -> bool {
        [self.own(which), self.on_output].into_iter().flatten().all(|function| {
            // SAFETY: the caller gave a function of this type, to be called during the call.
            call(|| unsafe { function(self.user_data, which as i32, piece.as_ptr().cast(), piece.len()) == 0 })
        })
    }
}

/// A pointer of the caller's that travels with a function of the caller's.
#[derive(Clone, Copy)]
pub struct UserData(pub *mut c_void);

// SAFETY: the library hands it back and never follows it; the thread rules of the function that
// gets it are in the header.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    pub fn pointer(self) -> *mut c_void {
        self.0
    }
}

/// The caller's log function of one call.
pub struct BuildLogFunction {
    function: unsafe extern "C" fn(*mut c_void, i64, *const c_char, *const c_char) -> i32,
    user_data: *mut c_void,
}

impl BuildLogFunction {
    pub fn new(function: runloop_build_log_fn, user_data: *mut c_void) -> Option<BuildLogFunction> {
        function.map(|function| BuildLogFunction { function, user_data })
    }

    pub fn listener(&mut self) -> &mut dyn BuildListener {
        self
    }
}

impl BuildListener for BuildLogFunction {
    fn take(&mut self, timestamp_ms: i64, level: &str, message: &str) -> bool {
        let (level, message) = (c_text(level.as_bytes()), c_text(message.as_bytes()));
        // SAFETY: the caller gave a function of this type, to be called during the call.
        call(|| unsafe { (self.function)(self.user_data, timestamp_ms, level.as_ptr(), message.as_ptr()) == 0 })
    }
}
