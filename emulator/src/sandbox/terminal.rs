//! Pseudo-terminals: made in a devbox, held by the emulator.

use super::failure::{failure, Failure};
use super::protocol::User;
use nix::sys::signal::{killpg, Signal};
use nix::unistd::{Pid, Uid};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use tokio::io::unix::AsyncFd;
use tokio::io::Interest;

/// A new terminal: the emulator's end, and the end for a program of this user.
pub fn open(user: &User) -> Result<Vec<OwnedFd>, Failure> {
    let made = || -> io::Result<Vec<OwnedFd>> {
        let options = libc::O_NOCTTY | libc::O_NONBLOCK;
        let ours: OwnedFd = std::fs::OpenOptions::new().read(true).write(true).custom_flags(options).open("/dev/ptmx")?.into();
        let unlocked: libc::c_int = 0;
        // SAFETY: TIOCSPTLCK reads one int, and `unlocked` is one.
        check(unsafe { libc::ioctl(ours.as_raw_fd(), libc::TIOCSPTLCK, &unlocked) })?;
        let flags = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
        // SAFETY: TIOCGPTPEER takes flags and gives a new descriptor.
        let theirs = check(unsafe { libc::ioctl(ours.as_raw_fd(), libc::TIOCGPTPEER, flags) })?;
        // SAFETY: the kernel has just made this descriptor for us alone.
        let theirs = unsafe { OwnedFd::from_raw_fd(theirs) };
        // Where that is not to be had, the program still has it open.
        let _ = nix::unistd::fchown(&theirs, Some(Uid::from_raw(user.uid)), None);
        Ok(vec![ours, theirs])
    };
    made().map_err(|e| failure(e, "cannot make a terminal"))
}

/// For a new program that leads its session: a terminal at its standard input becomes the session's.
pub fn adopt() -> io::Result<()> {
    // SAFETY: takes integers only; anything but a terminal refuses it, and goes without.
    unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) };
    Ok(())
}

/// The emulator's end.
pub struct Terminal {
    fd: AsyncFd<OwnedFd>,
}

impl Terminal {
    pub fn new(fd: OwnedFd) -> io::Result<Terminal> {
        // SAFETY: an owned descriptor stays the same for as long as it is registered.
        Ok(Terminal { fd: unsafe { AsyncFd::register(fd) }? })
    }

    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fd.async_io(Interest::READABLE, |fd| Ok(nix::unistd::read(fd, buffer)?)).await
    }

    pub async fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = self.fd.async_io(Interest::WRITABLE, |fd| Ok(nix::unistd::write(fd, bytes)?)).await?;
            bytes = &bytes[written..];
        }
        Ok(())
    }

    pub fn resize(&self, cols: u16, rows: u16) -> io::Result<()> {
        let size = libc::winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 };
        // SAFETY: TIOCSWINSZ reads one winsize, and `size` is one.
        check(unsafe { libc::ioctl(self.fd.as_raw_fd(), libc::TIOCSWINSZ, &size) }).map(drop)
    }

    /// Signals what runs in the foreground; an error where nothing does.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        let mut group: libc::pid_t = 0;
        // SAFETY: TIOCGPGRP writes one pid, and `group` is one.
        check(unsafe { libc::ioctl(self.fd.as_raw_fd(), libc::TIOCGPGRP, &mut group) })?;
        match group > 1 {
            true => Ok(killpg(Pid::from_raw(group), signal)?),
            false => Err(io::Error::from_raw_os_error(libc::ESRCH)),
        }
    }
}

fn check(result: libc::c_int) -> io::Result<libc::c_int> {
    match result {
        -1 => Err(io::Error::last_os_error()),
        result => Ok(result),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_terminal_echoes() {
        let user = User { name: "me".into(), uid: Uid::current().as_raw(), home: "/".into() };
        let mut ends = open(&user).unwrap().into_iter();
        let (ours, theirs) = (Terminal::new(ends.next().unwrap()).unwrap(), ends.next().unwrap());
        ours.resize(101, 33).unwrap();
        // Nobody's session has it: there is no foreground.
        assert!(ours.signal(Signal::SIGINT).is_err());
        ours.write(b"hi").await.unwrap();
        let mut echo = [0; 8];
        let n = ours.read(&mut echo).await.unwrap();
        assert_eq!(&echo[..n], b"hi");
        drop(theirs);
        assert!(ours.read(&mut echo).await.is_err(), "nobody is at the other end");
    }
}
