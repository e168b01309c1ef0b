//! What has been delivered of a command's output, and where in it a piece belongs that comes from a stream opened anew.
//!
//! The API gives pieces an `offset` without saying whether it is that of their first byte or of the byte behind their last, and
//! some servers give it to some pieces only. Nothing of that is decided once and for all: each piece that follows another, each
//! that answers an opening at a known offset, and the text itself where it comes again are evidence, the latest the strongest.
//! What evidence does not settle is guessed, and then the whole is `doubtful` until the finished execution shows it.

use super::text::{behind_torn, canonical, is_clean, Digest};

/// Of the end of the text so much is kept to be compared.
const KEPT: usize = 64 << 10;
/// And so much of its beginning.
const HEAD: usize = 256;

/// Where the `offset` of a piece lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// At the piece's first byte.
    Begin,
    /// Behind its last.
    End,
}

/// A place in the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// How much text lies before it.
    at: u64,
    /// The beginning of a character that is cut by it.
    torn: Vec<u8>,
}

/// A piece whose offset the server gave: the opening after a break asks for that offset again.
#[derive(Clone, Debug)]
struct Anchor {
    offset: i64,
    begin: Place,
    end: Place,
}

/// The last piece with an offset in the present opening, and how much has come without one since.
#[derive(Clone, Copy, Debug)]
struct Previous {
    offset: i64,
    length: i64,
    since: i64,
    clean: bool,
    /// It is no piece, but the place that the opening asked for.
    asked: bool,
}

/// A place where a piece may belong.
struct Candidate {
    place: Place,
    meaning: Option<Meaning>,
    /// Whether the offsets say so, and not a guess.
    evident: bool,
}

/// What has been delivered.
#[derive(Debug, Default)]
pub struct Delivered {
    /// The end of what was delivered.
    here: Place,
    /// Where what comes next belongs: there, or before it, where it comes again.
    next: Place,
    head: Vec<u8>,
    kept: Vec<u8>,
    digest: Digest,
    meaning: Option<Meaning>,
    /// Whether more than a guess speaks for the meaning.
    evident: bool,
    anchor: Option<Anchor>,
    previous: Option<Previous>,
    /// The offset that the present opening asked for, until its first piece has come.
    asked: Option<Option<i64>>,
    /// Whether lengths are the server's too.
    unclean: bool,
    doubtful: bool,
}

/// How what has been delivered compares with the output that the finished execution shows.
#[derive(Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is a beginning of it, or all; this is missing.
    Missing(Vec<u8>),
    /// They end alike, but for blanks: the execution shows the end alone, or blanks that were delivered are not in it.
    EndsAlike,
    /// The execution shows nothing.
    Unknown,
    /// They differ; this follows where characters alone differ that were cut.
    Differs(Vec<u8>),
}

impl Delivered {
    /// Whether something has been guessed that may be wrong, or is missing.
    pub fn is_doubtful(&self) -> bool {
        self.doubtful
    }

    /// Something was there that could not be read.
    pub fn doubt(&mut self) {
        self.doubtful = true;
    }

    /// A stream is about to be opened: the offset to ask for, none for the beginning.
    pub fn open(&mut self) -> Option<i64> {
        let untouched = self.here == Place::default();
        let offset = match &self.anchor {
            Some(anchor) => Some(anchor.offset),
            // A server that gives no offsets may still know them: of text that it sends as it is, the length is the offset.
            None if !self.unclean && !untouched => i64::try_from(self.here.at + self.here.torn.len() as u64).ok(),
            None => None,
        };
        self.previous = None;
        self.asked = Some(offset);
        self.next = self.here.clone();
        offset
    }

    /// Takes a piece; gives what of it is new.
    pub fn take(&mut self, piece: &[u8], offset: Option<i64>) -> Vec<u8> {
        let clean = is_clean(piece);
        let length = i64::try_from(piece.len()).unwrap_or(i64::MAX);
        self.unclean |= !clean;
        match self.asked.take() {
            Some(asked) => {
                self.place_first(asked, piece, offset, length, clean);
                self.previous = asked.map(|offset| Previous { offset, length: 0, since: 0, clean: true, asked: true });
            }
            None => self.follow(offset, piece, length, clean),
        }
        let begin = self.next.clone();
        let text = canonical(&mut self.next.torn, piece);
        let new = self.deliver(text);
        if let Some(offset) = offset {
            self.anchor = Some(Anchor { offset, begin, end: self.next.clone() });
            self.previous = Some(Previous { offset, length, since: 0, clean, asked: false });
        } else if let Some(previous) = &mut self.previous {
            previous.since = previous.since.saturating_add(length);
            previous.clean &= clean;
        }
        new
    }

