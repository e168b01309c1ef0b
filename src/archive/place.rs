//! A directory that is written into without ever leaving it: every path is walked step by step from
//! the directory's own descriptor, and no link is followed on the way.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::{openat, AtFlags, OFlag};
use nix::sys::stat::{fchmod, fstatat, futimens, mkdirat, utimensat, Mode, SFlag, UtimensatFlags};
use nix::sys::time::TimeSpec;
use nix::unistd::{linkat, symlinkat, unlinkat, UnlinkatFlags};

use super::{as_path, shown};
use crate::error::{Error, Result};

/// A path that stays inside: no root, no `..`, nothing empty.
pub type Steps = Vec<Vec<u8>>;

/// The directory.
pub struct Place {
    root: OwnedFd,
    /// The directories on the way to what was written last, open.
    way: Vec<(Vec<u8>, OwnedFd)>,
}

fn cannot(steps: &[Vec<u8>], errno: Errno) -> Error {
    let name = shown(&steps.join(&b'/'));
    match errno {
        Errno::ELOOP | Errno::ENOTDIR | Errno::EISDIR | Errno::EEXIST | Errno::ENOENT | Errno::EPERM => {
            super::tape::refused(format!("{name} cannot be made, since something else stands in its way or is missing ({errno})"))
        }
        errno => Error::local_io(&format!("{name} cannot be made"), &errno.into()),
    }
}

fn mode(bits: u32) -> Mode {
    Mode::from_bits_truncate(bits)
}

impl Place {
    /// Opens a directory.
    pub fn open(path: &std::path::Path) -> Result<Place> {
        let root = File::open(path).map_err(|error| Error::local_io(&format!("{} cannot be opened", path.display()), &error))?;
        Ok(Place { root: root.into(), way: Vec::new() })
    }

    fn at(&self, depth: usize) -> &OwnedFd {
        depth.checked_sub(1).map_or(&self.root, |last| &self.way[last].1)
    }

    /// Opens the directories on the way to `steps`, making what is missing.
    fn enter(&mut self, steps: &[Vec<u8>], make: bool) -> Result<()> {
        let common = self.way.iter().zip(steps).take_while(|((known, _), wanted)| known == *wanted).count();
        self.way.truncate(common);
        for depth in common..steps.len() {
            let name = as_path(&steps[depth]);
            let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
            let mut opened = openat(self.at(depth), name, flags, Mode::empty());
            if make && matches!(opened, Err(Errno::ENOENT)) {
                opened = mkdirat(self.at(depth), name, mode(0o755)).and_then(|()| openat(self.at(depth), name, flags, Mode::empty()));
            }
            let opened = opened.map_err(|errno| cannot(&steps[..=depth], errno))?;
            self.way.push((steps[depth].clone(), opened));
        }
        Ok(())
    }

    /// Makes a directory, its own until `finish_directory`. An existing one is as good.
    pub fn directory(&mut self, steps: &[Vec<u8>]) -> Result<()> {
        self.enter(steps, true)
    }

    /// Gives a directory its permissions and time, once nothing more is written into it.
    pub fn finish_directory(&mut self, steps: &[Vec<u8>], bits: u32, mtime: i64) -> Result<()> {
        self.enter(steps, false)?;
        let directory = self.at(steps.len());
        let failed = |errno| cannot(steps, errno);
        fchmod(directory.as_fd(), mode(bits)).map_err(failed)?;
        let time = TimeSpec::new(mtime, 0);
        let outcome = futimens(directory.as_fd(), &time, &time).map_err(failed);
        // Its permissions may keep us out from now on.
        self.way.clear();
        outcome
    }

    /// Begins a file, in place of whatever had its name.
    pub fn file(&mut self, steps: &[Vec<u8>]) -> Result<File> {
        let name = self.clear(steps)?;
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = openat(self.at(steps.len() - 1), as_path(name), flags, mode(0o600)).map_err(|errno| cannot(steps, errno))?;
        Ok(file.into())
    }

    /// Gives a file its permissions and time.
    pub fn finish_file(steps: &[Vec<u8>], file: &File, bits: u32, mtime: i64) -> Result<()> {
        let time = TimeSpec::new(mtime, 0);
        fchmod(file.as_fd(), mode(bits)).and_then(|()| futimens(file.as_fd(), &time, &time)).map_err(|errno| cannot(steps, errno))
    }

    /// Makes a symbolic link. Whoever asks has seen to it that it stays inside.
    pub fn symlink(&mut self, steps: &[Vec<u8>], target: &[u8], mtime: i64) -> Result<()> {
        let name = self.clear(steps)?;
        let parent = self.at(steps.len() - 1);
        symlinkat(as_path(target), parent, as_path(name)).map_err(|errno| cannot(steps, errno))?;
        let time = TimeSpec::new(mtime, 0);
        // A link's own time is of no matter where it cannot be set.
        let _ = utimensat(parent, as_path(name), &time, &time, UtimensatFlags::NoFollowSymlink);
        Ok(())
    }

    /// Gives a file that is inside another name. Nothing but a file is taken: a link's meaning
    /// depends on where it stands.
    pub fn hard_link(&mut self, steps: &[Vec<u8>], existing: &[Vec<u8>]) -> Result<()> {
        let failed = |errno| cannot(steps, errno);
        let (own, before) = existing.split_last().ok_or_else(|| failed(Errno::EISDIR))?;
        self.enter(before, false)?;
        let from = self.at(before.len()).try_clone().map_err(|error| Error::local_io("A directory cannot be opened again", &error))?;
        let about = fstatat(&from, as_path(own), AtFlags::AT_SYMLINK_NOFOLLOW).map_err(failed)?;
        if SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
            return Err(super::tape::refused(format!("{} is linked to something that is no file", shown(&steps.join(&b'/')))));
        }
        if steps == existing {
            return Ok(());
        }
        let name = self.clear(steps)?;
        linkat(&from, as_path(own), self.at(steps.len() - 1), as_path(name), AtFlags::empty()).map_err(failed)
    }

    /// Goes to the directory that a path ends in, and makes room there. Gives the path's last name.
    fn clear<'a>(&mut self, steps: &'a [Vec<u8>]) -> Result<&'a [u8]> {
        let (name, before) = steps.split_last().ok_or_else(|| super::tape::refused("it would replace its own target"))?;
        self.enter(before, true)?;
        match unlinkat(self.at(before.len()), as_path(name), UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(name),
            Err(errno) => Err(cannot(steps, errno)),
        }
    }
}
