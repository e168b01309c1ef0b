//! What was asked and what was answered, for tests to look at.

mod credentials;

use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// The oldest entries go first.
const KEPT: usize = 50_000;
const LARGEST_BODY: usize = 64 << 10;
const LISTENING: Duration = Duration::from_secs(30);

#[derive(Default)]
pub struct Journal {
    entries: Mutex<VecDeque<Arc<Entry>>>,
    /// Of every operation, how often it was answered well and how often not, since the start.
    counts: Mutex<BTreeMap<String, [u64; 2]>>,
}

pub struct Entry {
    method: String,
    path: String,
    query: String,
    operation: Option<String>,
    headers: Map<String, Value>,
    arrived: Instant,
    body_bytes: AtomicU64,
    body: OnceLock<Value>,
    unknown_keys: OnceLock<Vec<String>>,
    answer: Mutex<Option<(u16, f64)>>,
}

impl Journal {
    pub fn arrived(&self, request: &Request<Body>, operation: Option<&str>) -> Arc<Entry> {
        let mut headers = Map::new();
        for (name, value) in request.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = credentials::in_header(name, &value);
            match headers.get_mut(name.as_str()) {
                Some(Value::String(before)) => *before = format!("{before}, {value}"),
                _ => drop(headers.insert(name.as_str().to_string(), Value::String(value))),
            }
        }
        let entry = Arc::new(Entry {
            method: request.method().to_string(),
            path: credentials::in_path(request.uri().path()),
            query: credentials::in_query(request.uri().query().unwrap_or_default()),
            operation: operation.map(str::to_string),
            headers,
            arrived: Instant::now(),
            body_bytes: AtomicU64::new(0),
            body: OnceLock::new(),
            unknown_keys: OnceLock::new(),
            answer: Mutex::new(None),
        });
        let mut entries = self.entries.lock().unwrap();
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry.clone());
        entry
    }

    pub fn count(&self, operation: &str, well: bool) {
        let mut counts = self.counts.lock().unwrap();
        counts.entry(operation.to_string()).or_default()[usize::from(!well)] += 1;
    }

    /// How often an operation was answered well, and how often not.
    pub fn counted(&self, operation: &str) -> [u64; 2] {
        self.counts.lock().unwrap().get(operation).copied().unwrap_or_default()
    }

    pub fn clear(&self) {
        self.entries.lock().unwrap().clear();
    }

    pub fn to_json(&self) -> Value {
        let entries: Vec<Arc<Entry>> = self.entries.lock().unwrap().iter().cloned().collect();
        let requests: Vec<Value> = entries.iter().map(|entry| entry.to_json()).collect();
        json!({ "requests": requests })
    }
}

impl Entry {
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("x-request-id")?.as_str()
    }

    /// Status 0: the connection was closed instead.
    pub fn answered(&self, status: u16) {
        let time_ms = self.arrived.elapsed().as_secs_f64() * 1000.0;
        *self.answer.lock().unwrap() = Some((status, time_ms));
    }

    pub fn body(&self, bytes: &[u8]) {
        if bytes.len() <= LARGEST_BODY {
            if let Ok(mut value) = serde_json::from_slice::<Value>(bytes) {
                self.hide_secret(&mut value);
                credentials::in_body(&mut value);
                let _ = self.body.set(value);
            }
        }
    }

    /// A secret's value is for devboxes alone.
    fn hide_secret(&self, body: &mut Value) {
        let of_secret = self.operation.as_deref().is_some_and(|operation| operation.starts_with("secrets."));
        if let Some(value) = body.get_mut("value").filter(|_| of_secret) {
            *value = "[redacted]".into();
        }
    }

    pub fn unknown_keys(&self, keys: Vec<String>) {
        if !keys.is_empty() {
            let _ = self.unknown_keys.set(keys);
        }
    }

    fn to_json(&self) -> Value {
        let answer = *self.answer.lock().unwrap();
        let mut entry = json!({
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "operation": self.operation,
            "headers": self.headers,
            "body_bytes": self.body_bytes.load(Ordering::Relaxed),
            "body": self.body.get(),
            "status": answer.map(|(status, _)| status),
            "time_ms": answer.map(|(_, time_ms)| time_ms),
        });
        if let Some(keys) = self.unknown_keys.get() {
            entry["unknown_keys"] = json!(keys);
        }
        entry
    }
}

/// A request body that counts its bytes into the journal.
pub struct Counted {
    body: Body,
    entry: Arc<Entry>,
    ended: bool,
}

impl Counted {
    pub fn new(body: Body, entry: Arc<Entry>) -> Counted {
        Counted { body, entry, ended: false }
    }
}

impl Drop for Counted {
    /// A connection that is closed while its client still sends is reset, and the answer may be lost
    /// with it. So the rest of a body that nobody wanted is listened to, for a while.
    fn drop(&mut self) {
        if self.ended || http_body::Body::is_end_stream(&self.body) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let mut rest = std::mem::take(&mut self.body);
        runtime.spawn(tokio::time::timeout(LISTENING, async move { while let Some(Ok(_)) = rest.frame().await {} }));
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.ended |= matches!(polled, Poll::Ready(None | Some(Err(_))));
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            if let Some(data) = frame.data_ref() {
                let count = &self.entry.body_bytes;
                count.fetch_add(data.len() as u64, Ordering::Relaxed);
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
