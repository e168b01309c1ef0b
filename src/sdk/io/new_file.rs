//! A file of this machine that is whole when it appears under its name.
//!
//! All that is done with it starts from its directory's descriptor: the program may change its own directory meanwhile, and
//! that of the file may be renamed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::fchown;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{renameat, AtFlags, OFlag};
use nix::sys::stat::{fchmod, fstat, fstatat, FileStat, Mode, SFlag};
use nix::unistd::{unlinkat, UnlinkatFlags};

use super::sink::unwritable;
use super::{room, spool};
use crate::error::{Error, Result};
use crate::os::descriptors::{open_in, raised, Own};
use crate::os::process::OfProcess;
use crate::os::{access_list, descriptors, write_signals};

/// A file on its way to its name.
pub struct NewFile {
    /// As the caller named it.
    target: PathBuf,
    folder: Own<OwnedFd>,
    name: OsString,
    /// What it is called until then; nothing, where none can be made beside the target.
    temporary: Option<OfProcess<String>>,
    file: Option<Own<File>>,
}

impl NewFile {
    /// Begins to write beside the target. Where no file can be made there, though the target can be written, the bytes are
    /// gathered elsewhere.
    pub fn create(target: &Path) -> Result<NewFile> {
        let failed = |errno: Errno| unwritable(&target.display().to_string(), &errno.into());
        let name = target.file_name().ok_or_else(|| failed(Errno::EISDIR))?.to_owned();
        let folder = descriptors::folder(target.parent().unwrap_or(Path::new(""))).map_err(failed)?;
        let temporary = format!(".{}.part", crate::os::random::id().simple());
        let about = fstatat(&folder, name.as_os_str(), AtFlags::AT_SYMLINK_NOFOLLOW).ok();
        let before = about.filter(|about| SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT == SFlag::S_IFREG);
        let mode = if before.is_some() { 0o600 } else { 0o666 };
        let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL;
        let opened = open_in(&folder, temporary.as_str(), flags, Mode::from_bits_truncate(mode)).and_then(|file| {
            // Raised in vain it is there nevertheless.
            raised(File::from(file)).and_then(Own::new).inspect_err(|_| {
                let _ = unlinkat(&folder, temporary.as_str(), UnlinkatFlags::NoRemoveDir);
            })
        });
        let (own, temporary, file) = match opened {
            Ok(file) => (target.to_owned(), Some(temporary.into()), Some(file)),
            Err(_) if before.is_some() && in_place(&folder, &name).is_ok() => {
                let file = spool::unnamed().map_err(|error| spool::failed(&error))?;
                let folder = Own::new(folder).map_err(failed)?;
                return Ok(NewFile { target: target.to_owned(), folder, name, temporary: None, file: Some(file) });
            }
            Err(errno) => return Err(failed(errno)),
        };
        let folder = Own::new(folder).map_err(failed)?;
        let new = NewFile { target: own, folder, name, temporary, file };
        if let (Some(before), Some(file)) = (before, &new.file) {
            file.get().and_then(|file| inherit(file, &before, target)).map_err(|errno| new.failed(&errno.into()))?;
        }
        Ok(new)
    }

    fn failed(&self, error: &io::Error) -> Error {
        unwritable(&self.target.display().to_string(), error)
    }

    fn open(&mut self) -> Result<&mut Own<File>> {
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
        file.get().map_err(io::Error::from).and_then(File::sync_all).map_err(|error| self.failed(&error))?;
        let folder = self.folder.get().map_err(|errno| self.failed(&errno.into()))?;
        if let Err(errno) = renameat(folder, temporary.as_str(), folder, self.name.as_os_str()) {
            // A file that something is mounted on, or another user's in a directory such as /tmp, cannot be replaced, but may be written.
            return match in_place(folder, &self.name) {
                Ok(_) => self.put_in_place(&mut file),
                Err(_) => Err(self.failed(&errno.into())),
            };
        }
        self.temporary = None;
        let folder = self.folder.get().map_err(|errno| self.failed(&errno.into()))?;
        // Some file systems know no way to sync a directory.
        if let Ok(folder) = open_in(folder, ".", OFlag::O_RDONLY | OFlag::O_DIRECTORY, Mode::empty()).and_then(raised) {
            let _ = File::from(folder).sync_all();
        }
        Ok(())
    }

    /// Copies what has come into the target: it is whole, and only this machine can still fail.
    fn put_in_place(&self, file: &mut Own<File>) -> Result<()> {
        let target = self.folder.get().map_err(io::Error::from).and_then(|folder| in_place(folder, &self.name));
        let mut target = target.map_err(|error| self.failed(&error))?;
        let _held_back = write_signals::hold_back();
        let reserved = file.get().map_err(io::Error::from).and_then(|file| self.reserve(file, &target));
        let (length, before) = reserved.map_err(|error| self.failed(&error))?;
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
            room::reserve(target, before, length).inspect_err(|_| drop(target.set_len(before)))?;
        }
        Ok((length, before))
    }

    /// Begins anew.
    pub fn restart(&mut self) -> Result<()> {
        let file = self.open()?;
        let outcome = file.get().map_err(io::Error::from).and_then(|file| file.set_len(0)).and_then(|()| file.rewind());
        outcome.map_err(|error| self.failed(&error))
    }
}

/// Opens what is there to be written over.
fn in_place(folder: impl AsFd, name: &OsStr) -> io::Result<File> {
    let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_NOFOLLOW;
    Ok(open_in(folder, name, flags, Mode::empty()).and_then(raised)?.into())
}

/// Gives a new file what the file that it replaces has: its owner where that can be, its access control list, and its
/// permissions, without those that were meant for another group or for a list that it does not have.
fn inherit(file: &File, before: &FileStat, path: &Path) -> nix::Result<()> {
    let own = fstat(file)?;
    if own.st_uid != before.st_uid {
        let _ = fchown(file, Some(before.st_uid), None);
    }
    let same_group = own.st_gid == before.st_gid || fchown(file, None, Some(before.st_gid)).is_ok();
    let same_list = access_list::keep(path, file).is_ok();
    let bits = before.st_mode & if same_group && same_list { 0o777 } else { 0o707 };
    fchmod(file, Mode::from_bits_truncate(bits))
}

impl Drop for NewFile {
    fn drop(&mut self) {
        let Some(temporary) = self.temporary.take() else { return };
        // A forked child leaves it to its parent.
        if !temporary.is_parents() {
            let _ = self.folder.get().and_then(|folder| unlinkat(folder, temporary.as_str(), UnlinkatFlags::NoRemoveDir));
        }
    }
}
