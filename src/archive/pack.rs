//! A directory as one tar.gz stream, made while it is read.

use std::collections::HashMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{lseek, Whence};
use tar::{EntryType, Header};

use super::gzip::{self, Input, Item, Output};
use super::walk::{cannot, Found, Step, Walk};
use super::{of_stream, Ignore, Skipped};
use crate::error::{Error, Result};

const BUFFER: usize = 128 << 10;
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
        let (root, options) = (root.to_owned(), options.clone());
        Ok(Packing(gzip::start(move |input| Packer { input, options, links: HashMap::new() }.pack(&root, walk))?))
    }

    /// What comes next; `None` at the archive's end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>> {
        Ok(self.0.next()?.map(|item| match item {
            Item::Bytes(bytes) => Piece::Bytes(bytes),
            Item::Note(note) => Piece::Skipped(note),
        }))
    }
}

struct Packer<'a> {
    input: &'a mut Input,
    options: PackOptions,
    /// Files with several names, by device and inode, and the name under which they were packed.
    links: HashMap<(u64, u64), Vec<u8>>,
}

impl Packer<'_> {
    fn pack(mut self, root: &Path, mut walk: Walk) -> Result<()> {
        let metadata = std::fs::metadata(root).map_err(|error| cannot(root, &error))?;
        let packing = |error| of_stream("packing", error);
        self.head(b"./", &metadata, EntryType::Directory, 0, &[]).map_err(packing)?;
        while let Some(step) = walk.next()? {
            match step {
                Step::Skipped(skipped) => self.input.note(skipped).map_err(packing)?,
                Step::Found(found) => self.entry(found)?,
            }
        }
        // The end of an archive is two empty records.
        self.input.write_all(&[0; 2 * RECORD]).map_err(packing)
    }

    fn entry(&mut self, found: Found) -> Result<()> {
        let Found { mut name, path, metadata } = found;
        let kind = metadata.file_type();
        let failed = |error| of_stream(&format!("{} cannot be packed", path.display()), error);
        if kind.is_dir() {
            name.extend_from_slice(if self.options.dotted { b"/./" } else { b"/" });
            return self.head(&name, &metadata, EntryType::Directory, 0, &[]).map_err(failed);
        }
        if kind.is_symlink() {
            return match std::fs::read_link(&path) {
                Ok(target) => self.head(&name, &metadata, EntryType::Symlink, 0, target.as_os_str().as_bytes()).map_err(failed),
                Err(error) => self.unreadable(&name, &path, error),
            };
        }
        if kind.is_file() {
            return self.file(name, &path);
        }
        let what = match () {
            () if kind.is_socket() => "it is a socket",
            () if kind.is_fifo() => "it is a named pipe",
            () => "it is a device",
        };
        self.input.note(Skipped::new(&name, what)).map_err(failed)
    }

    fn file(&mut self, name: Vec<u8>, path: &PathBuf) -> Result<()> {
        // What was a file a moment ago may be a link or a pipe by now: neither is followed or waited for.
        let opened = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path);
        let (file, metadata) = match opened.and_then(|file| file.metadata().map(|metadata| (file, metadata))) {
            Ok(both) => both,
            Err(error) => return self.unreadable(&name, path, error),
        };
        let failed = |error| of_stream(&format!("{} cannot be packed", path.display()), error);
        if !metadata.is_file() {
            return self.input.note(Skipped::new(&name, "it is no longer a file")).map_err(failed);
        }
        if metadata.nlink() > 1 {
            let key = (metadata.dev(), metadata.ino());
            if let Some(first) = self.links.get(&key).cloned() {
                return self.head(&name, &metadata, EntryType::Link, 0, &first).map_err(failed);
            }
            self.links.insert(key, name.clone());
        }
        let length = metadata.len();
        self.head(&name, &metadata, EntryType::Regular, length, &[]).map_err(failed)?;
        let written = self.contents(file, length, metadata.blocks() * 512 < length).map_err(failed)?;
        if written < length {
            // The header has promised more: what the file has lost is zeros.
            self.zeros(length - written).map_err(failed)?;
            self.input.note(Skipped::new(&name, "a part of it: it became shorter while it was packed")).map_err(failed)?;
        }
        self.zeros(padding(length)).map_err(failed)
    }

    fn contents(&mut self, mut file: File, length: u64, holes: bool) -> io::Result<u64> {
        let mut buffer = vec![0; usize::try_from(length).unwrap_or(BUFFER).clamp(1, BUFFER)];
        let mut done = 0;
        while done < length {
            if holes {
                let data = next_data(&file, done).unwrap_or(length).min(length);
                self.zeros(data - done)?;
                done = data;
            }
            let wanted = usize::try_from(length - done).unwrap_or(BUFFER).min(buffer.len());
            match file.read(&mut buffer[..wanted]) {
                Ok(0) => break,
                Ok(read) => {
                    self.input.write_all(&buffer[..read])?;
                    done += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn unreadable(&mut self, name: &[u8], path: &Path, error: io::Error) -> Result<()> {
        if !self.options.lenient {
            return Err(cannot(path, &error));
        }
        let note = Skipped::new(name, format!("it cannot be read: {error}"));
        self.input.note(note).map_err(|error| of_stream("packing", error))
    }

    fn head(&mut self, name: &[u8], metadata: &Metadata, kind: EntryType, length: u64, target: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        self.long(name, 100, b'L')?;
        self.long(target, 100, b'K')?;
        let bytes = header.as_mut_bytes();
        put(&mut bytes[..100], name);
        put(&mut bytes[157..257], target);
        header.set_entry_type(kind);
        header.set_mode(if kind == EntryType::Symlink { 0o777 } else { metadata.mode() & 0o7777 });
        let (user, group) = match self.options.owner {
            Owner::Kept => (metadata.uid(), metadata.gid()),
            Owner::Root => (0, 0),
        };
        header.set_uid(user.into());
        header.set_gid(group.into());
        header.set_size(length);
        header.set_mtime(u64::try_from(metadata.mtime()).unwrap_or(0));
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
