//! Texts as they are read: what servers write by escapes, which any character can be written by.

use std::ops::Range;

/// How often a text may have been escaped: JSON in JSON in a URL.
const LAYERS: usize = 4;
/// How many digits are read of a character's number, where nothing says where it ends.
const MOST_DIGITS: usize = 8;

/// A text, and which bytes of another each of its bytes was written by.
pub struct Read {
    /// In small letters, since some change the case.
    pub bytes: Vec<u8>,
    /// Where each byte begins in the other text, and at last where that ends.
    starts: Vec<usize>,
}

impl Read {
    /// Where a part of the text is in the other.
    pub fn origin(&self, place: Range<usize>) -> Range<usize> {
        self.start(place.start)..self.start(place.end)
    }

    fn start(&self, place: usize) -> usize {
        self.starts.get(place).or(self.starts.last()).copied().unwrap_or(0)
    }
}

/// What is read in a text once its escapes are undone, once and again; nothing where there are none. `cut`: the text is the
/// beginning of more, and an escape at its end may be cut.
pub fn readings(text: &[u8], cut: bool) -> Vec<Read> {
    let mut readings: Vec<Read> = Vec::new();
    let first = Read { bytes: text.to_ascii_lowercase(), starts: (0..=text.len()).collect() };
    for _ in 0..LAYERS {
        match undone(readings.last().unwrap_or(&first), cut) {
            Some(next) => readings.push(next),
            None => break,
        }
    }
    readings
}

/// One layer of escapes undone; `None` if there is none.
fn undone(text: &Read, cut: bool) -> Option<Read> {
    let mut read = Read { bytes: Vec::new(), starts: Vec::new() };
    let (mut at, mut changed) = (0, false);
    while let Some(byte) = text.bytes.get(at) {
        let rest = text.bytes.get(at..).unwrap_or_default();
        let (written, length) = match escape(rest) {
            Some(escape) => escape,
            None if cut && is_cut(rest) => (Vec::new(), rest.len()),
            None => (vec![*byte], 1),
        };
        changed |= written != [*byte] || length != 1;
        read.bytes.extend(written.iter().map(u8::to_ascii_lowercase));
        read.starts.resize(read.bytes.len(), text.start(at));
        at += length;
    }
    read.starts.push(text.start(at));
    changed.then_some(read)
}

/// What the escape at the beginning of a text stands for, and its length.
fn escape(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'\\', b'u', b'{', ..] => braced(text, 3, b'}'),
        [b'\\', b'u', ..] => unit(text),
        [b'%', b'u', ..] => fixed(text, 2, 4).map(|(number, length)| (character(number), length)),
        [b'\\', b'x', ..] => byte(text, 2),
        [b'%', ..] => byte(text, 1),
        [b'\\', b'n', ..] => Some((b"\n".to_vec(), 2)),
        [b'\\', b'r', ..] => Some((b"\r".to_vec(), 2)),
        [b'\\', b't', ..] => Some((b"\t".to_vec(), 2)),
        [b'\\', quoted @ (b'\\' | b'/' | b'"' | b'\''), ..] => Some((vec![*quoted], 2)),
        [b'&', b'#', b'x', ..] => braced(text, 3, b';'),
        [b'&', b'#', ..] => decimal(text),
        [b'&', ..] => {
            const NAMED: [(&[u8], &str); 8] = [
                (b"&amp;", "&"),
                (b"&lt;", "<"),
                (b"&gt;", ">"),
                (b"&quot;", "\""),
                (b"&apos;", "'"),
                (b"&sol;", "/"),
                (b"&plus;", "+"),
                (b"&equals;", "="),
            ];
            let (name, written) = NAMED.iter().find(|(name, _)| text.starts_with(name))?;
            Some((written.as_bytes().to_vec(), name.len()))
        }
        _ => None,
    }
}

