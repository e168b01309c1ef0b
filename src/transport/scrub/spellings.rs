//! How JSON, URLs, HTML, shells and base64 write a text.

use std::ops::RangeInclusive;

use percent_encoding::{utf8_percent_encode, AsciiSet, NON_ALPHANUMERIC};
use serde_json::Value;

/// RFC 3986's unreserved characters stand for themselves.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What fewer characters of base64 stand for is in every text.
const SHORTEST_BASE64: usize = 10;

/// Of shorter texts digits may stand for something else, and longer ones are not looked for in all that may hold them.
const WITHIN_OTHERS: RangeInclusive<usize> = 8..=1024;

/// A text as it is, and as others write it; the longest first. ASCII letters are small ones, since some change their case.
pub fn spellings(text: &str) -> Vec<String> {
    let mut spellings = plain(text);
    if WITHIN_OTHERS.contains(&text.len()) {
        spellings.push(in_digits(text));
        // JSON in a URL, a URL in another, either in base64: what is written otherwise is often written once more.
        for written in [in_json(text), utf8_percent_encode(text, RESERVED).to_string()] {
            if written != text {
                spellings.extend(plain(&written));
                spellings.push(in_digits(&written));
                spellings.extend(in_base64(written.as_bytes()));
            }
        }
    }
    if text.contains('\'') {
        let shell = text.replace('\'', r"'\''");
        spellings.extend(plain(&shell));
        spellings.extend(plain(&shell.replace('\'', r"'\''")));
    }
    spellings.extend(in_base64(text.as_bytes()));
    spellings.iter_mut().for_each(|spelling| spelling.make_ascii_lowercase());
    spellings.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    spellings.dedup();
    spellings
}

fn plain(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned(), text.trim().to_owned()];
    let json = in_json(text);
    for json in [in_json(&json), in_ascii_json(&json), in_html_safe_json(&json), json] {
        spellings.push(json.replace('/', "\\/"));
        spellings.push(json);
    }
    // As languages print texts.
    spellings.push(text.replace('\\', r"\\").replace('\'', r"\'"));
    let url = utf8_percent_encode(text, RESERVED).to_string();
    spellings.extend([url.replace("%20", "+"), url]);
    // As browsers and libraries do that leave more characters as they are.
    spellings.push(utf8_percent_encode(text, percent_encoding::CONTROLS).to_string().replace(' ', "%20"));
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    spellings.extend([html.replace('\'', "&#39;"), html.replace('\'', "&#x27;"), html]);
    spellings
}

fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

fn in_ascii_json(json: &str) -> String {
    let mut ascii = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            ascii.push_str(&format!("\\u{unit:04x}"));
        }
    }
    ascii
}

/// As Gson does; Go leaves two of these as they are, which whoever reads the JSON does not see.
fn in_html_safe_json(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('=', "\\u003d").replace('\'', "\\u0027")
}

/// In hexadecimal digits.
fn in_digits(text: &str) -> String {
    text.bytes().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// What base64 holds of a text, wherever in a longer text it is, in both alphabets.
fn in_base64(text: &[u8]) -> Vec<String> {
    let mut spellings = Vec::new();
    for before in 0..3 {
        let mut padded = vec![0; before];
        padded.extend_from_slice(text);
        let mut encoded = String::with_capacity(padded.len() * 4 / 3 + 4);
        for group in padded.chunks(3) {
            let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            // The last character of an incomplete group depends on what follows.
            let whole = if group.len() == 3 { 4 } else { group.len() };
            encoded.extend((0..whole).map(|at| digit(bits >> (18 - 6 * at) & 0x3f)));
        }
        // As the first ones do on what is before.
        let own = encoded.split_off([0, 2, 3][before].min(encoded.len()));
        if own.len() >= SHORTEST_BASE64 {
            spellings.push(own.replace('+', "-").replace('/', "_"));
            spellings.push(own);
        }
    }
    spellings
}

/// The text that base64 stands for, if it is one.
pub fn from_base64(encoded: &str) -> Option<String> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for character in encoded.trim_end_matches('=').chars() {
        bits = bits << 6 | (0..64).find(|value| digit(*value) == character)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(value: u32) -> char {
    let value = u8::try_from(value).unwrap_or(0);
    char::from(match value {
        0..=25 => b'A' + value,
        26..=51 => b'a' + value - 26,
        52..=61 => b'0' + value - 52,
        62 => b'+',
        _ => b'/',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(from_base64("dXNlcjpwYXNzd29yZA==").as_deref(), Some("user:password"));
        assert_eq!(from_base64("tok-en"), None);
        assert_eq!(from_base64("/////w=="), None);
    }

    #[test]
    fn base64_is_found_wherever_it_begins() {
        // Of "secret-value" behind no, one and two bytes.
        assert_eq!(in_base64(b"secret-value")[1], "c2VjcmV0LXZhbHVl");
        let found = in_base64(b"secret-value");
        for whole in ["OnNlY3JldC12YWx1ZQ==", "YTpzZWNyZXQtdmFsdWU6Yg==", "c2VjcmV0LXZhbHVlOmI="] {
            assert!(found.iter().any(|part| whole.contains(part.as_str())), "{whole} {found:?}");
        }
        assert!(in_base64("\u{3ff}\u{3ff}\u{3ff}\u{3ff}\u{3ff}".as_bytes()).contains(&"z7_Pv8-_z7_Pv".to_owned()));
        assert!(in_base64(b"short").is_empty());
    }
}
