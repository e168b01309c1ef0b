//! Strikes secrets out of what a server says, however it spells them.

pub(crate) mod create_mark;
pub(crate) mod escapes;
pub(crate) mod spellings;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use http::HeaderMap;
use memchr::memmem;
use serde_json::Value;

use super::json;
use super::secret::{is_credential, Secret, REDACTED};
use crate::error::names_a_secret;
use escapes::readings;
use spellings::{from_base64, spellings};

/// Of what a server says an error carries so much.
pub(super) const KEPT: usize = 64 << 10;
/// And the message of one so many characters.
const MESSAGE_KEPT: usize = 2_000;
/// Shorter values are not struck out: they are in every text.
const SHORTEST: usize = 4;
/// Shorter ones may be a part of any word.
const SHORT: usize = 8;
/// So much of a secret is struck out even if the rest does not follow.
const TELLING: usize = 24;
/// Of a secret without blanks any piece is struck out that is so long, wherever in it: servers leave out what a token begins with.
const SHORTEST_PIECE: usize = 8;
const LONGEST_PIECE: usize = 16;
/// Longer secrets are texts, whose pieces are in others.
const IN_PIECES: usize = 1024;
/// Values that any text may hold.
const EVERYDAY: [&str; 8] = ["true", "false", "null", "none", "debug", "info", "warn", "error"];
/// Of longer texts of a request only the beginning is looked for.
const LONGEST: usize = 256 << 10;
/// Of a text of many lines so many are looked for by themselves, if they are so long and hold no blank: as of keys.
const LINES: usize = 100;
const LONG_LINE: usize = 16;
/// Escapes are undone in so much of a text at a time, and in so much of what follows it.
const BLOCK: usize = 128 << 10;
const OVERLAP: usize = 32 << 10;
/// What a text may lack of a secret at its end and still be taken for it.
const CUT_SHORT: usize = 8;

/// What must appear in no error: the token, and what the request holds. Clones share the list.
#[derive(Clone, Default)]
pub struct Scrubber(Arc<Vec<Secret>>);

impl Scrubber {
    /// Of these secrets, those that are long enough.
    pub fn new(secrets: impl Iterator<Item = Secret>) -> Scrubber {
        let told = |secret: &Secret| {
            let text = secret.expose().trim();
            text.len() >= SHORTEST && !EVERYDAY.iter().any(|word| text.eq_ignore_ascii_case(word))
        };
        let mut secrets: Vec<Secret> = secrets.filter(told).collect();
        let lines: Vec<Secret> = secrets.iter().flat_map(lines).collect();
        secrets.extend(lines);
        // One that holds another first.
        secrets.sort_by(|one, other| {
            let (one, other) = (one.expose(), other.expose());
            other.len().cmp(&one.len()).then_with(|| one.cmp(other))
        });
        secrets.dedup();
        Scrubber(Arc::new(secrets))
    }

