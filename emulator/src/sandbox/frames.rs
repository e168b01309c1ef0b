//! Messages with file descriptors over a socket: a length, a count of descriptors, then JSON.

use super::failure::Failure;
use rustix::io::Errno;
use rustix::net::{recvmsg, sendmsg, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags};
use serde::{de::DeserializeOwned, Serialize};
use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

const HEADER: usize = 8;
/// A message is never larger: a wrong length must not become a huge allocation.
const LARGEST: usize = 64 << 20;
/// As many descriptors come with a message at the most.
const MOST_FDS: usize = 8;

/// What came with a message: its descriptors, or why they are not here.
pub type Descriptors = Result<Vec<OwnedFd>, Failure>;

/// One encoded message, sent as the socket takes it.
pub struct Outgoing {
    bytes: Vec<u8>,
    sent: usize,
    fds: Vec<OwnedFd>,
}

impl Outgoing {
    pub fn new<T: Serialize>(message: &T, fds: Vec<OwnedFd>) -> io::Result<Outgoing> {
        let mut bytes = vec![0; HEADER];
        serde_json::to_writer(&mut bytes, message)?;
        let length = bytes.len() - HEADER;
        if length > LARGEST {
            return Err(io::Error::other(format!("a request of {} MiB is too large for a devbox", length >> 20)));
        }
        let length = u32::try_from(length).map_err(io::Error::other)?;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[4..HEADER].copy_from_slice(&(fds.len() as u32).to_le_bytes());
        Ok(Outgoing { bytes, sent: 0, fds })
    }

    /// One `sendmsg`; true when all is sent. The descriptors go with the first byte.
    pub fn send_some(&mut self, socket: BorrowedFd) -> io::Result<bool> {
        let raw: Vec<BorrowedFd> = self.fds.iter().map(|fd| fd.as_fd()).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !raw.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&raw)) {
            return Err(io::Error::other("too many descriptors for a message"));
        }
        let part = [IoSlice::new(&self.bytes[self.sent..])];
        let n = sendmsg(socket, &part, &mut control, SendFlags::NOSIGNAL)?;
        self.sent += n;
        self.fds.clear();
        Ok(self.sent == self.bytes.len())
    }

    /// True until the first byte is sent: nothing is lost where the message is dropped.
    pub fn is_unsent(&self) -> bool {
        self.sent == 0
    }

    pub fn send_all(&mut self, socket: BorrowedFd) -> io::Result<()> {
        loop {
            match self.send_some(socket) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

/// Collects what arrives until messages are whole.
#[derive(Default)]
pub struct Incoming {
    bytes: Vec<u8>,
    /// Those of each message that has some. Of a message whose descriptors could not all be opened,
    /// the others: the kernel gives what it can.
    fds: VecDeque<Vec<OwnedFd>>,
}

impl Incoming {
    /// One `recvmsg`; false at the end of the stream.
    pub fn receive_some(&mut self, socket: BorrowedFd) -> io::Result<bool> {
        let mut buffer = [0u8; 16 * 1024];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FDS))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut parts = [IoSliceMut::new(&mut buffer)];
        let received = recvmsg(socket, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC)?;
        let mut came = received.flags.contains(ReturnFlags::CTRUNC);
        let mut fds = Vec::new();
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(some) = message {
                came = true;
                fds.extend(some);
            }
        }
        // One call of recvmsg never joins the descriptors of two messages.
        if came {
            self.fds.push_back(fds);
        }
        self.bytes.extend_from_slice(&buffer[..received.bytes]);
        Ok(received.bytes > 0)
    }

    /// The next whole message, if there is one.
    pub fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<(T, Descriptors)>> {
        if self.bytes.len() < HEADER {
            return Ok(None);
        }
        let word = |at: usize| u32::from_le_bytes([self.bytes[at], self.bytes[at + 1], self.bytes[at + 2], self.bytes[at + 3]]) as usize;
        let (length, fds) = (word(0), word(4));
        if length > LARGEST {
            return Err(io::Error::other("a message of impossible length"));
        }
        if self.bytes.len() < HEADER + length {
            return Ok(None);
        }
        let message = serde_json::from_slice(&self.bytes[HEADER..HEADER + length])?;
        self.bytes.drain(..HEADER + length);
        let came = if fds == 0 { Vec::new() } else { self.fds.pop_front().unwrap_or_default() };
        let fds = if came.len() == fds { Ok(came) } else { Err(no_descriptors(Errno::MFILE.into())) };
        Ok(Some((message, fds)))
    }

    /// Waits for the next message on a blocking socket; `None` at the end of the stream.
    pub fn wait<T: DeserializeOwned>(&mut self, socket: BorrowedFd) -> io::Result<Option<(T, Descriptors)>> {
        loop {
            if let Some(message) = self.next()? {
                return Ok(Some(message));
            }
            match self.receive_some(socket) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
    }
}

pub fn no_descriptors(e: io::Error) -> Failure {
    let errno = e.raw_os_error().unwrap_or(libc::EMFILE);
    Failure { errno, what: format!("file descriptors cannot be passed to or from the devbox: {}", io::Error::from_raw_os_error(errno)) }
}
