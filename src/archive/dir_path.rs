//! Directories open one within the other, so that every step is taken from a descriptor and no link is
//! followed; however deep, only a few are open at a time.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;

use crate::os::descriptors::{identity, lifted, open_in, raised, Own};

/// So many are open at a time.
const OPEN: usize = 48;

/// What a directory is, by device and inode.
pub type Identity = (u64, u64);

/// The directories on the way from a root.
pub struct Way {
    root: Own<OwnedFd>,
    steps: Vec<Step>,
}

struct Step {
    open: Option<Own<OwnedFd>>,
    identity: Identity,
}

/// How a directory is opened that must not be a link.
fn flags() -> OFlag {
    OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW
}

impl Way {
    /// Begins at a directory, which may be named through links.
    pub fn open(path: &Path) -> io::Result<Way> {
        Ok(Way::of(lifted(File::open(path)?)?.into())?)
    }

    /// Begins at an open directory.
    pub fn of(root: OwnedFd) -> nix::Result<Way> {
        Ok(Way { root: Own::new(root)?, steps: Vec::new() })
    }

    /// Begins at a directory in another, which must not be a link.
    pub fn below(folder: BorrowedFd<'_>, name: &Path) -> nix::Result<Way> {
        open_in(folder, name, flags(), Mode::empty()).and_then(raised).and_then(Way::of)
    }

    /// Where the way ends, if the program has not closed it.
    pub fn last(&self) -> nix::Result<BorrowedFd<'_>> {
        self.steps.last().and_then(|step| step.open.as_ref()).unwrap_or(&self.root).get().map(AsFd::as_fd)
    }

    /// Another descriptor of where the way ends.
    pub fn clone_last(&self) -> nix::Result<OwnedFd> {
        self.last()?.try_clone_to_owned().map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO)))
    }

    /// What the directory at the way's end is.
    pub fn identity(&self) -> Option<Identity> {
        self.steps.last().map(|step| step.identity)
    }

    /// Has something opened from where the way ends. Where descriptors are short, those on the way are closed before that
    /// fails: they can be had again.
    pub fn open_there<T>(&mut self, mut open: impl FnMut(BorrowedFd<'_>) -> nix::Result<T>) -> nix::Result<T> {
        loop {
            match self.last().and_then(&mut open) {
                Err(Errno::EMFILE | Errno::ENFILE) if self.close_one() => {}
                outcome => return outcome,
            }
        }
    }

    fn close_one(&mut self) -> bool {
        let before = self.steps.len().saturating_sub(1);
        self.steps.iter_mut().take(before).any(|step| step.open.take().is_some())
    }

    /// Goes into a directory.
    pub fn enter(&mut self, name: &Path) -> nix::Result<()> {
        let opened = self.open_there(|last| open_in(last, name, flags(), Mode::empty()).and_then(raised))?;
        let identity = identity(&opened)?;
        self.steps.push(Step { open: Some(Own::known(opened, identity)), identity });
        if let Some(far) = self.steps.len().checked_sub(OPEN + 1).and_then(|far| self.steps.get_mut(far)) {
            far.open = None;
        }
        Ok(())
    }

    /// Goes back to the directory before. One that has been moved away meanwhile is an error.
    pub fn leave(&mut self) -> nix::Result<()> {
        let Some(left) = self.steps.pop() else { return Ok(()) };
        let Some(step) = self.steps.last_mut() else { return Ok(()) };
        if step.open.is_none() {
            let inner = left.open.ok_or(Errno::EBADF)?;
            let outer = raised(open_in(inner.get()?, Path::new(".."), flags(), Mode::empty())?)?;
            if identity(&outer)? != step.identity {
                return Err(Errno::ESTALE);
            }
            step.open = Some(Own::known(outer, step.identity));
        }
        Ok(())
    }

    /// Back to the root, whatever became of the way.
    pub fn clear(&mut self) {
        self.steps.clear();
    }
}