    /// The end of the output: what is left of a character that was cut.
    pub fn flush(&mut self) -> Vec<u8> {
        self.next = self.here.clone();
        if std::mem::take(&mut self.next.torn).is_empty() {
            return Vec::new();
        }
        self.doubtful = true;
        self.deliver("\u{fffd}".as_bytes().to_vec())
    }

    fn deliver(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        let skip = self.here.at - self.next.at;
        self.next.at += text.len() as u64;
        if skip > 0 {
            let again = usize::try_from(skip).map_or(text.len(), |skip| skip.min(text.len()));
            // What comes again differs from what came before: one of them is not where it was thought to be.
            self.doubtful |= !self.matches(self.here.at - skip, text.get(..again).unwrap_or_default());
            text.drain(..again);
        }
        if self.next.at >= self.here.at {
            self.here = self.next.clone();
        }
        self.head.extend_from_slice(text.get(..(HEAD - self.head.len()).min(text.len())).unwrap_or_default());
        self.digest.add(&text);
        self.kept.extend_from_slice(text.get(text.len().saturating_sub(KEPT)..).unwrap_or_default());
        if self.kept.len() > 2 * KEPT {
            self.kept.drain(..self.kept.len() - KEPT);
        }
        text
    }

    /// Whether this is what was delivered from there on, as far as that is known.
    fn matches(&self, from: u64, text: &[u8]) -> bool {
        let known = |start: u64, known: &[u8]| {
            let (from_text, from_known) = match usize::try_from(from.abs_diff(start)) {
                Ok(apart) if from >= start => (0, apart),
                Ok(apart) => (apart, 0),
                Err(_) => return true,
            };
            let (text, known) = (text.get(from_text..).unwrap_or_default(), known.get(from_known..).unwrap_or_default());
            text.iter().zip(known).all(|(one, other)| one == other)
        };
        known(0, &self.head) && known(self.here.at - self.kept.len() as u64, &self.kept)
    }

    /// What a piece says that follows another in the same opening.
    fn follow(&mut self, offset: Option<i64>, piece: &[u8], length: i64, clean: bool) {
        let (Some(offset), Some(previous)) = (offset, self.previous) else { return };
        let apart = offset.saturating_sub(previous.offset);
        let (begin, end) = (previous.length.saturating_add(previous.since), previous.since.saturating_add(length));
        if apart > begin.max(end) {
            // More lies between them than has come, whatever the offsets mean.
            self.doubtful = true;
        }
        if !clean || !previous.clean {
            return;
        }
        if (apart == begin) != (apart == end) {
            self.meaning = Some(if apart == begin { Meaning::Begin } else { Meaning::End });
            self.evident = true;
        } else if apart != begin {
            // The server did not begin where it was asked to, and what has come without an offset since was taken to be from there.
            self.doubtful |= previous.asked;
            if !self.evident {
                return;
            }
            // It belongs elsewhere than behind the piece before it: it is repeated, or something is missing.
            let place = self.anchor.as_ref().and_then(|anchor| match self.meaning? {
                Meaning::Begin => at_offset(&anchor.begin, apart),
                Meaning::End => at_offset(&anchor.end, apart.saturating_sub(length)),
            });
            match place {
                Some(place) if self.fits(&place, piece) => self.next = place,
                _ => self.doubtful = true,
            }
        }
    }

    /// Finds out where the first piece of an opening belongs.
    fn place_first(&mut self, asked: Option<i64>, piece: &[u8], offset: Option<i64>, length: i64, clean: bool) {
        if self.here == Place::default() {
            self.guess(offset, length);
            return;
        }
        let candidates = self.candidates(asked, offset, length, clean);
        let several = candidates.len() > 1;
        let mut fitting = candidates.into_iter().filter(|candidate| self.fits(&candidate.place, piece));
        let Some(chosen) = fitting.next() else {
            // It can only be taken for what follows.
            self.doubtful = true;
            return;
        };
        let others: Vec<Candidate> = fitting.collect();
        // Without offsets the text alone may tell.
        let told = offset.is_none() && several && others.is_empty();
        let contrary = |other: &Candidate| other.evident || other.meaning.is_some() && other.meaning == self.meaning;
        let disputed = others.iter().any(|other| contrary(other) && other.place != chosen.place);
        if (chosen.evident || told) && !disputed {
            self.meaning = chosen.meaning.or(self.meaning);
            self.evident |= chosen.meaning.is_some();
        } else {
            self.doubtful = true;
        }
        self.next = chosen.place;
    }

    /// The first piece of all.
    fn guess(&mut self, offset: Option<i64>, length: i64) {
        if self.evident {
            return;
        }
        match offset {
            Some(0) => self.meaning = Some(Meaning::Begin),
            Some(offset) if offset == length => self.meaning = Some(Meaning::End),
            // There are bytes before it, whatever the offset means; or offsets begin with another number.
            Some(_) => self.doubtful = true,
            None => {}
        }
    }

