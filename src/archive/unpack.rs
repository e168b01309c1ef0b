//! Unpacking an archive that nobody vouches for: nothing of it lands outside the target, and it
//! cannot fill the disk beyond its limits.

use std::fs::File;
use std::io::{self, Chain, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::place::{Place, Steps};
use super::tape::{of_reading, refused, Entry, Tape};
use super::{shown, Skipped};
use crate::error::{Error, Result};

const BUFFER: usize = 64 << 10;
const LONGEST_PATH: usize = 4096;
/// Each directory on the way is held open.
const DEEPEST: usize = 256;
/// Set-user-id and its like are an attack in an archive from elsewhere.
const PERMISSIONS: u32 = 0o777;

/// What an archive may not exceed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files, directories and links in all.
    pub entries: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { entries: 1_000_000, bytes: 64 << 30 }
    }
}

/// Unpacks a tar or tar.gz stream into an existing directory. What cannot be had here, devices and
/// links that lead outside, is left out and told of.
pub fn unpack(reader: impl Read, target: &Path, limits: Limits, skipped: &mut dyn FnMut(Skipped)) -> Result<()> {
    let mut unpacking = Unpacking { place: Place::open(target)?, limits, entries: 0, bytes: 0, directories: Vec::new(), skipped };
    // What is around the files counts too: headers, names, what follows the end.
    let most = limits.bytes.saturating_add(limits.entries.saturating_mul(4096)).saturating_add(1 << 20);
    let mut tape = Tape::new(Bounded { reader: plain(reader)?, left: most });
    while let Some(entry) = tape.next()? {
        unpacking.entry(&entry, &mut tape)?;
    }
    unpacking.finish()
}

/// The tar stream itself, whether or not it is compressed.
fn plain(mut reader: impl Read) -> Result<Plain<impl Read>> {
    let mut beginning = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut beginning).map_err(of_reading)?;
    let compressed = beginning == [0x1f, 0x8b];
    let whole = Cursor::new(beginning).chain(reader);
    Ok(if compressed { Plain::Compressed(Box::new(MultiGzDecoder::new(whole))) } else { Plain::Itself(whole) })
}

enum Plain<R> {
    Itself(Chain<Cursor<Vec<u8>>, R>),
    Compressed(Box<MultiGzDecoder<Chain<Cursor<Vec<u8>>, R>>>),
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Plain::Itself(reader) => reader.read(buffer),
            Plain::Compressed(reader) => reader.read(buffer),
        }
    }
}

struct Bounded<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(refused("it is larger than its limits allow"))),
        }
        Ok(count)
    }
}

struct Unpacking<'a> {
    place: Place,
    limits: Limits,
    entries: u64,
    bytes: u64,
    /// Their permissions and times are set at the end, lest they hinder what is written into them.
    directories: Vec<(Steps, u32, i64)>,
    skipped: &'a mut dyn FnMut(Skipped),
}

