//! A directory that is written into without ever leaving it: every path is walked step by step from
//! the directory's own descriptor, and no link is followed on the way.

use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{readlinkat, renameat, AtFlags, OFlag};
use nix::sys::stat::{
    fchmod, fchmodat, fstat, fstatat, futimens, mkdirat, utimensat, FchmodatFlags, FileStat, Mode, SFlag, UtimensatFlags,
};
use nix::sys::time::TimeSpec;
use nix::unistd::{geteuid, linkat, symlinkat, unlinkat, UnlinkatFlags};

use super::dir_path::{Identity, Way};
use super::staged_dir::Ground;
use super::{as_path, shown};
use crate::error::Error;
use crate::os::descriptors::{open_in, raised, Own};
use crate::os::process::OfProcess;

/// What went wrong with an entry of an archive.
pub enum Trouble {
    /// It alone is concerned.
    Entry(Error),
    /// It is there, but not as it shall be.
    Attributes(Error),
    /// No further entry would fare better, or may be trusted.
    All(Error),
}

type Result<T> = std::result::Result<T, Trouble>;

/// A path that stays inside: no root, no `..`, nothing empty.
pub type Steps<'a> = Vec<&'a [u8]>;

/// So many directories that were made are known again when they are come back to. Archives name what is in
/// a directory right after it, so that hardly any needs that.
const REMEMBERED: usize = 1 << 16;
const OWN: u32 = 0o700;
/// Something else may put a thing where another has just been taken away, such as a download of the same: tried so often.
const TRIES: u32 = 1000;

/// What a directory shall have once nothing more is written into it.
#[derive(Clone, Copy)]
pub struct Attributes {
    /// Permissions.
    pub bits: u32,
    /// Its time.
    pub mtime: TimeSpec,
}

/// A file that is being written.
pub struct Begun {
    /// Open for writing.
    pub file: Own<File>,
    /// What it is called until it is whole, if not by its own name.
    temporary: OfProcess<Option<String>>,
}

/// The directory.
pub struct Place {
    way: Way,
    /// Whether it was made for what comes into it.
    new: bool,
    levels: Vec<Level>,
    /// Directories that were made here and left.
    made: HashMap<Identity, Option<Attributes>>,
    /// Directories on the way that were there, and let their owner write only for now, by their depth: their permissions,
    /// which they get back when they are left.
    opened: OfProcess<Vec<(usize, Mode)>>,
    /// What went wrong with directories when they were left, by their names.
    failures: Vec<(Vec<u8>, Trouble)>,
}

struct Level {
    name: Vec<u8>,
    /// Whether it was made here: any other keeps what it has.
    made: bool,
    attributes: Option<Attributes>,
}

fn cannot(steps: &[&[u8]], errno: Errno) -> Trouble {
    let name = shown(&steps.join(&b'/'));
    match errno {
        Errno::ELOOP | Errno::ENOTDIR | Errno::EISDIR | Errno::EEXIST | Errno::ENOENT => Trouble::Entry(super::tar_reader::refused(
            format!("{name} cannot be made, since something else stands in its way or is missing ({errno})"),
        )),
        Errno::ENOSPC
        | Errno::EDQUOT
        | Errno::EIO
        | Errno::EROFS
        | Errno::EMFILE
        | Errno::ENFILE
        | Errno::ENOMEM
        | Errno::EFBIG
        | Errno::EBADF
        | Errno::ESTALE => Trouble::All(Error::local_io(&format!("{name} cannot be made"), &errno.into())),
        errno => Trouble::Entry(Error::local_io(&format!("{name} cannot be made"), &errno.into())),
    }
}

/// The same for what is there, but not as it shall be.
fn cannot_be_given(steps: &[&[u8]], errno: Errno) -> Trouble {
    match cannot(steps, errno) {
        Trouble::All(error) => Trouble::All(error),
        Trouble::Entry(_) | Trouble::Attributes(_) => {
            let name = shown(&steps.join(&b'/'));
            Trouble::Attributes(Error::local_io(
                &format!("{name} is there, but cannot be given its permissions and its time"),
                &errno.into(),
            ))
        }
    }
}

/// The same where something was to be made in a directory, which may be gone itself.
fn cannot_in(way: &Way, steps: &[&[u8]], errno: Errno) -> Trouble {
    if errno == Errno::ENOENT && way.last().and_then(fstat).is_ok_and(|about| about.st_nlink == 0) {
        let name = shown(&steps.join(&b'/'));
        return Trouble::All(Error::local_io(&format!("{name} cannot be made, since the directory has been removed"), &errno.into()));
    }
    cannot(steps, errno)
}

