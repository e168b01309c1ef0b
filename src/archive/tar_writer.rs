//! Writing the records of a tar archive.

use std::io::{self, Read, Write};

use nix::sys::stat::FileStat;
use tar::{EntryType, Header};

pub const RECORD: usize = 512;
const NAME: std::ops::Range<usize> = 0..100;
const MTIME: std::ops::Range<usize> = 136..148;
const LINK_NAME: std::ops::Range<usize> = 157..257;

/// What a header says.
pub struct Head<'a> {
    pub name: &'a [u8],
    pub about: &'a FileStat,
    /// User and group.
    pub owner: (u32, u32),
    pub kind: EntryType,
    pub length: u64,
    /// What a link points to.
    pub target: &'a [u8],
}

/// Writes an entry's header, and before it what does not fit into that.
pub fn head(out: &mut impl Write, head: &Head<'_>) -> io::Result<()> {
    let mut header = Header::new_gnu();
    long(out, head.name, NAME.len(), b'L')?;
    long(out, head.target, LINK_NAME.len(), b'K')?;
    let bytes = header.as_mut_bytes();
    put(&mut bytes[NAME], head.name);
    put(&mut bytes[LINK_NAME], head.target);
    header.set_entry_type(head.kind);
    header.set_mode(if head.kind == EntryType::Symlink { 0o777 } else { head.about.st_mode & 0o7777 });
    let (user, group) = head.owner;
    header.set_uid(user.into());
    header.set_gid(group.into());
    header.set_size(head.length);
    match u64::try_from(head.about.st_mtime) {
        Ok(mtime) => header.set_mtime(mtime),
        // As GNU tar writes a time before 1970: in two's complement, all bits of the field.
        Err(_) => {
            let field = &mut header.as_mut_bytes()[MTIME];
            field.fill(0xff);
            put(&mut field[4..], &head.about.st_mtime.to_be_bytes());
        }
    }
    header.set_cksum();
    out.write_all(header.as_bytes())
}

/// A text that does not fit its field goes before, as contents.
fn long(out: &mut impl Write, text: &[u8], room: usize, kind: u8) -> io::Result<()> {
    if text.len() <= room {
        return Ok(());
    }
    let mut header = Header::new_gnu();
    put(&mut header.as_mut_bytes()[NAME], b"././@LongLink");
    header.set_entry_type(EntryType::new(kind));
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(text.len() as u64 + 1);
    header.set_cksum();
    out.write_all(header.as_bytes())?;
    out.write_all(text)?;
    zeros(out, 1 + padding(text.len() as u64 + 1))
}

/// Writes zeros.
pub fn zeros(out: &mut impl Write, count: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(count), out).map(drop)
}

/// What is missing to whole records.
pub fn padding(length: u64) -> u64 {
    length.next_multiple_of(RECORD as u64) - length
}

fn put(field: &mut [u8], text: &[u8]) {
    let count = text.len().min(field.len());
    field[..count].copy_from_slice(&text[..count]);
}
