//! Functions of the caller's that the library calls, always on the calling thread.

use std::ffi::{c_char, c_void};

use super::error::c_text;
use crate::os::process;
use crate::panics;
use crate::sdk::{BuildListener, Listener, Which};

/// Takes output as it comes.
///
/// `stream` is RUNLOOP_STDOUT or RUNLOOP_STDERR, `data` has `length` bytes (no NUL behind them) and
/// is borrowed until the function returns. Called on the thread that made the call, and never after
/// the call has returned. Return 0 to go on; anything else ends the call with RUNLOOP_STOPPED.
///
/// The function may call into the library. It must not throw or longjmp across the library.
pub type runloop_output_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, stream: i32, data: *const c_char, length: usize) -> i32>;

/// Told how much of a transfer is done.
///
/// `total` is -1 where the length is not known. Called on the thread that made the call. Return 0
/// to go on; anything else ends the call with RUNLOOP_STOPPED.
pub type runloop_progress_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, done: i64, total: i64) -> i32>;

/// Told a line of a blueprint's build log: when (Unix time in milliseconds), how grave, and what; the
/// texts are borrowed until the function returns.
///
/// If the end of the log cannot be fetched, the last call has the level "warn" and a message that begins with "librunloop: ".
///
/// Called on the thread that made the call. Return 0 to go on; anything else ends the call with
/// RUNLOOP_STOPPED.
pub type runloop_build_log_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, timestamp_ms: i64, level: *const c_char, message: *const c_char) -> i32>;

/// Gives the next bytes of an upload: writes at most `capacity` bytes to `buffer` and returns how
/// many, 0 at the end, or -1 to end the call with RUNLOOP_STOPPED.
///
/// Called on the thread that made the call.
pub type runloop_read_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, buffer: *mut c_char, capacity: usize) -> i64>;

/// Takes the next bytes of a download, borrowed until the function returns.
///
/// Called on the thread that made the call. Return 0 to go on; anything else ends the call with
/// RUNLOOP_STOPPED.
pub type runloop_write_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, data: *const c_char, length: usize) -> i32>;

/// Told of something that is left out of a directory: its path, relative to the directory, and why,
/// both borrowed until the function returns.
///
/// Called on the thread that made the call.
pub type runloop_skipped_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, path: *const c_char, reason: *const c_char)>;

/// Told what the library does: one line, without a line feed, without secrets, borrowed until the
/// function returns.
///
/// `level` is one of RUNLOOP_LOG_…. This is the one function that is called on ANY thread, and by several at a
/// time: it must be thread-safe. What a call tells, it tells on the calling thread before it returns, while no lock
/// of the library's is held; where the call takes longer than a moment, and for work in the background, the lines
/// are told by a thread of the library's. A function that takes long holds up no call but those whose lines it is told.
///
/// It may call any function of the library, and is told nothing about what those calls do.
pub type runloop_log_fn = Option<unsafe extern "C" fn(user_data: *mut c_void, level: i32, message: *const c_char)>;

as_given!(runloop_build_log_fn, runloop_log_fn);

/// Calls a function of the host's. It may fork, and come back in the child too: nothing of the call goes on
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

    fn own(&self, which: Which) -> runloop_output_fn {
        match which {
            Which::Stdout => self.on_stdout,
            Which::Stderr => self.on_stderr,
        }
    }
}

impl Listener for OutputFunctions {
    fn wants(&self, which: Which) -> bool {
        self.own(which).is_some() || self.on_output.is_some()
    }

    fn take(&mut self, which: Which, piece: &[u8]) -> bool {
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
