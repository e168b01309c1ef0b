//! Where an archive is unpacked: a new directory appears under its name only when it is whole.

use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::renameat;
use nix::sys::stat::Mode;

use super::dir_path::Way;
use super::parents::Made;
use super::removal::{Remains, Removal};
use crate::error::{Error, Result};
use crate::os::process::OfProcess;

/// Of what is taken back, so many entries are removed at once even though the call is over.
const AT_ONCE: u32 = 256;

/// What becomes of a directory that will never be whole.
pub trait Aftermath {
    /// Whether the call is over, so that nothing may take long any more.
    fn is_over(&self) -> bool;
    /// Has the rest removed by somebody else.
    fn remove_later(&self, remains: Remains);
    /// Something stays that cannot be removed.
    fn stays(&self, remains: &Remains, why: &std::io::Error);
}

/// An open directory that is filled.
pub struct Ground {
    pub(super) way: Way,
    /// Whether it is made for what comes into it.
    pub(super) new: bool,
    /// What it has by the process's umask, where that keeps its owner out: it is open to its owner until all is in it.
    pub(super) permissions: Option<Mode>,
}

impl Ground {
    /// A directory that is there.
    pub fn open(path: &Path) -> Result<Ground> {
        let way = Way::open(path).map_err(|error| Error::local_io(&format!("{} cannot be opened", path.display()), &error))?;
        Ok(Ground { way, new: false, permissions: None })
    }
}

/// A directory that gets its name when it is whole, if it is new. All that is done with it starts from an open directory: the
/// program may change its own meanwhile, and those above may be renamed.
pub struct Landing<'a> {
    target: PathBuf,
    temporary: Option<OfProcess<Remains>>,
    aftermath: &'a dyn Aftermath,
}

/// Another call may remove what it has made, and this one has found there: tried so often.
const TRIES: u32 = 100;

impl<'a> Landing<'a> {
    /// An existing directory is filled in place, any other beside its place.
    pub fn begin(target: &Path, aftermath: &'a dyn Aftermath) -> Result<(Ground, Landing<'a>)> {
        let target = target.to_owned();
        match target.metadata() {
            Ok(about) if about.is_dir() => return Ok((Ground::open(&target)?, Landing { target, temporary: None, aftermath })),
            Ok(_) => return Err(Error::invalid(format!("{} is not a directory; files cannot be put into it.", target.display()))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(&target, &error)),
            Err(_) => {}
        }
        let Some(name) = target.file_name() else {
            return Err(Error::invalid(format!("{} names no directory that could be made.", target.display())));
        };
        if target.with_file_name(name).symlink_metadata().is_ok() {
            return Err(Error::invalid(format!("{} is a link that leads nowhere; files cannot be put into it.", target.display())));
        }
        let name = format!(".{}.part", crate::os::random::id().simple());
        let mut tries = 0;
        let (above, permissions) = loop {
            tries += 1;
            match make(target.parent().unwrap_or(Path::new("")), &name) {
                Err(Errno::ENOENT) if tries < TRIES => {}
                outcome => break outcome.map_err(|errno| cannot(&target, &errno.into()))?,
            }
        };
        let path = target.with_file_name(&name);
        let remains = Remains::of(above, name, path);
        let way = remains.folder().and_then(|folder| Way::below(folder, Path::new(remains.name())));
        // Should it have failed, the drop takes back what was made.
        let landing = Landing { target, temporary: Some(remains.into()), aftermath };
        let way = way.map_err(|errno| cannot(&landing.target, &errno.into()))?;
        Ok((Ground { way, new: true, permissions }, landing))
    }

    /// Everything has been written.
    pub fn finish(mut self) -> Result<()> {
        let Some(temporary) = &self.temporary else { return Ok(()) };
        let name = self.target.file_name().unwrap_or_default();
        let renamed = temporary.folder().and_then(|folder| renameat(folder, temporary.name(), folder, name));
        // Should it fail, the drop takes back what is there.
        renamed.map_err(|errno| cannot(&self.target, &errno.into()))?;
        if let Some(remains) = self.temporary.take().and_then(OfProcess::into_own) {
            remains.stay();
        }
        Ok(())
    }
}

fn make(parent: &Path, name: &str) -> nix::Result<(Made, Option<Mode>)> {
    let mut above = Made::to(parent)?;
    let permissions = above.add(name).inspect_err(|_| above.remove())?;
    Ok((above, permissions))
}

fn cannot(target: &Path, error: &io::Error) -> Error {
    Error::local_io(&format!("{} cannot be made", target.display()), error)
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        let Some(temporary) = self.temporary.take() else { return };
        // A forked child leaves it to its parent.
        let Some(mut remains) = temporary.into_own() else { return };
        let mut left = AT_ONCE;
        let mut go_on = || {
            if !self.aftermath.is_over() {
                return true;
            }
            left = left.saturating_sub(1);
            left > 0
        };
        match remains.remove(&mut go_on) {
            Removal::Done => {}
            Removal::Stopped => self.aftermath.remove_later(remains),
            Removal::Failed(error) => self.aftermath.stays(&remains, &error),
        }
    }
}
