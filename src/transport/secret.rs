//! Text that must appear in no message, log or `Debug` output.

use std::fmt;

use serde_json::Value;

/// A token or a signed URL. It has no `Display`, and its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Wraps what must not be printed.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that has to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What stands in the place of what is struck out.
pub(super) const REDACTED: &str = "[redacted]";

/// The members of answers that are credentials, or signed URLs.
const CREDENTIALS: [&str; 15] = [
    "auth_token",
    "token",
    "access_token",
    "refresh_token",
    "key_secret",
    "api_key",
    "access_key",
    "secret_key",
    "client_secret",
    "private_key",
    "ssh_private_key",
    "password",
    "upload_url",
    "upload_headers",
    "download_url",
];
/// The members whose own members are values that programs often take for credentials, and contents of files.
const VARIABLES: [&str; 4] = ["environment_variables", "env", "build_args", "file_mounts"];

/// Whether a member of this name is a credential.
pub(super) fn is_credential(name: &str) -> bool {
    CREDENTIALS.contains(&name)
}

/// Strikes out the credentials in an answer that an error is to carry, and the values of environment variables. Whether
/// there were any.
fn redact(value: &mut Value) -> bool {
    let mut found = false;
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter_mut() {
                match member {
                    Value::Null => {}
                    _ if is_credential(name) => found |= strike_out(member),
                    Value::Object(variables) if VARIABLES.contains(&name.as_str()) => {
                        variables.values_mut().for_each(|variable| found |= strike_out(variable));
                    }
                    _ => found |= redact(member),
                }
            }
        }
        Value::Array(array) => array.iter_mut().for_each(|item| found |= redact(item)),
        _ => {}
    }
    found
}

fn strike_out(value: &mut Value) -> bool {
    let new = value.as_str() != Some(REDACTED);
    *value = Value::from(REDACTED);
    new
}

/// The body with its credentials struck out; `None` where it holds none that can be found.
pub(super) fn redacted(body: &[u8]) -> Option<Vec<u8>> {
    let Ok(mut value) = super::json::parse(body) else { return redacted_text(body) };
    redact(&mut value).then(|| value.to_string().into_bytes())
}

/// The same for what is only in part JSON: the beginning of it, or JSON within another text, quoted or not.
fn redacted_text(body: &[u8]) -> Option<Vec<u8>> {
    let mut redacted = Vec::new();
    let mut at = 0;
    for name in memchr::memchr_iter(b'"', body) {
        if name < at {
            continue;
        }
        let Some(value) = credential_after(body, name + 1) else { continue };
        redacted.extend_from_slice(body.get(at..value).unwrap_or_default());
        redacted.extend_from_slice(b"\"[redacted]\"");
        at = value + length_of_value(body.get(value..).unwrap_or_default());
    }
    if at == 0 {
        return None;
    }
    redacted.extend_from_slice(body.get(at..).unwrap_or_default());
    Some(redacted)
}

/// Where the value begins of the credential whose name begins here, if there is one.
fn credential_after(body: &[u8], at: usize) -> Option<usize> {
    let rest = body.get(at..)?;
    let name = CREDENTIALS.iter().chain(&VARIABLES).find(|name| {
        let behind = rest.strip_prefix(name.as_bytes()).unwrap_or_default();
        behind.starts_with(b"\"") || behind.starts_with(b"\\\"")
    })?;
    let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let colon = at + name.len() + rest.get(name.len()..)?.iter().position(|byte| *byte == b'"')? + 1;
    let colon = colon + body.get(colon..)?.iter().position(|byte| !blank(byte))?;
    let after = body.get(colon..)?.strip_prefix(b":")?;
    Some(colon + 1 + after.iter().position(|byte| !blank(byte)).unwrap_or(after.len()))
}

/// How long the value is that begins here, to the end of the text if it has no end.
fn length_of_value(text: &[u8]) -> usize {
    let quoted = text.starts_with(b"\\\"");
    let (mut depth, mut within, mut at) = (0usize, false, 0);
    while let Some(byte) = text.get(at) {
        let quote = match (byte, text.get(at + 1)) {
            (b'\\', Some(b'"')) if quoted || depth > 0 && !within => 2,
            (b'"', _) if !quoted => 1,
            (b'\\', _) if within => {
                // Quoted, an escaped quote or backslash takes four characters.
                let two = matches!(text.get(at + 1..at + 4), Some(b"\\\\\"" | b"\\\\\\"));
                at += if quoted && two { 4 } else { 2 };
                continue;
            }
            _ => 0,
        };
        if quote > 0 {
            within = !within;
            at += quote;
            if !within && depth == 0 {
                return at;
            }
            continue;
        }
        match byte {
            b'{' | b'[' if !within => depth += 1,
            b'}' | b']' if !within && depth <= 1 => return at + depth,
            b'}' | b']' if !within => depth -= 1,
            b',' if !within && depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found_in_what_is_not_json_too() {
        let scrub = |text: &str| String::from_utf8(redacted(text.as_bytes()).unwrap_or_else(|| text.as_bytes().to_vec())).unwrap();
        assert_eq!(scrub(r#"{"auth_token":"k3y","a":1}"#), r#"{"auth_token":"[redacted]","a":1}"#);
        assert_eq!(scrub(r#"{"auth_token" : "k3y\"x","a":1"#), r#"{"auth_token" : "[redacted]","a":1"#);
        assert_eq!(scrub(r#"{"auth_token":"k3"#), r#"{"auth_token":"[redacted]""#);
        assert_eq!(
            scrub(r#"bad: {"environment_variables":{"A":"k3y}","B":{}},"a":1}"#),
            r#"bad: {"environment_variables":"[redacted]","a":1}"#
        );
        assert_eq!(scrub(r#"bad: {\"password\":\"k3y\",\"a\":1}"#), r#"bad: {\"password\":"[redacted]",\"a\":1}"#);
        assert_eq!(scrub(r#"{\"password\":\"k\\\"3\\\\y\\\\\",\"a\":1}"#), r#"{\"password\":"[redacted]",\"a\":1}"#);
        assert_eq!(scrub(r#"x "token":12,"b":"token""#), r#"x "token":"[redacted]","b":"token""#);
        assert_eq!(scrub("nothing \" here"), "nothing \" here");
        let variables = scrub(r#"{"environment_variables":{"A":"k3y"}}"#);
        assert_eq!(variables, r#"{"environment_variables":{"A":"[redacted]"}}"#);
    }
}
