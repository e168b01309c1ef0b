//! Reading a tar stream, entry by entry, trusting none of its numbers.

use std::io::{self, Read};

use tar::{EntryType, Header};

use crate::error::{Error, Result, Status};

const RECORD: usize = 512;
/// Long names and their like are held in memory; no real one comes near this.
const MOST_TEXT: u64 = 1 << 20;

/// One entry; its contents follow in the stream.
pub struct Entry {
    /// As the archive spells it.
    pub name: Vec<u8>,
    /// What a link points to.
    pub target: Vec<u8>,
    /// What it is.
    pub kind: EntryType,
    /// Permissions.
    pub mode: u32,
    /// Since 1970: seconds and nanoseconds.
    pub mtime: (i64, i64),
    /// How many bytes follow.
    pub length: u64,
}

/// A tar stream.
pub struct TarReader<R> {
    reader: R,
    /// Of the present entry's contents, still to be read.
    left: u64,
    padding: u64,
    /// What an entry that has no contents, such as a directory, says of their size: some writers mean it.
    doubtful: u64,
}

/// What an archive may say of the entry that follows.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
    length: Option<u64>,
    mtime: Option<(i64, i64)>,
}

/// The archive cannot be unpacked.
pub fn refused(why: impl AsRef<str>) -> Error {
    Error::new(Status::BadArchive, format!("The archive cannot be unpacked: {}.", why.as_ref()))
}

fn cut() -> Error {
    refused("it ends too early: a part of it is missing")
}

impl<R: Read> TarReader<R> {
    /// Begins at the stream's beginning.
    pub fn new(reader: R) -> TarReader<R> {
        TarReader { reader, left: 0, padding: 0, doubtful: 0 }
    }

    /// The next entry; what was not read of the one before is passed over. `None` at the end, with
    /// what follows it read too, so that a checksum behind it is checked.
    pub fn next(&mut self) -> Result<Option<Entry>> {
        let mut ahead = Ahead::default();
        loop {
            self.pass_over()?;
            let Some(header) = self.header()? else {
                io::copy(&mut self.reader, &mut io::sink()).map_err(of_reading)?;
                return Ok(None);
            };
            let length = number(header.entry_size())?;
            self.left = length;
            self.padding =
                length.checked_next_multiple_of(RECORD as u64).ok_or_else(|| refused("it is damaged: a size is absurd"))? - length;
            match header.entry_type() {
                EntryType::GNULongName => ahead.name = Some(until_nul(self.text()?)),
                EntryType::GNULongLink => ahead.target = Some(until_nul(self.text()?)),
                EntryType::XHeader => self.extensions(&mut ahead)?,
                // Solaris's own, of the same form.
                kind if kind.as_byte() == b'X' => self.extensions(&mut ahead)?,
                // Such as a commit's identifier: nothing that is needed.
                EntryType::XGlobalHeader => drop(self.text()?),
                kind => return self.entry(&header, kind, ahead, length).map(Some),
            }
        }
    }

    fn entry(&mut self, header: &Header, kind: EntryType, ahead: Ahead, length: u64) -> Result<Entry> {
        let length = match ahead.length {
            Some(length) => {
                self.left = length;
                let whole = length.checked_next_multiple_of(RECORD as u64);
                self.padding = whole.ok_or_else(|| refused("it is damaged: a size is absurd"))? - length;
                length
            }
            None => length,
        };
        let without_contents = matches!(
            kind,
            EntryType::Directory | EntryType::Symlink | EntryType::Link | EntryType::Char | EntryType::Block | EntryType::Fifo
        );
        if without_contents {
            self.doubtful = self.left.saturating_add(self.padding);
            (self.left, self.padding) = (0, 0);
        }
        let name = ahead.name.unwrap_or_else(|| header.path_bytes().into_owned());
        let target = ahead.target.or_else(|| header.link_name_bytes().map(|name| name.into_owned())).unwrap_or_default();
        if name.contains(&0) || target.contains(&0) {
            return Err(refused("a name in it holds a NUL"));
        }
        let mtime = match ahead.mtime {
            Some(mtime) => mtime,
            None => (seconds(header), 0),
        };
        Ok(Entry { name, target, kind, mode: number(header.mode())?, mtime, length })
    }

    fn pass_over(&mut self) -> Result<()> {
        let wanted = self.left + self.padding;
        let passed = io::copy(&mut self.reader.by_ref().take(wanted), &mut io::sink()).map_err(of_reading)?;
        self.left = 0;
        self.padding = 0;
        if passed < wanted {
            return Err(cut());
        }
        Ok(())
    }

