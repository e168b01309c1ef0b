//! Faults on demand: which request gets which.

pub mod body;

use crate::http::connection::Ending;
use crate::http::openapi::Operation;
use crate::ids::split_mix;
use axum::body::Body;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// An operationId, `*`, or `METHOD /path`.
    operation: String,
    #[serde(default, rename = "match")]
    only: Match,
    /// So many matching requests pass first.
    #[serde(default)]
    skip: u64,
    /// Of the matching requests that do not pass, only these, counted from 1; all where none is named.
    #[serde(default)]
    nth: Vec<u64>,
    /// Of those, each with this probability; the same seed gives the same sequence.
    #[serde(default = "certain")]
    probability: f64,
    #[serde(default)]
    seed: u64,
    /// How often it fires; 0 is for ever.
    #[serde(default = "once")]
    times: u64,
    action: Action,
}

fn once() -> u64 {
    1
}

fn certain() -> f64 {
    1.0
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    path_contains: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    header: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Action {
    Status {
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: Option<String>,
        #[serde(default = "json_type")]
        content_type: String,
    },
    Delay {
        ms: u64,
    },
    Stall,
    Close {
        when: When,
        /// The connection, even where other requests share it.
        #[serde(default)]
        whole: bool,
    },
    Reset {
        when: When,
        #[serde(default)]
        whole: bool,
    },
    /// The request is answered, but its connection takes no more: GOAWAY, or `connection: close`.
    Goaway,
    Cut {
        after_bytes: u64,
        how: Cut,
    },
    StallAfter {
        after_bytes: u64,
    },
}

fn json_type() -> String {
    "application/json".into()
}

/// Before the request has had its effect, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Before,
    After,
}

/// How an answer's body ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// As if it were whole.
    Eof,
    /// The connection ends without the body's own end.
    Truncate,
    Reset,
    /// An error event in a stream, after its last whole event.
    Event408,
}

/// What a fault does to a request.
pub enum Effect {
    Answer(Response<Body>),
    Delay(Duration),
    Stall,
    End(When, Ending, bool),
    Goaway,
    Cut(u64, Cut),
    StallAfter(u64),
}

#[derive(Default)]
pub struct Faults {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last_id: u64,
    armed: Vec<Armed>,
}

struct Armed {
    id: u64,
    fault: Fault,
    skipped: u64,
    /// Matching requests after those.
    met: u64,
    fired: u64,
    dice: u64,
}

impl Faults {
    pub fn add(&self, fault: Fault) -> Result<u64, String> {
        fault.action.check()?;
        if !(0.0..=1.0).contains(&fault.probability) {
            return Err("probability must be between 0 and 1".into());
        }
        let mut inner = self.inner.lock().unwrap();
        inner.last_id += 1;
        let id = inner.last_id;
        let dice = fault.seed;
        inner.armed.push(Armed { id, fault, skipped: 0, met: 0, fired: 0, dice });
        Ok(id)
    }

    pub fn clear(&self) {
        self.inner.lock().unwrap().armed.clear();
    }

    pub fn to_json(&self) -> Value {
        let inner = self.inner.lock().unwrap();
        let faults = inner.armed.iter().map(|armed| {
            let mut value = json!({"id": armed.id, "fired": armed.fired});
            if let (Some(into), Ok(Value::Object(fault))) = (value.as_object_mut(), serde_json::to_value(&armed.fault)) {
                into.extend(fault);
            }
            value
        });
        json!({"faults": faults.collect::<Vec<_>>()})
    }

    /// The first fault, in the order given, that is for this request and not used up.
    pub fn on(&self, operation: Option<&Operation>, request: &Request<Body>) -> Option<Effect> {
        let mut inner = self.inner.lock().unwrap();
        for armed in &mut inner.armed {
            let fault = &armed.fault;
            let spent = fault.times != 0 && armed.fired >= fault.times;
            if spent || !fault.is_for(operation, request) {
                continue;
            }
            if armed.skipped < fault.skip {
                armed.skipped += 1;
                continue;
            }
            armed.met += 1;
            if !armed.strikes() {
                continue;
            }
            armed.fired += 1;
            let fault = &armed.fault;
            return Some(fault.action.effect());
        }
        None
    }
}

impl Armed {
    fn strikes(&mut self) -> bool {
        if !self.fault.nth.is_empty() && !self.fault.nth.contains(&self.met) {
            return false;
        }
        const STEPS: f64 = (1u64 << 53) as f64;
        let thrown = (split_mix(&mut self.dice) >> 11) as f64 / STEPS;
        thrown < self.fault.probability
    }
}

impl Fault {
    fn is_for(&self, operation: Option<&Operation>, request: &Request<Body>) -> bool {
        let path = request.uri().path();
        let named = match self.operation.split_once(' ') {
            Some((method, wanted)) => {
                method == request.method().as_str() && (wanted == path || operation.is_some_and(|o| o.path == wanted))
            }
            None => self.operation == "*" || operation.is_some_and(|o| o.is(&self.operation)),
        };
        let part = self.only.path_contains.as_deref();
        let has = |(name, value): (&String, &String)| {
            let given = request.headers().get(name.as_str());
            given.is_some_and(|given| given.as_bytes() == value.as_bytes())
        };
        named && part.is_none_or(|part| path.contains(part)) && self.only.header.iter().all(has)
    }
}

impl Action {
    fn check(&self) -> Result<(), String> {
        if let Action::Status { status, headers, content_type, .. } = self {
            if !(200..=999).contains(status) {
                return Err(format!("action.status: {status} is no final HTTP status"));
            }
            for (name, value) in headers {
                HeaderName::try_from(name.as_str()).map_err(|_| format!("action.headers: {name:?} is no header name"))?;
                HeaderValue::try_from(value.as_str()).map_err(|_| format!("action.headers.{name}: no header value"))?;
            }
            HeaderValue::try_from(content_type.as_str()).map_err(|_| "action.content_type: no header value".to_string())?;
        }
        Ok(())
    }

    fn effect(&self) -> Effect {
        match self {
            Action::Status { status, headers, body, content_type } => {
                let body = body.clone().unwrap_or_else(|| json!({"code": status, "message": "a fault that was asked for"}).to_string());
                let mut response = Response::new(Body::from(body));
                *response.status_mut() = StatusCode::from_u16(*status).unwrap_or_default();
                let mut insert = |name: &str, value: &str| {
                    // Both were looked at when the fault was added.
                    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), value.parse()) {
                        response.headers_mut().insert(name, value);
                    }
                };
                insert("content-type", content_type);
                for (name, value) in headers {
                    insert(name, value);
                }
                Effect::Answer(response)
            }
            Action::Delay { ms } => Effect::Delay(Duration::from_millis(*ms)),
            Action::Stall => Effect::Stall,
            Action::Close { when, whole } => Effect::End(*when, Ending::Finish, *whole),
            Action::Reset { when, whole } => Effect::End(*when, Ending::Reset, *whole),
            Action::Goaway => Effect::Goaway,
            Action::Cut { after_bytes, how } => Effect::Cut(*after_bytes, *how),
            Action::StallAfter { after_bytes } => Effect::StallAfter(*after_bytes),
        }
    }
}
