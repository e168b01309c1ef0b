//! A descriptor of the caller's that may have to be waited for: a pipe, a socket, a terminal.
//!
//! It is read and written only when it is ready, and waited for within the engine, so that a call's
//! deadline and cancellation hold meanwhile. Its flags belong to the host program and are never changed.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::time::Duration;

use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::sys::socket::{recv, send, MsgFlags};
use tokio::io::unix::AsyncFd;
use tokio::io::Interest;

use super::{Call, Transport};
use crate::error::Result;
use crate::os::descriptors::lifted;
use crate::os::{descriptors, write_signals};

/// A pipe that is ready takes so much without making its writer wait (PIPE_BUF).
const AT_ONCE: usize = 4096;
/// A terminal that is ready has room for 256 bytes or more; of a tab in the content it may make eight.
const AT_ONCE_BY_TERMINAL: usize = 32;
/// Between two looks at a descriptor that the engine cannot watch.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a descriptor is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Bytes, or their end.
    Read,
    /// Room for bytes, or the end of whoever takes them.
    Write,
}

/// An open descriptor that is not a regular file.
pub struct Descriptor {
    file: File,
    /// The same opened once more, so that using it makes nobody wait; nothing, where that cannot be.
    own: Option<File>,
    socket: bool,
    /// So much is written at a time.
    at_once: usize,
}

impl Descriptor {
    /// Takes an open descriptor, in whatever mode it is.
    pub fn new(file: File) -> io::Result<Descriptor> {
        let socket = file.metadata()?.file_type().is_socket();
        let own = opened_again(&file);
        let at_once = match &own {
            Some(_) => usize::MAX,
            None if file.is_terminal() => AT_ONCE_BY_TERMINAL,
            None => AT_ONCE,
        };
        Ok(Descriptor { file, own, socket, at_once })
    }

    /// What is read and written; whether it is ready is asked of `file` itself, since one that has just been opened does not
    /// know that its writers have gone.
    fn used(&self) -> &File {
        self.own.as_ref().unwrap_or(&self.file)
    }

    /// Reads what is there; 0 is the end, `None` means that nothing is there yet.
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        while self.is_ready(Direction::Read)? {
            let outcome = if self.socket {
                recv(self.file.as_raw_fd(), buffer, MsgFlags::MSG_DONTWAIT).map_err(io::Error::from)
            } else {
                self.used().read(buffer)
            };
            match outcome {
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Writes as much as there is room for, which may be nothing. Where nobody reads any more that is an
    /// error, and no signal.
    pub fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let _held_back = write_signals::hold_back();
        let mut done = 0;
        while done < bytes.len() && self.is_ready(Direction::Write)? {
            let rest = &bytes[done..];
            let outcome = if self.socket {
                send(self.file.as_raw_fd(), rest, MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL).map_err(io::Error::from)
            } else {
                self.used().write(&rest[..rest.len().min(self.at_once)])
            };
            match outcome {
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn is_ready(&self, direction: Direction) -> io::Result<bool> {
        let wanted = match direction {
            Direction::Read => PollFlags::POLLIN,
            Direction::Write => PollFlags::POLLOUT,
        };
        loop {
            let mut polled = [PollFd::new(self.file.as_fd(), wanted)];
            match poll(&mut polled, PollTimeout::ZERO) {
                Ok(_) => return Ok(polled[0].any().unwrap_or(true)),
                Err(nix::errno::Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }

    /// Waits, within the engine, until reading or writing will not have to.
    pub async fn ready(&self, direction: Direction) {
        // What is wrong with the descriptor is told by reading or writing it.
        while let Ok(false) = self.is_ready(direction) {
            if !self.watched(direction).await {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
    }

    /// False where the engine cannot watch it: there are more kinds of descriptors than it knows.
    async fn watched(&self, direction: Direction) -> bool {
        let interest = match direction {
            Direction::Read => Interest::READABLE,
            Direction::Write => Interest::WRITABLE,
        };
        // Deprecated since a descriptor might be closed or exchanged while it is watched: this one is borrowed for so long.
        #[allow(deprecated)]
        let Ok(watched) = AsyncFd::with_interest(self.file.as_fd(), interest) else {
            return false;
        };
        loop {
            let Ok(mut event) = watched.ready(interest).await else { return false };
            if !matches!(self.is_ready(direction), Ok(false)) {
                return true;
            }
            event.clear_ready();
        }
    }
}

/// A pipe or a terminal that makes its users wait, opened once more so that it does not: that another uses it too may have it
/// turn out not to be ready after all. The terminal is the one that programs have for theirs: its other end cannot be opened again.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn opened_again(file: &File) -> Option<File> {
    /// Of pseudoterminals.
    const TERMINALS: std::ops::RangeInclusive<u64> = 136..=143;
    let (mode, about) = (descriptors::mode(file)?, file.metadata().ok()?);
    let terminal = about.file_type().is_char_device() && TERMINALS.contains(&nix::sys::stat::major(about.rdev()));
    if !mode.waits || !(terminal || about.file_type().is_fifo() && !in_packets(file)) {
        return None;
    }
    let path = format!("/proc/thread-self/fd/{}", file.as_raw_fd());
    let opened = OpenOptions::new().read(mode.reads).write(mode.writes).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path);
    let opened = opened.and_then(lifted).ok()?;
    let same = opened.metadata().is_ok_and(|again| (again.dev(), again.ino(), again.rdev()) == (about.dev(), about.ino(), about.rdev()));
    same.then_some(opened)
}

/// A pipe whose every write is read by itself is one only by the descriptor that was opened so.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn in_packets(pipe: &File) -> bool {
    use nix::fcntl::{fcntl, FcntlArg, OFlag};
    fcntl(pipe, FcntlArg::F_GETFL).is_ok_and(|flags| OFlag::from_bits_retain(flags).contains(OFlag::O_DIRECT))
}

/// Elsewhere that only gives another number for it.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn opened_again(_file: &File) -> Option<File> {
    None
}

impl Transport {
    /// Waits for a descriptor, until the call's end.
    pub fn until_ready(&self, call: &Call, descriptor: &Descriptor, direction: Direction) -> Result<()> {
        self.drive(call, descriptor.ready(direction))
    }
}
