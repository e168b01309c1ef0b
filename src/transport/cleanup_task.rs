//! What undoes something behind the call that caused it: a cancelled call is over at once.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::attempt::Prepared;
use super::call::CallOptions;
use super::cleanup::PATIENCE;
use super::repeat::repeatedly;
use super::request::Request;
use super::retry::{jitter, Most};
use super::sender::Transport;
use super::wire::Wire;
use crate::error::{Error, Result, Status};
use crate::log;

/// How long a clean-up may take while the client is open: a service may be away for minutes.
const LIMIT: Duration = Duration::from_secs(180);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How much later than asked for a request may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);
/// Attempts after the first, of each request.
const RETRIES: u32 = 2;

/// What a clean-up sends with.
pub struct CleanupTask {
    wire: Arc<Wire>,
    options: CallOptions,
    room: Option<Arc<Semaphore>>,
    closing: CancellationToken,
}

impl CleanupTask {
    /// Sends a request and reads the answer, with the usual retries.
    pub async fn send(&self, request: &Request) -> Result<Answer> {
        let _place = match &self.room {
            // The semaphore is never closed.
            Some(room) => room.acquire().await.ok(),
            None => None,
        };
        let options = self.options.besides(&request.query);
        let prepared = Prepared::new(&self.wire, &options, request)?;
        let within = self.wire.of_attempt(&options, request);
        let most = Most { retries: RETRIES, given: false };
        repeatedly(Arc::clone(&self.wire), prepared, request.traffic, within, most, LIMIT).await
    }

    /// Sends a request until the service has answered it, through outages, for as long as the clean-up may take.
    /// Only for requests that may be repeated.
    pub async fn insist(&self, request: &Request) -> Result<Answer> {
        let mut pause = FIRST_PAUSE;
        loop {
            let outcome = self.send(request).await;
            match outcome.and_then(|answer| answer.check_taken(&request.name()).map(|()| answer)) {
                Err(error) if may_pass(&error) => {
                    let told = jitter::above(error.details().retry_after.unwrap_or_default(), SPREAD);
                    tokio::time::sleep(self.wire.origin.heeding(pause.max(told))).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                outcome => return outcome,
            }
        }
    }

    /// Waits until the client is being closed, after which there is little time left.
    pub async fn closing(&self) {
        self.closing.cancelled().await;
    }
}

/// Whether the service was not reached, or cannot do it yet. Nobody waits for a clean-up, so that it can wait for longer than
/// calls do where the server asks for that.
fn may_pass(error: &Error) -> bool {
    let details = error.details();
    if details.already || details.retry_after.is_some_and(|asked| asked > LIMIT) {
        return false;
    }
    let passing = matches!(
        error.status(),
        Status::Connect | Status::Timeout | Status::Broken | Status::Protocol | Status::RateLimited | Status::Server
    );
    // Busy (409) or locked (423): for a moment.
    passing || details.by_gateway || matches!(details.http_status, 409 | 423 | 460 | 499)
}

impl Transport {
    /// Runs `work` for a caller who has no call, whether or not the client is closed.
    /// What has not ended within `limit` is dropped, and gives nothing.
    pub fn last_cleanup_task<F, W, T>(&self, limit: Duration, work: F) -> Option<T>
    where
        F: FnOnce(CleanupTask) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut running = self.engine.task(work(self.cleanup_task()));
        self.engine.block_on(running.outcome(), Instant::now().checked_add(limit)).ok()??.ok()
    }

    /// Runs `work` behind the caller's back. `what` names its subject in the log, and the outcome of `work`
    /// completes the sentence. `options` are those of the call that has begun what is undone.
    pub fn clean_up<F, W>(&self, what: String, options: &CallOptions, work: F)
    where
        F: FnOnce(CleanupTask) -> W,
        W: Future<Output = Result<String>> + Send + 'static,
    {
        if self.engine.is_of_parent() {
            // What the call had begun is the parent's, and goes on there.
            return;
        }
        let group = self.cleanups.group(&self.engine);
        let (closing, room) = (group.closing.clone(), Some(Arc::clone(&group.room)));
        let work = work(CleanupTask { wire: Arc::clone(&self.wire), options: options.for_clean_up(), room, closing });
        let over = group.over.clone();
        group.home.spawn(group.tasks.track_future(async move {
            let given_up = |why: &str| log::tell(log::Level::Warn, || format!("{what} may still exist: its clean-up was given up {why}."));
            tokio::select! {
                outcome = tokio::time::timeout(LIMIT, work) => match outcome {
                    Ok(Ok(outcome)) => log::tell(log::Level::Info, || format!("{what} {outcome}.")),
                    Ok(Err(error)) => log::tell(log::Level::Warn, || format!("{what} could not be cleaned up: {error}")),
                    Err(_) => given_up(&format!("after {} s", LIMIT.as_secs())),
                },
                () = over.cancelled() => given_up(&format!("when the client had been closed for {} s", PATIENCE.as_secs())),
            }
        }));
    }

    fn cleanup_task(&self) -> CleanupTask {
        let closing = self.cleanups.group(&self.engine).closing.clone();
        CleanupTask { wire: Arc::clone(&self.wire), options: CallOptions::default(), room: None, closing }
    }
}
