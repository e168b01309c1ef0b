//! What a path names as the place where a download goes.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag};
use nix::sys::stat::{fstatat, Mode, SFlag};

use super::file_sink::FileSink;
use super::new_file::NewFile;
use super::sink::{unwritable, Sink};
use super::source::named;
use super::wait::Waiting;
use crate::error::{Error, Result};
use crate::os::descriptors::{open_in, raised, Own};
use crate::os::{descriptors, named_descriptor};

/// Between two tries to open a named pipe that nobody reads.
const READER_PAUSE: Duration = Duration::from_millis(20);

/// What a path names: a file that appears under its name only when it is whole, or a pipe or device that is
/// written to.
pub enum PathSink {
    /// A file.
    File(NewFile),
    /// Opened when there is something for it.
    Stream(NamedStream),
    /// Open already.
    Descriptor(FileSink),
}

impl PathSink {
    /// Begins to write beside the target.
    pub fn create(target: &str) -> Result<PathSink> {
        named(target)?;
        if let Some(file) = named_descriptor::duplicate(target) {
            return FileSink::new(file?, target).map(PathSink::Descriptor);
        }
        match std::fs::metadata(target) {
            Ok(metadata) if metadata.is_dir() => Err(Error::invalid(format!("{target} is a directory; name the file to be written."))),
            _ if names_a_directory(Path::new(target)) => Err(directory_named(target)),
            // Replaced, it would be a pipe or a device no longer, or not what a descriptor leads to.
            Ok(metadata) if !metadata.is_file() || names_a_descriptor(Path::new(target)) => NamedStream::at(target).map(PathSink::Stream),
            // Found out now rather than when all has come.
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(target, &error)),
            // What links lead to is written, as other programs do it; a link stays one.
            _ => {
                let file = behind_links(Path::new(target)).map_err(|error| unwritable(target, &error))?;
                if names_a_directory(&file) {
                    return Err(directory_named(&file.display().to_string()));
                }
                NewFile::create(&file).map(PathSink::File)
            }
        }
    }
}

/// What ends with a slash or with dots can be no file.
fn names_a_directory(path: &Path) -> bool {
    matches!(path.as_os_str().as_bytes().rsplit(|byte| *byte == b'/').next(), Some(b"" | b"." | b".."))
}

fn directory_named(path: &str) -> Error {
    Error::invalid(format!("{path} names a directory; name the file to be written."))
}

/// Of another process, such as /proc/1/fd/3.
fn names_a_descriptor(path: &Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.is_some_and(|folder| folder.starts_with("/proc")) || path.read_link().is_ok_and(|target| target.starts_with("/proc"))
}

/// So many links may lead from one to the next.
const MOST_LINKS: u32 = 40;

/// The file that a path leads to, whether or not there is one.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = path.read_link() else { return Ok(path) };
        // Relative to where the link is; a link may lead there too.
        let folder = path.parent().unwrap_or(Path::new(""));
        path = folder.join(next);
    }
    Err(Errno::ELOOP.into())
}

impl Sink for PathSink {
    fn write(&mut self, piece: &[u8], waiting: &Waiting<'_>) -> Result<()> {
        match self {
            PathSink::File(file) => file.write(piece),
            PathSink::Stream(stream) => stream.open(waiting)?.write(piece, waiting),
            PathSink::Descriptor(sink) => sink.write(piece, waiting),
        }
    }

    fn finish(&mut self, waiting: &Waiting<'_>) -> Result<()> {
        match self {
            PathSink::File(file) => file.finish(),
            // A reader learns by the end that there was nothing.
            PathSink::Stream(stream) => stream.open(waiting).map(drop),
            PathSink::Descriptor(sink) => sink.finish(waiting),
        }
    }

    fn restart(&mut self) -> Result<bool> {
        match self {
            PathSink::File(file) => file.restart().map(|()| true),
            PathSink::Stream(_) => Ok(false),
            PathSink::Descriptor(sink) => sink.restart(),
        }
    }

    fn put_back(&mut self) -> bool {
        match self {
            // It has not got its name.
            PathSink::File(_) => true,
            PathSink::Stream(stream) => stream.open.as_mut().is_none_or(Sink::put_back),
            PathSink::Descriptor(sink) => sink.put_back(),
        }
    }
}

/// A pipe or a device, by its path.
pub struct NamedStream {
    path: String,
    /// What it is in, wherever the program goes meanwhile.
    folder: Own<OwnedFd>,
    name: OsString,
    open: Option<FileSink>,
}

impl NamedStream {
    fn at(target: &str) -> Result<NamedStream> {
        let failed = |errno: Errno| unwritable(target, &errno.into());
        let path = Path::new(target);
        let name = path.file_name().ok_or_else(|| failed(Errno::EISDIR))?.to_owned();
        let folder = descriptors::folder(path.parent().unwrap_or(Path::new(""))).and_then(Own::new).map_err(failed)?;
        Ok(NamedStream { path: target.to_owned(), folder, name, open: None })
    }

    fn open(&mut self, waiting: &Waiting<'_>) -> Result<&mut FileSink> {
        while self.open.is_none() {
            let flags = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
            let open = |folder: &OwnedFd| open_in(folder, self.name.as_os_str(), flags, Mode::empty()).and_then(raised);
            match self.folder.get().and_then(open) {
                Ok(file) => self.open = Some(FileSink::new(file.into(), &self.path)?),
                Err(Errno::ENXIO) if self.is_pipe() => waiting.transport.pause(waiting.call, READER_PAUSE)?,
                Err(errno) => return Err(unwritable(&self.path, &errno.into())),
            }
        }
        self.open.as_mut().ok_or_else(|| Error::invalid("The file is finished."))
    }

    fn is_pipe(&self) -> bool {
        let about = self.folder.get().and_then(|folder| fstatat(folder, self.name.as_os_str(), AtFlags::empty()));
        about.is_ok_and(|about| SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT == SFlag::S_IFIFO)
    }
}