    /// A text without the secrets.
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes(), false)).into_owned()
    }

    /// The same of what a message repeats: no more of it than a message can hold.
    pub fn message(&self, text: &str) -> String {
        // Before it is cut, lest a secret be cut in two.
        shortened(&self.text(text)).to_owned()
    }

    /// Any bytes without the secrets, and without marks. `cut`: they are the beginning of more, so that a secret may have begun at their end.
    pub fn bytes(&self, bytes: &[u8], cut: bool) -> Vec<u8> {
        let all: Vec<String> = self.0.iter().flat_map(|secret| spellings(secret.expose())).collect();
        let listed = || all.iter().map(String::as_bytes);
        let words = self.0.iter().filter(|secret| is_word(secret.expose())).flat_map(|secret| spellings(secret.expose()));
        let pieces = Pieces::new(words.collect());
        let mut scrubbed = Text::new(create_mark::without(bytes).unwrap_or_else(|| bytes.to_vec()));
        scrubbed.strike_out_read(listed, &pieces, cut);
        // Two spellings may begin alike: what is there as a whole goes first.
        listed().for_each(|spelling| scrubbed.strike_out(spelling, spelling.len()));
        for spelling in listed().filter(|spelling| spelling.len() > SHORT) {
            scrubbed.strike_out(spelling, much_of(spelling));
        }
        let found = pieces.places(&scrubbed.small);
        scrubbed.replace(&found);
        listed().for_each(|spelling| scrubbed.drop_beginning(spelling, shortest_end(cut)));
        scrubbed.bytes
    }

    /// JSON without the secrets, whatever is escaped in it; `None` if it is none, or holds none.
    fn json(&self, body: &[u8]) -> Option<Vec<u8>> {
        let value = json::parse(body).ok().filter(|value| value.is_object() || value.is_array())?.to_string();
        Some(self.bytes(value.as_bytes(), false)).filter(|scrubbed| scrubbed != value.as_bytes())
    }

    /// An answer as an error carries it.
    pub fn answer(&self, answer: &Value) -> Vec<u8> {
        self.body(answer.to_string().as_bytes(), false)
    }

    /// As much of a body as an error carries.
    pub fn body(&self, body: &[u8], cut: bool) -> Vec<u8> {
        let redacted = super::secret::redacted(body);
        let body = redacted.as_deref().unwrap_or(body);
        let mut kept = self.json(body).unwrap_or_else(|| self.bytes(body, cut));
        if kept.len() > KEPT {
            let text = std::str::from_utf8(&kept).is_ok();
            let end = (KEPT - 3..=KEPT).rev().find(|end| !text || kept.get(*end).is_none_or(|byte| byte & 0xc0 != 0x80));
            kept.truncate(end.unwrap_or(KEPT));
        }
        kept
    }
}

/// As much of what a server says, its secrets struck out, as a message holds.
pub fn shortened(said: &str) -> &str {
    let cut = said.char_indices().nth(MESSAGE_KEPT).map_or(said.len(), |(at, _)| at);
    said.get(..cut).unwrap_or(said)
}

/// So much of a longer spelling is struck out without the rest.
fn much_of(spelling: &[u8]) -> usize {
    spelling.len().div_ceil(2).clamp(SHORT, TELLING)
}

/// Whether it is one word, as tokens are, of which a piece tells something.
fn is_word(secret: &str) -> bool {
    let secret = secret.trim();
    (SHORT + 1..=IN_PIECES).contains(&secret.len()) && !secret.contains(char::is_whitespace)
}

/// What secrets are looked for in pieces.
struct Pieces(Vec<String>);

impl Pieces {
    fn new(mut spellings: Vec<String>) -> Pieces {
        spellings.retain(|spelling| spelling.len() > SHORT);
        Pieces(spellings)
    }

    /// How long the pieces of a spelling are.
    fn length(spelling: &[u8]) -> usize {
        spelling.len().div_ceil(2).clamp(SHORTEST_PIECE, LONGEST_PIECE)
    }

    /// Where a text in small letters holds pieces, those that overlap as one.
    fn places(&self, small: &[u8]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for length in SHORTEST_PIECE..=LONGEST_PIECE {
            let spellings: Vec<&[u8]> = self.0.iter().map(String::as_bytes).filter(|spelling| Pieces::length(spelling) == length).collect();
            if spellings.is_empty() || small.len() < length {
                continue;
            }
            // Of the text's, which is short as a rule.
            let there: HashSet<&[u8]> = small.windows(length).collect();
            let held: HashSet<&[u8]> =
                spellings.iter().flat_map(|spelling| spelling.windows(length)).filter(|piece| there.contains(piece)).collect();
            if !held.is_empty() {
                places.extend(small.windows(length).enumerate().filter(|(_, piece)| held.contains(piece)).map(|(at, _)| at..at + length));
            }
        }
        let mut places = merged(places);
        places.iter_mut().for_each(|place| place.end += padding(small.get(place.end..).unwrap_or_default()));
        merged(places)
    }
}

/// How long what ends base64 is, behind the last group that depends on nothing else: `o=` as well as `==`.
fn padding(behind: &[u8]) -> usize {
    let own = behind.iter().take(2).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')).count();
    let ends = behind.iter().skip(own).take(2).take_while(|byte| **byte == b'=').count();
    if ends > 0 {
        own + ends
    } else {
        0
    }
}

