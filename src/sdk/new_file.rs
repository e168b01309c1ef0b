//! A file of this machine that is whole when it appears under its name.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Seek, Write};
use std::os::unix::fs::{fchown, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::sink::unwritable;
use super::spool;
use crate::descriptors::lifted;
use crate::error::{Error, Result};
use crate::process::OfProcess;
use crate::write_signals;

/// A file on its way to its name.
pub struct NewFile {
    target: PathBuf,
    /// What it is called until then; nothing, where none can be made beside the target.
    temporary: Option<OfProcess<PathBuf>>,
    file: Option<File>,
}

impl NewFile {
    /// Begins to write beside the target. Where no file can be made there, though the target can be written, the bytes are
    /// gathered elsewhere.
    pub fn create(target: &Path) -> Result<NewFile> {
        let target = target.to_owned();
        let temporary = target.with_file_name(format!(".{}.part", crate::random::id().simple()));
        let before = target.symlink_metadata().ok().filter(std::fs::Metadata::is_file);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        if before.is_some() {
            options.mode(0o600);
        }
        // Lifted in vain it is there nevertheless.
        let lift = |file| lifted(file).inspect_err(|_| drop(std::fs::remove_file(&temporary)));
        let file = match options.open(&temporary).and_then(lift) {
            Ok(file) => file,
            Err(_) if before.is_some() && in_place(&target).is_ok() => {
                let file = spool::unnamed().map_err(|error| spool::failed(&error))?;
                return Ok(NewFile { target, temporary: None, file: Some(file) });
            }
            Err(error) => return Err(unwritable(&target.display().to_string(), &error)),
        };
        let new = NewFile { target, temporary: Some(temporary.into()), file: Some(file) };
        if let (Some(before), Some(file)) = (before, &new.file) {
            inherit(file, &before).map_err(|error| new.failed(&error))?;
        }
        Ok(new)
    }

    fn failed(&self, error: &io::Error) -> Error {
        unwritable(&self.target.display().to_string(), error)
    }

    fn open(&mut self) -> Result<&mut File> {
        self.file.as_mut().ok_or_else(|| Error::invalid("The file is finished."))
    }

    /// Takes the next bytes.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        let file = self.open()?;
        let _held_back = write_signals::hold_back();
        let outcome = file.write_all(piece);
        outcome.map_err(|error| self.failed(&error))
    }

    /// Whole on the disk before it has its name, and the name on the disk before it is reported.
    pub fn finish(&mut self) -> Result<()> {
        let mut file = self.file.take().ok_or_else(|| Error::invalid("The file is finished."))?;
        let Some(temporary) = &self.temporary else { return self.put_in_place(&mut file) };
        // Should it fail, the drop removes what has come.
        file.sync_all().map_err(|error| self.failed(&error))?;
        if let Err(error) = std::fs::rename(&**temporary, &self.target) {
            // A file that something is mounted on, or another user's in a directory such as /tmp, cannot be replaced, but may be written.
            return match in_place(&self.target) {
                Ok(_) => self.put_in_place(&mut file),
                Err(_) => Err(self.failed(&error)),
            };
        }
        self.temporary = None;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Some file systems know no way to sync a directory.
        if let Ok(folder) = File::open(folder).and_then(lifted) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Copies what has come into the target: it is whole, and only this machine can still fail.
    fn put_in_place(&self, file: &mut File) -> Result<()> {
        let mut target = in_place(&self.target).map_err(|error| self.failed(&error))?;
        let _held_back = write_signals::hold_back();
        let (length, before) = self.reserve(file, &target).map_err(|error| self.failed(&error))?;
        let copied = file.rewind().and_then(|()| io::copy(file, &mut target));
        let written = copied.and_then(|_| if length < before { target.set_len(length) } else { Ok(()) }).and_then(|()| target.sync_all());
        written.map_err(|error| {
            self.failed(&error)
                .adding("It cannot be replaced as a whole, and so was written in place: it is damaged. Make room and make the call again.")
        })
    }

    /// Makes room for the file before the target loses a byte; gives its length and the target's.
    fn reserve(&self, file: &File, target: &File) -> io::Result<(u64, u64)> {
        let (length, before) = (file.metadata()?.len(), target.metadata()?.len());
        if length > before {
            let room = i64::try_from(length - before).unwrap_or(i64::MAX);
            let reserved =
                nix::fcntl::fallocate(target, nix::fcntl::FallocateFlags::empty(), i64::try_from(before).unwrap_or(i64::MAX), room);
            // Not every file system can do it.
            if let Err(errno @ (nix::errno::Errno::ENOSPC | nix::errno::Errno::EDQUOT | nix::errno::Errno::EFBIG)) = reserved {
                let _ = target.set_len(before);
                return Err(errno.into());
            }
        }
        Ok((length, before))
    }

    /// Begins anew.
    pub fn restart(&mut self) -> Result<()> {
        let file = self.open()?;
        let outcome = file.set_len(0).and_then(|()| file.rewind());
        outcome.map_err(|error| self.failed(&error))
    }
}

/// Opens what is there to be written over.
fn in_place(target: &Path) -> io::Result<File> {
    let opened = OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_NOFOLLOW).open(target);
    opened.and_then(lifted)
}

/// Gives a new file what the file that it replaces has: its owner where that can be, and its permissions,
/// without those that were meant for another group.
fn inherit(file: &File, before: &std::fs::Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if own.uid() != before.uid() {
        let _ = fchown(file, Some(before.uid()), None);
    }
    let same_group = own.gid() == before.gid() || fchown(file, None, Some(before.gid())).is_ok();
    let bits = before.mode() & if same_group { 0o777 } else { 0o707 };
    file.set_permissions(Permissions::from_mode(bits))
}

impl Drop for NewFile {
    fn drop(&mut self) {
        let Some(temporary) = self.temporary.take() else { return };
        // A forked child leaves it to its parent.
        if !temporary.is_parents() {
            let _ = std::fs::remove_file(&*temporary);
        }
    }
}
