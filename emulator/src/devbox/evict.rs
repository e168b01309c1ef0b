//! Evictions: announced on a stream; the devbox is suspended when its time comes. A test control makes them happen.

use super::evictions::Eviction;
use super::evictions::Evictions;
use super::Devboxes;
use super::{Devbox, Status};
use crate::app::App;
use crate::http::{sse, ApiError};
use bytes::Bytes;
use futures_util::Stream;
use serde::Deserialize;
use serde_json::{json, Value};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use tokio::sync::watch;

/// The request of the test control.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evict {
    devbox_id: String,
    in_seconds: Option<f64>,
}

const NOTICE_SECONDS: f64 = 30.0;

/// Announces the eviction of a running devbox.
pub fn evict(app: &Arc<App>, wanted: Evict) -> Result<Value, ApiError> {
    let _making = app.making();
    let devbox = app.state::<Devboxes>().get(&wanted.devbox_id)?;
    devbox.running()?;
    let seconds = wanted.in_seconds.unwrap_or(NOTICE_SECONDS);
    if !(0.0..=1e9).contains(&seconds) {
        return Err(ApiError::bad_request("in_seconds must not be negative"));
    }
    let deadline_ms = app.clock.now_ms() + (seconds * 1000.0) as i64;
    app.state::<Evictions>().add(Eviction { devbox_id: wanted.devbox_id, deadline_ms });
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
    if app.state::<Evictions>().deadline(&devbox.id) == Some(deadline_ms) {
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
    let watcher = Watcher { count: app.state::<Evictions>().watch(), app, seen: 0, waiting: VecDeque::new() };
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
            (self.seen, self.waiting) = self.app.state::<Evictions>().after(self.seen);
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
