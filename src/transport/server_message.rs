//! What the body of an error answer says, without the secrets that the server repeats.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::scrub::{shortened, Scrubber};
use super::{content, json};
use crate::error::{Next, Status};

/// The members of an error that say what it is, the most telling first.
const WORDS: [&str; 7] = ["message", "error", "detail", "errors", "msg", "error_description", "title"];

/// A member, in whatever letters its name is written.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let alike = || object.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    object.get(name).or_else(alike)
}

/// What a member of an error says, as services and what stands before them write it.
fn said_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(inner) => WORDS.iter().find_map(|key| member(inner, key)?.as_str()).map(str::to_owned),
        Value::Array(items) => {
            Some(items.iter().filter_map(|item| if item.is_array() { None } else { said_in(item) }).collect::<Vec<_>>().join("; "))
        }
        _ => None,
    }
}

/// What the body of an error answer says.
pub(super) struct Said {
    pub(super) message: String,
    /// The service's own code for the error.
    pub(super) code: Option<String>,
    /// Whether it is a web page: then a gateway or a proxy has answered in the service's place.
    pub(super) page: bool,
    /// Whether it is a JSON object, as the service's errors are.
    pub(super) object: bool,
    /// Whether it says that the server speaks TLS.
    wants_tls: bool,
}

/// How servers say that they were spoken to without TLS.
const WANTS_TLS: [&str; 3] =
    ["http request to an https server", "plain http request was sent to https port", "plain http to an ssl-enabled"];
/// How the service says that a devbox cannot do what was asked because it does not run.
const DOES_NOT_RUN: [&str; 8] = [
    "not running",
    "not in a running",
    "not in running",
    "must be running",
    "must be in a running",
    "needs to be running",
    "is suspended",
    "been shut down",
];

/// What to do about a devbox that is in another state than the call needs; by the state, where that is named.
fn next_for_devbox(message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    let state = message.split_once("in state ").map(|(_, state)| state);
    if !message.contains("devbox") || state.is_none() && !has_one_of(&message, &DOES_NOT_RUN) {
        return None;
    }
    let is = |words: &[&str]| has_one_of(state.unwrap_or(&message), words);
    Some(if is(&["provisioning", "initializing", "resuming"]) {
        " Wait until the devbox runs."
    } else if is(&["shut", "fail"]) {
        " Create another devbox."
    } else if is(&["suspend"]) {
        " Resume the devbox, and wait until it runs."
    } else if state.is_some() {
        " Look at the devbox's present state."
    } else {
        " Wait until the devbox runs, resume it if it is suspended, or create another."
    })
}

/// What to do about a status that has no category of its own.
fn next_for_number(http: u16) -> &'static str {
    match http {
        300..=399 => {
            " The API does not redirect clients: check the base URL (RUNLOOP_BASE_URL), https:// or http:// in it, and whether a proxy \
             answers in its place."
        }
        402 => " Look at the account's plan and its billing.",
        405 => " The server has no such operation: check the base URL (RUNLOOP_BASE_URL), the method and the path.",
        406 | 415 => " The server takes or gives another type of content: check the headers that you have added.",
        407 => {
            " The proxy wants a name and a password, or does not accept those given: put the proxy's credentials into its URL, as in \
             http://user:password@host:3128 (runloop_config_set_proxy, HTTP_PROXY)."
        }
        410 => " It is gone for good: look for another, or create one.",
        412 | 428 => " Look at the resource's present state, and at the conditional headers that you have added.",
        413 => " Send less at a time, or raise the limit of the proxy or gateway in between.",
        414 => " Make the parameters of the query shorter.",
        416 => " Request a range that exists.",
        421 => " The server is not the one for this host: check the base URL (RUNLOOP_BASE_URL) and the proxy.",
        423 => " It is locked: look at what holds it.",
        424 => " Something that it depends on has failed: look at that first.",
        // What depends on more is said elsewhere.
        408 | 425 | 429 | 500..=599 => "",
        426 => {
            " The server wants another protocol: check the scheme of the base URL (RUNLOOP_BASE_URL) and runloop_config_set_http_version."
        }
        431 => " The headers are too long: add fewer or shorter ones.",
        451 => " It is not available for legal reasons.",
        _ => " Look at what the server says and at the parameters.",
    }
}

