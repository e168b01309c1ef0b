//! Tells whether the program has closed the descriptors of a runtime.

use std::io;
use std::os::unix::net::UnixDatagram;

use nix::errno::Errno;
use nix::sys::stat::fstat;

use crate::os::descriptors::lifted;

/// A descriptor that is closed if the program closes those of the runtime.
pub struct Witness {
    socket: Option<UnixDatagram>,
    inode: u64,
}

impl Witness {
    /// Of the lowest number that is free.
    pub fn new() -> io::Result<Witness> {
        // Never one of the three that every program takes for its own.
        let socket = lifted(UnixDatagram::unbound()?)?;
        let inode = fstat(&socket)?.st_ino;
        Ok(Witness { socket: Some(socket), inode })
    }

    /// Whether it has not been closed.
    pub fn is_there(&self) -> bool {
        let Some(socket) = &self.socket else { return false };
        match fstat(socket) {
            // By now the number may be another file's.
            Ok(about) => about.st_ino == self.inode,
            // A host may forbid the question; that says nothing.
            Err(errno) => errno != Errno::EBADF,
        }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if !self.is_there() {
            // The number may be another file's.
            std::mem::forget(self.socket.take());
        }
    }
}
