//! Unpacking an archive that nobody vouches for: nothing of it lands outside the target, and it
//! cannot fill the disk beyond its limits.

use std::collections::hash_map::DefaultHasher;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read, Seek, SeekFrom, Write};

use flate2::bufread::GzDecoder;
use nix::sys::time::TimeSpec;
use tar::EntryType;

use super::contained_dir::{Attributes, Place, Steps, Trouble};
use super::staged_dir::Ground;
use super::tar_reader::{of_reading, refused, Entry, TarReader};
use super::{shown, Skipped};
use crate::error::{Error, Result};
use crate::os::descriptors::Own;
use crate::os::write_signals;

const BUFFER: usize = 64 << 10;
/// No path that is made step by step has a limit; this is one for what an archive can make of it.
const LONGEST_PATH: usize = 64 << 10;
const DEEPEST: usize = 4096;
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

/// How an archive is unpacked.
pub struct Unpack<'a> {
    /// What it may not exceed.
    pub limits: Limits,
    /// Whether an entry that fails is left out, not an error.
    pub lenient: bool,
    /// Looked at for every entry and all the while that something is read: an error ends the work.
    pub check: &'a dyn Fn() -> Result<()>,
    /// Told of what is left out: devices, links that lead outside, and entries that fail.
    pub skipped: &'a mut dyn FnMut(Skipped),
}

/// Unpacks a tar or tar.gz stream into a directory; one that was made for it gets what the archive says of it.
pub fn unpack(reader: impl Read, ground: Ground, how: Unpack<'_>) -> Result<()> {
    let limits = how.limits;
    let check = how.check;
    let new = ground.new;
    let mut unpacking = Unpacking { place: Place::on(ground), new, how, entries: 0, bytes: 0, root: None, left_out: HashSet::new() };
    // What is around the files counts too: headers, names, what follows the end.
    let most = limits.bytes.saturating_add(limits.entries.saturating_mul(4096)).saturating_add(1 << 20);
    let mut tar = TarReader::new(Bounded { reader: plain(reader)?, left: most, check, unchecked: 0 });
    while let Some(entry) = tar.next()? {
        (unpacking.how.check)()?;
        let outcome = unpacking.entry(&entry, &mut tar);
        unpacking.settle_directories()?;
        unpacking.settle(&entry.name, outcome)?;
    }
    let outcome = unpacking.place.finish(unpacking.root);
    unpacking.settle_directories()?;
    unpacking.settle(b".", outcome)
}

/// What everything that gzip has compressed begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The tar stream itself, whether or not it is compressed.
fn plain(mut reader: impl Read) -> Result<Plain<impl Read>> {
    let mut beginning = Vec::with_capacity(2);
    reader.by_ref().take(2).read_to_end(&mut beginning).map_err(of_reading)?;
    let compressed = beginning == GZIP;
    let whole = Cursor::new(beginning).chain(reader);
    Ok(if compressed { Plain::Compressed(Box::new(Members(Some(member(BufReader::new(whole), &[]))))) } else { Plain::Itself(whole) })
}

enum Plain<R> {
    Itself(Chain<Cursor<Vec<u8>>, R>),
    Compressed(Box<Members<Chain<Cursor<Vec<u8>>, R>>>),
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Plain::Itself(reader) => reader.read(buffer),
            Plain::Compressed(reader) => reader.read(buffer),
        }
    }
}

/// What was compressed in several pieces, one after the other. Zeros behind one are passed over, as gzip does it: what writes in blocks
/// fills the last with them.
struct Members<R>(Option<Member<R>>);

/// Its first bytes may have been looked at already.
type Member<R> = GzDecoder<Chain<Cursor<Vec<u8>>, BufReader<R>>>;

fn member<R: Read>(reader: BufReader<R>, beginning: &[u8]) -> Member<R> {
    GzDecoder::new(Cursor::new(beginning.to_vec()).chain(reader))
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.0 = next_member(self.0.take().map(|member| member.into_inner().into_inner().1))?;
        }
        Ok(0)
    }
}

