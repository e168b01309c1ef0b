//! An output is served in every way there is and cut everywhere: what is said to be whole is whole.

use super::*;

/// How a server gives offsets.
#[derive(Clone, Copy, Debug)]
struct Server {
    meaning: Meaning,
    /// What the first byte's offset is.
    base: i64,
    /// Of the pieces, those whose number has a bit here have an offset.
    offsets: u32,
    /// Whether it looks at the offset that it is asked for.
    listens: bool,
}

impl Server {
    /// What it sends of an output in pieces of this size when it is asked for an offset.
    fn pieces<'a>(&self, text: &'a [u8], size: usize, asked: Option<i64>) -> Vec<(&'a [u8], Option<i64>)> {
        let from = asked.filter(|_| self.listens).map_or(0, |asked| usize::try_from(asked - self.base).unwrap_or(0).min(text.len()));
        let mut pieces = Vec::new();
        for (number, begin) in (from..text.len()).step_by(size).enumerate() {
            let end = (begin + size).min(text.len());
            let offset = self.base + if self.meaning == Meaning::Begin { begin } else { end } as i64;
            pieces.push((&text[begin..end], (self.offsets >> (number % 32) & 1 == 1).then_some(offset)));
        }
        pieces
    }
}

/// How the finished execution shows the output.
#[derive(Clone, Copy, Debug)]
enum Shown {
    Whole,
    /// Without the blanks at its end.
    Trimmed,
    LastBytes(usize),
    Nothing,
}

/// Reads an output through cuts after so many pieces; gives what was delivered, and whether it is said to be whole.
fn read(server: Server, text: &[u8], size: usize, cuts: &[usize], shown: Shown) -> (Vec<u8>, bool) {
    let mut delivered = Delivered::default();
    let mut all = Vec::new();
    for (opening, cut) in cuts.iter().chain([&usize::MAX]).enumerate() {
        let asked = delivered.open();
        // Each opening cuts its pieces otherwise.
        for (piece, offset) in server.pieces(text, size + opening, asked).into_iter().take(*cut) {
            all.extend(delivered.take(piece, offset));
        }
    }
    let text = std::str::from_utf8(text).unwrap();
    let comparison = match shown {
        Shown::Whole => delivered.compare(Some(text), Some(false)),
        Shown::Trimmed => delivered.compare(Some(text.trim_ascii_end()), Some(false)),
        Shown::LastBytes(count) => delivered.compare(text.get(text.len().saturating_sub(count)..), Some(true)),
        Shown::Nothing => delivered.compare(None, None),
    };
    let whole = match comparison {
        Comparison::Missing(rest) => {
            all.extend(rest);
            true
        }
        Comparison::EndsAlike | Comparison::Unknown => {
            all.extend(delivered.flush());
            !delivered.is_doubtful()
        }
        Comparison::Differs(_) => false,
    };
    (all, whole)
}

const TEXTS: [&str; 4] = ["abcdefghijklmno", "aaaaaaaaaaaaaaa", "one\none\none\none\ntwo\n", "ab\n\n\n"];