    fn header(&mut self) -> Result<Option<Header>> {
        let mut record = self.record()?;
        let doubtful = std::mem::take(&mut self.doubtful);
        if doubtful > 0 && !is_header(&record) {
            // The contents are there after all.
            self.left = doubtful - RECORD as u64;
            self.pass_over()?;
            record = self.record()?;
        }
        if record.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        if !is_header(&record) {
            return Err(refused("it is damaged, or no tar archive: a header's checksum is wrong"));
        }
        Ok(Some(Header::from_byte_slice(&record).clone()))
    }

    fn record(&mut self) -> Result<[u8; RECORD]> {
        let mut record = [0; RECORD];
        self.reader.read_exact(&mut record).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => cut(),
            _ => of_reading(error),
        })?;
        Ok(record)
    }

    fn text(&mut self) -> Result<Vec<u8>> {
        if self.left > MOST_TEXT {
            return Err(refused("a name in it is longer than any can be"));
        }
        let mut text = vec![0; usize::try_from(self.left).unwrap_or(0)];
        self.read_exact(&mut text).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => cut(),
            _ => of_reading(error),
        })?;
        Ok(text)
    }

    fn extensions(&mut self, ahead: &mut Ahead) -> Result<()> {
        let text = self.text()?;
        let mut rest = text.as_slice();
        while let Some((key, value)) = extension(&mut rest)? {
            let written = || String::from_utf8_lossy(value).into_owned();
            // One without a value takes back what was said.
            match key {
                b"path" => ahead.name = some(value),
                b"linkpath" => ahead.target = some(value),
                b"size" if value.is_empty() => ahead.length = None,
                b"size" => ahead.length = Some(written().parse().map_err(|_| refused("it is damaged: a size is no number"))?),
                b"mtime" => ahead.mtime = time(&written()),
                key if key.starts_with(b"GNU.sparse.") => {
                    return Err(refused("it holds sparse files in GNU's format; pack it without --sparse"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Reads the present entry's contents; an end that comes too early is an error.
impl<R: Read> Read for TarReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..most])?;
        if count == 0 {
            return Err(io::Error::other(cut()));
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// The next record of an extended header, `LENGTH KEY=VALUE` and a line break: its length counts, since a value may hold line
/// breaks itself.
fn extension<'a>(rest: &mut &'a [u8]) -> Result<Option<(&'a [u8], &'a [u8])>> {
    if rest.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let read = |text: &'a [u8]| {
        let blank = text.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(&text[..blank]).ok()?.parse().ok()?;
        let (record, behind) = text.split_at_checked(length)?;
        let record = record.get(blank + 1..)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        Some((&record[..equals], &record[equals + 1..], behind))
    };
    let (key, value, behind) = read(rest).ok_or_else(|| refused("it is damaged: an extended header makes no sense"))?;
    *rest = behind;
    Ok(Some((key, value)))
}

fn some(value: &[u8]) -> Option<Vec<u8>> {
    (!value.is_empty()).then(|| value.to_vec())
}

/// Whether a record is a header, or the end of the archive.
fn is_header(record: &[u8; RECORD]) -> bool {
    // The checksum is counted as if its own field held blanks.
    let sum: u32 = record.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    record.iter().all(|byte| *byte == 0) || Header::from_byte_slice(record).cksum().ok() == Some(sum)
}

/// The time in a header, where it may be written in binary: in two's complement, behind a first bit that says so.
fn seconds(header: &Header) -> i64 {
    let field = &header.as_old().mtime;
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        return field.last_chunk().map_or(0, |number| i64::from_be_bytes(*number));
    }
    i64::try_from(header.mtime().unwrap_or(0)).unwrap_or(0)
}

/// Seconds, and as many digits of their parts as a nanosecond needs.
fn time(text: &str) -> Option<(i64, i64)> {
    let (seconds, parts) = text.split_once('.').unwrap_or((text, ""));
    let nanoseconds = format!("{:0<9}", parts.get(..9).unwrap_or(parts)).parse().ok()?;
    match seconds.parse::<i64>().ok()? {
        whole if text.starts_with('-') && nanoseconds > 0 => Some((whole.checked_sub(1)?, 1_000_000_000 - nanoseconds)),
        whole => Some((whole, nanoseconds)),
    }
}

fn number<T>(read: io::Result<T>) -> Result<T> {
    read.map_err(|_| refused("it is damaged: a number in a header makes no sense"))
}

fn until_nul(mut text: Vec<u8>) -> Vec<u8> {
    let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
    text.truncate(end);
    text
}

/// The error of an archive that could not be read on: our own if one travelled through the stream.
pub fn of_reading(error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => own,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => cut(),
        Err(error) => refused(format!("it is damaged: {error}")),
    }
}