fn next_member<R: Read>(reader: Option<BufReader<R>>) -> io::Result<Option<Member<R>>> {
    let Some(mut reader) = reader else { return Ok(None) };
    loop {
        let there = reader.fill_buf()?;
        if there.is_empty() {
            return Ok(None);
        }
        let zeros = there.iter().take_while(|byte| **byte == 0).count();
        let all = zeros == there.len();
        reader.consume(zeros);
        if !all {
            let mut beginning = Vec::with_capacity(GZIP.len());
            reader.by_ref().take(GZIP.len() as u64).read_to_end(&mut beginning)?;
            if beginning != GZIP {
                return Err(io::Error::other(refused(
                    "it is damaged: its compressed part ends, and something that gzip has not made follows",
                )));
            }
            return Ok(Some(member(reader, &beginning)));
        }
    }
}

struct Bounded<'a, R> {
    reader: R,
    left: u64,
    check: &'a dyn Fn() -> Result<()>,
    /// How much has come since the last check.
    unchecked: usize,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.unchecked >= BUFFER {
            self.unchecked = 0;
            (self.check)().map_err(io::Error::other)?;
        }
        let count = self.reader.read(buffer)?;
        self.unchecked += count;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(refused("it is larger than its limits allow"))),
        }
        Ok(count)
    }
}

struct Unpacking<'a> {
    place: Place,
    new: bool,
    how: Unpack<'a>,
    entries: u64,
    bytes: u64,
    root: Option<Attributes>,
    /// What was left out, by the hashes of the names, for what else is linked to it.
    left_out: HashSet<u64>,
}

/// So many of those are known.
const MOST_LEFT_OUT: usize = 1 << 16;

fn hash(steps: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    steps.hash(&mut hasher);
    hasher.finish()
}

impl Unpacking<'_> {
    /// The one table of what may fail: what concerns an entry alone is left out where the caller is told of
    /// that; what concerns the archive, its limits or this machine ends the work.
    fn settle(&mut self, name: &[u8], outcome: std::result::Result<(), Trouble>) -> Result<()> {
        match outcome {
            Err(Trouble::Entry(error)) if self.how.lenient => {
                self.tell(name, error.to_string());
                Ok(())
            }
            Err(Trouble::Attributes(error)) if self.how.lenient => {
                (self.how.skipped)(Skipped::new(name, error.to_string()));
                Ok(())
            }
            Err(Trouble::Entry(error) | Trouble::Attributes(error) | Trouble::All(error)) => Err(error),
            Ok(()) => Ok(()),
        }
    }

    /// The same for the directories that were left.
    fn settle_directories(&mut self) -> Result<()> {
        for (name, trouble) in self.place.failures() {
            self.settle(&name, Err(trouble))?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, contents: &mut impl Read) -> std::result::Result<(), Trouble> {
        self.entries += 1;
        if self.entries > self.how.limits.entries {
            let most = self.how.limits.entries;
            return Err(Trouble::All(refused(format!("it has more than {most} entries; max_entries allows more"))));
        }
        let steps = inside(&entry.name).map_err(Trouble::All)?;
        let mtime = TimeSpec::new(entry.mtime.0, entry.mtime.1);
        let attributes = Attributes { bits: entry.mode & PERMISSIONS, mtime };
        match entry.kind {
            EntryType::Directory if steps.is_empty() => {
                self.root = self.new.then_some(attributes);
                Ok(())
            }
            EntryType::Directory => self.place.directory(&steps, Some(attributes)),
            // Some write directories as files whose names end with a slash.
            EntryType::Regular | EntryType::Continuous if entry.name.ends_with(b"/") => self.place.directory(&steps, None),
            EntryType::Regular | EntryType::Continuous => self.file(&steps, attributes, entry, contents),
            EntryType::Symlink if stays_inside(&steps, &entry.target) => self.place.symlink(&steps, &entry.target, &mtime),
            EntryType::Symlink => self.leads_outside(entry, &entry.target),
            EntryType::Link => {
                let existing = inside(&entry.target).map_err(Trouble::All)?;
                if self.left_out.contains(&hash(&existing)) {
                    return self.leave_out(entry, &format!("it is another name of {}, which was left out", shown(&entry.target)));
                }
                match self.place.hard_link(&steps, &existing, |text| stays_inside(&steps, text))? {
                    Some(text) => self.leads_outside(entry, &text),
                    None => Ok(()),
                }
            }
            EntryType::Char | EntryType::Block => self.leave_out(entry, "it is a device"),
            EntryType::Fifo => self.leave_out(entry, "it is a named pipe"),
            EntryType::GNUSparse => Err(Trouble::All(refused("it holds sparse files in GNU's format; pack it without --sparse"))),
            kind => match kind.as_byte() {
                // A directory in an incremental archive; a list of what is in it follows.
                b'D' => self.place.directory(&steps, Some(attributes)),
                b'M' => Err(Trouble::All(refused("it is one of several volumes; join them before"))),
                b'N' | b'V' => self.leave_out(entry, "it is a note of GNU tar's"),
                // So POSIX wants it.
                _ => self.file(&steps, attributes, entry, contents),
            },
        }
    }

    fn leads_outside(&mut self, entry: &Entry, target: &[u8]) -> std::result::Result<(), Trouble> {
        self.leave_out(entry, &format!("it is a link to {}, outside the directory", shown(target)))
    }

    fn leave_out(&mut self, entry: &Entry, why: &str) -> std::result::Result<(), Trouble> {
        self.tell(&entry.name, why.to_owned());
        Ok(())
    }

    fn tell(&mut self, name: &[u8], why: String) {
        if self.left_out.len() < MOST_LEFT_OUT {
            self.left_out.extend(inside(name).ok().map(|steps| hash(&steps)));
        }
        (self.how.skipped)(Skipped::new(name, why));
    }

    fn file(
        &mut self,
        steps: &[&[u8]],
        attributes: Attributes,
        entry: &Entry,
        contents: &mut impl Read,
    ) -> std::result::Result<(), Trouble> {
        self.bytes = self.bytes.saturating_add(entry.length);
        if self.bytes > self.how.limits.bytes {
            let most = self.how.limits.bytes;
            return Err(Trouble::All(refused(format!("its files have more than {most} bytes; max_bytes allows more"))));
        }
        let mut begun = self.place.file(steps)?;
        match pour(contents, &mut begun.file, entry) {
            Ok(()) => self.place.finish_file(steps, &begun, attributes),
            Err(error) => {
                self.place.abandon(steps, &begun);
                Err(Trouble::All(error))
            }
        }
    }
}

