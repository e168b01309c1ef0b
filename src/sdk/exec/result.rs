//! How a command ended, and what it printed.

use std::sync::Arc;

use runloop_macros::c_enum;

use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

use super::options::StdStream;
use super::output::OutputStream;
use crate::api::{exec, ExecutionView};
use crate::error::Result;
use crate::sdk::devbox::Devbox;
use crate::transport::{Call, CallOptions, Secret};

/// How a command ended.
#[c_enum(RUNLOOP_OUTCOME)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service did not report how the command ended.
    Unknown = 0,
    /// The command exited; see its exit code.
    Exited = 1,
    /// The command was ended by a signal: its exit code is 128 plus the number of the signal, as in a
    /// shell.
    Signalled = 2,
    /// The command was killed because it exceeded its timeout_ms.
    TimedOut = 3,
    /// The command has ended, but a part of its output is not available, or may be missing.
    OutputIncomplete = 4,
}

/// Where an output of a finished command is.
pub(crate) enum Kept {
    /// In the service's answer, or its last lines are.
    InAnswer,
    /// Here, as it was streamed, from its end up to the bound.
    Here { bytes: Vec<u8>, bound: Option<usize> },
}

impl Kept {
    pub(crate) fn new(bound: Option<usize>) -> Kept {
        Kept::Here { bytes: Vec::new(), bound }
    }

    pub(crate) fn add(&mut self, piece: &[u8]) {
        if let Kept::Here { bytes, bound } = self {
            bytes.extend_from_slice(piece);
            // Twice the bound is allowed before the front is dropped, so that this is seldom.
            if let Some(bound) = bound {
                if bytes.len() > bound.saturating_mul(2) {
                    bytes.drain(..bytes.len() - *bound);
                }
            }
        }
    }
}

impl Kept {
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Kept::InAnswer => Vec::new(),
            Kept::Here { bytes, .. } => bytes,
        }
    }
}

/// Which execution a result is of.
pub(crate) struct Identity {
    pub(crate) devbox: Devbox,
    pub(crate) id: String,
    /// What the command was given that no error may repeat.
    pub(crate) secrets: Vec<Secret>,
}

/// A finished command.
pub struct ExecResult {
    of: Identity,
    value: Value,
    view: ExecutionView,
    kept: [Mutex<Option<Arc<Vec<u8>>>>; 2],
    bound: Option<usize>,
    timed_out: bool,
    incomplete: bool,
}

impl ExecResult {
    pub(crate) fn new(of: Identity, value: Value, kept: [Kept; 2]) -> Result<ExecResult> {
        let view = ExecutionView::read("execution", &value)?;
        let kept = kept.map(|kept| {
            Mutex::new(match kept {
                Kept::InAnswer => None,
                Kept::Here { mut bytes, bound } => {
                    keep_end(&mut bytes, bound);
                    Some(Arc::new(bytes))
                }
            })
        });
        Ok(ExecResult { of, value, view, kept, bound: None, timed_out: false, incomplete: false })
    }

    pub(crate) fn set_timed_out(&mut self, timed_out: bool) {
        self.timed_out = timed_out;
    }

    pub(crate) fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    pub(crate) fn set_bound(&mut self, bound: Option<usize>) {
        self.bound = bound;
    }

    /// The exit code, where the service knows one.
    pub fn exit_code(&self) -> Option<i64> {
        self.view.exit_status
    }

    /// How the command ended.
    pub fn outcome(&self) -> Outcome {
        match self.view.exit_status {
            _ if self.timed_out => Outcome::TimedOut,
            _ if self.incomplete => Outcome::OutputIncomplete,
            None => Outcome::Unknown,
            // A shell reports a signal as 128 and its number.
            Some(code) if code < 0 || (129..=192).contains(&code) => Outcome::Signalled,
            Some(_) => Outcome::Exited,
        }
    }

    /// Whether it exited with 0, in time, with all its output here.
    pub fn success(&self) -> bool {
        self.outcome() == Outcome::Exited && self.view.exit_status == Some(0)
    }

    /// Names the execution.
    pub fn execution_id(&self) -> &str {
        &self.of.id
    }

