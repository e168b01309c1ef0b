//! JSON as servers send it. What cannot be read in one place of a text does not make the rest of it unreadable:
//! an answer tells what has happened, whatever is wrong with one of its texts or numbers.
//!
//! - half of a surrogate pair, and bytes that are not UTF-8, become U+FFFD;
//! - control characters and unknown escapes in a text stand for themselves;
//! - numbers keep all their digits; `NaN` and `Infinity` are null; another bare word inside an array or an object is a text;
//! - what is nested deeper than [`DEPTH`] is kept as the text of its JSON;
//! - of members of the same name the last counts; a byte order mark at the start, and NULs at the end, are passed over.
//!
//! Reading costs no stack, however deep a text is nested.

use std::borrow::Cow;
use std::fmt;

use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

/// How deep arrays and objects may be nested in each other.
pub const DEPTH: usize = 128;
/// Memory for a text longer than this is asked for in a way that may fail.
const LARGE: usize = 64 << 10;
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    expected: &'static str,
    at: usize,
    /// There was no memory for it.
    pub out_of_memory: bool,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} expected at byte {}", self.expected, self.at)
    }
}

type Read<T> = std::result::Result<T, Unreadable>;

/// Reads a whole text.
pub fn parse(text: &[u8]) -> Read<Value> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    reader.end()?;
    Ok(value)
}

/// Reads a whole text that must be JSON in every place, and nested no deeper than [`DEPTH`]; else says what is wrong.
pub fn strict(text: &[u8]) -> std::result::Result<Value, String> {
    std::str::from_utf8(text).map_err(|error| error.to_string())?;
    // This does not recurse, unlike reading a value.
    serde_json::from_slice::<IgnoredAny>(text).map_err(|error| error.to_string())?;
    let mut reader = Reader { strict: true, ..Reader::new(text) };
    reader.value().map_err(|error| error.to_string())
}

/// A member of an object, as [`pick`] gives it.
#[derive(Debug)]
pub enum Member<'a> {
    /// A text, in which a half of a surrogate pair is three bytes, as if it were a character: it may be joined with
    /// its other half in another text. Bytes that are not UTF-8 are as they came.
    Text(Cow<'a, [u8]>),
    /// Anything else.
    Other(Value),
}

/// The members of these names of a text that is an object.
pub fn pick<'a, const N: usize>(text: &'a [u8], names: [&str; N]) -> Read<[Option<Member<'a>>; N]> {
    let mut reader = Reader::new(text);
    let mut found = [const { None }; N];
    reader.blanks();
    reader.token(b'{', "an object was")?;
    let mut more = !reader.closes(b'}');
    while more {
        let name = reader.key()?;
        reader.blanks();
        let member = match reader.peek() {
            Some(b'"') => Member::Text(reader.text(Lone::Kept)?),
            _ => Member::Other(reader.value()?),
        };
        if let Some(place) = names.iter().position(|wanted| *wanted == name).and_then(|at| found.get_mut(at)) {
            *place = Some(member);
        }
        more = reader.continues(b'}')?;
    }
    reader.end()?;
    Ok(found)
}

/// What becomes of half a surrogate pair.
#[derive(Clone, Copy, PartialEq)]
enum Lone {
    Replaced,
    Kept,
}

/// An array or an object that has begun.
enum Open {
    Array(Vec<Value>),
    Object(Map<String, Value>, String),
}

