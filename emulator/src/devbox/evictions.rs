//! Devboxes that are to be taken away from their machine: announced on a stream, suspended when
//! their time comes. A test control makes them happen.

use super::{Devbox, Status};
use crate::app::App;
use crate::http::{sse, ApiError};
use bytes::Bytes;
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{json, Value};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

#[derive(Clone)]
struct Eviction {
    devbox_id: String,
    deadline_ms: i64,
}

#[derive(Default)]
pub struct Evictions {
    inner: Mutex<Inner>,
    /// How many there have been; moves on with each.
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct Inner {
    pending: Vec<(usize, Eviction)>,
    count: usize,
}

/// The request of the test control.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evict {
    devbox_id: String,
    in_seconds: Option<f64>,
}

const NOTICE_SECONDS: f64 = 30.0;

impl Evictions {
    fn add(&self, eviction: Eviction) {
        let mut inner = self.inner.lock().unwrap();
        inner.count += 1;
        let number = inner.count;
        inner.pending.retain(|(_, other)| other.devbox_id != eviction.devbox_id);
        inner.pending.push((number, eviction));
        self.count.send_replace(number);
    }

    /// The devbox has been suspended, or has ended.
    pub fn forget(&self, devbox_id: &str) {
        self.inner.lock().unwrap().pending.retain(|(_, eviction)| eviction.devbox_id != devbox_id);
    }

    pub fn clear(&self) {
        self.inner.lock().unwrap().pending.clear();
    }

    fn deadline(&self, devbox_id: &str) -> Option<i64> {
        let inner = self.inner.lock().unwrap();
        inner.pending.iter().find(|(_, eviction)| eviction.devbox_id == devbox_id).map(|(_, eviction)| eviction.deadline_ms)
    }

    /// Those that are pending and came after the first `seen`.
    fn after(&self, seen: usize) -> (usize, VecDeque<Eviction>) {
        let inner = self.inner.lock().unwrap();
        let new = inner.pending.iter().filter(|(number, _)| *number > seen).map(|(_, eviction)| eviction.clone());
        (inner.count, new.collect())
    }
}

/// Announces the eviction of a running devbox.
pub fn evict(app: &Arc<App>, wanted: Evict) -> Result<Value, ApiError> {
    let devbox = app.devboxes.get(&wanted.devbox_id)?;
    devbox.running()?;
    let seconds = wanted.in_seconds.unwrap_or(NOTICE_SECONDS);
    if !(0.0..=1e9).contains(&seconds) {
        return Err(ApiError::bad_request("in_seconds must not be negative"));
    }
    let deadline_ms = app.clock.now_ms() + (seconds * 1000.0) as i64;
    app.evictions.add(Eviction { devbox_id: wanted.devbox_id, deadline_ms });
    tokio::spawn(carry_out(app.clone(), devbox, deadline_ms));
    Ok(json!({"eviction_deadline_ms": deadline_ms}))
}

async fn carry_out(app: Arc<App>, devbox: Arc<Devbox>, deadline_ms: i64) {
    let mut status = devbox.watch();
    tokio::select! {
        () = app.clock.sleep_until(deadline_ms) => {}
        _ = status.wait_for(|status| *status != Status::Running) => return,
    }
    // Another eviction may have taken this one's place.
    if app.evictions.deadline(&devbox.id) == Some(deadline_ms) {
        // One that is not running any more needs no suspending.
        let _ = devbox.suspend(&app);
    }
}

struct Watcher {
    app: Arc<App>,
    count: watch::Receiver<usize>,
    seen: usize,
    waiting: VecDeque<Eviction>,
}

/// Those that are pending, then each that comes.
pub fn events(app: Arc<App>) -> impl Stream<Item = io::Result<Bytes>> {
    let watcher = Watcher { count: app.evictions.count.subscribe(), app, seen: 0, waiting: VecDeque::new() };
    futures_util::stream::unfold(watcher, |mut watcher| async move {
        let event = watcher.next().await?;
        Some((Ok(event), watcher))
    })
}

impl Watcher {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(eviction) = self.waiting.pop_front() {
                let data = json!({"devbox_id": eviction.devbox_id, "eviction_deadline_ms": eviction.deadline_ms});
                return Some(Bytes::from(format!("data: {data}\n\n")));
            }
            self.count.borrow_and_update();
            (self.seen, self.waiting) = self.app.evictions.after(self.seen);
            if !self.waiting.is_empty() {
                continue;
            }
            tokio::select! {
                changed = self.count.changed() => changed.ok()?,
                () = tokio::time::sleep(sse::COMMENT_EVERY) => return Some(sse::comment()),
            }
        }
    }
}
