//! Paths that name a descriptor of this process: /dev/stdin, /dev/fd/3, /proc/self/fd/3, and links to them.
//!
//! Opened like any other, such a path would give the same file from its beginning, beside what the host program does with its
//! own descriptor. What is meant is the descriptor itself.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use once_cell::race::OnceBox;

use crate::error::{Error, Result};

/// So many links may lead from one to the next.
const MOST_LINKS: u32 = 40;

/// Duplicates a descriptor, by its number. Set by the boundary, which alone may take numbers for descriptors.
static DUPLICATE: OnceBox<fn(i32) -> io::Result<File>> = OnceBox::new();

/// How a descriptor is duplicated; the first way stays.
pub fn duplicate_by(duplicate: fn(i32) -> io::Result<File>) {
    let _ = DUPLICATE.set(Box::new(duplicate));
}

/// Another number for what the path names, if it names a descriptor.
pub fn duplicate(path: &str) -> Option<Result<File>> {
    let (duplicate, number) = (DUPLICATE.get()?, number(Path::new(path))?);
    Some(duplicate(number).map_err(|error| Error::local_io(path, &error)))
}

fn number(path: &Path) -> Option<i32> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let own = if path.as_os_str().as_bytes().ends_with(b"/") { None } else { path.file_name() };
        let (own, folder) = (own?.to_str(), path.parent()?);
        let number = own.and_then(|own| own.parse::<i32>().ok().filter(|number| *number >= 0 && number.to_string() == own));
        if number.is_some() && holds_descriptors(folder) {
            return number;
        }
        path = folder.join(path.read_link().ok()?);
    }
    None
}

/// Whether what is in a directory are this process's descriptors. Those of other processes can only be opened.
fn holds_descriptors(folder: &Path) -> bool {
    if ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"].iter().any(|known| folder == Path::new(known)) {
        return true;
    }
    let (Ok(folder), Ok(own)) = (folder.canonicalize(), Path::new("/proc/self").canonicalize()) else { return false };
    folder.strip_prefix(own).is_ok_and(|below| below == Path::new("fd") || below.starts_with("task") && below.ends_with("fd"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_descriptor() {
        let own = format!("/proc/{}/fd/7", std::process::id());
        for (path, expected) in [
            ("/dev/stdin", Some(0)),
            ("/dev/stdout", Some(1)),
            ("/dev/fd/7", Some(7)),
            ("/proc/self/fd/7", Some(7)),
            ("/dev/../dev/fd/7", Some(7)),
            (own.as_str(), Some(7)),
            ("/proc/1/fd/7", None),
            ("/dev/fd/7/", None),
            ("/dev/fd/07", None),
            ("/dev/fd/x", None),
            ("/dev/null", None),
            ("/proc/self/fdinfo/7", None),
            ("7", None),
            ("", None),
        ] {
            assert_eq!(number(Path::new(path)), expected, "{path}");
        }
    }
}
