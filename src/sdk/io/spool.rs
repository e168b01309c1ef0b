//! Content whose length nobody knows, gathered until it is known: in memory while it is small, else
//! in a file without a name, which goes when it is closed.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use super::wait::Waiting;
use crate::error::{Error, Result, SideEffect, Status};
use crate::os::descriptors::{lifted, Own};
use crate::os::write_signals;
use crate::transport::Source;

const IN_MEMORY: usize = 4 << 20;
const PIECE: usize = 256 << 10;

/// The answer of a server that takes no body of unknown length.
const LENGTH_REQUIRED: u16 = 411;

/// Has a source sent; and once more, gathered, where its length turned out not to be what it was said to be
/// or where the server wants to know the length, if it can be had again.
pub fn send<T>(source: &mut dyn Source, waiting: &Waiting<'_>, mut sending: impl FnMut(&mut dyn Source) -> Result<T>) -> Result<T> {
    let known = source.length().is_some();
    let first = match sending(source) {
        Ok(sent) => return Ok(sent),
        Err(error) => error,
    };
    let changed = known && source.length().is_none() && first.status() == Status::LocalIo;
    if !changed && first.details().http_status != LENGTH_REQUIRED {
        return Err(first);
    }
    match source.rewind() {
        Ok(true) => Spool::of(source, waiting).and_then(|mut spool| sending(&mut spool)).map_err(|error| behind(&first, error)),
        Ok(false) => Err(first),
        Err(error) => Err(behind(&first, error)),
    }
}

/// The error that ends a transfer whose first sending has failed so.
fn behind(first: &Error, mut error: Error) -> Error {
    let details = error.details_mut();
    details.attempts += first.details().attempts;
    if details.side_effect == SideEffect::None {
        details.side_effect = first.details().side_effect;
    }
    error
}

/// The content, whole.
pub struct Spool {
    memory: Vec<u8>,
    file: Option<Own<File>>,
    length: u64,
    at: usize,
}

/// What became of a temporary file.
pub fn failed(error: &std::io::Error) -> Error {
    Error::local_io(&format!("A temporary file in {} failed; TMPDIR may name another folder", std::env::temp_dir().display()), error)
}

impl Spool {
    /// Reads a source to its end.
    pub fn of(source: &mut dyn Source, waiting: &Waiting<'_>) -> Result<Spool> {
        let mut spool = Spool { memory: Vec::new(), file: None, length: 0, at: 0 };
        let mut buffer = vec![0; PIECE];
        loop {
            let count = waiting.read(source, &mut buffer)?;
            if count == 0 {
                break;
            }
            spool.add(&buffer[..count]).map_err(|error| failed(&error))?;
        }
        spool.rewind()?;
        Ok(spool)
    }

    fn add(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let _held_back = write_signals::hold_back();
        self.length += bytes.len() as u64;
        if self.file.is_none() && self.memory.len() + bytes.len() > IN_MEMORY {
            let mut file = unnamed()?;
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => {
                self.memory.extend_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// A file that goes when it is closed.
pub fn unnamed() -> std::io::Result<Own<File>> {
    let folder = std::env::temp_dir();
    let mut options = File::options();
    options.read(true).write(true).mode(0o600);
    // Where the system or the file system knows no files without a name, it loses its name at once.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let opened = options.clone().custom_flags(libc::O_TMPFILE).open(&folder);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let opened = Err(std::io::Error::from(std::io::ErrorKind::Unsupported));
    let opened = opened.or_else(|_: std::io::Error| {
        let path = folder.join(format!("librunloop-{}", crate::os::random::id().simple()));
        let file = options.create_new(true).open(&path)?;
        std::fs::remove_file(path)?;
        Ok(file)
    });
    Ok(Own::new(opened.and_then(lifted)?)?)
}

impl Source for Spool {
    fn length(&self) -> Option<u64> {
        Some(self.length)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<Option<usize>> {
        match &mut self.file {
            Some(file) => file.read(buffer).map(Some).map_err(|error| failed(&error)),
            None => {
                let count = buffer.len().min(self.memory.len() - self.at);
                buffer[..count].copy_from_slice(&self.memory[self.at..self.at + count]);
                self.at += count;
                Ok(Some(count))
            }
        }
    }

    fn rewind(&mut self) -> Result<bool> {
        self.at = 0;
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(0)).map_err(|error| failed(&error))?;
        }
        Ok(true)
    }
}