/// Places in their order, those that overlap as one.
fn merged(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| place.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// So much of a secret at the end of a text is taken for its beginning.
fn shortest_end(cut: bool) -> usize {
    if cut {
        1
    } else {
        CUT_SHORT
    }
}

/// Where a text in small letters holds a spelling, of which no more than so much of its beginning need be there. What is short
/// is found only where it stands alone.
fn places(small: &[u8], spelling: &[u8], beginning: usize) -> Vec<Range<usize>> {
    let alone = spelling.len() < SHORT;
    let finder = memmem::Finder::new(spelling.get(..beginning).unwrap_or(spelling));
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let (mut places, mut at) = (Vec::new(), 0);
    while let Some(found) = finder.find(small.get(at..).unwrap_or_default()) {
        let start = at + found;
        let rest = small.get(start..).unwrap_or_default();
        let end = start + rest.iter().zip(spelling).take_while(|(one, other)| one == other).count();
        if alone && (word(small.get(start.wrapping_sub(1))) || word(small.get(end))) {
            at = start + 1;
            continue;
        }
        places.push(start..end);
        at = end;
    }
    places
}

/// Where the beginning of a secret is at the end of a text, if it is at least so long.
fn beginning_at_end(small: &[u8], secret: &[u8], shortest: usize) -> Option<usize> {
    let from = small.len().saturating_sub(secret.len() - 1);
    let to = (small.len() + 1).saturating_sub(shortest);
    (from..to).find(|at| small.get(*at..).is_some_and(|end| secret.starts_with(end)))
}

/// A text, and the same in small letters, in which secrets are looked for.
struct Text {
    bytes: Vec<u8>,
    small: Vec<u8>,
}

impl Text {
    fn new(bytes: Vec<u8>) -> Text {
        Text { small: bytes.to_ascii_lowercase(), bytes }
    }

    /// Strikes out a secret in one of its spellings, of which no more than so much of its beginning need be there.
    fn strike_out(&mut self, spelling: &[u8], beginning: usize) {
        let places = places(&self.small, spelling, beginning);
        self.replace(&places);
    }

    /// Strikes out the secrets that are read where escapes are undone.
    fn strike_out_read<'a, I: Iterator<Item = &'a [u8]>>(&mut self, spellings: impl Fn() -> I, pieces: &Pieces, cut: bool) {
        let mut struck: Vec<Range<usize>> = Vec::new();
        for from in (0..self.bytes.len()).step_by(BLOCK) {
            let to = (from + BLOCK + OVERLAP).min(self.bytes.len());
            let is_last = to == self.bytes.len();
            for read in readings(self.bytes.get(from..to).unwrap_or_default(), cut && is_last) {
                let mut found: Vec<Range<usize>> = pieces.places(&read.bytes);
                for spelling in spellings() {
                    let beginning = if spelling.len() > SHORT { much_of(spelling) } else { spelling.len() };
                    found.extend(places(&read.bytes, spelling, beginning));
                    let at_end = beginning_at_end(&read.bytes, spelling, shortest_end(cut)).filter(|_| is_last);
                    found.extend(at_end.map(|from| from..read.bytes.len()));
                }
                struck.extend(found.into_iter().map(|place| read.origin(place)).map(|place| from + place.start..from + place.end));
            }
        }
        self.replace(&merged(struck));
    }

    /// Drops the beginning of a secret at the end of a text, if it is at least so long.
    fn drop_beginning(&mut self, secret: &[u8], shortest: usize) {
        if let Some(at) = beginning_at_end(&self.small, secret, shortest) {
            let end = at..self.bytes.len();
            self.replace(std::slice::from_ref(&end));
        }
    }

    /// Strikes out what is at these places, which do not overlap.
    fn replace(&mut self, places: &[Range<usize>]) {
        if places.is_empty() {
            return;
        }
        let mut struck = Vec::with_capacity(self.bytes.len());
        let mut kept = 0;
        for place in places {
            struck.extend_from_slice(self.bytes.get(kept..place.start).unwrap_or_default());
            struck.extend_from_slice(REDACTED.as_bytes());
            kept = place.end;
        }
        struck.extend_from_slice(self.bytes.get(kept..).unwrap_or_default());
        *self = Text::new(struck);
    }
}

/// What the body of a request holds that an error must not repeat: the values of environment variables, credentials, and
/// the contents of files.
pub fn secrets_in(body: &Value) -> Vec<Secret> {
    found_in(body, false)
}

/// The same, for a member of a body.
pub fn secrets_in_member(name: &str, member: &Value) -> Vec<Secret> {
    found_in(member, holds_secrets(name))
}

fn found_in(value: &Value, secret: bool) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut ahead = vec![(value, secret)];
    while let Some((value, secret)) = ahead.pop() {
        match value {
            Value::String(text) if secret => found.push(secret_beginning(text)),
            // A number given where a text is wanted.
            Value::Number(number) if secret => found.push(Secret::new(number.to_string())),
            Value::Array(items) => ahead.extend(items.iter().map(|item| (item, secret))),
            Value::Object(members) => ahead.extend(members.iter().map(|(name, member)| (member, secret || holds_secrets(name)))),
            _ => {}
        }
    }
    found
}

