//! Work that goes on after the call that caused it has returned: a cancelled call is over at once,
//! what it had begun at the service is undone behind it.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;

use super::attempt::Prepared;
use super::runtime::Engine;
use super::{repeatedly, Answer, Call, CallOptions, Request, Sending, Transport, Wire};
use crate::error::Result;

/// How long closing a client waits for its clean-ups.
const PATIENCE: Duration = Duration::from_secs(10);

/// The clean-ups of one client.
#[derive(Default)]
pub(super) struct Cleanups(TaskTracker);

impl Cleanups {
    pub(super) fn finish(&self, engine: &Engine) {
        if self.0.is_empty() {
            return;
        }
        self.0.close();
        engine.block_on(self.0.wait(), Some(Instant::now() + PATIENCE));
    }
}

/// What a clean-up sends with.
pub struct Errand(Arc<Wire>);

impl Errand {
    /// Sends a request and reads the answer, with the usual retries.
    pub async fn send(&self, request: &Request) -> Result<Answer> {
        let options = CallOptions::default();
        let prepared = Prepared::new(&self.0.settings, &options, request)?;
        let within = self.0.within(&options, request.timeout);
        repeatedly(Arc::clone(&self.0), prepared, request.traffic, request.repeat, within, 2, Arc::default()).await
    }
}

impl Transport {
    /// Runs `work` on the engine's thread, within the bounds of a call.
    pub fn run<F, W, T>(&self, call: &Call, work: F) -> Result<T>
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut task = self.engine.spawn(work(Errand(Arc::clone(&self.wire))));
        self.drive(call, task.outcome())?
    }

    /// Runs `work` on the engine's thread for a caller who has no call, whether or not the client is closed.
    /// What has not ended within `limit` is dropped, and gives nothing.
    pub fn last_errand<F, W, T>(&self, limit: Duration, work: F) -> Option<T>
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut task = self.engine.spawn(work(Errand(Arc::clone(&self.wire))));
        self.engine.block_on(task.outcome(), Instant::now().checked_add(limit))?.ok()
    }

    /// Runs `work` behind the caller's back, on the engine's thread.
    pub fn clean_up<F, W>(&self, work: F)
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = ()> + Send + 'static,
    {
        let work = work(Errand(Arc::clone(&self.wire)));
        self.cleanups.0.spawn_on(
            async move {
                // Closing a client does not wait for longer, so neither does the work.
                let _ = tokio::time::timeout(PATIENCE, work).await;
            },
            self.engine.handle(),
        );
    }
}

impl Sending {
    /// The answer, for a clean-up that has taken over the request.
    pub async fn outcome(&mut self) -> Result<Answer> {
        self.task.outcome().await?
    }
}
