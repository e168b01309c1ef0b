//! Devboxes that are to be taken away from their machine.

use crate::app::App;
use crate::part::Part;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use tokio::sync::watch;

#[derive(Clone)]
pub(super) struct Eviction {
    pub devbox_id: String,
    pub deadline_ms: i64,
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

impl Part for Evictions {
    fn clear(&self, _app: &Arc<App>) {
        self.inner.lock().unwrap().pending.clear();
    }
}

impl Evictions {
    pub(super) fn watch(&self) -> watch::Receiver<usize> {
        self.count.subscribe()
    }

    pub(super) fn add(&self, eviction: Eviction) {
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

    pub(super) fn deadline(&self, devbox_id: &str) -> Option<i64> {
        let inner = self.inner.lock().unwrap();
        inner.pending.iter().find(|(_, eviction)| eviction.devbox_id == devbox_id).map(|(_, eviction)| eviction.deadline_ms)
    }

    /// Those that are pending and came after the first `seen`.
    pub(super) fn after(&self, seen: usize) -> (usize, VecDeque<Eviction>) {
        let inner = self.inner.lock().unwrap();
        let new = inner.pending.iter().filter(|(number, _)| *number > seen).map(|(_, eviction)| eviction.clone());
        (inner.count, new.collect())
    }
}