/// A text of a request, as far as it is looked for.
pub fn secret_beginning(text: &str) -> Secret {
    let end = (LONGEST.saturating_sub(3)..=LONGEST).rev().find(|end| text.is_char_boundary(*end));
    Secret::new(if text.len() > LONGEST { text.get(..end.unwrap_or(0)).unwrap_or_default() } else { text })
}

/// The lines of a secret that tell something by themselves.
fn lines(secret: &Secret) -> Vec<Secret> {
    let text = secret.expose().trim();
    if !text.contains('\n') {
        return Vec::new();
    }
    let telling = |line: &&str| {
        let letters = line.bytes().filter(u8::is_ascii_alphanumeric).count();
        line.len() >= LONG_LINE && letters >= SHORT && !line.contains(char::is_whitespace)
    };
    text.lines().map(str::trim).filter(telling).take(LINES).map(Secret::new).collect()
}

fn holds_secrets(name: &str) -> bool {
    is_credential(name)
        || matches!(
            name,
            "environment_variables"
                | "env"
                | "build_args"
                | "file_mounts"
                | "content"
                | "contents"
                | "value"
                | "credentials"
                | "auth_mechanism"
        )
}

/// Headers that say how messages are read, and those that servers are to repeat.
const OPEN_HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-encoding",
    "content-length",
    "content-type",
    "range",
    "user-agent",
    "x-request-id",
];

/// The values of headers, and the credentials in them.
pub fn secrets_in_headers(headers: &HeaderMap) -> Vec<Secret> {
    let given = headers.iter().filter(|(name, _)| !OPEN_HEADERS.contains(&name.as_str()));
    given
        .filter_map(|(name, value)| Some(secrets_in_header(name.as_str(), std::str::from_utf8(value.as_bytes()).ok()?)))
        .flatten()
        .collect()
}

fn secrets_in_header(name: &str, value: &str) -> Vec<Secret> {
    let mut found = vec![Secret::new(value)];
    match name {
        "cookie" => found.extend(value.split(';').filter_map(|cookie| cookie.split_once('=')).map(|(_, value)| Secret::new(value.trim()))),
        // Behind the scheme; a password is in base64 there.
        _ if name.contains("auth") => {
            let credentials = value.split_once(' ').map(|(_, credentials)| credentials.trim());
            let pair = credentials.and_then(from_base64).filter(|pair| pair.contains(':'));
            found.extend(pair.iter().filter_map(|pair| pair.split_once(':')).map(|(_, password)| Secret::new(password)));
            found.extend(pair.map(Secret::new));
            found.extend(credentials.map(Secret::new));
        }
        _ => {}
    }
    found
}

/// The values of parameters that a query was given.
pub fn secrets_in_query<'a>(query: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Secret> {
    query.filter(|(name, value)| value.len() >= SHORT || is_secret_name(name)).map(|(_, value)| Secret::new(value)).collect()
}

