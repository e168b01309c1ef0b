//! Directories as archives: packing one on all cores, ignore rules, and unpacking what is not trusted.

pub(crate) mod contained_dir;
pub(crate) mod dir_names;
pub(crate) mod dir_path;
pub(crate) mod gzip;
pub(crate) mod ignore;
pub(crate) mod pack;
pub(crate) mod parents;
pub(crate) mod removal;
pub(crate) mod staged_dir;
pub(crate) mod tar_reader;
pub(crate) mod tar_writer;
#[cfg(test)]
mod tests;
pub(crate) mod unpack;
pub(crate) mod walk;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::error::Error;
pub use ignore::Ignore;
pub use pack::{Owner, PackOptions, Packing, Piece, Root};
pub use removal::{Remains, Removal};
pub use staged_dir::{Aftermath, Ground, Landing};
pub use unpack::{unpack, Limits, Unpack};

/// Something that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Skipped {
    /// Relative to the directory, as it is.
    path: Vec<u8>,
    /// In a few words.
    pub reason: String,
}

impl Skipped {
    /// Of a path as it is.
    pub fn new(path: &[u8], reason: impl Into<String>) -> Skipped {
        // Archives that others have packed begin every name with it.
        let path = path.strip_prefix(b"./").unwrap_or(path);
        Skipped { path: path.to_owned(), reason: reason.into() }
    }

    /// The path as text.
    pub fn path(&self) -> String {
        shown(&self.path)
    }
}

/// A path as messages show it.
fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn as_path(bytes: &[u8]) -> &std::path::Path {
    std::path::Path::new(OsStr::from_bytes(bytes))
}

/// The error of a stream that failed: our own if one travelled through it.
pub fn of_stream(what: &str, error: std::io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => own,
        Err(error) => Error::local_io(what, &error),
    }
}
