//! Taking back what a call has unpacked that failed.

use std::io;
use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::stat::{fchmod, fchmodat, FchmodatFlags, Mode};
use nix::unistd::{unlinkat, UnlinkatFlags};

use super::as_path;
use super::dir_names::Names;
use super::dir_path::Way;
use super::parents::Made;

/// A directory of the library's own, with all that is in it.
pub struct Remains {
    /// The directories that were made for it, and the way to the one that it is in.
    above: Made,
    name: String,
    path: PathBuf,
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
    fn of(errno: Errno) -> Removal {
        match errno {
            Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM => Removal::Stopped,
            errno => Removal::Failed(errno.into()),
        }
    }
}

impl Remains {
    /// Of what has this name in the innermost of the directories that were made for it; `path` is what messages call it.
    pub fn of(above: Made, name: String, path: PathBuf) -> Remains {
        Remains { above, name, path }
    }

    /// Where it was made.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory that it is in.
    pub fn folder(&self) -> nix::Result<BorrowedFd<'_>> {
        self.above.last()
    }

    /// Its name there.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// It is whole and has got its own name: what was made for it stays.
    pub fn stay(mut self) {
        self.above.stay();
    }

    /// Removes it, following no link. `go_on` is asked before each entry.
    pub fn remove(&mut self, go_on: &mut dyn FnMut() -> bool) -> Removal {
        let removal = self.remove_itself(go_on);
        if matches!(removal, Removal::Done) {
            self.above.remove();
        }
        removal
    }

    fn remove_itself(&self, go_on: &mut dyn FnMut() -> bool) -> Removal {
        let remove = || unlinkat(self.folder()?, self.name.as_str(), UnlinkatFlags::RemoveDir);
        // While nothing is in it, no descriptor is needed.
        if remove().is_ok() {
            return Removal::Done;
        }
        match self.empty(go_on) {
            Ok(Removal::Done) => match remove() {
                Ok(()) | Err(Errno::ENOENT) => Removal::Done,
                Err(errno) => Removal::of(errno),
            },
            Ok(unfinished) => unfinished,
            Err(errno) => Removal::of(errno),
        }
    }

    fn empty(&self, go_on: &mut dyn FnMut() -> bool) -> nix::Result<Removal> {
        let name = Path::new(&self.name);
        // The names are read by a descriptor that is closed before the next is opened: there may be no other.
        let folder = self.folder()?;
        let names = match unlocked(folder, name, || Names::below(folder, name)) {
            Err(Errno::ENOENT) => return Ok(Removal::Done),
            names => names?,
        };
        let mut way = Way::below(folder, name)?;
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
        Ok(failed.map_or(Removal::Done, Removal::of))
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
    let folder = way.last()?;
    match unlinkat(folder, as_path(name), flags) {
        Err(Errno::EACCES) => {
            fchmod(folder, Mode::S_IRWXU)?;
            unlinkat(folder, as_path(name), flags)
        }
        Err(Errno::ENOENT) => Ok(()),
        outcome => outcome,
    }
}

fn enter(way: &mut Way, name: &[u8]) -> nix::Result<Names> {
    let name = as_path(name);
    let mut names = way.open_there(|folder| Names::below(folder, name));
    if matches!(names, Err(Errno::EACCES)) {
        unlock(way.last()?, name)?;
        names = way.open_there(|folder| Names::below(folder, name));
    }
    let names = names?;
    way.enter(name)?;
    Ok(names)
}

fn unlocked<T>(folder: BorrowedFd<'_>, name: &Path, work: impl Fn() -> nix::Result<T>) -> nix::Result<T> {
    match work() {
        Err(Errno::EACCES) => {
            unlock(folder, name)?;
            work()
        }
        outcome => outcome,
    }
}

/// It is a directory: a link would have been another error.
fn unlock(folder: BorrowedFd<'_>, name: &Path) -> nix::Result<()> {
    fchmodat(folder, name, Mode::S_IRWXU, FchmodatFlags::FollowSymlink)
}