fn mode(bits: u32) -> Mode {
    Mode::from_bits_truncate(bits)
}

impl Place {
    /// Begins in an open directory.
    pub fn on(ground: Ground) -> Place {
        let opened: Vec<_> = ground.permissions.map(|permissions| (0, permissions)).into_iter().collect();
        let (levels, made, failures) = (Vec::new(), HashMap::new(), Vec::new());
        Place { way: ground.way, new: ground.new, levels, made, opened: opened.into(), failures }
    }

    /// Opens the directories on the way to `steps`, making what is missing.
    fn enter(&mut self, steps: &[&[u8]], make: bool) -> Result<()> {
        let common = self.levels.iter().zip(steps).take_while(|(level, wanted)| level.name == **wanted).count();
        self.leave_to(common);
        for depth in common..steps.len() {
            let level = self.step(steps[depth], make).map_err(|errno| cannot_in(&self.way, &steps[..=depth], errno))?;
            self.levels.push(level);
        }
        Ok(())
    }

    fn step(&mut self, name: &[u8], make: bool) -> nix::Result<Level> {
        let path = as_path(name);
        let mut made = false;
        let mut entered = self.way.enter(path);
        if make && entered == Err(Errno::ENOENT) {
            let outcome = self.writing(|folder| mkdirat(folder, path, mode(0o755)));
            entered = match outcome {
                Err(errno) if errno != Errno::EEXIST => Err(errno),
                _ => self.way.enter(path),
            };
            made = outcome.is_ok();
        }
        let mut before = None;
        if entered == Err(Errno::EACCES) {
            // It may be of our own making, or be ours to change, with permissions that keep us out.
            let about = fstatat(self.way.last()?, path, AtFlags::AT_SYMLINK_NOFOLLOW)?;
            if self.made.contains_key(&(about.st_dev, about.st_ino)) {
                fchmodat(self.way.last()?, path, mode(OWN), FchmodatFlags::FollowSymlink)?;
                entered = self.way.enter(path);
            } else if is_open(&about) {
                // Something else that writes into it has opened it meanwhile.
                entered = self.way.enter(path);
            } else if let Some(permissions) = kept_out(&about) {
                // By way of no link, whatever has taken its place; not every system can do that.
                let unlocked = fchmodat(self.way.last()?, path, permissions | mode(OWN), FchmodatFlags::NoFollowSymlink);
                if unlocked.is_ok() {
                    entered = self.way.enter(path);
                    before = entered.is_ok().then_some(permissions);
                }
                if unlocked.is_ok() && before.is_none() {
                    let _ = fchmodat(self.way.last()?, path, permissions, FchmodatFlags::NoFollowSymlink);
                }
            }
        }
        entered?;
        if let Some(permissions) = before {
            self.opened.push((self.levels.len() + 1, permissions));
        }
        let known = self.way.identity().and_then(|identity| self.made.get(&identity).copied());
        if let Some(Some(attributes)) = known {
            // Not to be written into, it fails then.
            let _ = fchmod(self.way.last()?, mode(attributes.bits | OWN));
        }
        Ok(Level { name: name.to_owned(), made: made || known.is_some(), attributes: known.flatten() })
    }

    /// Leaves directories, the innermost first, and gives those that were made here what they shall have. Where that fails
    /// the directory is concerned, not what is on its way to another: see `failures`.
    fn leave_to(&mut self, depth: usize) {
        while self.levels.len() > depth {
            let locked = self.lock();
            let names: Vec<&[u8]> = self.levels.iter().map(|level| level.name.as_slice()).collect();
            let path = names.join(&b'/');
            let given = match self.levels.last().filter(|level| level.made).and_then(|level| level.attributes) {
                Some(attributes) => self.way.last().and_then(|folder| give(folder, attributes)),
                None => Ok(()),
            };
            let is_given = given.is_ok();
            let mut left = given.and(locked).map_err(|errno| cannot_be_given(&names, errno));
            let identity = self.way.identity();
            if let Err(errno) = self.way.leave() {
                left = left.and(Err(cannot(&names, errno)));
                self.way.clear();
                self.levels.clear();
                self.opened.retain(|(at, _)| *at == 0);
            }
            if let (Some(level), Some(identity)) = (self.levels.pop(), identity) {
                if level.made && (self.made.len() < REMEMBERED || self.made.contains_key(&identity)) {
                    // What could not be given is told once.
                    self.made.insert(identity, level.attributes.filter(|_| is_given));
                }
            }
            self.failures.extend(left.err().map(|trouble| (path, trouble)));
        }
    }

