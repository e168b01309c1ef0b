//! Work that goes on after the call that caused it has returned: a cancelled call is over at once,
//! what it had begun at the service is undone behind it.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tokio_util::task::TaskTracker;

use super::attempt::Prepared;
use super::repeat::repeatedly;
use super::retry::Most;
use super::{Answer, CallOptions, Request, Sending, Transport, Wire};
use crate::engine::runtime::Engine;
use crate::engine::runtime_bound::Home;
use crate::error::{Error, Result, Status};
use crate::log;
use crate::transport::retry::jitter;

/// How long closing a client waits for its calls to end and for its clean-ups.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a clean-up may take while the client is open: a service may be away for minutes.
const LIMIT: Duration = Duration::from_secs(180);
/// How many requests the clean-ups of a client may have under way; calls of the program's own come first.
const REQUESTS: usize = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How much later than asked for a request may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);

/// Attempts after the first, of each request.
const RETRIES: u32 = 2;

/// The clean-ups of one client, and the calls that may begin some.
#[derive(Default)]
pub(super) struct Cleanups {
    calls: TaskTracker,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// One, unless runtimes broke.
    groups: Vec<Arc<Group>>,
    closing: bool,
}

/// Clean-ups that run in one runtime.
struct Group {
    home: Home,
    tasks: TaskTracker,
    closing: CancellationToken,
    over: CancellationToken,
    room: Arc<Semaphore>,
}

impl Group {
    fn new(home: Home) -> Group {
        Group {
            home,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            over: CancellationToken::new(),
            room: Arc::new(Semaphore::new(REQUESTS)),
        }
    }

    /// The client is closed: what is under way is to end soon, and can be waited for.
    fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
    }
}

impl Cleanups {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// All groups: those whose runtime is lost, and the others.
    fn groups(&self) -> (Vec<Arc<Group>>, Vec<Arc<Group>>) {
        let groups = self.state().groups.clone();
        groups.into_iter().partition(|group| group.home.is_found_lost())
    }

    /// Those of the runtime that runs.
    fn group(&self, engine: &Engine) -> Arc<Group> {
        let home = engine.home();
        let mut state = self.state();
        if let Some(group) = state.groups.iter().find(|group| group.home.is(&home)) {
            return Arc::clone(group);
        }
        let group = Arc::new(Group::new(home));
        if state.closing {
            group.close();
        }
        state.groups.push(Arc::clone(&group));
        group
    }

    /// Waits until the calls under way and the clean-ups have ended, and gives up those that take too long.
    /// A call whose callback runs at this moment is not waited for: it may be the one that closes the client.
    pub(super) fn finish(&self, engine: &Engine) {
        if engine.is_of_parent() {
            return;
        }
        self.calls.close();
        self.state().closing = true;
        let (lost, sound) = self.groups();
        if lost.iter().any(|group| !group.tasks.is_empty()) {
            let why = "the program has closed the descriptors by which the library waits";
            log::tell(log::Level::Warn, || format!("Clean-ups were given up: {why}. What was to be cleaned up may still exist."));
        }
        sound.iter().for_each(|group| group.close());
        if self.calls.is_empty() && sound.iter().all(|group| group.tasks.is_empty()) {
            return;
        }
        let all = async {
            self.calls.wait().await;
            // Those that the calls have begun at their end are among them.
            for group in self.groups().1 {
                group.tasks.wait().await;
            }
        };
        if !matches!(engine.block_on(all, Some(Instant::now() + PATIENCE)), Ok(Some(()))) {
            self.groups().1.iter().for_each(|group| group.over.cancel());
        }
        log::flush();
    }
}

/// Whether a call is waiting in the engine, or has been ended there and has yet to begin its clean-up.
#[derive(Default)]
pub(super) struct UnderWay(Mutex<Option<TaskTrackerToken>>);

impl UnderWay {
    fn set(&self, token: Option<TaskTrackerToken>) {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = token;
    }

    /// From now until `end`, or the drop of this, closing the client waits for the call.
    pub(super) fn begin(&self, cleanups: &Cleanups) {
        self.set(Some(cleanups.calls.token()));
    }

    /// The call has what it waited for, and is on the caller's side again.
    pub(super) fn end(&self) {
        self.set(None);
    }
}

/// What a clean-up sends with.
pub struct Errand {
    wire: Arc<Wire>,
    options: CallOptions,
    room: Option<Arc<Semaphore>>,
    closing: CancellationToken,
}

impl Errand {
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
    pub fn last_errand<F, W, T>(&self, limit: Duration, work: F) -> Option<T>
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let mut task = self.engine.task(work(self.errand()));
        self.engine.block_on(task.outcome(), Instant::now().checked_add(limit)).ok()??.ok()
    }

    /// Runs `work` behind the caller's back. `what` names its subject in the log, and the outcome of `work`
    /// completes the sentence. `options` are those of the call that has begun what is undone.
    pub fn clean_up<F, W>(&self, what: String, options: &CallOptions, work: F)
    where
        F: FnOnce(Errand) -> W,
        W: Future<Output = Result<String>> + Send + 'static,
    {
        if self.engine.is_of_parent() {
            // What the call had begun is the parent's, and goes on there.
            return;
        }
        let group = self.cleanups.group(&self.engine);
        let (closing, room) = (group.closing.clone(), Some(Arc::clone(&group.room)));
        let work = work(Errand { wire: Arc::clone(&self.wire), options: options.for_clean_up(), room, closing });
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

    fn errand(&self) -> Errand {
        let closing = self.cleanups.group(&self.engine).closing.clone();
        Errand { wire: Arc::clone(&self.wire), options: CallOptions::default(), room: None, closing }
    }
}

impl Sending {
    /// The answer, for a clean-up that has taken over the request.
    pub async fn outcome(&mut self) -> Result<Answer> {
        self.task.outcome().await?
    }

    /// How many of its earlier attempts may have had their effect.
    pub fn doubts(&self) -> u32 {
        self.attempts.doubts()
    }
}
