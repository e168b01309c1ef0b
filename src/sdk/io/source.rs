//! Where the bytes of an upload come from: memory, files, and descriptors that may have to be waited for.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;

use crate::error::{Error, Result, Status};
use crate::os::descriptors::{lifted, Own};
use crate::os::{descriptors, named_descriptor};
use crate::transport::{Descriptor, Source};

/// A file of at most this size is read before its length is announced: what the system says of the sizes
/// of files in /proc and /sys, which are small, is not their length.
const READ_AHEAD: usize = 64 << 10;

/// Bytes of the caller's.
pub struct Memory<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Memory<'a> {
    /// From the first byte on.
    pub fn new(bytes: &'a [u8]) -> Memory<'a> {
        Memory { bytes, at: 0 }
    }
}

impl Source for Memory<'_> {
    fn length(&self) -> Option<u64> {
        Some(self.bytes.len() as u64)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        let count = buffer.len().min(self.bytes.len() - self.at);
        buffer[..count].copy_from_slice(&self.bytes[self.at..self.at + count]);
        self.at += count;
        Ok(Some(count))
    }

    fn rewind(&mut self) -> Result<bool> {
        self.at = 0;
        Ok(true)
    }

    fn held(&self) -> Option<&[u8]> {
        Some(self.bytes)
    }
}

/// An open file, from where it stands.
pub enum FileSource {
    /// It has a beginning to go back to, and a length.
    Regular(RegularFile),
    /// A pipe, a socket, a device.
    Stream(Stream),
}

/// A regular file: its length is what could be read of it where it is small, else what it is said to be.
pub struct RegularFile {
    file: Own<File>,
    name: String,
    start: u64,
    /// How many bytes have been given.
    at: u64,
    ahead: Vec<u8>,
    length: Option<u64>,
}

/// A descriptor that gives bytes when it has some.
pub struct Stream {
    descriptor: Descriptor,
    name: String,
    /// Whether it has given any.
    read: bool,
}

/// An empty path is a mistake of the caller's, and nothing that is missing.
pub(crate) fn named(path: &str) -> Result<()> {
    if path.is_empty() {
        return Err(Error::invalid("The path on this machine is empty. Name a file or a directory."));
    }
    Ok(())
}

fn unreadable(name: &str, error: &io::Error) -> Error {
    Error::local_io(&format!("{name} cannot be read"), error)
}

impl FileSource {
    /// Opens a file of this machine. A named pipe that nobody writes to is waited for by the transfer.
    pub fn open(path: &str) -> Result<FileSource> {
        named(path)?;
        if let Some(file) = named_descriptor::duplicate(path) {
            return FileSource::of_open(file?, path);
        }
        let opened = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path);
        let file = opened.and_then(lifted).map_err(|error| unreadable(path, &error))?;
        FileSource::of_open(file, path)
    }

    /// What is left to read in a file that is open already.
    pub fn of_open(mut file: File, name: &str) -> Result<FileSource> {
        let failed = |error: io::Error| unreadable(name, &error);
        if descriptors::mode(&file).is_some_and(|mode| !mode.reads) {
            return Err(failed(io::Error::other("it is not open for reading")));
        }
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(Error::invalid(format!("{name} is a directory; expected a file.")));
        }
        if !metadata.is_file() {
            let descriptor = Descriptor::new(file).map_err(failed)?;
            return Ok(FileSource::Stream(Stream { descriptor, name: name.to_owned(), read: false }));
        }
        let start = file.stream_position().map_err(failed)?;
        let said = metadata.len().saturating_sub(start);
        let file = Own::new(file).map_err(|errno| failed(errno.into()))?;
        let mut source = RegularFile { file, name: name.to_owned(), start, at: 0, ahead: Vec::new(), length: Some(said) };
        if said <= READ_AHEAD as u64 {
            let read = (&mut source.file).take(READ_AHEAD as u64 + 1).read_to_end(&mut source.ahead);
            read.map_err(|error| {
                source.put_back();
                unreadable(name, &error)
            })?;
            let whole = source.ahead.len() <= READ_AHEAD;
            source.length = whole.then_some(source.ahead.len() as u64);
        }
        Ok(FileSource::Regular(source))
    }
}

impl RegularFile {
    /// To where it stood when the transfer began.
    fn put_back(&mut self) -> bool {
        self.file.seek(SeekFrom::Start(self.start)).is_ok()
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let at = usize::try_from(self.at).unwrap_or(usize::MAX).min(self.ahead.len());
        let ahead = &self.ahead[at..];
        let whole = self.length == Some(self.ahead.len() as u64);
        let count = if ahead.is_empty() && !whole {
            read_some(&mut self.file, buffer).map_err(|error| unreadable(&self.name, &error))?
        } else {
            let count = ahead.len().min(buffer.len());
            buffer[..count].copy_from_slice(&ahead[..count]);
            count
        };
        self.at += count as u64;
        if count == 0 && !buffer.is_empty() && self.length.is_some_and(|length| self.at < length) {
            // Whoever sends it may gather it, and know then.
            self.length = None;
            return Err(Error::new(
                Status::LocalIo,
                format!("{} became shorter while it was read: it ended after {} bytes.", self.name, self.at),
            ));
        }
        Ok(count)
    }
}

fn read_some(file: &mut Own<File>, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

impl Source for FileSource {
    fn length(&self) -> Option<u64> {
        match self {
            FileSource::Regular(regular) => regular.length,
            FileSource::Stream(_) => None,
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        match self {
            FileSource::Regular(regular) => regular.read(buffer).map(Some),
            FileSource::Stream(stream) => {
                let count = stream.descriptor.read(buffer).map_err(|error| unreadable(&stream.name, &error))?;
                stream.read |= count.is_some_and(|count| count > 0);
                Ok(count)
            }
        }
    }

    fn put_back(&mut self) -> bool {
        match self {
            FileSource::Regular(regular) => regular.put_back(),
            FileSource::Stream(stream) => !stream.read,
        }
    }

    fn rewind(&mut self) -> Result<bool> {
        let FileSource::Regular(regular) = self else { return Ok(false) };
        regular.at = 0;
        Ok(regular.file.seek(SeekFrom::Start(regular.start + regular.ahead.len() as u64)).is_ok())
    }

    fn descriptor(&self) -> Option<&Descriptor> {
        match self {
            FileSource::Regular(_) => None,
            FileSource::Stream(stream) => Some(&stream.descriptor),
        }
    }
}