/// Whether all of this may be the beginning of an escape.
fn is_cut(text: &[u8]) -> bool {
    let Some((mark, rest)) = text.split_first() else { return false };
    let digits = |text: &[u8], most: usize| text.len() <= most && text.iter().all(u8::is_ascii_hexdigit);
    match (mark, rest) {
        (b'\\' | b'%', []) => true,
        (b'\\' | b'%', [b'u', rest @ ..]) => digits(rest.strip_prefix(b"{").unwrap_or(rest), MOST_DIGITS),
        (b'\\', [b'x', rest @ ..]) => digits(rest, 1),
        (b'%', rest) => digits(rest, 1),
        (b'&', [b'#', rest @ ..]) => digits(rest.strip_prefix(b"x").unwrap_or(rest), MOST_DIGITS),
        (b'&', rest) => rest.len() < MOST_DIGITS && rest.iter().all(u8::is_ascii_alphabetic),
        _ => false,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|digit| digit != b'+'))?, radix).ok()
}

/// A number of so many hexadecimal digits, and where it ends.
fn fixed(text: &[u8], from: usize, digits: usize) -> Option<(u32, usize)> {
    Some((number(text.get(from..from + digits)?, 16)?, from + digits))
}

fn byte(text: &[u8], from: usize) -> Option<(Vec<u8>, usize)> {
    let (number, length) = fixed(text, from, 2)?;
    Some((vec![u8::try_from(number).ok()?], length))
}

/// A character by its number, up to this byte.
fn braced(text: &[u8], from: usize, end: u8) -> Option<(Vec<u8>, usize)> {
    let rest = text.get(from..)?;
    let digits = rest.iter().take(MOST_DIGITS + 1).position(|byte| *byte == end)?;
    Some((character(number(rest.get(..digits)?, 16)?), from + digits + 1))
}

fn decimal(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = text.get(2..)?;
    let digits = rest.iter().take(MOST_DIGITS + 1).position(|byte| *byte == b';')?;
    Some((character(number(rest.get(..digits)?, 10)?), 3 + digits))
}

/// `\u` with four digits, or two of them for one character.
fn unit(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (first, length) = fixed(text, 2, 4)?;
    let second = text.get(length..).filter(|rest| rest.starts_with(b"\\u")).and_then(|_| fixed(text, length + 2, 4));
    match second {
        Some((second @ 0xdc00..=0xdfff, length)) if (0xd800..=0xdbff).contains(&first) => {
            Some((character(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), length))
        }
        _ => Some((character(first), length)),
    }
}

fn character(number: u32) -> Vec<u8> {
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER).to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_every_kind_are_undone_once_and_again() {
        for (written, read) in [
            (r"a\u0062C", "abc"),
            (r"\ud83d\ude00", "😀"),
            (r"\ud83d.", "\u{fffd}."),
            (r"\u{62}\x63%64%u0065&#102;&#x67;&amp;", "bcdefg&"),
            (r"\\u0062", "b"),
            (r"%255Cu0062", "b"),
            (r"%5cu0062", "b"),
            ("&amp;amp;#98;", "b"),
            (r"100% \q & %zz \u12 &x; &#;", r"100% \q & %zz \u12 &x; &#;"),
        ] {
            let last = readings(written.as_bytes(), false).pop().map_or(written.as_bytes().to_vec(), |read| read.bytes);
            assert_eq!(String::from_utf8_lossy(&last), read, "{written}");
        }
    }

    #[test]
    fn what_is_read_is_found_where_it_was_written() {
        let text = br"x \u0061%62c y";
        let read = readings(text, false).pop().unwrap();
        let at = read.bytes.windows(3).position(|part| part == b"abc").unwrap();
        assert_eq!(read.origin(at..at + 3), 2..12);
    }

    #[test]
    fn an_escape_that_is_cut_is_nothing() {
        for cut in ["\\", "\\u", "\\u00", "%", "%6", "\\\\u00", "\\x4", "&#9", "&am", "%255"] {
            let text = format!("ab{cut}");
            let last = readings(text.as_bytes(), true).pop().unwrap();
            assert!(last.bytes.starts_with(b"ab") && last.bytes.len() <= 3, "{cut} {:?}", last.bytes);
            assert_eq!(last.origin(0..last.bytes.len()).end, text.len(), "{cut}");
        }
    }
}
