//! The numbers 0 to 2 belong to the standard streams, also where the host program has closed them: what it prints
//! must not end up in a connection or a file of the library's.

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use nix::errno::Errno;
use nix::fcntl::{fcntl, openat, FcntlArg, OFlag, AT_FDCWD};
use nix::sys::stat::Mode as Permissions;
use nix::NixPath;

const STANDARD: i32 = 3;

/// Also longer than 2 GiB, for which some systems of 32 bits must be asked.
#[cfg(any(target_os = "linux", target_os = "android"))]
const ANY_LENGTH: OFlag = OFlag::O_LARGEFILE;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const ANY_LENGTH: OFlag = OFlag::empty();

/// Opens something to be named by alone; elsewhere that is no way of its own.
#[cfg(any(target_os = "linux", target_os = "android"))]
const BY_PATH: OFlag = OFlag::O_PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const BY_PATH: OFlag = OFlag::empty();

/// Until this is dropped, nothing that is opened gets a number below 3.
pub struct Kept(Vec<File>);

/// Keeps the numbers of standard streams that are closed by descriptors that can be neither read nor written,
/// so that who uses one meanwhile gets the error that it would get anyway.
pub fn keep() -> Kept {
    let mut kept = Vec::new();
    // Where not even this can be opened, what the library is about to open cannot be either.
    while let Ok(file) = OpenOptions::new().read(true).custom_flags(BY_PATH.bits()).open("/") {
        if file.as_raw_fd() >= STANDARD {
            break;
        }
        kept.push(file);
    }
    Kept(kept)
}

/// A file that the library has opened. The program may close all descriptors and open files of its own, which get their
/// numbers: then this one is neither used nor closed any more.
#[derive(Debug)]
pub struct Own<T: AsFd> {
    /// Until the drop.
    file: Option<T>,
    /// Its device and its inode, where the program may ask for that.
    identity: Option<(u64, u64)>,
}

impl<T: AsFd> Own<T> {
    /// One that has just been opened.
    pub fn new(file: T) -> nix::Result<Own<T>> {
        match identity(&file) {
            Err(Errno::EBADF) => Err(Errno::EBADF),
            identity => Ok(Own { file: Some(file), identity: identity.ok() }),
        }
    }

    /// One whose device and inode are known.
    pub fn known(file: T, identity: (u64, u64)) -> Own<T> {
        Own { file: Some(file), identity: Some(identity) }
    }

    /// The file, if it is still there.
    pub fn get(&self) -> nix::Result<&T> {
        match &self.file {
            Some(file) if self.is_there(file) => Ok(file),
            _ => Err(Errno::EBADF),
        }
    }

    /// The same, for what moves its position.
    pub fn get_mut(&mut self) -> nix::Result<&mut T> {
        self.get()?;
        self.file.as_mut().ok_or(Errno::EBADF)
    }

    fn is_there(&self, file: &T) -> bool {
        match identity(file) {
            Ok(now) => self.identity.is_none_or(|before| now == before),
            // A host may forbid the question; that says nothing.
            Err(errno) => errno != Errno::EBADF,
        }
    }
}

impl Read for Own<File> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.get_mut()?.read(buffer)
    }
}

impl Write for Own<File> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.get_mut()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.get_mut()?.flush()
    }
}

impl Seek for Own<File> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.get_mut()?.seek(to)
    }
}

impl<T: AsFd> Drop for Own<T> {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            if !self.is_there(&file) {
                std::mem::forget(file);
            }
        }
    }
}

/// What an open file is, by device and inode.
pub fn identity(file: impl AsFd) -> nix::Result<(u64, u64)> {
    nix::sys::stat::fstat(file).map(|about| (about.st_dev, about.st_ino))
}

/// What may be done with an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// It can be read.
    pub reads: bool,
    /// It can be written.
    pub writes: bool,
    /// All that is written goes to its end.
    pub appends: bool,
    /// Who uses it waits until it is ready.
    pub waits: bool,
}

/// How a file was opened; `None` where the system does not say.
pub fn mode(file: &File) -> Option<Mode> {
    let flags = OFlag::from_bits_retain(fcntl(file, FcntlArg::F_GETFL).ok()?);
    let (access, by_path) = (flags & OFlag::O_ACCMODE, flags.intersects(BY_PATH));
    Some(Mode {
        reads: access != OFlag::O_WRONLY && !by_path,
        writes: access != OFlag::O_RDONLY && !by_path,
        appends: flags.contains(OFlag::O_APPEND),
        waits: !flags.contains(OFlag::O_NONBLOCK),
    })
}

/// The same open file, by a number that is no standard stream's.
pub fn lifted<T: From<OwnedFd> + Into<OwnedFd> + AsRawFd>(file: T) -> io::Result<T> {
    raised(file).map_err(io::Error::from)
}

/// As `lifted`, with the system's own error.
pub fn raised<T: From<OwnedFd> + Into<OwnedFd> + AsRawFd>(file: T) -> nix::Result<T> {
    if file.as_raw_fd() >= STANDARD {
        return Ok(file);
    }
    let low: OwnedFd = file.into();
    // The standard library begins at 3 here.
    match low.try_clone() {
        Ok(raised) => Ok(raised.into()),
        Err(error) => Err(Errno::from_raw(error.raw_os_error().unwrap_or(libc::EMFILE))),
    }
}

/// Opens something in a directory. A signal's arrival, for which network file systems end that, is no failure.
pub fn open_in<P: ?Sized + NixPath>(folder: impl AsFd, name: &P, flags: OFlag, permissions: Permissions) -> nix::Result<OwnedFd> {
    loop {
        match openat(&folder, name, flags | ANY_LENGTH | OFlag::O_CLOEXEC, permissions) {
            Err(Errno::EINTR) => {}
            outcome => return outcome,
        }
    }
}

/// A directory from which others are opened and files made, wherever it or the program goes meanwhile. It need not be readable.
pub fn folder(path: &Path) -> nix::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    open_in(AT_FDCWD, path, BY_PATH | OFlag::O_DIRECTORY, Permissions::empty()).and_then(raised)
}

/// A future whose every step opens nothing below 3.
pub struct Lifted<F>(Pin<Box<F>>);

impl<F: Future> Lifted<F> {
    /// Wraps a future.
    pub fn new(future: F) -> Lifted<F> {
        Lifted(Box::pin(future))
    }
}

impl<F: Future> Future for Lifted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _kept = keep();
        self.0.as_mut().poll(context)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.clear();
    }
}
