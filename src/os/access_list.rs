//! Access control lists, by which files let other users do more or less with them than their permissions say.

use std::fs::File;
use std::io;
use std::path::Path;

use once_cell::race::OnceBox;

/// Gives a file the list that another has. Set by the boundary, which alone may call the C library directly.
static KEEP: OnceBox<fn(&Path, &File) -> io::Result<()>> = OnceBox::new();

/// How a list is kept; the first way stays.
pub fn keep_by(keep: fn(&Path, &File) -> io::Result<()>) {
    let _ = KEEP.set(Box::new(keep));
}

/// Gives a file the list that the file of this path has, or none, also where its directory would have it get one.
pub fn keep(of: &Path, file: &File) -> io::Result<()> {
    KEEP.get().map_or(Ok(()), |keep| keep(of, file))
}
