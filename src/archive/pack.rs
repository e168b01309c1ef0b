//! A directory as one tar.gz stream, made while it is read.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::path::Path;

use nix::errno::Errno;
use nix::sys::stat::{FileStat, SFlag};
use nix::unistd::{lseek, Whence};
use tar::{EntryType, Header};

use super::gzip::{self, Input, Item, Output};
use super::walk::{self, cannot, Found, Step, Walk};
use super::{of_stream, Ignore, Skipped};
use crate::error::{Error, Result};

const BUFFER: usize = 128 << 10;
/// A file of at most this size is read before its length is written down.
const AHEAD: usize = 128 << 10;
/// Of a file that is longer than the system says, so much is held in memory.
const MOST_UNKNOWN: u64 = 16 << 20;
/// Of the names of files that have several names.
const MOST_NAMES: usize = 16 << 20;
const RECORD: usize = 512;

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
}

/// A directory being packed, on threads of its own that end with it.
pub struct Packing(Output);

impl Packing {
    /// Begins to pack `root`.
    pub fn start(root: &Path, options: &PackOptions) -> Result<Packing> {
        if !root.is_dir() {
            let there = if root.exists() { "is no directory" } else { "does not exist" };
            return Err(Error::invalid(format!("{} {there}; the directory to be packed is wanted here.", root.display())));
        }
        let walk = Walk::new(root, Ignore::new(&options.ignore)?, options.lenient)?;
        let options = options.clone();
        Ok(Packing(gzip::start(move |input| Packer { input, options, links: HashMap::new(), kept: 0 }.pack(walk))?))
    }

