//! Taking back what a call has unpacked that failed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{fchmod, fchmodat, FchmodatFlags, Mode};
use nix::unistd::{unlinkat, UnlinkatFlags};

use super::as_path;
use super::names::Names;
use super::way::Way;

/// A directory of the library's own, with all that is in it.
pub struct Remains {
    path: PathBuf,
    /// Directories that were made for it, the innermost first: they go while nothing else is in them.
    above: Vec<PathBuf>,
}

/// How a removal ended.
pub enum Removal {
    /// Nothing is left.
    Done,
    /// It may be gone on with: its time was over, or the system had no descriptor or memory for it.
    Stopped,
    /// Something cannot be removed.
    Failed(io::Error),
}

impl Removal {
    fn of(error: io::Error) -> Removal {
        match error.raw_os_error() {
            Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM) => Removal::Stopped,
            _ => Removal::Failed(error),
        }
    }
}

impl Remains {
    /// Of this directory, and those that were made for it, the innermost first.
    pub fn of(path: PathBuf, above: Vec<PathBuf>) -> Remains {
        Remains { path, above }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it, following no link. `go_on` is asked before each entry.
    pub fn remove(&self, go_on: &mut dyn FnMut() -> bool) -> Removal {
        let removal = self.remove_itself(go_on);
        if matches!(removal, Removal::Done) {
            let _ = self.above.iter().try_for_each(fs::remove_dir);
        }
        removal
    }

    fn remove_itself(&self, go_on: &mut dyn FnMut() -> bool) -> Removal {
        // While nothing is in it, no descriptor is needed.
        if fs::remove_dir(&self.path).is_ok() {
            return Removal::Done;
        }
        match self.empty(go_on) {
            Ok(Removal::Done) => match fs::remove_dir(&self.path) {
                Ok(()) => Removal::Done,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Removal::Done,
                Err(error) => Removal::Failed(error),
            },
            Ok(unfinished) => unfinished,
            Err(error) => Removal::of(error),
        }
    }

    fn empty(&self, go_on: &mut dyn FnMut() -> bool) -> io::Result<Removal> {
        // The names are read by a descriptor that is closed before the next is opened: there may be no other.
        let names = match Names::below(AT_FDCWD, &self.path) {
            Err(Errno::ENOENT) => return Ok(Removal::Done),
            names => names?,
        };
        let mut way = Way::open_itself(&self.path)?;
        let mut failed = None;
        // Of each directory on the way its own name, and the names in it that are still there.
        let mut levels = vec![(Vec::new(), names)];
        while let Some((own, names)) = levels.last_mut() {
            if !go_on() {
                return Ok(Removal::Stopped);
            }
            let Some(name) = names.next() else {
                let own = std::mem::take(own);
                levels.pop();
                if !levels.is_empty() {
                    way.leave()?;
                    keep(&mut failed, remove_one(&way, &own, UnlinkatFlags::RemoveDir));
                }
                continue;
            };
            match remove_one(&way, &name, UnlinkatFlags::NoRemoveDir) {
                Err(Errno::EISDIR | Errno::EPERM) => match enter(&mut way, &name) {
                    Ok(below) => levels.push((name, below)),
                    Err(errno) => keep(&mut failed, Err(errno)),
                },
                outcome => keep(&mut failed, outcome),
            }
        }
        Ok(failed.map_or(Removal::Done, |errno: Errno| Removal::of(errno.into())))
    }
}

/// The first failure is the one to be told.
fn keep(failed: &mut Option<Errno>, outcome: nix::Result<()>) {
    if let Err(errno) = outcome {
        failed.get_or_insert(errno);
    }
}

/// What is unpacked may have permissions that keep its own owner out.
fn remove_one(way: &Way, name: &[u8], flags: UnlinkatFlags) -> nix::Result<()> {
    match unlinkat(way.last(), as_path(name), flags) {
        Err(Errno::EACCES) => {
            fchmod(way.last(), Mode::S_IRWXU)?;
            unlinkat(way.last(), as_path(name), flags)
        }
        Err(Errno::ENOENT) => Ok(()),
        outcome => outcome,
    }
}

fn enter(way: &mut Way, name: &[u8]) -> nix::Result<Names> {
    let name = as_path(name);
    let mut names = way.open_there(|folder| Names::below(folder, name));
    if matches!(names, Err(Errno::EACCES)) {
        // It is a directory: a link would have been another error.
        fchmodat(way.last(), name, Mode::S_IRWXU, FchmodatFlags::FollowSymlink)?;
        names = way.open_there(|folder| Names::below(folder, name));
    }
    let names = names?;
    way.enter(name)?;
    Ok(names)
}