    /// What has gone wrong since with directories that were left, by their names.
    pub fn failures(&mut self) -> Vec<(Vec<u8>, Trouble)> {
        std::mem::take(&mut self.failures)
    }

    /// Does something in the directory at the way's end, for which that must be writable: it is made so for now where it is ours.
    fn writing<T>(&mut self, mut work: impl FnMut(BorrowedFd<'_>) -> nix::Result<T>) -> nix::Result<T> {
        let mut tries = 0;
        loop {
            match self.way.open_there(&mut work) {
                // What writes into the same directory may give it its permissions back at any time.
                Err(Errno::EACCES) if tries < TRIES && self.unlock() => tries += 1,
                outcome => return outcome,
            }
        }
    }

    fn unlock(&mut self) -> bool {
        let Ok(folder) = self.way.last() else { return false };
        let Ok(about) = fstat(folder) else { return false };
        let Some(permissions) = kept_out(&about) else { return is_open(&about) };
        let unlocked = fchmod(folder, permissions | mode(OWN)).is_ok();
        let depth = self.levels.len();
        if unlocked && self.opened.last().is_none_or(|(at, _)| *at != depth) {
            self.opened.push((depth, permissions));
        }
        unlocked
    }

    /// Gives the directory at the way's end its permissions back.
    fn lock(&mut self) -> nix::Result<()> {
        let depth = self.levels.len();
        match self.opened.last().copied() {
            Some((at, permissions)) if at == depth => {
                self.opened.pop();
                fchmod(self.way.last()?, permissions)
            }
            _ => Ok(()),
        }
    }

    /// Makes a directory, whose attributes are set when it is left. An existing one is as good, and keeps its own.
    pub fn directory(&mut self, steps: &[&[u8]], attributes: Option<Attributes>) -> Result<()> {
        self.enter(steps, true)?;
        if let (Some(level), Some(attributes)) = (self.levels.last_mut().filter(|level| level.made), attributes) {
            level.attributes = Some(attributes);
            // Where it fails it does so when the directory is left, too.
            let _ = self.way.last().and_then(|folder| fchmod(folder, mode(attributes.bits | OWN)));
        }
        Ok(())
    }

    /// Everything has been written; `root` is what the directory itself shall have, if that was made too.
    pub fn finish(&mut self, root: Option<Attributes>) -> Result<()> {
        self.leave_to(0);
        let locked = self.lock();
        let given = match root {
            Some(attributes) => self.way.last().and_then(|folder| give(folder, attributes)),
            None => Ok(()),
        };
        locked.and(given).map_err(|errno| cannot_be_given(&[b"."], errno))
    }

    /// Begins a file, which takes the place of whatever has its name when it is whole. In a directory that was made here nothing has.
    pub fn file(&mut self, steps: &[&[u8]]) -> Result<Begun> {
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW;
        let (_, before) = last_of(steps)?;
        self.enter(before, true)?;
        let begin = |folder: BorrowedFd<'_>, name: &Path| {
            let file = open_in(folder, name, flags, mode(0o600))?;
            raised(file.into()).and_then(Own::new).inspect_err(|_| {
                let _ = unlinkat(folder, name, UnlinkatFlags::NoRemoveDir);
            })
        };
        if self.levels.last().map_or(self.new, |level| level.made) {
            let file = self.put(steps, begin)?;
            return Ok(Begun { file, temporary: None.into() });
        }
        let temporary = format!(".{}.part", crate::os::random::id().simple());
        let begun = self.writing(|folder| begin(folder, Path::new(&temporary)));
        let file = begun.map_err(|errno| cannot_in(&self.way, steps, errno))?;
        Ok(Begun { file, temporary: Some(temporary).into() })
    }

    /// Gives a whole file its permissions, its time, and its name.
    pub fn finish_file(&mut self, steps: &[&[u8]], begun: &Begun, attributes: Attributes) -> Result<()> {
        let given = begun.file.get().and_then(|file| give(file, attributes)).map_err(|errno| cannot_be_given(steps, errno));
        if let Some(temporary) = &*begun.temporary {
            let (name, _) = last_of(steps)?;
            let renamed = self.writing(|folder| renameat(folder, temporary.as_str(), folder, as_path(name)));
            renamed.map_err(|errno| {
                self.abandon(steps, begun);
                cannot_in(&self.way, steps, errno)
            })?;
        }
        given
    }

    /// Takes back a file that did not become whole.
    pub fn abandon(&mut self, steps: &[&[u8]], begun: &Begun) {
        // A forked child leaves it to its parent.
        if begun.temporary.is_parents() {
            return;
        }
        let own = steps.last().map(|name| as_path(name));
        if let Some(name) = begun.temporary.as_deref().map(Path::new).or(own) {
            let _ = self.writing(|folder| unlinkat(folder, name, UnlinkatFlags::NoRemoveDir));
        }
    }

