//! Text that comes in pieces cut anywhere, within characters too.

use flate2::Crc;

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
/// At most this many blanks at the end of a text may be missing in the other.
const BLANKS: usize = 4 << 10;

/// The text of what was left of the pieces before and of this one. What may be the beginning of a character is left for the
/// next; what is no character, half of a surrogate pair among it, becomes U+FFFD.
pub fn canonical(torn: &mut Vec<u8>, piece: &[u8]) -> Vec<u8> {
    let mut bytes = std::mem::take(torn);
    bytes.extend_from_slice(piece);
    if std::str::from_utf8(&bytes).is_ok() {
        return bytes;
    }
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Err(error) = std::str::from_utf8(rest) {
        let (good, bad) = rest.split_at(error.valid_up_to());
        text.extend_from_slice(good);
        let (length, replacement) = match surrogate(bad) {
            Half::High(high) => match surrogate(bad.get(3..).unwrap_or_default()) {
                Half::Low(low) => (6, char::from_u32(0x10000 + (high << 10) + low)),
                Half::Unfinished => {
                    torn.extend_from_slice(bad);
                    return text;
                }
                _ => (3, None),
            },
            Half::Low(_) => (3, None),
            Half::Unfinished => {
                torn.extend_from_slice(bad);
                return text;
            }
            Half::None => match error.error_len() {
                Some(length) => (length, None),
                None => {
                    torn.extend_from_slice(bad);
                    return text;
                }
            },
        };
        match replacement {
            Some(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => text.extend_from_slice(REPLACEMENT),
        }
        rest = bad.get(length..).unwrap_or_default();
    }
    text.extend_from_slice(rest);
    text
}

/// What begins here.
enum Half {
    High(u32),
    Low(u32),
    /// It may become one.
    Unfinished,
    None,
}

/// Half of a surrogate pair, written as if it were a character.
fn surrogate(bytes: &[u8]) -> Half {
    match bytes {
        [0xed, second @ 0xa0..=0xaf, third, ..] => Half::High(u32::from(second & 0xf) << 6 | u32::from(third & 0x3f)),
        [0xed, second @ 0xb0..=0xbf, third, ..] => Half::Low(u32::from(second & 0xf) << 6 | u32::from(third & 0x3f)),
        [] | [0xed] | [0xed, 0xa0..=0xbf] => Half::Unfinished,
        _ => Half::None,
    }
}

/// Whether a piece has the bytes that the command wrote: characters whole, and none replaced.
pub fn is_clean(piece: &[u8]) -> bool {
    std::str::from_utf8(piece).is_ok() && memchr::memmem::find(piece, REPLACEMENT).is_none()
}

/// What is behind a text in another that is the same but for characters that were cut into U+FFFD in the first.
pub fn behind_torn<'a>(text: &[u8], whole: &'a [u8]) -> Option<&'a [u8]> {
    let (text, whole_text) = (std::str::from_utf8(text).ok()?, std::str::from_utf8(whole).ok()?);
    let (mut ours, mut theirs) = (text.chars().peekable(), whole_text.chars());
    while let Some(one) = ours.next() {
        let other = theirs.next()?;
        if one == other {
            continue;
        }
        if one != '\u{fffd}' {
            return None;
        }
        // A character has at most four bytes.
        for _ in 0..3 {
            if ours.peek() == Some(&'\u{fffd}') {
                ours.next();
            }
        }
    }
    Some(theirs.as_str().as_bytes())
}

/// A checksum of a text, by which it is found again at the beginning of another.
#[derive(Debug, Default)]
pub struct Digest {
    crc: Crc,
    length: u64,
    /// The blanks behind what the checksum is of.
    blanks: Vec<u8>,
}