    /// Where the first piece of an opening may belong, the likeliest place first.
    fn candidates(&self, asked: Option<i64>, offset: Option<i64>, length: i64, clean: bool) -> Vec<Candidate> {
        let candidate = |place: Place, meaning, evident| Candidate { place, meaning, evident };
        let beginning = Place::default();
        let (Some(asked), Some(anchor)) = (asked, &self.anchor) else {
            return match (asked, offset) {
                (None, _) => vec![candidate(beginning, None, true)],
                (Some(asked), Some(offset)) if offset == asked => vec![candidate(self.here.clone(), Some(Meaning::Begin), true)],
                (Some(asked), Some(offset)) if clean && offset == asked + length => {
                    vec![candidate(self.here.clone(), Some(Meaning::End), true)]
                }
                // Where all that was delivered comes again, the server has not looked at the offset.
                _ => vec![candidate(beginning, None, false), candidate(self.here.clone(), None, false)],
            };
        };
        let Some(offset) = offset else {
            let begin = candidate(anchor.begin.clone(), Some(Meaning::Begin), self.evident && self.meaning == Some(Meaning::Begin));
            let end = candidate(anchor.end.clone(), Some(Meaning::End), self.evident && self.meaning == Some(Meaning::End));
            let again = candidate(beginning, None, false);
            return if end.evident { vec![end, begin, again] } else { vec![begin, again, end] };
        };
        let apart = offset.saturating_sub(asked);
        let begin = at_offset(&anchor.begin, apart).map(|place| candidate(place, Some(Meaning::Begin), apart == 0));
        // Bytes that are no text are fewer at the server than here.
        let ended = if clean { apart == length } else { apart > 0 && apart <= length };
        let end_place = if ended { Some(anchor.end.clone()) } else { at_offset(&anchor.end, apart.saturating_sub(length)) };
        let end = end_place.map(|place| candidate(place, Some(Meaning::End), ended));
        let mut both: Vec<Candidate> = begin.into_iter().chain(end).collect();
        for candidate in &mut both {
            candidate.evident |= self.evident && candidate.meaning == self.meaning;
        }
        // What is known counts most; then that the first piece of an opening lies where it was asked to; a guess least.
        both.sort_by_key(|candidate| match candidate.meaning {
            meaning if self.evident && meaning == self.meaning => 0,
            Some(Meaning::Begin) if apart == 0 => 1,
            Some(Meaning::End) if ended => 1,
            meaning if meaning == self.meaning => 2,
            _ => 3,
        });
        both
    }

    /// Whether a piece can belong there: nothing would be missing before it, and what is repeated is the same.
    fn fits(&self, place: &Place, piece: &[u8]) -> bool {
        if place.at > self.here.at || (place.at == self.here.at && place.torn != self.here.torn) {
            return false;
        }
        let text = canonical(&mut place.torn.clone(), piece);
        let again = usize::try_from(self.here.at - place.at).map_or(text.len(), |again| again.min(text.len()));
        self.matches(place.at, text.get(..again).unwrap_or_default())
    }

    /// Compares with the output as the finished execution shows it, which may lack blanks at its end: then it says nothing about
    /// those that were delivered. `truncated`: its last lines alone; not known: perhaps.
    pub fn compare(&self, shown: Option<&str>, truncated: Option<bool>) -> Comparison {
        let Some(shown) = shown.map(str::as_bytes) else { return Comparison::Unknown };
        if shown.is_empty() && self.here.at > 0 {
            return Comparison::Unknown;
        }
        if truncated != Some(true) {
            if let Some(rest) = self.digest.rest_of(shown) {
                return Comparison::Missing(rest.to_vec());
            }
            if self.digest.is_but_for_blanks(shown) {
                return if self.doubtful { Comparison::EndsAlike } else { Comparison::Missing(Vec::new()) };
            }
        }
        let (kept, end) = (self.kept.trim_ascii_end(), shown.trim_ascii_end());
        let longer = self.here.at > self.kept.len() as u64;
        if truncated != Some(false) && (kept.ends_with(end) || longer && end.ends_with(kept)) {
            return Comparison::EndsAlike;
        }
        let rest = if longer || truncated == Some(true) { None } else { behind_torn(&self.kept, shown) };
        Comparison::Differs(rest.unwrap_or_default().to_vec())
    }
}

/// The place so many of the server's bytes behind this one.
fn at_offset(place: &Place, apart: i64) -> Option<Place> {
    if apart == 0 {
        return Some(place.clone());
    }
    let at = i64::try_from(place.at).ok()?.checked_add(apart)?.checked_add(i64::try_from(place.torn.len()).ok()?)?;
    Some(Place { at: u64::try_from(at).ok()?, torn: Vec::new() })
}

#[cfg(test)]
#[path = "delivered_tests.rs"]
mod tests;