    /// Makes a symbolic link. Whoever asks has seen to it that it stays inside.
    pub fn symlink(&mut self, steps: &[&[u8]], target: &[u8], mtime: &TimeSpec) -> Result<()> {
        self.put(steps, |folder, name| {
            symlinkat(as_path(target), folder, name)?;
            // A link's own time is of no matter where it cannot be set.
            let _ = utimensat(folder, name, mtime, mtime, UtimensatFlags::NoFollowSymlink);
            Ok(())
        })
    }

    /// Gives a file or a symbolic link that is inside another name. `fits` says of a link's text whether it
    /// stays inside at that name too; where it does not, nothing is made and that text is given.
    pub fn hard_link(&mut self, steps: &[&[u8]], existing: &[&[u8]], fits: impl Fn(&[u8]) -> bool) -> Result<Option<Vec<u8>>> {
        let failed = |errno| cannot(steps, errno);
        let (own, before) = existing.split_last().ok_or_else(|| failed(Errno::EISDIR))?;
        self.enter(before, false)?;
        let from = self.way.clone_last().map_err(failed)?;
        let about = fstatat(&from, as_path(own), AtFlags::AT_SYMLINK_NOFOLLOW).map_err(failed)?;
        match SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT {
            SFlag::S_IFREG => {}
            SFlag::S_IFLNK => {
                let text = readlinkat(&from, as_path(own)).map_err(failed)?;
                let text = std::os::unix::ffi::OsStringExt::into_vec(text);
                if !fits(&text) {
                    return Ok(Some(text));
                }
            }
            _ => {
                let name = shown(&steps.join(&b'/'));
                return Err(Trouble::Entry(super::tar_reader::refused(format!("{name} is linked to something that is no file"))));
            }
        }
        if steps == existing {
            return Ok(None);
        }
        self.put(steps, |folder, name| linkat(&from, as_path(own), folder, name, AtFlags::empty())).map(|()| None)
    }

    /// Goes to the directory that a path ends in, makes room there, and has something made.
    fn put<T>(&mut self, steps: &[&[u8]], make: impl Fn(BorrowedFd<'_>, &Path) -> nix::Result<T>) -> Result<T> {
        let (name, before) = last_of(steps)?;
        self.enter(before, true)?;
        let name = as_path(name);
        let mut tries = 0;
        loop {
            match self.writing(|folder| unlinkat(folder, name, UnlinkatFlags::NoRemoveDir)) {
                Ok(()) | Err(Errno::ENOENT) => {}
                Err(errno) => return Err(cannot(steps, errno)),
            }
            tries += 1;
            match self.writing(|folder| make(folder, name)) {
                Err(Errno::EEXIST) if tries < TRIES => {}
                outcome => return outcome.map_err(|errno| cannot_in(&self.way, steps, errno)),
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What failed leaves nothing more open than it was. A forked child leaves it to its parent.
        if !self.opened.is_parents() && !self.opened.is_empty() {
            self.leave_to(0);
            let _ = self.lock();
        }
    }
}

/// The permissions of a directory that is ours and keeps us out, or from writing into it.
fn kept_out(about: &FileStat) -> Option<Mode> {
    let permissions = Mode::from_bits_truncate(about.st_mode);
    (is_ours(about) && !permissions.contains(Mode::S_IRWXU)).then_some(permissions)
}

/// Whether it is a directory that is ours and lets us do everything.
fn is_open(about: &FileStat) -> bool {
    is_ours(about) && Mode::from_bits_truncate(about.st_mode).contains(Mode::S_IRWXU)
}

fn is_ours(about: &FileStat) -> bool {
    let directory = SFlag::from_bits_truncate(about.st_mode) & SFlag::S_IFMT == SFlag::S_IFDIR;
    directory && about.st_uid == geteuid().as_raw()
}

/// A path's last name, and what is before it.
fn last_of<'a, 'b>(steps: &'b [&'a [u8]]) -> Result<(&'a [u8], &'b [&'a [u8]])> {
    match steps.split_last() {
        Some((name, before)) => Ok((name, before)),
        None => Err(Trouble::Entry(super::tar_reader::refused("it would replace its own target"))),
    }
}

fn give(to: impl AsFd, attributes: Attributes) -> nix::Result<()> {
    fchmod(&to, mode(attributes.bits))?;
    futimens(&to, &attributes.mtime, &attributes.mtime)
}