/// A value that has been read, or the beginning of one.
enum Begun {
    Value(Value),
    Open(Open),
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    strict: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Reader<'a> {
        Reader { text, at: if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }, strict: false }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
    }

    fn missing<T>(&self, expected: &'static str) -> Read<T> {
        Err(Unreadable { expected, at: self.at, out_of_memory: false })
    }

    fn token(&mut self, byte: u8, expected: &'static str) -> Read<()> {
        if self.peek() != Some(byte) {
            return self.missing(expected);
        }
        self.at += 1;
        Ok(())
    }

    fn end(&mut self) -> Read<()> {
        if self.rest().iter().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0)) {
            return Ok(());
        }
        self.blanks();
        self.missing("the end was")
    }

    /// Whether the array or object ends here.
    fn closes(&mut self, closer: u8) -> bool {
        self.blanks();
        let closes = self.peek() == Some(closer);
        self.at += usize::from(closes);
        closes
    }

    /// Whether another item follows, and not the end of the array or object.
    fn continues(&mut self, closer: u8) -> Read<bool> {
        if self.closes(closer) {
            return Ok(false);
        }
        self.token(b',', "a comma or the end of an array or object was")?;
        Ok(!self.closes(closer))
    }

    fn key(&mut self) -> Read<String> {
        self.blanks();
        if self.peek() != Some(b'"') {
            return self.missing("the name of a member was");
        }
        let key = self.string()?;
        self.blanks();
        self.token(b':', "a colon was")?;
        Ok(key)
    }

    fn value(&mut self) -> Read<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.begin(open.len())? {
                Begun::Value(value) => value,
                Begun::Open(begun) => {
                    open.push(begun);
                    continue;
                }
            };
            // The value may be the last of what surrounds it, and that the last of what surrounds it in turn.
            loop {
                let more = match open.last_mut() {
                    None => return Ok(value),
                    Some(Open::Array(items)) => {
                        items.push(value);
                        self.continues(b']')?
                    }
                    Some(Open::Object(members, key)) => {
                        members.insert(std::mem::take(key), value);
                        let more = self.continues(b'}')?;
                        if more {
                            *key = self.key()?;
                        }
                        more
                    }
                };
                if more {
                    break;
                }
                value = match open.pop() {
                    Some(Open::Array(items)) => Value::Array(items),
                    Some(Open::Object(members, _)) => Value::Object(members),
                    None => Value::Null,
                };
            }
        }
    }

    fn begin(&mut self, depth: usize) -> Read<Begun> {
        self.blanks();
        Ok(match self.peek() {
            Some(b'{' | b'[') if depth >= DEPTH && self.strict => return self.missing("no more than 128 levels were"),
            Some(b'{' | b'[') if depth >= DEPTH => Begun::Value(Value::String(self.as_it_is()?)),
            Some(b'[') => {
                self.at += 1;
                match self.closes(b']') {
                    true => Begun::Value(Value::Array(Vec::new())),
                    false => Begun::Open(Open::Array(Vec::new())),
                }
            }
            Some(b'{') => {
                self.at += 1;
                match self.closes(b'}') {
                    true => Begun::Value(Value::Object(Map::new())),
                    false => Begun::Open(Open::Object(Map::new(), self.key()?)),
                }
            }
            Some(b'"') => Begun::Value(Value::String(self.string()?)),
            _ => Begun::Value(self.word(depth > 0)?),
        })
    }

    /// An array or an object, as the text that it is.
    fn as_it_is(&mut self) -> Read<String> {
        let from = self.at;
        let mut depth = 0usize;
        loop {
            match self.peek() {
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth = depth.saturating_sub(1),
                Some(b'"') => {
                    self.at = self.end_of_text()?;
                    continue;
                }
                Some(_) => {}
                None => return self.missing("the end of an array or object was"),
            }
            self.at += 1;
            if depth == 0 {
                return Ok(String::from_utf8_lossy(self.text.get(from..self.at).unwrap_or_default()).into_owned());
            }
        }
    }

    /// Where the text that begins here has ended.
    fn end_of_text(&self) -> Read<usize> {
        let mut at = self.at + 1;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(found) if rest.get(found) == Some(&b'"') => return Ok(at + found + 1),
                Some(found) => at += found + 2,
                None => return self.missing("the end of the text that begins here was"),
            }
        }
    }

    fn word(&mut self, inside: bool) -> Read<Value> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
        let Ok(word) = std::str::from_utf8(rest.get(..length).unwrap_or_default()) else { return self.missing("a value was") };
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "NaN" | "-NaN" | "Infinity" | "-Infinity" if inside => Value::Null,
            _ => match word.parse::<Number>() {
                Ok(number) => Value::Number(number),
                Err(_)
                    if inside && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte)) =>
                {
                    Value::String(word.to_owned())
                }
                Err(_) => return self.missing("a value was"),
            },
        };
        self.at += length;
        Ok(value)
    }

    fn string(&mut self) -> Read<String> {
        let from = self.at;
        if !self.strict {
            let text = match self.text(Lone::Replaced)? {
                Cow::Borrowed(text) if text.len() > LARGE => Cow::Owned(copy(text).ok_or_else(|| no_memory(from))?),
                text => text,
            };
            return Ok(to_string(text));
        }
        match String::from_utf8(self.text(Lone::Kept)?.into_owned()) {
            Ok(text) => Ok(text),
            Err(_) => {
                self.at = from;
                self.missing("a text without half a surrogate pair was")
            }
        }
    }

    /// The text that begins here.
    fn text(&mut self, lone: Lone) -> Read<Cow<'a, [u8]>> {
        let (from, end) = (self.at + 1, self.end_of_text()?);
        let raw = self.text.get(from..end - 1).unwrap_or_default();
        self.at = end;
        let Some(first) = memchr::memchr(b'\\', raw) else { return Ok(Cow::Borrowed(raw)) };
        let mut text = Vec::new();
        // No escape is shorter than what it stands for.
        if raw.len() > LARGE && text.try_reserve_exact(raw.len()).is_err() {
            return Err(no_memory(from));
        }
        let (mut at, mut next) = (0, Some(first));
        while let Some(found) = next {
            text.extend_from_slice(raw.get(at..found).unwrap_or_default());
            at = found + unescape(raw.get(found..).unwrap_or_default(), lone, &mut text);
            next = memchr::memchr(b'\\', raw.get(at..).unwrap_or_default()).map(|further| at + further);
        }
        text.extend_from_slice(raw.get(at..).unwrap_or_default());
        Ok(Cow::Owned(text))
    }
}