impl Unpacking<'_> {
    fn entry(&mut self, entry: &Entry, contents: &mut impl Read) -> Result<()> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(refused(format!("it has more than {} entries; max_entries allows more", self.limits.entries)));
        }
        let steps = inside(&entry.name)?;
        let bits = entry.mode & PERMISSIONS;
        match entry.kind {
            EntryType::Directory => {
                if !steps.is_empty() {
                    self.place.directory(&steps)?;
                    self.directories.push((steps, bits, entry.mtime));
                }
                Ok(())
            }
            // Some write directories as files whose names end with a slash.
            EntryType::Regular | EntryType::Continuous if entry.name.ends_with(b"/") => self.place.directory(&steps),
            EntryType::Regular | EntryType::Continuous => self.file(&steps, bits, entry, contents),
            EntryType::Symlink => {
                if !stays_inside(&steps, &entry.target) {
                    let why = format!("it is a link to {}, outside the directory", shown(&entry.target));
                    (self.skipped)(Skipped::new(&entry.name, why));
                    return Ok(());
                }
                self.place.symlink(&steps, &entry.target, entry.mtime)
            }
            EntryType::Link => {
                let existing = inside(&entry.target)?;
                self.place.hard_link(&steps, &existing)
            }
            EntryType::Char | EntryType::Block => self.leave_out(entry, "it is a device"),
            EntryType::Fifo => self.leave_out(entry, "it is a named pipe"),
            EntryType::GNUSparse => Err(refused("it holds sparse files in GNU's format; pack it without --sparse")),
            _ => self.leave_out(entry, "it is of an unknown kind"),
        }
    }

    fn leave_out(&mut self, entry: &Entry, why: &str) -> Result<()> {
        (self.skipped)(Skipped::new(&entry.name, why));
        Ok(())
    }

    fn file(&mut self, steps: &[Vec<u8>], bits: u32, entry: &Entry, contents: &mut impl Read) -> Result<()> {
        self.bytes = self.bytes.saturating_add(entry.length);
        if self.bytes > self.limits.bytes {
            return Err(refused(format!("its files have more than {} bytes; max_bytes allows more", self.limits.bytes)));
        }
        let mut file = self.place.file(steps)?;
        let failed = |error: io::Error| Error::local_io(&format!("{} cannot be written", shown(&entry.name)), &error);
        let mut buffer = vec![0; usize::try_from(entry.length).unwrap_or(BUFFER).clamp(1, BUFFER)];
        let mut done = 0;
        let mut hole = false;
        while done < entry.length {
            let count = fill(contents, &mut buffer)?;
            if count == 0 {
                break;
            }
            // Nothing but zeros needs no room on the disk.
            hole = count == BUFFER && buffer.iter().all(|byte| *byte == 0);
            write(&mut file, &buffer[..count], hole).map_err(failed)?;
            done += count as u64;
        }
        if hole {
            file.set_len(done).map_err(failed)?;
        }
        Place::finish_file(steps, &file, bits, entry.mtime)
    }

    fn finish(mut self) -> Result<()> {
        // The innermost first: a directory's permissions may close it.
        self.directories.sort();
        for (steps, bits, mtime) in self.directories.iter().rev() {
            self.place.finish_directory(steps, *bits, *mtime)?;
        }
        Ok(())
    }
}

fn fill(contents: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match contents.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(of_reading(error)),
        }
    }
    Ok(filled)
}

fn write(file: &mut File, bytes: &[u8], hole: bool) -> io::Result<()> {
    if hole {
        return file.seek(SeekFrom::Current(i64::try_from(bytes.len()).unwrap_or(0))).map(drop);
    }
    file.write_all(bytes)
}

/// The steps of a path that stays inside.
fn inside(name: &[u8]) -> Result<Steps> {
    if name.starts_with(b"/") {
        return Err(refused(format!("{} is an absolute path", shown(name))));
    }
    if name.len() > LONGEST_PATH || name.split(|byte| *byte == b'/').count() > DEEPEST {
        return Err(refused("a name in it is longer than any can be"));
    }
    let mut steps = Steps::new();
    for step in name.split(|byte| *byte == b'/') {
        match step {
            b"" | b"." => {}
            b".." => return Err(refused(format!("{} would leave its target", shown(name)))),
            step => steps.push(step.to_vec()),
        }
    }
    Ok(steps)
}

/// Whether a link leads nowhere but inside. Steps up are allowed at its beginning alone: there they
/// start from a directory that is known to be one. Behind a name, which may be a link itself, they
/// could lead anywhere.
fn stays_inside(link: &[Vec<u8>], target: &[u8]) -> bool {
    if target.is_empty() || target.starts_with(b"/") || target.len() > LONGEST_PATH {
        return false;
    }
    let mut depth = link.len().saturating_sub(1);
    let mut named = false;
    for step in target.split(|byte| *byte == b'/') {
        match step {
            b"" | b"." => {}
            b".." if named || depth == 0 => return false,
            b".." => depth -= 1,
            _ => named = true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_inside() {
        let link = |path: &str, target: &str| stays_inside(&inside(path.as_bytes()).unwrap(), target.as_bytes());
        for (path, target) in [("a", "b"), ("a", "./b/c"), ("a/b", "../c"), ("a/b/c", "../../d"), ("a", "."), ("a/b", "..")] {
            assert!(link(path, target), "{path} -> {target}");
        }
        for (path, target) in [
            ("a", "/etc"),
            ("a", ".."),
            ("a", "../b"),
            ("a/b", "../../c"),
            ("a/b", "c/../../.."),
            ("a", "b/.."),
            ("a/b", "../c/.."),
            ("a", ""),
        ] {
            assert!(!link(path, target), "{path} -> {target}");
        }
    }

    #[test]
    fn names_stay_inside() {
        for name in ["/a", "..", "a/..", "a/../b", "../a", "a/b/..", "//a"] {
            assert!(inside(name.as_bytes()).is_err(), "{name}");
        }
        assert_eq!(inside(b"./a//b/./c/").unwrap(), [b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
        assert!(inside(b"./").unwrap().is_empty());
    }
}
