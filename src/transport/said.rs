//! What the body of an error answer says, without the secrets that the server repeats.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::json;
use super::scrub::Scrubber;
use crate::error::Status;

const MESSAGE_KEPT: usize = 2_000;

/// What a member of an error says, as services and what stands before them write it.
fn said_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => ["message", "msg"].iter().find_map(|key| inner.get(*key)?.as_str()).map(str::to_owned),
        Value::Array(items) => {
            Some(items.iter().filter_map(|item| if item.is_array() { None } else { said_in(item) }).collect::<Vec<_>>().join("; "))
        }
        _ => None,
    }
}

/// What the body of an error answer says.
pub(super) struct Said {
    message: String,
    /// The service's own code for the error.
    pub(super) code: Option<String>,
    /// Whether it is a web page: then a gateway or a proxy has answered in the service's place.
    pub(super) page: bool,
}

impl Said {
    /// Reads the service's two shapes of an error, plain text, and what is no answer of the service's.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Said {
        let header_code = headers.get("x-runloop-error-code").and_then(|code| code.to_str().ok()).map(str::to_owned);
        if let Ok(Value::Object(object)) = json::parse(body) {
            let said = |key: &str| object.get(key).and_then(said_in).filter(|said| !said.trim().is_empty());
            let code = |object: &Map<String, Value>| object.get("code").and_then(said_in);
            return Said {
                message: ["message", "error", "detail", "errors"].into_iter().find_map(said).unwrap_or_default(),
                code: header_code.or_else(|| code(&object)).or_else(|| code(object.get("error")?.as_object()?)),
                page: false,
            };
        }
        let page = headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("html"))
            || body.trim_ascii_start().starts_with(b"<");
        let message = if page {
            "the answer is a web page, not the API's: is the base URL right, or does a proxy answer in its place?".to_owned()
        } else {
            String::from_utf8_lossy(body).trim().to_owned()
        };
        Said { message, code: header_code, page }
    }

    /// The message of an error, with the next step.
    pub(super) fn sentence(&self, http: u16, status: Status, scrubber: &Scrubber) -> String {
        let next = match status {
            Status::Authentication => " Check the API key (RUNLOOP_API_KEY).",
            Status::Permission => " The API key may not do this.",
            Status::NotFound => " Check the identifier and that the resource still exists.",
            Status::Conflict => " Look at the resource's present state.",
            Status::BadRequest | Status::Unprocessable => " Correct the parameters.",
            Status::RateLimited => " Make fewer calls at a time, or try again later.",
            Status::Server | Status::Timeout => " Try again later.",
            _ => "",
        };
        // Before it is cut, lest a secret be cut in two.
        let message = scrubber.text(&self.message);
        let message = message.trim_end_matches('.');
        if message.is_empty() {
            return format!("HTTP {http}, without a message.{next}");
        }
        let cut = message.char_indices().nth(MESSAGE_KEPT).map_or(message.len(), |(at, _)| at);
        format!("HTTP {http}: {}.{next}", &message[..cut])
    }
}
