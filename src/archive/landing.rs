//! Where an archive is unpacked: a new directory appears under its name only when it is whole.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::process::OfProcess;

/// A directory that is being filled.
pub struct Landing {
    target: PathBuf,
    temporary: Option<OfProcess<PathBuf>>,
}

impl Landing {
    /// An existing directory is filled in place, any other beside its place.
    pub fn begin(target: &Path) -> Result<Landing> {
        let target = target.to_owned();
        if target.is_dir() {
            return Ok(Landing { target, temporary: None });
        }
        if target.symlink_metadata().is_ok() {
            return Err(Error::invalid(format!("{} is no directory; files cannot be put into it.", target.display())));
        }
        if target.file_name().is_none() {
            return Err(Error::invalid(format!("{} names no directory that could be made.", target.display())));
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = parent.join(format!(".{}.part", uuid::Uuid::new_v4().simple()));
        fs::create_dir_all(parent).and_then(|()| fs::create_dir(&temporary)).map_err(|error| cannot(&target, &error))?;
        Ok(Landing { target, temporary: Some(temporary.into()) })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        self.temporary.as_ref().map_or(&self.target, |temporary| temporary)
    }

    /// Whether the directory is made for what comes into it.
    pub fn is_new(&self) -> bool {
        self.temporary.is_some()
    }

    /// Everything has been written.
    pub fn finish(mut self) -> Result<()> {
        let Some(temporary) = self.temporary.take() else { return Ok(()) };
        fs::rename(&*temporary, &self.target).map_err(|error| {
            let _ = fs::remove_dir_all(&*temporary);
            cannot(&self.target, &error)
        })
    }
}

fn cannot(target: &Path, error: &std::io::Error) -> Error {
    Error::local_io(&format!("{} cannot be made", target.display()), error)
}

impl Drop for Landing {
    fn drop(&mut self) {
        let Some(temporary) = self.temporary.take() else { return };
        // A forked child leaves it to its parent.
        if !temporary.is_parents() {
            // It does not follow links.
            let _ = fs::remove_dir_all(&*temporary);
        }
    }
}
