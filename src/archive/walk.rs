//! A directory's contents, depth first, names in order, ignored ones left out.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::ignore::{Ignore, Matched};
use super::Skipped;
use crate::error::{Error, Result};

/// Something found.
pub struct Found {
    /// Relative to the root, without a slash at its beginning or end.
    pub name: Vec<u8>,
    /// Where it is.
    pub path: PathBuf,
    /// Of itself, where it is a link.
    pub metadata: Metadata,
}

/// What the walk comes upon.
pub enum Step {
    /// To be packed.
    Found(Found),
    /// Left out.
    Skipped(Skipped),
}

struct Level {
    path: PathBuf,
    name: Vec<u8>,
    names: std::vec::IntoIter<Vec<u8>>,
    matched: Matched,
    /// An ignored directory, which is told of only if something inside is not.
    pending: Option<Metadata>,
}

/// The walk.
pub struct Walk {
    ignore: Ignore,
    lenient: bool,
    levels: Vec<Level>,
    ready: Vec<Step>,
}

impl Walk {
    /// A walk through `root`, which itself is not told of. A lenient one skips what cannot be read.
    pub fn new(root: &Path, ignore: Ignore, lenient: bool) -> Result<Walk> {
        let names = names(root).map_err(|error| cannot(root, &error))?;
        let top = Level { path: root.to_owned(), name: Vec::new(), names: names.into_iter(), matched: Matched::default(), pending: None };
        Ok(Walk { ignore, lenient, levels: vec![top], ready: Vec::new() })
    }

    /// The next step; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Step>> {
        loop {
            if let Some(step) = self.ready.pop() {
                return Ok(Some(step));
            }
            let Some(level) = self.levels.last_mut() else { return Ok(None) };
            let Some(own) = level.names.next() else {
                self.levels.pop();
                continue;
            };
            let path = level.path.join(super::as_path(&own));
            let mut name = level.name.clone();
            if !name.is_empty() {
                name.push(b'/');
            }
            name.extend_from_slice(&own);
            self.visit(name, path)?;
        }
    }

    fn visit(&mut self, name: Vec<u8>, path: PathBuf) -> Result<()> {
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.ready.push(Step::Skipped(Skipped::new(&name, "it is gone")));
                return Ok(());
            }
            Err(error) => return self.unreadable(&name, &path, &error),
        };
        let (mut ignored, mut matched) = (false, Matched::default());
        if !self.ignore.is_empty() {
            let parent = self.levels.last().map(|level| level.matched.clone()).unwrap_or_default();
            (ignored, matched) = self.ignore.matches(&String::from_utf8_lossy(&name), &parent);
        }
        if ignored && !(metadata.is_dir() && self.ignore.may_hold_exceptions(&String::from_utf8_lossy(&name))) {
            return Ok(());
        }
        let mut below = None;
        if metadata.is_dir() {
            match names(&path) {
                Ok(names) => below = Some(names),
                Err(error) => return self.unreadable(&name, &path, &error),
            }
        }
        let pending = if ignored {
            Some(metadata)
        } else {
            self.tell(Found { name: name.clone(), path: path.clone(), metadata });
            None
        };
        if let Some(names) = below {
            self.levels.push(Level { path, name, names: names.into_iter(), matched, pending });
        }
        Ok(())
    }

    /// Tells of something, and first of the ignored directories that it lies in.
    fn tell(&mut self, found: Found) {
        self.ready.push(Step::Found(found));
        for level in self.levels.iter_mut().rev() {
            if let Some(metadata) = level.pending.take() {
                self.ready.push(Step::Found(Found { name: level.name.clone(), path: level.path.clone(), metadata }));
            }
        }
    }

    fn unreadable(&mut self, name: &[u8], path: &Path, error: &io::Error) -> Result<()> {
        if !self.lenient {
            return Err(cannot(path, error));
        }
        self.ready.push(Step::Skipped(Skipped::new(name, format!("it cannot be read: {error}"))));
        Ok(())
    }
}

/// The error of something that cannot be packed.
pub fn cannot(path: &Path, error: &io::Error) -> Error {
    Error::local_io(&format!("{} cannot be packed", path.display()), error)
}

fn names(directory: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut names =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.file_name().as_bytes().to_vec())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}
