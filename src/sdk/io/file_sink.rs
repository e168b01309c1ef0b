//! A descriptor as the place where a download goes: a regular file, which can be put back as it was, or one that
//! may have to be waited for.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use super::sink::{unwritable, Sink};
use super::wait::Waiting;
use crate::error::Result;
use crate::os::descriptors::Own;
use crate::os::{descriptors, write_signals};
use crate::transport::{Descriptor, Direction};

/// An open file, from where it stands.
pub struct FileSink {
    end: End,
    name: String,
    /// How many bytes it has taken.
    taken: u64,
}

enum End {
    Regular(Regular),
    Stream(Descriptor),
}

/// A regular file, and what it was before.
struct Regular {
    file: Own<File>,
    /// Where it stood, unless all goes to its end, wherever that is.
    start: Option<u64>,
    length: u64,
}

impl FileSink {
    /// Writes into a file that is open already.
    pub fn new(file: File, name: &str) -> Result<FileSink> {
        let end = End::of(file).map_err(|error| unwritable(name, &error))?;
        Ok(FileSink { end, name: name.to_owned(), taken: 0 })
    }
}

impl End {
    fn of(mut file: File) -> io::Result<End> {
        let mode = descriptors::mode(&file);
        if mode.is_some_and(|mode| !mode.writes) {
            return Err(io::Error::other("it is not open for writing"));
        }
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Descriptor::new(file).map(End::Stream);
        }
        let start = if mode.is_some_and(|mode| !mode.appends) { file.stream_position().ok() } else { None };
        Ok(End::Regular(Regular { file: Own::new(file)?, start, length: metadata.len() }))
    }
}

impl Regular {
    /// Writes all, and counts what it has written where that fails.
    fn write(&mut self, mut piece: &[u8], taken: &mut u64) -> io::Result<()> {
        let _held_back = write_signals::hold_back();
        while !piece.is_empty() {
            match self.file.write(piece) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    *taken += count as u64;
                    piece = &piece[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Cuts off by what it became longer, and goes back to where it stood. What others may have written meanwhile is left alone.
    fn put_back(&mut self, taken: u64) -> io::Result<bool> {
        let Some(start) = self.start else { return Ok(false) };
        let (end, length) = (start + taken, self.file.get()?.metadata()?.len());
        if self.file.stream_position()? != end || (length > self.length && length != end) {
            return Ok(false);
        }
        if length > self.length {
            self.file.get()?.set_len(self.length)?;
        }
        self.file.seek(SeekFrom::Start(start)).map(|_| true)
    }
}

impl Sink for FileSink {
    fn write(&mut self, mut piece: &[u8], waiting: &Waiting<'_>) -> Result<()> {
        let failed = |error: io::Error| unwritable(&self.name, &error);
        match &mut self.end {
            End::Regular(regular) => regular.write(piece, &mut self.taken).map_err(failed),
            End::Stream(descriptor) => {
                while !piece.is_empty() {
                    let count = descriptor.write(piece).map_err(failed)?;
                    self.taken += count as u64;
                    piece = &piece[count..];
                    if !piece.is_empty() {
                        waiting.until_ready(descriptor, Direction::Write)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn finish(&mut self, _waiting: &Waiting<'_>) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) -> Result<bool> {
        Ok(self.put_back())
    }

    fn put_back(&mut self) -> bool {
        let back = match &mut self.end {
            _ if self.taken == 0 => true,
            End::Regular(regular) => regular.put_back(self.taken).unwrap_or(false),
            End::Stream(_) => false,
        };
        if back {
            self.taken = 0;
        }
        back
    }
}
