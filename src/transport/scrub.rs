//! Strikes secrets out of what a server says, however it spells them.

use std::sync::Arc;

use memchr::memmem;
use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};
use serde_json::Value;

use super::secret::{is_credential, Secret, REDACTED};

/// Of what a server says an error carries so much.
pub(super) const KEPT: usize = 64 << 10;
/// Shorter values are not struck out: they are in every text.
const SHORTEST: usize = 4;
/// Longer texts of a request are not looked for.
const LONGEST: usize = 64 << 10;
/// What a text may lack of a secret at its end and still be taken for it.
const CUT_SHORT: usize = 8;

/// RFC 3986's unreserved characters stand for themselves.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What must appear in no error: the token, and what the request holds. Clones share the list.
#[derive(Clone, Default)]
pub struct Scrubber(Arc<Vec<Secret>>);

impl Scrubber {
    /// Of these secrets, those that are long enough.
    pub fn new(secrets: impl Iterator<Item = Secret>) -> Scrubber {
        let mut secrets: Vec<Secret> = secrets.filter(|secret| secret.expose().trim().len() >= SHORTEST).collect();
        // One that holds another first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Scrubber(Arc::new(secrets))
    }

    /// A text without the secrets.
    pub fn text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.bytes(text.as_bytes(), false)).into_owned()
    }

    /// Any bytes without the secrets. `cut`: they are the beginning of more, so that a secret may have begun at their end.
    pub fn bytes(&self, bytes: &[u8], cut: bool) -> Vec<u8> {
        let mut scrubbed = bytes.to_vec();
        for secret in self.0.iter() {
            for spelling in spellings(secret.expose()) {
                replace_all(&mut scrubbed, spelling.as_bytes());
                drop_beginning(&mut scrubbed, spelling.as_bytes(), if cut { 1 } else { CUT_SHORT });
            }
        }
        scrubbed
    }

    /// An answer as an error carries it.
    pub fn answer(&self, answer: &Value) -> Vec<u8> {
        self.body(answer.to_string().as_bytes(), false)
    }

    /// As much of a body as an error carries.
    pub fn body(&self, body: &[u8], cut: bool) -> Vec<u8> {
        let redacted = super::secret::redacted(body);
        let mut kept = self.bytes(redacted.as_deref().unwrap_or(body), cut);
        if kept.len() > KEPT {
            let text = std::str::from_utf8(&kept).is_ok();
            let end = (KEPT - 3..=KEPT).rev().find(|end| !text || kept.get(*end).is_none_or(|byte| byte & 0xc0 != 0x80));
            kept.truncate(end.unwrap_or(KEPT));
        }
        kept
    }
}

fn replace_all(text: &mut Vec<u8>, wanted: &[u8]) {
    let finder = memmem::Finder::new(wanted);
    let mut places = finder.find_iter(text).peekable();
    if places.peek().is_none() {
        return;
    }
    let mut replaced = Vec::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        replaced.extend_from_slice(text.get(at..place).unwrap_or_default());
        replaced.extend_from_slice(REDACTED.as_bytes());
        at = place + wanted.len();
    }
    replaced.extend_from_slice(text.get(at..).unwrap_or_default());
    *text = replaced;
}

/// Drops the beginning of a secret at the end of a text, if it is at least so long.
fn drop_beginning(text: &mut Vec<u8>, secret: &[u8], shortest: usize) {
    let from = text.len().saturating_sub(secret.len() - 1);
    let to = (text.len() + 1).saturating_sub(shortest);
    if let Some(at) = (from..to).find(|at| text.get(*at..).is_some_and(|end| secret.starts_with(end))) {
        text.truncate(at);
        text.extend_from_slice(REDACTED.as_bytes());
    }
}

/// A secret as it is, and as JSON, URLs, HTML and shells write it.
fn spellings(secret: &str) -> Vec<String> {
    let mut spellings = spellings_of(secret);
    if secret.contains('\'') {
        let shell = secret.replace('\'', r"'\''");
        spellings.extend(spellings_of(&shell));
        spellings.extend(spellings_of(&shell.replace('\'', r"'\''")));
    }
    spellings.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    spellings.dedup();
    spellings
}