/// Adds what the escape at the beginning of `raw` stands for; gives how long it is.
fn unescape(raw: &[u8], lone: Lone, text: &mut Vec<u8>) -> usize {
    let plain = match raw.get(1) {
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
        Some(b'u') => match unit(raw) {
            Some(unit) => return unescape_unit(unit, raw, lone, text),
            None => b'\\',
        },
        _ => b'\\',
    };
    text.push(plain);
    if plain == b'\\' && raw.get(1) != Some(&b'\\') {
        return 1;
    }
    2
}

fn unescape_unit(unit: u32, raw: &[u8], lone: Lone, text: &mut Vec<u8>) -> usize {
    if let Some(character) = char::from_u32(unit) {
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return 6;
    }
    let low = raw.get(6..).and_then(self::unit).filter(|low| (0xdc00..0xe000).contains(low));
    let joined = low.filter(|_| unit < 0xdc00).and_then(|low| char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)));
    if let Some(character) = joined {
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return 12;
    }
    match lone {
        Lone::Replaced => text.extend_from_slice(REPLACEMENT),
        Lone::Kept => text.extend_from_slice(&[0xed, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8]),
    }
    6
}

/// The UTF-16 unit that an escape `\uXXXX` stands for.
fn unit(raw: &[u8]) -> Option<u32> {
    let digits = raw.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
}

fn no_memory(at: usize) -> Unreadable {
    Unreadable { expected: "memory for a text was", at, out_of_memory: true }
}

fn copy(text: &[u8]) -> Option<Vec<u8>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(text.len()).ok()?;
    copy.extend_from_slice(text);
    Some(copy)
}