    /// What comes next; `None` at the archive's end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>> {
        Ok(self.0.next()?.map(|item| match item {
            Item::Bytes(bytes) => Piece::Bytes(bytes),
            Item::Note(note) => Piece::Skipped(note),
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

struct Packer<'a> {
    input: &'a mut Input,
    options: PackOptions,
    /// By device and inode.
    links: HashMap<(u64, u64), Linked>,
    /// Of the names in `links`.
    kept: usize,
}

/// How an entry ended that was begun.
enum Part {
    Whole,
    /// What is missing are zeros, since the header has promised them.
    Missing(u64, String),
}

impl Packer<'_> {
    fn pack(mut self, mut walk: Walk) -> Result<()> {
        let packing = |error| of_stream("packing", error);
        let root = walk.root()?;
        self.head(b"./", &root, EntryType::Directory, 0, &[]).map_err(packing)?;
        while let Some(step) = walk.next()? {
            match step {
                Step::Skipped(skipped) => self.input.note(skipped).map_err(packing)?,
                Step::Found(found) => self.entry(found, &walk)?,
            }
        }
        // The end of an archive is two empty records.
        self.input.write_all(&[0; 2 * RECORD]).map_err(packing)
    }

    fn entry(&mut self, found: Found, walk: &Walk) -> Result<()> {
        let Found { mut name, about } = found;
        let failed = |error| of_stream(&format!("{} cannot be packed", walk.path(&name).display()), error);
        let what = match walk::kind(&about) {
            SFlag::S_IFDIR => {
                let mut directory = name.clone();
                directory.extend_from_slice(if self.options.dotted { b"/./" } else { b"/" });
                return self.head(&directory, &about, EntryType::Directory, 0, &[]).map_err(failed);
            }
            SFlag::S_IFLNK => {
                return match walk.read_link(&name) {
                    Ok(target) => self.head(&name, &about, EntryType::Symlink, 0, &target).map_err(failed),
                    Err(error) => self.unreadable(&name, walk, &error),
                };
            }
            SFlag::S_IFREG => return self.file(std::mem::take(&mut name), walk),
            SFlag::S_IFSOCK => "it is a socket",
            SFlag::S_IFIFO => "it is a named pipe",
            _ => "it is a device",
        };
        self.input.note(Skipped::new(&name, what)).map_err(failed)
    }

    fn file(&mut self, name: Vec<u8>, walk: &Walk) -> Result<()> {
        let (mut file, about) = match walk.open(&name) {
            Ok(both) => both,
            Err(error) => return self.unreadable(&name, walk, &error),
        };
        let failed = |error| of_stream(&format!("{} cannot be packed", walk.path(&name).display()), error);
        if walk::kind(&about) != SFlag::S_IFREG {
            return self.input.note(Skipped::new(&name, "it is no longer a file")).map_err(failed);
        }
        if let Some(first) = self.first_name(&name, &about) {
            return self.head(&name, &about, EntryType::Link, 0, &first).map_err(failed);
        }
        let said = u64::try_from(about.st_size).unwrap_or(0);
        if said > AHEAD as u64 {
            self.head(&name, &about, EntryType::Regular, said, &[]).map_err(failed)?;
            let holes = u64::try_from(about.st_blocks).unwrap_or(0) * 512 < said;
            let part = self.contents(file, said, holes).map_err(failed)?;
            self.zeros(padding(said)).map_err(failed)?;
            return self.end(&name, walk, part);
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
            return self.unreadable(&name, walk, &error);
        }
        let length = whole.len() as u64;
        self.head(&name, &about, EntryType::Regular, length, &[]).map_err(failed)?;
        self.input.write_all(&whole).map_err(failed)?;
        self.zeros(padding(length)).map_err(failed)
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

    fn contents(&mut self, mut file: File, length: u64, holes: bool) -> io::Result<Part> {
        let mut buffer = vec![0; BUFFER];
        let mut done = 0;
        let why = loop {
            if done == length {
                return Ok(Part::Whole);
            }
            if holes {
                let data = next_data(&file, done).unwrap_or(length).min(length);
                self.zeros(data - done)?;
                done = data;
            }
            let wanted = usize::try_from(length - done).unwrap_or(BUFFER).min(buffer.len());
            match file.read(&mut buffer[..wanted]) {
                Ok(0) if wanted > 0 => break "it became shorter while it was packed".to_owned(),
                Ok(read) => {
                    self.input.write_all(&buffer[..read])?;
                    done += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break format!("it cannot be read: {error}"),
            }
        };
        self.zeros(length - done)?;
        Ok(Part::Missing(length - done, why))
    }

    fn end(&mut self, name: &[u8], walk: &Walk, part: Part) -> Result<()> {
        match part {
            Part::Whole => Ok(()),
            Part::Missing(missing, why) if self.options.lenient => {
                let note = Skipped::new(name, format!("its last {missing} bytes, which are zeros in the archive: {why}"));
                self.input.note(note).map_err(|error| of_stream("packing", error))
            }
            Part::Missing(_, why) => Err(cannot(&walk.path(name), &io::Error::other(why))),
        }
    }

    fn unreadable(&mut self, name: &[u8], walk: &Walk, error: &io::Error) -> Result<()> {
        if !self.options.lenient {
            return Err(cannot(&walk.path(name), error));
        }
        let note = Skipped::new(name, format!("it cannot be read: {error}"));
        self.input.note(note).map_err(|error| of_stream("packing", error))
    }

    fn head(&mut self, name: &[u8], about: &FileStat, kind: EntryType, length: u64, target: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        self.long(name, 100, b'L')?;
        self.long(target, 100, b'K')?;
        let bytes = header.as_mut_bytes();
        put(&mut bytes[..100], name);
        put(&mut bytes[157..257], target);
        header.set_entry_type(kind);
        header.set_mode(if kind == EntryType::Symlink { 0o777 } else { about.st_mode & 0o7777 });
        let (user, group) = match self.options.owner {
            Owner::Kept => (about.st_uid, about.st_gid),
            Owner::Root => (0, 0),
        };
        header.set_uid(user.into());
        header.set_gid(group.into());
        header.set_size(length);
        header.set_mtime(u64::try_from(about.st_mtime).unwrap_or(0));
        header.set_cksum();
        self.input.write_all(header.as_bytes())
    }

    /// A text that does not fit its field goes before, as contents.
    fn long(&mut self, text: &[u8], room: usize, kind: u8) -> io::Result<()> {
        if text.len() <= room {
            return Ok(());
        }
        let mut header = Header::new_gnu();
        put(&mut header.as_mut_bytes()[..100], b"././@LongLink");
        header.set_entry_type(EntryType::new(kind));
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(text.len() as u64 + 1);
        header.set_cksum();
        self.input.write_all(header.as_bytes())?;
        self.input.write_all(text)?;
        self.zeros(1 + padding(text.len() as u64 + 1))
    }

    fn zeros(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut io::repeat(0).take(count), self.input).map(drop)
    }
}

fn put(field: &mut [u8], text: &[u8]) {
    let count = text.len().min(field.len());
    field[..count].copy_from_slice(&text[..count]);
}

fn padding(length: u64) -> u64 {
    length.next_multiple_of(RECORD as u64) - length
}

/// Where data begins again at or behind `from`, with the file set there; `None` where only a hole follows.
fn next_data(file: &File, from: u64) -> Option<u64> {
    match lseek(file.as_fd(), i64::try_from(from).unwrap_or(i64::MAX), Whence::SeekData) {
        Ok(data) => Some(u64::try_from(data).unwrap_or(from)),
        Err(Errno::ENXIO) => None,
        // A file system that knows nothing of holes.
        Err(_) => Some(from),
    }
}
