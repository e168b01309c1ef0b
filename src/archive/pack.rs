//! A directory as one tar.gz stream, made while it is read.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::stat::{FileStat, SFlag};
use nix::unistd::{lseek, Whence};
use tar::EntryType;

use super::gzip::{Input, Item, Output};
use super::tar_writer::{padding, zeros, Head, RECORD};
use super::walk::{cannot, Found, Step, Walk};
use super::{gzip, of_stream, tar_writer, walk, Ignore, Skipped};
use crate::error::{Error, Result};
use crate::os::descriptors;
use crate::os::descriptors::Own;

const BUFFER: usize = 128 << 10;
/// A file of at most this size is read before its length is written down.
const AHEAD: usize = 128 << 10;
/// Of a file that is longer than the system says, so much is held in memory.
const MOST_UNKNOWN: u64 = 16 << 20;
/// Of the names of files that have several names.
const MOST_NAMES: usize = 16 << 20;
/// Of the zeros that stand for a hole, so many are written at a time.
const AT_A_TIME: u64 = 1 << 20;

const SHORTER: &str = "it became shorter while it was packed";

/// Whose the packed files are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// As on this machine, by number.
    #[default]
    Kept,
    /// Nobody's in particular: user and group 0, as Docker sends build contexts.
    Root,
}

/// How a directory is packed.
#[derive(Clone, Debug, Default)]
pub struct PackOptions {
    /// What is left out, as `Ignore` made it of files and texts.
    pub ignore: Vec<String>,
    /// Whether what cannot be read is skipped, not an error.
    pub lenient: bool,
    /// Whose the files are.
    pub owner: Owner,
    /// Whether the names of directories end with `/.`, so that they can be told from what is in them.
    pub dotted: bool,
}

/// What packing gives, in order.
pub enum Piece {
    /// The next bytes of the archive.
    Bytes(Vec<u8>),
    /// Something that is not in it.
    Skipped(Skipped),
    /// Nothing is there yet.
    NotYet,
}

/// A directory to be packed, open: it stays that one wherever the program or the directory goes meanwhile.
pub struct Root {
    path: PathBuf,
    folder: Own<OwnedFd>,
}