/// Whether a parameter is likely to be a credential.
pub fn is_secret_name(name: &str) -> bool {
    names_a_secret(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scrubber(secrets: &[&str]) -> Scrubber {
        Scrubber::new(secrets.iter().map(|secret| Secret::new(*secret)))
    }

    #[test]
    fn every_spelling_is_struck_out() {
        let secret = "pä/ss \"w&rd' 😀";
        let scrubber = scrubber(&[secret]);
        for said in [
            secret
                .chars()
                .map(|character| character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect::<String>())
                .collect(),
            secret.chars().map(|character| format!("&#x{:x};", u32::from(character))).collect(),
            secret.chars().map(|character| format!("%26%23{};", u32::from(character))).collect(),
            secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            secret.bytes().map(|byte| format!("\\\\x{byte:02x}")).collect(),
            r#"p\u00e4/s\u0073 &#34;w&rd' \ud83d\ude00"#.to_owned(),
            secret.to_owned(),
            json!(secret).to_string(),
            json!(json!(secret).to_string()).to_string(),
            r#"p\u00e4\/ss"#.to_owned() + r#" \"w&rd' \ud83d\ude00"#,
            r#"p\u00e4/ss \"w&rd' \ud83d\ude00"#.to_owned(),
            r#"p\u00E4/ss \"w&rd' \uD83D\uDE00"#.to_owned(),
            "p%C3%A4%2Fss%20%22w%26rd%27%20%F0%9F%98%80".to_owned(),
            "p%c3%a4%2fss+%22w%26rd%27+%f0%9f%98%80".to_owned(),
            "pä/ss &quot;w&amp;rd&#39; 😀".to_owned(),
            r#"'pä/ss "w&rd'\'' 😀'"#.to_owned(),
            r#"pä/ss \"w\u0026rd\u0027 😀"#.to_owned(),
            "Og== cMOkL3NzICJ3JnJkJyDwn5iA".to_owned(),
            "70c3a42f7373202277267264272 0f09f9880".replace(' ', ""),
            "p%25C3%25A4%252Fss%2520%2522w%2526rd".to_owned(),
            r"p%C3%A4%2Fss%20%5C%22w%26rd".to_owned(),
            "PÄ/SS P%C3%A4%2FSS%20%22W%26RD%27".replace("PÄ/SS ", ""),
        ] {
            let scrubbed = scrubber.text(&format!("<{said}>"));
            assert!(scrubbed.contains(REDACTED) && !scrubbed.contains("rd"), "{said}: {scrubbed}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_scrubbed_too() {
        assert_eq!(scrubber(&["token-01"]).bytes(b"\xfftoken-01\xfe token-012", false), b"\xff[redacted]\xfe [redacted]2");
    }

    #[test]
    fn what_is_short_is_struck_out_where_it_stands_alone() {
        let scrubber = scrubber(&["prod", "true", "8080", "yes"]);
        assert_eq!(
            scrubber.text("products in prod: true, \"prod\", yes; 8080 18080"),
            "products in [redacted]: true, \"[redacted]\", yes; [redacted] 18080"
        );
    }

    #[test]
    fn much_of_a_secret_is_struck_out_too() {
        let scrubber = scrubber(&["sk-0123456789abcdef", "-----BEGIN KEY-----\nMIIabcdefghijklmnop\nno such line\nqrstuvwxyz0123456789\n"]);
        assert_eq!(scrubber.text("'sk-0123456789...' sk-0123"), "'[redacted]...' sk-0123");
        assert_eq!(scrubber.text("at qrstuvwxyz0123456789, no such line"), "at [redacted], no such line");
        let mut text = vec![b'x'; 300 << 10];
        text.extend_from_slice(b"end");
        let long = Scrubber::new(std::iter::once(secret_beginning(std::str::from_utf8(&text).unwrap())));
        assert!(long.bytes(&text, false).len() < 64 << 10);
    }

    #[test]
    fn a_token_without_what_it_begins_with_is_struck_out() {
        let scrubber = scrubber(&["ak_AbCdEf0123456789xYz+/q", "Bearer ak_AbCdEf0123456789xYz+/q"]);
        for said in [
            "AbCdEf0123456789xYz+/q",
            "k_AbCdEf0123456789",
            "...Ef0123456789xYz+",
            "AbCdEf0123456789xYz%2B%2Fq",
            "AbCdEf0123456789xYz\\u002b\\/q",
            "QWJDZEVmMDEyMzQ1Njc4OXhZeisvcQ==",
            "YXBpOkFiQ2RFZjAxMjM0NTY3ODl4WXorL3E=",
            "4162436445663031323334353637383978597a2b2f71",
        ] {
            let scrubbed = scrubber.text(&format!("no key {said} here"));
            assert!(scrubbed.contains(REDACTED) && scrubbed.starts_with("no key ") && scrubbed.ends_with(" here"), "{said}: {scrubbed}");
            assert!(!scrubbed.contains("0123") && !scrubbed.contains("MDEyMzQ1") && !scrubbed.contains("303132"), "{said}: {scrubbed}");
        }
        assert_eq!(scrubber.text("key 0123456, not the bearer of it"), "key 0123456, not the bearer of it");
    }

    #[test]
    fn a_secret_that_is_cut_is_dropped() {
        let scrubber = scrubber(&["token-1234"]);
        for length in 1..10 {
            assert_eq!(scrubber.bytes(&b"say token-1234"[..4 + length], true), b"say [redacted]");
        }
        assert_eq!(scrubber.text("say token-12"), "say [redacted]");
        assert_eq!(scrubber.text("a to"), "a to");
        for cut in [r"say \u0074\u006fke\u006", "say %74ok%6", "say tok\\\\u00", "say t&#111;k&#"] {
            assert_eq!(scrubber.bytes(cut.as_bytes(), true), b"say [redacted]", "{cut}");
        }
        let far = format!("{}token\\u002d1234{}", "\\n".repeat(BLOCK / 2 - 4), "x".repeat(OVERLAP));
        assert!(scrubber.text(&far).contains("n[redacted]x"));
        let long = format!("{}token-1234 and more", "x".repeat(KEPT - 3));
        let kept = scrubber.body(long.as_bytes(), true);
        assert!(kept.len() <= KEPT && !kept.ends_with(b"tok"));
        let characters = scrubber.body("ä".repeat(KEPT).as_bytes(), true);
        assert!(characters.len() >= KEPT - 3 && std::str::from_utf8(&characters).is_ok());
    }

    #[test]
    fn escapes_of_json_hide_nothing() {
        let body = br#"{"a": "\u0073\u006b-01234\u0035\u0036789", "b": 1.50}"#;
        assert_eq!(scrubber(&["sk-0123456789"]).body(body, false), br#"{"a":"[redacted]","b":1.50}"#);
        assert_eq!(scrubber(&["sk-9999999999"]).body(body, false), body);
    }

    #[test]
    fn headers_and_queries_hold_secrets() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("authorization", "Bearer t0ken"), ("x-tenant", "acme"), ("cookie", "a=b1; c=d2"), ("accept", "text/plain")] {
            headers.insert(name, value.parse().unwrap());
        }
        let mut found: Vec<_> = secrets_in_headers(&headers).iter().map(|secret| secret.expose().to_owned()).collect();
        found.sort();
        assert_eq!(found, ["Bearer t0ken", "a=b1; c=d2", "acme", "b1", "d2", "t0ken"]);
        let query = [("limit", "100"), ("sig", "12345678"), ("access_token", "abc")];
        assert_eq!(secrets_in_query(query.into_iter()).len(), 2);
    }

    #[test]
    fn a_request_names_its_own_secrets() {
        let body = json!({"name": "visible", "environment_variables": {"A": "hidden-1"}, "code_mounts": [{"token": "hidden-2"}],
            "launch_parameters": {"environment_variables": {"B": "hidden-3"}}, "contents": "hidden-4", "file_mounts": {"/a": "hidden-5"},
            "mounts": [{"target": "visible", "content": "hidden-6"}], "auth_mechanism": {"key": "hidden-7"},
            "custom_headers": [{"name": "visible", "value": "hidden-8"}], "services": [{"credentials": {"password": "hidden-9"}}]});
        let mut found: Vec<_> = secrets_in(&body).iter().map(|secret| secret.expose().to_owned()).collect();
        found.sort();
        assert_eq!(found, (1..10).map(|number| format!("hidden-{number}")).collect::<Vec<_>>());
    }
}
