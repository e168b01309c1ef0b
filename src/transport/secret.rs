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

/// The members of answers that are credentials, or signed URLs.
const CREDENTIALS: [&str; 8] =
    ["auth_token", "token", "key_secret", "ssh_private_key", "password", "upload_url", "upload_headers", "download_url"];

/// Strikes out the credentials in an answer that an error is to carry.
pub fn redact(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter_mut() {
                if CREDENTIALS.contains(&name.as_str()) && !member.is_null() {
                    *member = Value::from("[redacted]");
                } else {
                    redact(member);
                }
            }
        }
        Value::Array(array) => array.iter_mut().for_each(redact),
        _ => {}
    }
}

/// An answer as an error may carry it.
pub fn to_body(value: &Value) -> Vec<u8> {
    let mut value = value.clone();
    redact(&mut value);
    value.to_string().into_bytes()
}

/// The body with its credentials struck out; `None` where it holds none that can be found.
pub fn redacted_json(body: &[u8]) -> Option<Vec<u8>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let mut redacted = value.clone();
    redact(&mut redacted);
    (redacted != value).then(|| redacted.to_string().into_bytes())
}