impl Root {
    /// Opens it.
    pub fn open(path: &Path) -> Result<Root> {
        let wrong = |why: &str| Error::invalid(format!("{} {why}; expected a directory to pack.", path.display()));
        match path.metadata() {
            Ok(about) if about.is_dir() => {}
            Ok(_) => return Err(wrong("is not a directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(wrong("does not exist")),
            Err(error) => return Err(cannot(path, &error)),
        }
        let folder = descriptors::folder(path).and_then(Own::new).map_err(|errno| cannot(path, &errno.into()))?;
        Ok(Root { path: path.to_owned(), folder })
    }
}

/// A directory being packed, on threads of its own that end with it, or by whoever asks for its pieces.
pub struct Packing(Output);

impl Packing {
    /// Begins to pack `root`.
    pub fn start(root: &Root, options: &PackOptions) -> Result<Packing> {
        let folder = root.folder.get().map_err(|errno| cannot(&root.path, &errno.into()))?;
        let walk = Walk::new(&root.path, folder.as_fd(), Ignore::new(&options.ignore)?, options.lenient)?;
        let mut packer =
            Packer { walk, options: options.clone(), links: HashMap::new(), kept: 0, begun: false, current: None, buffer: Vec::new() };
        Ok(Packing(gzip::start(move |input| packer.advance(input))))
    }

    /// What comes next; `None` at the archive's end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>> {
        Ok(self.0.next()?.map(|item| match item {
            Item::Bytes(bytes) => Piece::Bytes(bytes),
            Item::Note(note) => Piece::Skipped(note),
            Item::NotYet => Piece::NotYet,
        }))
    }
}

/// A file that has several names.
struct Linked {
    /// The one under which it was packed.
    first: Vec<u8>,
    /// How many others may still come.
    left: u64,
}

struct Packer {
    walk: Walk,
    options: PackOptions,
    /// By device and inode.
    links: HashMap<(u64, u64), Linked>,
    /// Of the names in `links`.
    kept: usize,
    begun: bool,
    current: Option<Contents>,
    buffer: Vec<u8>,
}

/// The contents of a file whose header has been written. What is missing of them are zeros, since the header has
/// promised their length.
struct Contents {
    name: Vec<u8>,
    file: Own<File>,
    length: u64,
    done: u64,
    /// Of what is done, so many zeros have not been written.
    zeros: u64,
    holes: bool,
    /// What is missing, and why.
    missing: Option<(u64, String)>,
}

impl Packer {
    /// Does a bounded piece of work; `false` when the archive is whole.
    fn advance(&mut self, input: &mut Input) -> Result<bool> {
        let packing = |error| of_stream("packing", error);
        if let Some(contents) = self.current.take() {
            self.contents(input, contents)?;
        } else if !self.begun {
            let root = self.walk.root()?;
            self.head(input, b"./", &root, EntryType::Directory, 0, &[]).map_err(packing)?;
            self.begun = true;
        } else {
            match self.walk.next()? {
                Some(Step::Nothing) => {}
                Some(Step::Skipped(skipped)) => input.note(skipped).map_err(packing)?,
                Some(Step::Found(found)) => self.entry(input, found)?,
                None => {
                    // The end of an archive is two empty records.
                    input.write_all(&[0; 2 * RECORD]).map_err(packing)?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn entry(&mut self, input: &mut Input, found: Found) -> Result<()> {
        let Found { mut name, about } = found;
        let failed = |walk: &Walk, name: &[u8], error| of_stream(&format!("{} cannot be packed", walk.path(name).display()), error);
        let what = match walk::kind(&about) {
            SFlag::S_IFDIR => {
                let mut directory = name.clone();
                directory.extend_from_slice(if self.options.dotted { b"/./" } else { b"/" });
                let outcome = self.head(input, &directory, &about, EntryType::Directory, 0, &[]);
                return outcome.map_err(|error| failed(&self.walk, &name, error));
            }
            SFlag::S_IFLNK => {
                return match self.walk.read_link(&name) {
                    Ok(target) => {
                        let outcome = self.head(input, &name, &about, EntryType::Symlink, 0, &target);
                        outcome.map_err(|error| failed(&self.walk, &name, error))
                    }
                    Err(error) => self.unreadable(input, &name, &error),
                };
            }
            SFlag::S_IFREG => return self.file(input, std::mem::take(&mut name)),
            SFlag::S_IFSOCK => "it is a socket",
            SFlag::S_IFIFO => "it is a named pipe",
            _ => "it is a device",
        };
        input.note(Skipped::new(&name, what)).map_err(|error| failed(&self.walk, &name, error))
    }

    fn file(&mut self, input: &mut Input, name: Vec<u8>) -> Result<()> {
        let (mut file, about) = match self.walk.open(&name) {
            Ok(both) => both,
            Err(error) => return self.unreadable(input, &name, &error),
        };
        let path = self.walk.path(&name);
        let failed = |error| of_stream(&format!("{} cannot be packed", path.display()), error);
        if walk::kind(&about) != SFlag::S_IFREG {
            return input.note(Skipped::new(&name, "it is no longer a file")).map_err(failed);
        }
        if let Some(first) = self.first_name(&name, &about) {
            return self.head(input, &name, &about, EntryType::Link, 0, &first).map_err(failed);
        }
        let said = u64::try_from(about.st_size).unwrap_or(0);
        if said > AHEAD as u64 {
            self.head(input, &name, &about, EntryType::Regular, said, &[]).map_err(failed)?;
            let holes = u64::try_from(about.st_blocks).unwrap_or(0) * 512 < said;
            self.current = Some(Contents { name, file, length: said, done: 0, zeros: 0, holes, missing: None });
            return Ok(());
        }
        // What the system says of small files may be untrue: in /proc and /sys their lengths are known by reading them.
        let mut whole = Vec::with_capacity(usize::try_from(said).unwrap_or(0) + 1);
        let read = match (&mut file).take(MOST_UNKNOWN + 1).read_to_end(&mut whole) {
            Ok(count) if count as u64 > MOST_UNKNOWN => {
                Err(io::Error::other(format!("it is longer than the system says, and than {MOST_UNKNOWN} bytes")))
            }
            outcome => outcome,
        };
        if let Err(error) = read {
            if let Some(linked) = self.links.remove(&(about.st_dev, about.st_ino)) {
                self.kept -= linked.first.len();
            }
            return self.unreadable(input, &name, &error);
        }
        let length = whole.len() as u64;
        self.head(input, &name, &about, EntryType::Regular, length, &[]).map_err(failed)?;
        input.write_all(&whole).map_err(failed)?;
        zeros(input, padding(length)).map_err(failed)
    }

    /// The name under which a file was packed before, if it has several and was.
    fn first_name(&mut self, name: &[u8], about: &FileStat) -> Option<Vec<u8>> {
        if about.st_nlink < 2 {
            return None;
        }
        let key = (about.st_dev, about.st_ino);
        if let Some(linked) = self.links.get_mut(&key) {
            linked.left -= 1;
            if linked.left > 0 {
                return Some(linked.first.clone());
            }
            let linked = self.links.remove(&key)?;
            self.kept -= linked.first.len();
            return Some(linked.first);
        }
        // Beyond that, each name is packed as a file of its own.
        if self.kept + name.len() <= MOST_NAMES {
            self.kept += name.len();
            self.links.insert(key, Linked { first: name.to_owned(), left: about.st_nlink - 1 });
        }
        None
    }

    /// Packs the next part of a file.
    fn contents(&mut self, input: &mut Input, mut contents: Contents) -> Result<()> {
        self.buffer.resize(BUFFER, 0);
        let outcome = if contents.zeros > 0 {
            let count = contents.zeros.min(AT_A_TIME);
            contents.zeros -= count;
            zeros(input, count)
        } else if contents.done < contents.length {
            match contents.next(&mut self.buffer) {
                0 => Ok(()),
                count => input.write_all(&self.buffer[..count]),
            }
        } else {
            return self.end(input, contents);
        };
        outcome.map_err(|error| of_stream(&format!("{} cannot be packed", self.walk.path(&contents.name).display()), error))?;
        self.current = Some(contents);
        Ok(())
    }

    fn end(&mut self, input: &mut Input, contents: Contents) -> Result<()> {
        let Contents { name, length, missing, .. } = contents;
        let failed = |error| of_stream("packing", error);
        zeros(input, padding(length)).map_err(failed)?;
        match missing {
            None => Ok(()),
            Some((missing, why)) if self.options.lenient => {
                let note = Skipped::new(&name, format!("its last {missing} bytes, which are zeros in the archive: {why}"));
                input.note(note).map_err(failed)
            }
            Some((_, why)) => Err(cannot(&self.walk.path(&name), &io::Error::other(why))),
        }
    }

    fn unreadable(&mut self, input: &mut Input, name: &[u8], error: &io::Error) -> Result<()> {
        if !self.options.lenient {
            return Err(cannot(&self.walk.path(name), error));
        }
        let note = Skipped::new(name, format!("it cannot be read: {error}"));
        input.note(note).map_err(|error| of_stream("packing", error))
    }

    fn head(&self, input: &mut Input, name: &[u8], about: &FileStat, kind: EntryType, length: u64, target: &[u8]) -> io::Result<()> {
        let owner = match self.options.owner {
            Owner::Kept => (about.st_uid, about.st_gid),
            Owner::Root => (0, 0),
        };
        tar_writer::head(input, &Head { name, about, owner, kind, length, target })
    }
}

impl Contents {
    /// Reads the next bytes; 0: zeros take their place, or none have come.
    fn next(&mut self, buffer: &mut [u8]) -> usize {
        if self.holes {
            let end = || Some(self.length_now()).filter(|end| *end > self.done);
            let data = self.file.get().map_or(Some(self.done), |file| next_data(file, self.done));
            let Some(data) = data.or_else(end).map(|data| data.min(self.length)) else {
                self.lack(SHORTER.to_owned());
                return 0;
            };
            if data > self.done {
                self.zeros = data - self.done;
                self.done = data;
                return 0;
            }
        }
        let wanted = usize::try_from(self.length - self.done).unwrap_or(BUFFER).min(buffer.len());
        match self.file.read(&mut buffer[..wanted]) {
            Ok(0) => self.lack(SHORTER.to_owned()),
            Ok(count) => {
                self.done += count as u64;
                return count;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => self.lack(format!("it cannot be read: {error}")),
        }
        0
    }

    /// The length that the file has by now. Where only a hole seems to follow, it may have become shorter.
    fn length_now(&self) -> u64 {
        self.file.get().ok().and_then(|file| file.metadata().ok()).map_or(self.length, |about| about.len())
    }

    fn lack(&mut self, why: String) {
        self.zeros = self.length - self.done;
        self.missing = Some((self.zeros, why));
        self.done = self.length;
    }
}

/// Where data begins again at or behind `from`, with the file set there; `None` where only a hole follows, or the file has ended.
fn next_data(file: &File, from: u64) -> Option<u64> {
    match lseek(file.as_fd(), i64::try_from(from).unwrap_or(i64::MAX), Whence::SeekData) {
        Ok(data) => Some(u64::try_from(data).unwrap_or(from)),
        Err(Errno::ENXIO) => None,
        // A file system that knows nothing of holes.
        Err(_) => Some(from),
    }
}