    /// The execution as the API showed it at its end.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What is here of an output. Where another thread fetches it, that is waited for within the bounds of the call; what needs no
    /// waiting needs no call either.
    fn kept(&self, which: StdStream, call: &Call) -> Result<MutexGuard<'_, Option<Arc<Vec<u8>>>>> {
        let kept = &self.kept[which.place()];
        match kept.try_lock() {
            Ok(kept) => Ok(kept),
            Err(_) => self.of.devbox.client.transport().drive(call, kept.lock()),
        }
    }

    /// An output, whole or its last lines. What the answer did not hold is fetched, once.
    pub fn output(&self, which: StdStream, last_lines: Option<usize>, options: &CallOptions) -> Result<Arc<Vec<u8>>> {
        let call = self.of.devbox.client.call(options);
        let mut kept = self.kept(which, &call)?;
        if let Some(bytes) = kept.as_ref() {
            return Ok(last_of(bytes, last_lines));
        }
        let (text, truncated) = match which {
            StdStream::Stdout => (&self.view.stdout, self.view.stdout_truncated),
            StdStream::Stderr => (&self.view.stderr, self.view.stderr_truncated),
        };
        let text = text.as_deref().unwrap_or_default().as_bytes();
        let enough = last_lines.is_some_and(|lines| last_lines_at(text, lines).is_some());
        if truncated != Some(true) || enough {
            let mut bytes = text.to_vec();
            keep_end(&mut bytes, self.bound);
            return Ok(last_of(&Arc::new(bytes), last_lines));
        }
        let Identity { devbox, id, secrets } = &self.of;
        exec::check_id(id)?;
        let mut stream = OutputStream::new(&devbox.client, &devbox.id, id, &[which], &options.with_secrets(secrets));
        let mut whole = Kept::new(self.bound);
        while let Some((_, piece)) = stream.next_within(&call)? {
            whole.add(&piece);
        }
        let mut bytes = whole.into_bytes();
        keep_end(&mut bytes, self.bound);
        let bytes = Arc::new(bytes);
        *kept = Some(Arc::clone(&bytes));
        Ok(last_of(&bytes, last_lines))
    }
}

fn keep_end(bytes: &mut Vec<u8>, bound: Option<usize>) {
    if let Some(bound) = bound {
        if bytes.len() > bound {
            bytes.drain(..bytes.len() - bound);
        }
    }
}

fn last_of(bytes: &Arc<Vec<u8>>, lines: Option<usize>) -> Arc<Vec<u8>> {
    match lines.and_then(|lines| last_lines_at(bytes, lines)) {
        Some(at) => Arc::new(bytes[at..].to_vec()),
        None => Arc::clone(bytes),
    }
}

/// Where the last `lines` lines begin, if there are more than so many; a line feed at the very
/// end begins no line.
fn last_lines_at(bytes: &[u8], lines: usize) -> Option<usize> {
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if lines == 0 {
        return Some(bytes.len());
    }
    memchr::memrchr_iter(b'\n', body).nth(lines - 1).map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_lines() {
        let last = |text: &str, lines| String::from_utf8(last_of(&Arc::new(text.as_bytes().to_vec()), Some(lines)).to_vec()).unwrap();
        assert_eq!(last("a\nb\nc\n", 2), "b\nc\n");
        assert_eq!(last("a\nb\nc", 2), "b\nc");
        assert_eq!(last("a\nb\n", 2), "a\nb\n");
        assert_eq!(last("a\n\nb\n", 2), "\nb\n");
        assert_eq!(last("a\n", 0), "");
        assert_eq!(last("", 3), "");
    }

    #[test]
    fn a_bound_keeps_the_end() {
        let mut kept = Kept::new(Some(10));
        for number in 0..100 {
            kept.add(format!("{number:04}").as_bytes());
        }
        let Kept::Here { mut bytes, bound } = kept else { panic!() };
        assert!(bytes.len() <= 24);
        keep_end(&mut bytes, bound);
        assert_eq!(bytes, b"9700980099".map(|b| b));
    }
}
