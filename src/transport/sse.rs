//! Server-sent events, read from pieces cut anywhere.

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// `message` where the stream names none.
    pub kind: String,
    /// The data lines, joined by line feeds.
    pub data: Vec<u8>,
}

/// An event is longer than it may be.
#[derive(Debug)]
pub struct TooLong;

/// Takes pieces of a stream and gives its events.
///
/// The rules are those of the HTML standard: lines end with LF, CR or CRLF, a colon begins a
/// comment, a byte order mark at the start is skipped, an event without its empty line is dropped.
pub struct Parser {
    /// How long an event may be.
    most: usize,
    kept: Vec<u8>,
    /// How far `kept` has been searched for the end of a line.
    searched: usize,
    /// How far `kept` has been used up.
    used: usize,
    kind: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    begun: bool,
}

impl Parser {
    /// A parser of events that are no longer than so many bytes.
    pub fn new(most: usize) -> Parser {
        Parser { most, kept: Vec::new(), searched: 0, used: 0, kind: Vec::new(), data: Vec::new(), has_data: false, begun: false }
    }

    /// Adds what has arrived; all events that were complete must have been taken. An event that gets too long, or for which
    /// there is no memory, is refused.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), TooLong> {
        if self.used > 0 {
            self.kept.drain(..self.used);
            self.searched -= self.used;
            self.used = 0;
        }
        // What is kept is a line that has no end yet, and the data of its event.
        if self.kept.len() + self.data.len() > self.most || self.kept.try_reserve(piece.len()).is_err() {
            return Err(TooLong);
        }
        self.kept.extend_from_slice(piece);
        Ok(())
    }

    /// The next event that is complete.
    pub fn next_event(&mut self) -> Option<Event> {
        loop {
            let line = self.next_line()?;
            if let Some(event) = self.take_line(line) {
                return Some(event);
            }
        }
    }

    fn next_line(&mut self) -> Option<std::ops::Range<usize>> {
        if !self.begun {
            const MARK: &[u8] = b"\xef\xbb\xbf";
            if self.kept.len() < MARK.len() && MARK.starts_with(&self.kept) {
                return None;
            }
            if self.kept.starts_with(MARK) {
                self.used = MARK.len();
                self.searched = MARK.len();
            }
            self.begun = true;
        }
        let Some(found) = memchr::memchr2(b'\n', b'\r', &self.kept[self.searched..]) else {
            self.searched = self.kept.len();
            return None;
        };
        let end = self.searched + found;
        let mut next = end + 1;
        if self.kept[end] == b'\r' {
            match self.kept.get(next) {
                Some(b'\n') => next += 1,
                Some(_) => {}
                // Whether this is half of a CRLF, the next piece will tell.
                None => {
                    self.searched = end;
                    return None;
                }
            }
        }
        let line = self.used..end;
        self.used = next;
        self.searched = next;
        Some(line)
    }

    fn take_line(&mut self, line: std::ops::Range<usize>) -> Option<Event> {
        let line = &self.kept[line];
        if line.is_empty() {
            let kind = std::mem::take(&mut self.kind);
            if !std::mem::take(&mut self.has_data) {
                return None;
            }
            let kind = if kind.is_empty() { "message".to_owned() } else { String::from_utf8_lossy(&kind).into_owned() };
            return Some(Event { kind, data: std::mem::take(&mut self.data) });
        }
        let (field, value) = match memchr::memchr(b':', line) {
            Some(0) => return None,
            Some(colon) => (&line[..colon], line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..])),
            None => (line, &b""[..]),
        };
        match field {
            b"data" => {
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            b"event" => self.kind = value.to_vec(),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        "\u{feff}: hello\r\ndata: one\r\n\r\nevent: error\ndata:two\ndata: lines\n\nid: 7\rdata\r\rretry: 9\n\ndata: no end";

    fn events(pieces: impl Iterator<Item = Vec<u8>>) -> Vec<(String, String)> {
        let mut parser = Parser::new(1 << 20);
        let mut found = Vec::new();
        for piece in pieces {
            parser.push(&piece).unwrap();
            while let Some(event) = parser.next_event() {
                found.push((event.kind, String::from_utf8(event.data).unwrap()));
            }
        }
        found
    }

    #[test]
    fn a_stream_cut_anywhere_gives_the_same_events() {
        let expected = [("message", "one"), ("error", "two\nlines"), ("message", "")];
        let expected: Vec<_> = expected.iter().map(|(kind, data)| (kind.to_string(), data.to_string())).collect();
        let bytes = STREAM.as_bytes();
        for size in 1..=bytes.len() {
            assert_eq!(events(bytes.chunks(size).map(<[u8]>::to_vec)), expected, "pieces of {size}");
        }
        for cut in 0..bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            assert_eq!(events([head.to_vec(), tail.to_vec()].into_iter()), expected, "cut at {cut}");
        }
    }

    #[test]
    fn an_event_that_never_ends_is_refused() {
        for piece in [&b"data: xxxxxxxx"[..], b"data: xxxxxxxx\n", b"event: xxxxxxxx"] {
            let mut parser = Parser::new(1000);
            let taken = (0..1000).take_while(|_| {
                while parser.next_event().is_some() {}
                parser.push(piece).is_ok()
            });
            assert!(taken.count() < 200);
        }
        let mut parser = Parser::new(1000);
        for _ in 0..1000 {
            parser.push(b"data: short\n\n: a remark\n").unwrap();
            assert!(parser.next_event().is_some() && parser.next_event().is_none());
        }
    }
}