fn to_string(text: Cow<'_, [u8]>) -> String {
    match text {
        Cow::Borrowed(text) => String::from_utf8_lossy(text).into_owned(),
        Cow::Owned(text) => String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn reads(text: &[u8], expected: Value) {
        assert_eq!(parse(text).unwrap(), expected, "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn what_is_json_is_read_as_serde_reads_it() {
        for text in [
            r#"{"a":[1,-2.5,true,false,null,{}],"b":{"c":"d"},"e":[],"f":""}"#,
            " [ 1 , { \"a\" : 2 } ] ",
            r#""\"\\\/\b\f\n\r\t\u0041\u00e4\ud83d\ude00 ä😀""#,
            "0",
            "\"\"",
            "[[[]],[{}],[[1]]]",
            r#"{"same":1,"same":2}"#,
        ] {
            reads(text.as_bytes(), serde_json::from_str(text).unwrap());
        }
        for text in
            ["", " ", "{", "[1", "[1 2]", "{\"a\"}", "{\"a\":}", "{1:2}", "\"a", "\"a\\", "<html>", "nothing", "1 2", "{} x", "]", "[,]"]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn cut_anywhere_nothing_is_taken_for_whole() {
        let text = br#"{"a":["\u00e4\ud83d\ude00",{"b":[1.5e3,true]}],"c":"\\"}"#;
        for length in 0..text.len() {
            assert!(parse(&text[..length]).is_err(), "{}", String::from_utf8_lossy(&text[..length]));
        }
    }

    #[test]
    fn what_is_wrong_in_one_place_leaves_the_rest() {
        reads(br#"{"a":"ok \ud83d","b":"\ude00\ud83d","c":0}"#, json!({"a": "ok \u{fffd}", "b": "\u{fffd}\u{fffd}", "c": 0}));
        reads(br#"["\ud83dx","\ud83d\n","\ud83d\u0041"]"#, json!(["\u{fffd}x", "\u{fffd}\n", "\u{fffd}A"]));
        reads(b"[\"a\xffb\",\"\xc3\"]", json!(["a\u{fffd}b", "\u{fffd}"]));
        reads(b"\xef\xbb\xbf{\"a\":1}\0\0\n", json!({"a": 1}));
        reads(b"[\"a\0\x1b\nb\"]", json!(["a\0\u{1b}\nb"]));
        reads(br#"["\x41","\u12","\uzzzz"]"#, json!(["\\x41", "\\u12", "\\uzzzz"]));
        reads(b"[NaN,-Infinity,undefined,True,]", json!([null, null, "undefined", "True"]));
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        for number in ["123456789012345678901234567890", "-0.1000000000000000000001", "1e+999", "18446744073709551616"] {
            assert_eq!(parse(number.as_bytes()).unwrap().to_string(), number);
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_kept_as_text() {
        let nested = |depth: usize| format!("{}\"]\"{}", "[".repeat(depth), "]".repeat(depth));
        let mut value = parse(nested(100_000).as_bytes()).unwrap();
        for _ in 0..DEPTH {
            value = value[0].take();
        }
        assert_eq!(value, json!(nested(100_000 - DEPTH)));
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn the_strict_reader_takes_what_serde_takes_and_nothing_else() {
        for text in [r#"{"a":[1,-2.5e3,true,null,{}],"b":"\ud83d\ude00 ä","same":1,"same":2}"#, " 0 ", "\"\"", "18446744073709551616"] {
            assert_eq!(strict(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
        for text in
            ["", "{", "[1,]", "[NaN]", "[01]", "{} x", r#""\ud83d""#, r#"{"\ude00":1}"#, "[\"a\nb\"]", r#""\x41""#, "\u{feff}1", "1\0"]
        {
            assert!(strict(text.as_bytes()).is_err() && serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
        assert!(strict(b"[\"\xff\"]").is_err());
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(strict(nested(DEPTH).as_bytes()).is_ok());
        assert!(strict(nested(DEPTH + 1).as_bytes()).unwrap_err().contains(&DEPTH.to_string()));
        assert!(strict(nested(1_000_000).as_bytes()).is_err());
    }

    #[test]
    fn members_are_picked_with_the_halves_of_pairs() {
        let [text, number, none] = pick(br#"{"o":"a\ud83d","x":[1],"n":7}"#, ["o", "n", "z"]).unwrap();
        assert!(matches!(text, Some(Member::Text(text)) if *text == *b"a\xed\xa0\xbd"));
        assert!(matches!(number, Some(Member::Other(number)) if number == json!(7)));
        assert!(none.is_none());
        assert!(pick(b"[]", ["o"]).is_err() && pick(b"", ["o"]).is_err());
    }
}
