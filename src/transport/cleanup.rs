//! Work that goes on after the call that caused it has returned: a cancelled call is over at once,
//! what it had begun at the service is undone behind it.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::attempt::Prepared;
use super::runtime::Engine;
use super::{log, repeatedly, Answer, Call, CallOptions, Request, Sending, Transport, Wire};
use crate::error::Result;

/// How long closing a client waits for its clean-ups.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a clean-up may take while the client is open: a service under load is slow to answer.
const LIMIT: Duration = Duration::from_secs(180);
/// How many requests the clean-ups of a client may have under way; calls of the program's own come first.
const REQUESTS: usize = 8;

/// The clean-ups of one client.
pub(super) struct Cleanups {
    tracker: TaskTracker,
    over: CancellationToken,
    room: Arc<Semaphore>,
}

impl Default for Cleanups {
    fn default() -> Cleanups {
        Cleanups { tracker: TaskTracker::new(), over: CancellationToken::new(), room: Arc::new(Semaphore::new(REQUESTS)) }
    }
}

impl Cleanups {
    /// Waits until the clean-ups have ended, and gives up those that take too long. A call that closing the
    /// client has just ended may begin one still: that is for the client's last handle to wait for.
    pub(super) fn finish(&self, engine: &Engine) {
        self.tracker.close();
        if !self.tracker.is_empty() && engine.block_on(self.tracker.wait(), Some(Instant::now() + PATIENCE)).is_none() {
            self.over.cancel();
        }
    }
}

/// What a clean-up sends with.
pub struct Errand {
    wire: Arc<Wire>,
    room: Option<Arc<Semaphore>>,
}

impl Errand {
    /// Sends a request and reads the answer, with the usual retries.
    pub async fn send(&self, request: &Request) -> Result<Answer> {
        let _place = match &self.room {
            // The semaphore is never closed.
            Some(room) => room.acquire().await.ok(),
            None => None,
        };
        let options = CallOptions::default();
        let prepared = Prepared::new(&self.wire.settings, &options, request)?;
        let within = self.wire.within(&options, request.timeout);
        repeatedly(Arc::clone(&self.wire), prepared, request.traffic, request.repeat, within, 2, Arc::default()).await
    }
}

impl Transport {
    /// Runs `work` within the bounds of a call.
    pub fn run<F, W, T>(&self, call: &Call, work: F) -> Result<T>
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut task = self.engine.task(work(Errand { wire: Arc::clone(&self.wire), room: None }));
        self.drive(call, task.outcome())?
    }

    /// Runs `work` for a caller who has no call, whether or not the client is closed.
    /// What has not ended within `limit` is dropped, and gives nothing.
    pub fn last_errand<F, W, T>(&self, limit: Duration, work: F) -> Option<T>
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut task = self.engine.task(work(Errand { wire: Arc::clone(&self.wire), room: None }));
        self.engine.block_on(task.outcome(), Instant::now().checked_add(limit))?.ok()
    }

    /// Runs `work` behind the caller's back.
    pub fn clean_up<F, W>(&self, work: F)
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = ()> + Send + 'static,
    {
        let work = work(Errand { wire: Arc::clone(&self.wire), room: Some(Arc::clone(&self.cleanups.room)) });
        let over = self.cleanups.over.clone();
        self.cleanups.tracker.spawn_on(
            async move {
                let ended = tokio::select! {
                    ended = tokio::time::timeout(LIMIT, work) => ended.is_ok(),
                    () = over.cancelled() => false,
                };
                if !ended {
                    log::tell(log::Level::Warn, || "A clean-up was given up; what a failed call had begun may still be there.".to_owned());
                }
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