/// Writes an entry's contents.
fn pour(contents: &mut impl Read, file: &mut Own<File>, entry: &Entry) -> Result<()> {
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
        write(file, &buffer[..count], hole).map_err(failed)?;
        done += count as u64;
    }
    if hole {
        let _held_back = write_signals::hold_back();
        file.get().map_err(io::Error::from).and_then(|file| file.set_len(done)).map_err(failed)?;
    }
    Ok(())
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

fn write(file: &mut Own<File>, bytes: &[u8], hole: bool) -> io::Result<()> {
    if hole {
        return file.seek(SeekFrom::Current(i64::try_from(bytes.len()).unwrap_or(0))).map(drop);
    }
    let _held_back = write_signals::hold_back();
    file.write_all(bytes)
}

/// The steps of a path that stays inside.
fn inside(name: &[u8]) -> Result<Steps<'_>> {
    if name.starts_with(b"/") {
        return Err(refused(format!("{} is an absolute path", shown(name))));
    }
    let too_long = || refused("a name in it is longer than any can be");
    if name.len() > LONGEST_PATH {
        return Err(too_long());
    }
    let mut steps = Steps::new();
    for step in name.split(|byte| *byte == b'/') {
        match step {
            b"" | b"." => {}
            b".." => return Err(refused(format!("{} would leave its target", shown(name)))),
            _ if steps.len() == DEEPEST => return Err(too_long()),
            step => steps.push(step),
        }
    }
    Ok(steps)
}

/// Whether a link leads nowhere but inside. Steps up are allowed at its beginning alone: there they
/// start from a directory that is known to be one. Behind a name, which may be a link itself, they
/// could lead anywhere.
fn stays_inside(link: &[&[u8]], target: &[u8]) -> bool {
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
        assert_eq!(inside(b"./a//b/./c/").unwrap(), [b"a".as_slice(), b"b", b"c"]);
        assert!(inside(b"./").unwrap().is_empty());
    }
}
