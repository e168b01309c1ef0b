//! Taking back what a call has unpacked that failed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::stat::{fchmod, fchmodat, FchmodatFlags, Mode};
use nix::unistd::{unlinkat, UnlinkatFlags};

use super::as_path;
use super::names::Names;
use super::way::Way;

/// A directory of the library's own, with all that is in it.
pub struct Remains(PathBuf);

/// How a removal ended.
pub enum Removal {
    /// Nothing is left.
    Done,
    /// Its time was over; it may be gone on with.
    Stopped,
    /// Something cannot be removed.
    Failed(io::Error),
}

impl Remains {
    /// Of this directory.
    pub fn of(path: PathBuf) -> Remains {
        Remains(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Removes it, following no link. `go_on` is asked before each entry.
    pub fn remove(&self, go_on: &mut dyn FnMut() -> bool) -> Removal {
        match self.empty(go_on) {
            Ok(Removal::Done) => match fs::remove_dir(&self.0) {
                Ok(()) => Removal::Done,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Removal::Done,
                Err(error) => Removal::Failed(error),
            },
            Ok(unfinished) => unfinished,
            Err(error) => Removal::Failed(error),
        }
    }

    fn empty(&self, go_on: &mut dyn FnMut() -> bool) -> io::Result<Removal> {
        let mut way = match Way::open_itself(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Removal::Done),
            opened => opened?,
        };
        let mut failed = None;
        // Of each directory on the way its own name, and the names in it that are still there.
        let mut levels = vec![(Vec::new(), Names::of(way.last())?)];
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
        Ok(failed.map_or(Removal::Done, |errno: Errno| Removal::Failed(errno.into())))
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
    let mut entered = way.enter(as_path(name));
    if entered == Err(Errno::EACCES) {
        // It is a directory: a link would have been another error.
        fchmodat(way.last(), as_path(name), Mode::S_IRWXU, FchmodatFlags::FollowSymlink)?;
        entered = way.enter(as_path(name));
    }
    entered?;
    Names::of(way.last()).or_else(|errno| way.leave().and(Err(errno)))
}