#[test]
fn what_is_said_to_be_whole_is_whole() {
    let mut whole_ones = 0;
    let mut tried = 0;
    for meaning in [Meaning::Begin, Meaning::End] {
        for base in [0, 100] {
            for offsets in [0, 1, 2, 5, 0b0110_1101, u32::MAX] {
                for listens in [true, false] {
                    let server = Server { meaning, base, offsets, listens };
                    for text in TEXTS {
                        for size in [1, 2, 7] {
                            for cut in 0..12 {
                                for second in [0, 2] {
                                    for shown in [Shown::Whole, Shown::Trimmed, Shown::LastBytes(2), Shown::LastBytes(5), Shown::Nothing] {
                                        // A server that gives no offsets and looks at none tells nothing that could be wrong; nor
                                        // does one that counts from a number that nobody knows.
                                        let (all, whole) = read(server, text.as_bytes(), size, &[cut, second], shown);
                                        tried += 1;
                                        whole_ones += usize::from(whole);
                                        // What an answer shows besides what was delivered counts as it is.
                                        let shown_alone = matches!(shown, Shown::Trimmed) && all == text.trim_ascii_end().as_bytes();
                                        assert!(
                                            !whole || all == text.as_bytes() || shown_alone,
                                            "{server:?} {text:?} in {size}s, cut after {cut} and {second}, shown {shown:?}: {:?}",
                                            String::from_utf8_lossy(&all)
                                        );
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(whole_ones * 5 > tried * 2, "of {tried} only {whole_ones} are whole");
}

#[test]
fn a_server_that_keeps_to_the_api_is_read_whole_through_any_cuts() {
    for meaning in [Meaning::Begin, Meaning::End] {
        let server = Server { meaning, base: 0, offsets: u32::MAX, listens: true };
        for text in TEXTS {
            for size in 1..8 {
                for cut in 0..12 {
                    for second in 0..5 {
                        for shown in [Shown::Whole, Shown::Trimmed, Shown::LastBytes(3), Shown::Nothing] {
                            let (all, whole) = read(server, text.as_bytes(), size, &[cut, second, 0], shown);
                            assert!(
                                whole && all == text.as_bytes(),
                                "{meaning:?} {text:?} in {size}s, cut after {cut} and {second}, shown {shown:?}: {:?} {whole}",
                                String::from_utf8_lossy(&all)
                            );
                        }
                    }
                }
            }
        }
    }
}

fn feed(delivered: &mut Delivered, pieces: &[(&[u8], Option<i64>)]) -> String {
    pieces.iter().map(|(piece, offset)| String::from_utf8(delivered.take(piece, *offset)).unwrap()).collect()
}

#[test]
fn offsets_on_some_pieces_only() {
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"ab", Some(0)), (b"cd", None)]), "abcd");
    assert_eq!(delivered.open(), Some(0));
    assert_eq!(feed(&mut delivered, &[(b"ab", Some(0)), (b"cd", None), (b"ef", Some(4)), (b"gh", None)]), "efgh");
    assert!(!delivered.is_doubtful());
}

#[test]
fn a_first_piece_that_begins_with_a_large_offset() {
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"ab", Some(100)), (b"cd", Some(102))]), "abcd");
    for _ in 0..3 {
        assert_eq!(delivered.open(), Some(102));
        assert_eq!(feed(&mut delivered, &[(b"cd", Some(102))]), "");
    }
    assert_eq!(delivered.open(), Some(102));
    assert_eq!(feed(&mut delivered, &[(b"cd", Some(102)), (b"ef", Some(104))]), "ef");
    assert_eq!(delivered.compare(Some("abcdef"), Some(false)), Comparison::Missing(Vec::new()));
}

#[test]
fn characters_cut_by_pieces() {
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"a\xed\xa0\xbd", Some(0)), (b"\xed\xb8\x80b", Some(3))]), "a😀b");
    // Replaced already when they came: the rest is found all the same, but it is not the whole.
    let mut delivered = Delivered::default();
    delivered.open();
    feed(&mut delivered, &[("ab\u{fffd}".as_bytes(), Some(0)), ("\u{fffd}cd".as_bytes(), Some(3))]);
    assert_eq!(delivered.compare(Some("abäcdef"), Some(false)), Comparison::Differs(b"ef".to_vec()));
    // Between two openings.
    for (again, expected) in [(&b"a\xed\xa0\xbd\xed\xb8\x80b"[..], "😀b"), ("a😀b".as_bytes(), "😀b")] {
        let mut delivered = Delivered::default();
        delivered.open();
        assert_eq!(feed(&mut delivered, &[(b"a\xed\xa0\xbd", Some(0))]), "a");
        assert_eq!(delivered.open(), Some(0));
        assert_eq!(feed(&mut delivered, &[(again, Some(0))]), expected);
        assert!(!delivered.is_doubtful());
    }
}

/// All of it comes again from the beginning, and is taken to lie one byte further on: its last byte is delivered twice.
#[test]
fn a_line_feed_that_was_delivered_twice_is_not_forgiven() {
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"aaaa", Some(104)), (b"aab\n", None)]), "aaaaaab\n");
    assert_eq!(delivered.open(), Some(104));
    assert_eq!(feed(&mut delivered, &[(b"aaaaa", Some(105)), (b"ab\n", None)]), "\n");
    assert!(delivered.is_doubtful());
    for shown in ["aaaaaab\n", "aaaaaab"] {
        assert_eq!(delivered.compare(Some(shown), Some(false)), Comparison::EndsAlike);
    }
}

#[test]
fn an_answer_without_the_blanks_at_the_end_is_no_contradiction() {
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"ab", Some(0)), (b"c\n\n", Some(2))]), "abc\n\n");
    for shown in ["abc", "abc\n", "abc\n\n"] {
        assert_eq!(delivered.compare(Some(shown), Some(false)), Comparison::Missing(Vec::new()));
    }
    assert_eq!(delivered.compare(Some("abc "), Some(false)), Comparison::Differs(Vec::new()));
}

#[test]
fn what_is_missing_within_an_opening_is_noticed() {
    for pieces in [[(&b"ab"[..], Some(0)), (b"ef", Some(4))], [(b"ab", Some(2)), (b"ef", Some(6))]] {
        let mut delivered = Delivered::default();
        delivered.open();
        assert_eq!(feed(&mut delivered, &pieces), "abef");
        assert!(delivered.is_doubtful());
    }
    // And what comes twice is given once.
    let mut delivered = Delivered::default();
    delivered.open();
    assert_eq!(feed(&mut delivered, &[(b"ab", Some(0)), (b"cde", Some(2)), (b"cde", Some(2)), (b"f", Some(5))]), "abcdef");
    assert!(!delivered.is_doubtful());
}
