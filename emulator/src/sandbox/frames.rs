//! Messages with file descriptors over a socket: a length, a count of descriptors, then JSON.

use nix::sys::socket::{recvmsg, sendmsg, ControlMessage, ControlMessageOwned, MsgFlags, UnixAddr};
use serde::{de::DeserializeOwned, Serialize};
use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

const HEADER: usize = 8;
/// A message is never larger: a wrong length must not become a huge allocation.
const LARGEST: usize = 64 << 20;

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
        let length = u32::try_from(bytes.len() - HEADER).map_err(io::Error::other)?;
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        bytes[4..HEADER].copy_from_slice(&(fds.len() as u32).to_le_bytes());
        Ok(Outgoing { bytes, sent: 0, fds })
    }

    /// One `sendmsg`; true when all is sent. The descriptors go with the first byte.
    pub fn send_some(&mut self, socket: BorrowedFd) -> io::Result<bool> {
        let raw: Vec<RawFd> = self.fds.iter().map(|fd| fd.as_raw_fd()).collect();
        let rights = [ControlMessage::ScmRights(&raw)];
        let control = if raw.is_empty() { &[][..] } else { &rights[..] };
        let part = [IoSlice::new(&self.bytes[self.sent..])];
        let flags = MsgFlags::MSG_NOSIGNAL;
        let n = sendmsg::<UnixAddr>(socket.as_raw_fd(), &part, control, flags, None)?;
        self.sent += n;
        self.fds.clear();
        Ok(self.sent == self.bytes.len())
    }

    pub fn send_all(mut self, socket: BorrowedFd) -> io::Result<()> {
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
    fds: VecDeque<OwnedFd>,
}

impl Incoming {
    /// One `recvmsg`; false at the end of the stream.
    pub fn receive_some(&mut self, socket: BorrowedFd) -> io::Result<bool> {
        let mut buffer = [0u8; 16 * 1024];
        let mut space = nix::cmsg_space!([RawFd; 8]);
        let mut parts = [IoSliceMut::new(&mut buffer)];
        let message = recvmsg::<UnixAddr>(socket.as_raw_fd(), &mut parts, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC)?;
        for control in message.cmsgs()? {
            if let ControlMessageOwned::ScmRights(fds) = control {
                for fd in fds {
                    // SAFETY: the kernel has just made this descriptor for us alone.
                    self.fds.push_back(unsafe { OwnedFd::from_raw_fd(fd) });
                }
            }
        }
        let n = message.bytes;
        self.bytes.extend_from_slice(&buffer[..n]);
        Ok(n > 0)
    }

    /// The next whole message, if there is one.
    pub fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
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
        let fds = self.fds.drain(..fds.min(self.fds.len())).collect();
        Ok(Some((message, fds)))
    }

    /// Waits for the next message on a blocking socket; `None` at the end of the stream.
    pub fn wait<T: DeserializeOwned>(&mut self, socket: BorrowedFd) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
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
