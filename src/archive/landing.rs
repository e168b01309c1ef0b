//! Where an archive is unpacked: a new directory appears under its name only when it is whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::remains::{Remains, Removal};
use crate::error::{Error, Result};
use crate::process::OfProcess;

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

/// A directory that is being filled.
pub struct Landing<'a> {
    target: PathBuf,
    temporary: Option<OfProcess<Remains>>,
    aftermath: &'a dyn Aftermath,
}

impl<'a> Landing<'a> {
    /// An existing directory is filled in place, any other beside its place.
    pub fn begin(target: &Path, aftermath: &'a dyn Aftermath) -> Result<Landing<'a>> {
        let target = target.to_owned();
        match target.metadata() {
            Ok(about) if about.is_dir() => return Ok(Landing { target, temporary: None, aftermath }),
            Ok(_) => return Err(Error::invalid(format!("{} is no directory; files cannot be put into it.", target.display()))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(&target, &error)),
            Err(_) => {}
        }
        if target.symlink_metadata().is_ok() {
            return Err(Error::invalid(format!("{} is a link that leads nowhere; files cannot be put into it.", target.display())));
        }
        if target.file_name().is_none() {
            return Err(Error::invalid(format!("{} names no directory that could be made.", target.display())));
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let missing = |above: &&Path| !above.as_os_str().is_empty() && above.symlink_metadata().is_err();
        let above = parent.ancestors().take_while(missing).map(Path::to_owned).collect();
        let temporary = parent.join(format!(".{}.part", crate::random::id().simple()));
        let make = || fs::create_dir_all(parent).and_then(|()| fs::create_dir(&temporary));
        let outcome = match make() {
            // What has made the same parent may have failed, and removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(),
            outcome => outcome,
        };
        let failed = outcome.map_err(|error| cannot(&target, &error));
        let landing = Landing { target, temporary: Some(Remains::of(temporary, above).into()), aftermath };
        // Should it have failed, the drop takes back the directories above.
        failed.map(|()| landing)
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        self.temporary.as_ref().map_or(&self.target, |temporary| temporary.path())
    }

    /// Whether the directory is made for what comes into it.
    pub fn is_new(&self) -> bool {
        self.temporary.is_some()
    }

    /// Everything has been written.
    pub fn finish(mut self) -> Result<()> {
        let Some(temporary) = &self.temporary else { return Ok(()) };
        // Should it fail, the drop takes back what is there.
        fs::rename(temporary.path(), &self.target).map_err(|error| cannot(&self.target, &error))?;
        self.temporary = None;
        Ok(())
    }
}

fn cannot(target: &Path, error: &io::Error) -> Error {
    Error::local_io(&format!("{} cannot be made", target.display()), error)
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        let Some(temporary) = self.temporary.take() else { return };
        // A forked child leaves it to its parent.
        let Some(remains) = temporary.into_own() else { return };
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
