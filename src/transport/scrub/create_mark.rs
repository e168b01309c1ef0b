//! The mark of a create in what a server says: users have not put it there, and are not to look for it.

use memchr::memmem;

/// The metadata key of the mark.
pub const KEY: &str = "librunloop_create_id";

/// Quotes as JSON, JSON in JSON, HTML and URLs write them.
const QUOTES: &[&str] = &["\\\\\\\"", "\\\"", "\"", "'", "\\u0022", "&quot;", "&#34;", "%5C%22", "%22"];
const BLANKS: &[&str] = &[" ", "\n", "\t", "\r", "\\n", "+", "%20"];
const SEPARATORS: &[&str] = &[":", "=>", "=", "\\u003d", "%3A", "%3a", "%3D"];
const COMMAS: &[&str] = &[",", "%2C", "%2c"];

/// The text without the members that are marks, whatever it is: JSON, the beginning of it, or JSON in another text. `None` if
/// there are none. Where the name is spoken of without a value, it stays.
pub fn without(text: &[u8]) -> Option<Vec<u8>> {
    let mut kept: Option<Vec<u8>> = None;
    let mut at = 0;
    for name in memmem::find_iter(text, KEY) {
        let start = behind_last(text, name, QUOTES);
        let Some(mut end) = end_of_member(text, name + KEY.len()) else { continue };
        let kept = kept.get_or_insert_with(Vec::new);
        kept.extend_from_slice(text.get(at..start).unwrap_or_default());
        let comma = after(text, after_all(text, end, BLANKS), COMMAS);
        if let Some(comma) = comma {
            end = after_all(text, comma, BLANKS);
        } else {
            let trimmed = kept.trim_ascii_end().len();
            let before = behind_last(kept, trimmed, COMMAS);
            if before < trimmed {
                kept.truncate(before);
            }
        }
        at = end;
    }
    let mut kept = kept?;
    kept.extend_from_slice(text.get(at..).unwrap_or_default());
    Some(kept)
}

/// Where the value ends of the member whose name ends here.
fn end_of_member(text: &[u8], name: usize) -> Option<usize> {
    let at = after(text, name, QUOTES).unwrap_or(name);
    let value = after(text, after_all(text, at, BLANKS), SEPARATORS)?;
    let value = after_all(text, value, BLANKS);
    let value = after(text, value, QUOTES).unwrap_or(value);
    let rest = text.get(value..).unwrap_or_default();
    let end = value + rest.iter().position(|byte| !byte.is_ascii_hexdigit() && *byte != b'-').unwrap_or(rest.len());
    Some(after(text, end, QUOTES).unwrap_or(end))
}

/// The place behind the word that stands here, if it is one of these.
fn after(text: &[u8], at: usize, words: &[&str]) -> Option<usize> {
    let rest = text.get(at..)?;
    words.iter().find(|word| rest.starts_with(word.as_bytes())).map(|word| at + word.len())
}

fn after_all(text: &[u8], mut at: usize, words: &[&str]) -> usize {
    while let Some(next) = after(text, at, words) {
        at = next;
    }
    at
}

/// Where the word begins that ends here, if it is one of these; else here.
fn behind_last(text: &[u8], end: usize, words: &[&str]) -> usize {
    let before = text.get(..end).unwrap_or_default();
    words.iter().find(|word| before.ends_with(word.as_bytes())).map_or(end, |word| end - word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_of_any_text() {
        let id = "4e2b1c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6";
        for (text, expected) in [
            (r#"{"metadata":{"KEY":"ID"}}"#, r#"{"metadata":{}}"#),
            (r#"{"metadata":{"a":"b","KEY":"ID"}} x"#, r#"{"metadata":{"a":"b"}} x"#),
            (r#"{"KEY" : "ID", "a":"b"}"#, r#"{"a":"b"}"#),
            (r#"too large: {\"a\":\"b\",\"KEY\":\"ID\",\"c\":1}"#, r#"too large: {\"a\":\"b\",\"c\":1}"#),
            (r#"{\\\"a\\\":1,\\\"KEY\\\":\\\"ID\\\"}"#, r#"{\\\"a\\\":1}"#),
            ("{'a': 'b', 'KEY': 'ID'}", "{'a': 'b'}"),
            ("{a=b, KEY=ID}", "{a=b}"),
            ("{&quot;KEY&quot;:&quot;ID&quot;,&quot;a&quot;:1}", "{&quot;a&quot;:1}"),
            ("%7B%22a%22%3A1%2C%22KEY%22%3A%22ID%22%7D", "%7B%22a%22%3A1%7D"),
            (r#"{"a":1,"KEY":"4e2b"#, r#"{"a":1"#),
            (r#"{"a":1,"KEY":"#, r#"{"a":1"#),
            ("KEY: ID; KEY: ID", "; "),
        ] {
            let said = text.replace("KEY", KEY).replace("ID", id);
            assert_eq!(String::from_utf8(without(said.as_bytes()).unwrap()).unwrap(), expected, "{text}");
        }
        for text in ["nothing", "the key KEY is not allowed", "['KEY', 'a']"] {
            assert_eq!(without(text.replace("KEY", KEY).as_bytes()), None, "{text}");
        }
    }
}