fn has_one_of(text: &str, words: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    words.iter().any(|words| text.contains(words))
}

impl Said {
    /// Reads the service's two shapes of an error, plain text, and what is no answer of the service's.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Said {
        if let Some(encoding) = content::encoding(headers) {
            let message = format!("what it says cannot be read: {}", content::encoded(&encoding));
            return Said { message, code: None, page: false, object: false, wants_tls: false };
        }
        let header_code = headers.get("x-runloop-error-code").and_then(|code| code.to_str().ok()).map(str::to_owned);
        if let Ok(Value::Object(object)) = json::parse(body) {
            let said = |key: &str| member(&object, key).and_then(said_in).filter(|said| !said.trim().is_empty());
            let code = |object: &Map<String, Value>| member(object, "code").and_then(said_in);
            return Said {
                message: WORDS.into_iter().find_map(said).unwrap_or_default(),
                code: header_code.or_else(|| code(&object)).or_else(|| code(member(&object, "error")?.as_object()?)),
                page: false,
                wants_tls: false,
                object: true,
            };
        }
        let text = String::from_utf8_lossy(body);
        let wants_tls = has_one_of(&text, &WANTS_TLS);
        let page = headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("html"))
            || body.trim_ascii_start().starts_with(b"<");
        let message = if page {
            "the answer is a web page, not the API's: is the base URL right, or does a proxy answer in its place?".to_owned()
        } else {
            text.trim().to_owned()
        };
        Said { message, code: header_code, page, object: false, wants_tls }
    }

    /// Whether it has the form of what the service says where something is not there; of an operation it says that in plain text.
    pub(super) fn is_of_service(&self) -> bool {
        self.object || !self.page && self.message.starts_with("Endpoint ") && self.message.ends_with(" not found")
    }

    /// The message of an error, with the next step; or that for itself, where it depends on what else is known.
    pub(super) fn sentence(&self, http: u16, status: Status, cut: bool, scrubber: &Scrubber) -> (String, Option<Next>) {
        let depends = match status {
            _ if self.wants_tls => None,
            Status::RateLimited => Some(Next::FEWER),
            // Too early.
            _ if http == 425 => Some(Next::LATER),
            Status::Server | Status::Timeout => Some(Next::LATER),
            _ => None,
        };
        let next = match status {
            _ if self.wants_tls => " The server speaks TLS at this port: begin the base URL with https:// (RUNLOOP_BASE_URL).",
            // What is between may say these too.
            _ if matches!(http, 300..=399 | 407 | 413 | 414 | 421 | 426 | 431) => next_for_number(http),
            // Who answers knows neither the key nor the parameters.
            _ if self.page => "",
            Status::Authentication => " Check the API key (RUNLOOP_API_KEY).",
            Status::Permission => " The API key does not permit this.",
            Status::NotFound => " Check the identifier and that the resource still exists.",
            Status::Conflict => next_for_devbox(&self.message).unwrap_or(" Look at the resource's present state."),
            Status::BadRequest | Status::Unprocessable => next_for_devbox(&self.message).unwrap_or(" Correct the parameters."),
            _ => next_for_number(http),
        };
        // Before it is cut, lest a secret be cut in two; what is left of a character that was cut would hide one.
        let message = if cut { self.message.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &self.message };
        let message = String::from_utf8_lossy(&scrubber.bytes(message.as_bytes(), cut)).into_owned();
        let message = message.trim_end_matches('.');
        if message.is_empty() {
            return (format!("HTTP {http}, without a message.{next}"), depends);
        }
        let message = shortened(message);
        let stop = if message.ends_with(['?', '!']) { "" } else { "." };
        (format!("HTTP {http}: {message}{stop}{next}"), depends)
    }
}
