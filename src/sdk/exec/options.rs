//! What a command may be given: how it runs, and who takes its output.

use std::time::Duration;

use runloop_macros::c_enum;

use super::shell::Surroundings;

/// One of a command's two outputs.
#[c_enum(RUNLOOP)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StdStream {
    /// Standard output. RUNLOOP_STDOUT | RUNLOOP_STDERR means both.
    Stdout = 1,
    /// Standard error.
    Stderr = 2,
}

impl StdStream {
    /// Its place among a result's two outputs.
    pub(crate) fn place(self) -> usize {
        match self {
            StdStream::Stdout => 0,
            StdStream::Stderr => 1,
        }
    }

    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            StdStream::Stdout => "standard output",
            StdStream::Stderr => "standard error",
        }
    }
}

/// How a command is to be run.
#[derive(Clone, Default)]
pub struct ExecOptions {
    /// Where, with what and as whom.
    pub surroundings: Surroundings,
    /// The command's process group is killed when it has run for so long.
    pub timeout: Option<Duration>,
    /// Of each output so much is kept for the result, from its end; none: all.
    pub max_output: Option<usize>,
    /// Whether text can be sent to it.
    pub attach_stdin: bool,
}

/// Takes output as it comes, on the calling thread.
pub trait Listener {
    /// Whether this output is of interest.
    fn wants(&self, which: StdStream) -> bool;
    /// Takes a piece; `false` stops the call.
    fn take(&mut self, which: StdStream, piece: &[u8]) -> bool;
}
