//! Directories that are made on the way to something, and go again if it fails.

use std::ffi::OsString;
use std::os::fd::BorrowedFd;
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::sys::stat::{fchmodat, fstatat, mkdirat, FchmodatFlags, Mode};
use nix::unistd::{unlinkat, UnlinkatFlags};

use super::dir_path::Way;
use crate::os::descriptors;

/// The way to a directory, some of whose last steps were made.
pub struct Made {
    way: Way,
    /// What was made, the outermost first, with nothing but others of these between it and the way's end.
    steps: Vec<Step>,
}

struct Step {
    name: OsString,
    made: bool,
    /// What it has by the process's umask, where that keeps its owner out: it gets it when all is in it.
    permissions: Option<Mode>,
}

impl Made {
    /// Opens a directory, and makes it, and those above it, where they are missing.
    pub fn to(path: &Path) -> nix::Result<Made> {
        let missing = |above: &&Path| !above.as_os_str().is_empty() && above.symlink_metadata().is_err();
        let there = path.ancestors().find(|above| !missing(above)).unwrap_or(Path::new(""));
        let mut made = Made { way: Way::of(descriptors::folder(there)?)?, steps: Vec::new() };
        let below = path.strip_prefix(there).unwrap_or(path);
        let outcome = below.components().try_for_each(|step| made.step(step.as_os_str().as_ref()));
        outcome.inspect_err(|_| made.remove())?;
        Ok(made)
    }

    /// Makes one more in it, which is none of these; what it shall have in the end is told as by `make`.
    pub fn add(&mut self, name: &str) -> nix::Result<Option<Mode>> {
        self.way.open_there(|folder| make(folder, Path::new(name)))
    }

    /// The directory itself.
    pub fn last(&self) -> nix::Result<BorrowedFd<'_>> {
        self.way.last()
    }

    fn step(&mut self, name: &Path) -> nix::Result<()> {
        let (made, permissions) = match self.way.open_there(|folder| make(folder, name)) {
            Ok(permissions) => (true, permissions),
            // Somebody else has been quicker.
            Err(Errno::EEXIST) => (false, None),
            Err(errno) => return Err(errno),
        };
        let entered = self.way.enter(name);
        if made && entered.is_err() {
            let _ = self.way.last().and_then(|folder| unlinkat(folder, name, UnlinkatFlags::RemoveDir));
        }
        entered?;
        self.steps.push(Step { name: name.into(), made, permissions });
        Ok(())
    }

    /// Removes what was made, as far as nothing else is in it.
    pub fn remove(&mut self) {
        while let Some(step) = self.leave() {
            let remove = |folder: BorrowedFd<'_>| unlinkat(folder, step.name.as_os_str(), UnlinkatFlags::RemoveDir);
            if !step.made || self.way.last().and_then(remove).is_err() {
                self.lock(&step);
                break;
            }
        }
        self.stay();
    }

    /// All is in them: they get the permissions that they shall have.
    pub fn stay(&mut self) {
        while let Some(step) = self.leave() {
            self.lock(&step);
        }
    }

    fn leave(&mut self) -> Option<Step> {
        let step = self.steps.pop()?;
        // One that was moved away while it was not held open is another's by now.
        self.way.leave().is_ok().then_some(step)
    }

    fn lock(&self, step: &Step) {
        if let Some(permissions) = step.permissions {
            let lock = |folder: BorrowedFd<'_>| fchmodat(folder, step.name.as_os_str(), permissions, FchmodatFlags::NoFollowSymlink);
            let _ = self.way.last().and_then(lock);
        }
    }
}

/// Makes a directory that its owner can use. Where the process's umask keeps the owner out, gives the permissions that it is to have
/// in the end.
fn make(folder: BorrowedFd<'_>, name: &Path) -> nix::Result<Option<Mode>> {
    mkdirat(folder, name, Mode::S_IRWXU | Mode::S_IRWXG | Mode::S_IRWXO)?;
    unlock(folder, name).inspect_err(|_| {
        let _ = unlinkat(folder, name, UnlinkatFlags::RemoveDir);
    })
}

fn unlock(folder: BorrowedFd<'_>, name: &Path) -> nix::Result<Option<Mode>> {
    let about = fstatat(folder, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
    let permissions = Mode::from_bits_truncate(about.st_mode);
    if permissions.contains(Mode::S_IRWXU) {
        return Ok(None);
    }
    fchmodat(folder, name, permissions | Mode::S_IRWXU, FchmodatFlags::NoFollowSymlink)?;
    Ok(Some(permissions))
}
