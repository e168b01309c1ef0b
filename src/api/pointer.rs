//! JSON Pointers (RFC 6901): how a place in a request or an answer is named.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Deeper documents than this are no request or answer of the API's.
const DEEPEST: usize = 64;
/// An array may be extended by so many places at once.
const LONGEST_ARRAY: usize = 1 << 16;

/// A parsed pointer. The empty text is the whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Reads `/launch_parameters/keep_alive_time_seconds` and its like.
    pub fn parse(text: &str) -> Result<Pointer> {
        if text.is_empty() {
            return Ok(Pointer(Vec::new()));
        }
        let Some(rest) = text.strip_prefix('/') else {
            // What does not look like one may be a value, given in its place.
            return Err(Error::invalid("This is not a JSON Pointer: it must be empty or begin with a slash, as in /metadata/key."));
        };
        let tokens: Vec<String> = rest.split('/').map(|token| unescape(text, token)).collect::<Result<_>>()?;
        if tokens.len() > DEEPEST {
            return Err(Error::invalid(format!("The JSON Pointer {text:?} is deeper than {DEEPEST} levels.")));
        }
        Ok(Pointer(tokens))
    }

    /// The value at this place.
    pub fn get<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(document, |value, token| match value {
            Value::Object(object) => object.get(token),
            Value::Array(array) => array.get(index(token)?),
            _ => None,
        })
    }

    /// Puts a value at this place, making the objects and arrays on the way.
    pub fn set(&self, document: &mut Value, value: Value) -> Result<()> {
        *self.place(document)? = value;
        Ok(())
    }

    /// Adds a value at the end of the array at this place, making it if there is none.
    pub fn append(&self, document: &mut Value, value: Value) -> Result<()> {
        match self.place(document)? {
            Value::Array(array) => array.push(value),
            place @ Value::Null => *place = Value::Array(vec![value]),
            _ => return Err(Error::invalid(format!("The value at {:?} is not an array.", self.text()))),
        }
        Ok(())
    }

    fn place<'a>(&self, document: &'a mut Value) -> Result<&'a mut Value> {
        let mut value = document;
        for (depth, token) in self.0.iter().enumerate() {
            if value.is_null() {
                // A number may be a member's name too, and metadata may have such names: only `-` makes an array.
                *value = if token == "-" { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
            }
            let occupied = || {
                let place = Pointer(self.0[..depth].to_vec()).text();
                Error::invalid(format!("{:?} cannot be set: the value at {place:?} has no members.", self.text()))
            };
            value = match value {
                Value::Object(object) => object.entry(token.clone()).or_insert(Value::Null),
                Value::Array(array) => {
                    let at = if token == "-" { Some(array.len()) } else { index(token) };
                    let at = at.filter(|at| *at <= array.len() && *at < LONGEST_ARRAY).ok_or_else(|| {
                        Error::invalid(format!(
                            "{:?} cannot be set: {token:?} is not an index in an array of {} elements, nor the one after the last.",
                            self.text(),
                            array.len()
                        ))
                    })?;
                    if at == array.len() {
                        array.push(Value::Null);
                    }
                    &mut array[at]
                }
                _ => return Err(occupied()),
            };
        }
        Ok(value)
    }

    fn text(&self) -> String {
        self.0.iter().fold(String::new(), |mut text, token| {
            text.push('/');
            text.push_str(&token.replace('~', "~0").replace('/', "~1"));
            text
        })
    }
}

fn unescape(pointer: &str, token: &str) -> Result<String> {
    let mut parts = token.split('~');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (character, rest) = match part.as_bytes().first() {
            Some(b'0') => ('~', &part[1..]),
            Some(b'1') => ('/', &part[1..]),
            _ => {
                return Err(Error::invalid(format!("{pointer:?} is not a JSON Pointer: ~ must be followed by 0 (a tilde) or 1 (a slash).")))
            }
        };
        text.push(character);
        text.push_str(rest);
    }
    Ok(text)
}

fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if canonical {
        token.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn the_examples_of_the_rfc() {
        let document = json!({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "m~n": 8, " ": 7});
        assert_eq!(pointer("").get(&document), Some(&document));
        for (text, value) in
            [("/foo/0", json!("bar")), ("/", json!(0)), ("/a~1b", json!(1)), ("/c%d", json!(2)), ("/m~0n", json!(8)), ("/ ", json!(7))]
        {
            assert_eq!(pointer(text).get(&document), Some(&value), "{text}");
        }
        for absent in ["/foo/2", "/foo/00", "/foo/-", "/nothing", "/foo/0/x"] {
            assert_eq!(pointer(absent).get(&document), None, "{absent}");
        }
        for wrong in ["foo", "/~", "/~2"] {
            assert!(Pointer::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parents_are_made() {
        let mut document = json!({});
        pointer("/launch_parameters/launch_commands/-").set(&mut document, json!("make")).unwrap();
        pointer("/launch_parameters/launch_commands/1").set(&mut document, json!("test")).unwrap();
        pointer("/mounts").append(&mut document, json!({"type": "object_mount"})).unwrap();
        pointer("/mounts/0/id").set(&mut document, json!("obj_1")).unwrap();
        assert_eq!(
            document,
            json!({"launch_parameters": {"launch_commands": ["make", "test"]}, "mounts": [{"type": "object_mount", "id": "obj_1"}]})
        );
        for wrong in ["/mounts/7", "/mounts/x", "/mounts/0/id/x"] {
            assert!(pointer(wrong).set(&mut document, json!(1)).is_err(), "{wrong}");
        }
        assert!(pointer("/mounts/0").append(&mut document, json!(1)).is_err());
        pointer("/metadata/0").set(&mut document, json!("a")).unwrap();
        pointer("/metadata/7").set(&mut document, json!("b")).unwrap();
        assert_eq!(document["metadata"], json!({"0": "a", "7": "b"}));
    }
}
