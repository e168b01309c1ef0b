//! Files that are read whole and at once: certificates, keys, rules.

use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Read, Result};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use crate::os::descriptors::lifted;

/// More than any such file holds; what goes on for ever ends here.
const MOST: u64 = 64 * 1024 * 1024;

/// What a file holds. Nothing is waited for: a pipe, whose writer may never come, is an error.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path).and_then(lifted)?;
    if file.metadata()?.file_type().is_fifo() {
        return Err(pipe());
    }
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(Error::new(ErrorKind::InvalidInput, "it is larger than 64 MiB"));
    }
    Ok(bytes)
}

fn pipe() -> Error {
    Error::new(ErrorKind::InvalidInput, "it is a pipe, not a file; store its contents in a file")
}
