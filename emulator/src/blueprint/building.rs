//! The builds under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{watch, Semaphore};

/// More at once would only slow each other down.
const AT_ONCE: usize = 2;

/// The builds under way.
pub struct Building {
    pub slots: Arc<Semaphore>,
    by_id: Mutex<HashMap<String, UnderWay>>,
}

#[derive(Clone)]
struct UnderWay {
    cancel: Arc<watch::Sender<bool>>,
    ended: watch::Receiver<bool>,
}

impl Default for Building {
    fn default() -> Building {
        Building { slots: Arc::new(Semaphore::new(AT_ONCE)), by_id: Mutex::default() }
    }
}

impl Building {
    /// A build begins; it is to stop when the first of these says so, and `ended` is to be told its end.
    pub fn begun(&self, id: &str) -> (watch::Receiver<bool>, watch::Sender<bool>) {
        let (cancel, cancelled) = watch::channel(false);
        let (end, ended) = watch::channel(false);
        self.by_id.lock().unwrap().insert(id.to_string(), UnderWay { cancel: Arc::new(cancel), ended });
        (cancelled, end)
    }

    pub fn forget(&self, id: &str) {
        self.by_id.lock().unwrap().remove(id);
    }

    pub fn is_busy(&self) -> bool {
        !self.by_id.lock().unwrap().is_empty()
    }

    /// Ends a build; returns when nothing of it runs any more.
    pub async fn cancel(&self, id: &str) {
        let build = self.by_id.lock().unwrap().get(id).cloned();
        if let Some(mut build) = build {
            build.cancel.send_replace(true);
            let _ = build.ended.wait_for(|ended| *ended).await;
        }
    }

    pub async fn end_all(&self) {
        let ids: Vec<String> = self.by_id.lock().unwrap().keys().cloned().collect();
        for id in ids {
            self.cancel(&id).await;
        }
    }
}
