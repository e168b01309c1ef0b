//! A directory's contents, depth first, names in order, ignored ones left out.
//!
//! Every step is taken from the descriptor of the directory that it is in, and no link is followed, so that
//! whatever is exchanged meanwhile leads to nothing outside.

use std::fs::File;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{readlinkat, AtFlags, OFlag};
use nix::sys::stat::{fstat, fstatat, FileStat, Mode, SFlag};

use super::dir_names::Names;
use super::dir_path::Way;
use super::ignore::{Ignore, Matched};
use super::{as_path, Skipped};
use crate::error::{Error, Result};
use crate::os::descriptors::{open_in, raised, Own};

/// Something found.
pub struct Found {
    /// Relative to the root, without a slash at its beginning or end.
    pub name: Vec<u8>,
    /// Of itself, where it is a link.
    pub about: FileStat,
}

/// What the walk comes upon.
pub enum Step {
    /// To be packed.
    Found(Found),
    /// Left out.
    Skipped(Skipped),
    /// Ignored, or a directory that has been left.
    Nothing,
}

struct Level {
    name: Vec<u8>,
    names: Names,
    matched: Matched,
    /// An ignored directory, which is told of only if something inside is not.
    pending: Option<FileStat>,
}

/// The walk.
pub struct Walk {
    root: PathBuf,
    way: Way,
    ignore: Ignore,
    lenient: bool,
    levels: Vec<Level>,
    ready: Vec<Step>,
}

/// What a `stat` says it is.
pub fn kind(about: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT
}

impl Walk {
    /// A walk through `folder`, which messages call `root`, and which itself is not told of. A lenient one skips what cannot be read.
    pub fn new(root: &Path, folder: BorrowedFd<'_>, ignore: Ignore, lenient: bool) -> Result<Walk> {
        let way = Way::below(folder, Path::new(".")).map_err(|errno| cannot(root, &errno.into()))?;
        let names = way.last().and_then(Names::of).map_err(|errno| cannot(root, &errno.into()))?;
        let top = Level { name: Vec::new(), names, matched: Matched::default(), pending: None };
        Ok(Walk { root: root.to_owned(), way, ignore, lenient, levels: vec![top], ready: Vec::new() })
    }

    /// The root's own.
    pub fn root(&self) -> Result<FileStat> {
        self.way.last().and_then(fstat).map_err(|errno| cannot(&self.root, &errno.into()))
    }

    /// Where something is, as messages show it.
    pub fn path(&self, name: &[u8]) -> PathBuf {
        self.root.join(as_path(name))
    }

    /// Opens the file that was found last. What was a file a moment ago may be a link or a pipe by now:
    /// neither is followed or waited for.
    pub fn open(&mut self, name: &[u8]) -> io::Result<(Own<File>, FileStat)> {
        let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let open = |folder: BorrowedFd<'_>| open_in(folder, as_path(own(name)), flags, Mode::empty()).and_then(raised);
        let file = File::from(self.way.open_there(open)?);
        let about = fstat(&file)?;
        Ok((Own::known(file, (about.st_dev, about.st_ino)), about))
    }

    /// What the link that was found last says.
    pub fn read_link(&self, name: &[u8]) -> io::Result<Vec<u8>> {
        Ok(readlinkat(self.way.last()?, as_path(own(name)))?.into_vec())
    }

    /// The next step, a bounded piece of work; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Step>> {
        if let Some(step) = self.ready.pop() {
            return Ok(Some(step));
        }
        let Some(level) = self.levels.last_mut() else { return Ok(None) };
        let Some(own) = level.names.next() else {
            if let Some(left) = self.levels.pop() {
                self.way.leave().map_err(|errno| cannot(&self.path(&left.name), &errno.into()))?;
            }
            return Ok(Some(Step::Nothing));
        };
        let mut name = level.name.clone();
        if !name.is_empty() {
            name.push(b'/');
        }
        name.extend_from_slice(&own);
        self.visit(name, &own)?;
        Ok(Some(self.ready.pop().unwrap_or(Step::Nothing)))
    }

    fn visit(&mut self, name: Vec<u8>, own: &[u8]) -> Result<()> {
        let look = |folder: BorrowedFd<'_>| fstatat(folder, as_path(own), AtFlags::AT_SYMLINK_NOFOLLOW);
        let mut about = match self.way.last().and_then(look) {
            Ok(about) => about,
            Err(Errno::ENOENT) => {
                self.ready.push(Step::Skipped(Skipped::new(&name, "it is gone")));
                return Ok(());
            }
            Err(errno) => return self.unreadable(&name, errno),
        };
        let directory = kind(&about) == SFlag::S_IFDIR;
        let (mut ignored, mut matched) = (false, Matched::default());
        if !self.ignore.is_empty() {
            let parent = self.levels.last().map(|level| level.matched.clone()).unwrap_or_default();
            (ignored, matched) = self.ignore.matches(&String::from_utf8_lossy(&name), &parent);
        }
        if ignored && !(directory && self.ignore.may_hold_exceptions(&String::from_utf8_lossy(&name))) {
            return Ok(());
        }
        let mut below = None;
        if directory {
            if let Err(errno) = self.way.enter(as_path(own)) {
                return self.unreadable(&name, errno);
            }
            match self.way.last().and_then(fstat).and_then(|about| self.way.open_there(Names::of).map(|names| (about, names))) {
                Ok((now, names)) => (about, below) = (now, Some(names)),
                Err(errno) => {
                    self.way.leave().map_err(|errno| cannot(&self.path(&name), &errno.into()))?;
                    return self.unreadable(&name, errno);
                }
            }
        }
        let pending = if ignored {
            Some(about)
        } else {
            self.tell(Found { name: name.clone(), about });
            None
        };
        if let Some(names) = below {
            self.levels.push(Level { name, names, matched, pending });
        }
        Ok(())
    }

    /// Tells of something, and first of the ignored directories that it lies in.
    fn tell(&mut self, found: Found) {
        self.ready.push(Step::Found(found));
        for level in self.levels.iter_mut().rev() {
            if let Some(about) = level.pending.take() {
                self.ready.push(Step::Found(Found { name: level.name.clone(), about }));
            }
        }
    }

    fn unreadable(&mut self, name: &[u8], errno: Errno) -> Result<()> {
        // What the program has closed concerns all that would follow.
        if !self.lenient || errno == Errno::EBADF {
            return Err(cannot(&self.path(name), &errno.into()));
        }
        self.ready.push(Step::Skipped(Skipped::new(name, format!("it cannot be read: {}", io::Error::from(errno)))));
        Ok(())
    }
}

/// The last part of a name.
fn own(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b'/').next().unwrap_or(name)
}

/// The error of something that cannot be packed.
pub fn cannot(path: &Path, error: &io::Error) -> Error {
    Error::local_io(&format!("{} cannot be packed", path.display()), error)
}