fn spellings_of(secret: &str) -> Vec<String> {
    let mut spellings = vec![secret.to_owned(), secret.trim().to_owned()];
    let json = in_json(secret);
    for json in [in_json(&json), in_ascii_json(&json, false), in_ascii_json(&json, true), json] {
        spellings.push(json.replace('/', "\\/"));
        spellings.push(json);
    }
    let url = utf8_percent_encode(secret, RESERVED).to_string();
    let small = lower_escapes(&url);
    spellings.extend([url.replace("%20", "+"), small.replace("%20", "+"), url, small]);
    // As browsers and libraries do that leave more characters as they are.
    spellings.push(utf8_percent_encode(secret, percent_encoding::CONTROLS).to_string().replace(' ', "%20"));
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    spellings.extend([html.replace('\'', "&#39;"), html.replace('\'', "&#x27;"), html]);
    spellings
}

fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

fn in_ascii_json(json: &str, upper: bool) -> String {
    let mut ascii = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            ascii.push_str(&if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
        }
    }
    ascii
}

fn lower_escapes(url: &str) -> String {
    let mut parts = url.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
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
            Value::String(text) if secret && text.len() <= LONGEST => found.push(Secret::new(text)),
            Value::Array(items) => ahead.extend(items.iter().map(|item| (item, secret))),
            Value::Object(members) => ahead.extend(members.iter().map(|(name, member)| (member, secret || holds_secrets(name)))),
            _ => {}
        }
    }
    found
}

fn holds_secrets(name: &str) -> bool {
    is_credential(name) || matches!(name, "environment_variables" | "env" | "build_args" | "file_mounts" | "contents")
}

/// Whether a header's value is likely to be a credential.
pub fn is_secret_header(name: &str) -> bool {
    ["auth", "token", "key", "secret", "password", "cookie", "credential", "signature"].iter().any(|part| name.contains(part))
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
        ] {
            let scrubbed = scrubber.text(&format!("<{said}>"));
            assert!(scrubbed.contains(REDACTED) && !scrubbed.contains("rd"), "{said}: {scrubbed}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_scrubbed_too() {
        assert_eq!(scrubber(&["token-1"]).bytes(b"\xfftoken-1\xfe token-12", false), b"\xff[redacted]\xfe [redacted]2");
    }

    #[test]
    fn a_secret_that_is_cut_is_dropped() {
        let scrubber = scrubber(&["token-1234"]);
        for length in 1..10 {
            assert_eq!(scrubber.bytes(&b"say token-1234"[..4 + length], true), b"say [redacted]");
        }
        assert_eq!(scrubber.text("say token-12"), "say [redacted]");
        assert_eq!(scrubber.text("a to"), "a to");
        let long = format!("{}token-1234 and more", "x".repeat(KEPT - 3));
        let kept = scrubber.body(long.as_bytes(), true);
        assert!(kept.len() <= KEPT && !kept.ends_with(b"tok"));
        let characters = scrubber.body("ä".repeat(KEPT).as_bytes(), true);
        assert!(characters.len() >= KEPT - 3 && std::str::from_utf8(&characters).is_ok());
    }

    #[test]
    fn a_request_names_its_own_secrets() {
        let body = json!({"name": "visible", "environment_variables": {"A": "hidden-1"}, "code_mounts": [{"token": "hidden-2"}],
            "launch_parameters": {"environment_variables": {"B": "hidden-3"}}, "contents": "hidden-4", "file_mounts": {"/a": "hidden-5"}});
        let mut found: Vec<_> = secrets_in(&body).iter().map(|secret| secret.expose().to_owned()).collect();
        found.sort();
        assert_eq!(found, ["hidden-1", "hidden-2", "hidden-3", "hidden-4", "hidden-5"]);
    }
}