impl Digest {
    /// Adds what follows.
    pub fn add(&mut self, text: &[u8]) {
        let end = text.trim_ascii_end().len();
        let (solid, blanks) = text.split_at(end);
        if !solid.is_empty() {
            self.settle();
            self.crc.update(solid);
            self.length += solid.len() as u64;
        }
        self.blanks.extend_from_slice(blanks);
        if self.blanks.len() > BLANKS {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.crc.update(&self.blanks);
        self.length += self.blanks.len() as u64;
        self.blanks.clear();
    }

    /// What follows the text in another that begins with it.
    pub fn rest_of<'a>(&self, whole: &'a [u8]) -> Option<&'a [u8]> {
        self.behind_solid(whole)?.strip_prefix(self.blanks.as_slice())
    }

    /// Whether another text is this one without some, or all, of the blanks at its end.
    pub fn is_but_for_blanks(&self, shown: &[u8]) -> bool {
        self.behind_solid(shown).is_some_and(|rest| self.blanks.starts_with(rest))
    }

    /// What is in another text behind what the checksum is of.
    fn behind_solid<'a>(&self, whole: &'a [u8]) -> Option<&'a [u8]> {
        let (begin, rest) = whole.split_at_checked(usize::try_from(self.length).ok()?)?;
        let mut crc = Crc::new();
        crc.update(begin);
        (crc.sum() == self.crc.sum()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_cut_anywhere_are_joined() {
        let text = "aä😀\u{fffd}z\u{d7ff}\u{e000}";
        let pair = b"\xed\xa0\xbd\xed\xb8\x80";
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend_from_slice(pair);
        for size in 1..=bytes.len() {
            let mut torn = Vec::new();
            let joined: Vec<u8> = bytes.chunks(size).flat_map(|piece| canonical(&mut torn, piece)).collect();
            assert_eq!((String::from_utf8(joined).unwrap(), torn.len()), (format!("{text}😀"), 0), "{size}");
        }
    }

    #[test]
    fn what_is_no_character_is_replaced() {
        for (bytes, expected) in [
            (&b"a\xffb"[..], "a\u{fffd}b"),
            (b"\xed\xa0\xbdx", "\u{fffd}x"),
            (b"\xed\xb8\x80", "\u{fffd}"),
            (b"\xed\xa0\xbd\xed\xa0\xbd\xed\xb8\x80", "\u{fffd}😀"),
            (b"\xc3(", "\u{fffd}("),
        ] {
            let mut torn = Vec::new();
            assert_eq!(String::from_utf8(canonical(&mut torn, bytes)).unwrap(), expected);
            assert!(torn.is_empty());
        }
        let mut torn = Vec::new();
        assert!(canonical(&mut torn, b"\xed\xa0\xbd").is_empty() && torn.len() == 3);
    }

    #[test]
    fn a_text_is_found_at_the_beginning_of_another() {
        let rest = |text: &str, whole: &str| {
            let mut digest = Digest::default();
            text.as_bytes().chunks(2).for_each(|piece| digest.add(piece));
            digest.rest_of(whole.as_bytes()).map(|rest| String::from_utf8(rest.to_vec()).unwrap())
        };
        assert_eq!(rest("a b\n", "a b\nc").as_deref(), Some("c"));
        assert_eq!(rest("a b", "a b\n").as_deref(), Some("\n"));
        assert_eq!(rest("a b\n", "a b"), None);
        assert_eq!(rest("a b\n\n", "a b\n"), None);
        assert_eq!(rest("a b\n", "a b "), None);
        assert_eq!(rest("a b\n", "a b c"), None);
        assert_eq!(rest("a b", "a c d"), None);
        assert_eq!(rest("abc", "ab"), None);
    }

    #[test]
    fn blanks_at_the_end_may_be_fewer_but_not_others() {
        let but_for_blanks = |text: &str, shown: &str| {
            let mut digest = Digest::default();
            text.as_bytes().chunks(2).for_each(|piece| digest.add(piece));
            digest.is_but_for_blanks(shown.as_bytes())
        };
        for shown in ["a b", "a b\n", "a b\n\n"] {
            assert!(but_for_blanks("a b\n\n", shown), "{shown:?}");
        }
        for shown in ["a b ", "a b\n\n\n", "a b\nc", "a", "a c"] {
            assert!(!but_for_blanks("a b\n\n", shown), "{shown:?}");
        }
    }

    #[test]
    fn cut_characters_do_not_hide_what_follows() {
        assert_eq!(behind_torn("ab\u{fffd}\u{fffd}cd".as_bytes(), "abäcdef".as_bytes()), Some(&b"ef"[..]));
        assert_eq!(behind_torn("ab\u{fffd}".as_bytes(), "abäcd".as_bytes()), Some(&b"cd"[..]));
        assert_eq!(behind_torn(b"ax", b"ab"), None);
    }
}
