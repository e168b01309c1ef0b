//! Requests over HTTP: connections, retries, deadlines, cancellation, long polls and streams.
//! It knows nothing of devboxes.

mod attempt;
mod call;
mod cleanup;
mod connections;
mod descriptor;
mod failure;
mod helpers;
pub mod log;
mod names;
mod poll;
mod request;
mod retry;
mod runtime;
mod said;
mod secret;
mod settings;
mod shift;
mod signals;
mod signed;
mod sse;
mod stream;
mod tls;
mod transfer;

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;
use tokio_util::sync::CancellationToken;

pub use self::attempt::Open;
use self::attempt::Prepared;
pub use self::call::{past_deadline, Call, CallOptions, Progress, Token};
use self::cleanup::Cleanups;
pub use self::cleanup::Errand;
use self::connections::Connections;
pub use self::connections::Traffic;
pub use self::descriptor::{Descriptor, Direction};
use self::failure::{Failure, Phase};
pub use self::poll::Wait;
pub use self::request::{Answer, Repeat, Request};
use self::runtime::{Engine, Task};
pub use self::secret::{to_body, Secret};
use self::settings::Settings;
pub use self::settings::{Config, HttpVersion, Inspect};
pub use self::signed::{Rest, SignedUrl};
pub use self::sse::Event;
pub use self::stream::{reopen_pause, EventStream, Interruption, Opening};
pub use self::transfer::{Download, Part, Source};
use crate::error::{Error, Result, SideEffect, Status};

/// Sends requests to one server with one set of credentials. Shared by all handles of a client.
pub struct Transport {
    wire: Arc<Wire>,
    closed: Token,
    cleanups: Cleanups,
    // The last, so that all else is gone before the engine is stopped.
    engine: Arc<Engine>,
}

/// The part of a transport that work behind a call's back holds on to.
struct Wire {
    settings: Settings,
    connections: Arc<Connections>,
    /// What the connections to hosts of signed URLs are made by; they are made when they are needed.
    reach: Config,
    storage: [OnceCell<Arc<Connections>>; 2],
}

impl Transport {
    /// Checks the settings, starts the engine if need be, and connects to nothing yet.
    pub fn new(config: &Config) -> Result<Transport> {
        let settings = Settings::complete(config)?;
        let engine = Engine::shared()?;
        let connections = Connections::shared(config, &settings)?;
        Ok(Transport {
            wire: Arc::new(Wire { settings, connections, reach: config.without_credentials(), storage: Default::default() }),
            closed: Arc::new(CancellationToken::new().into()),
            cleanups: Cleanups::default(),
            engine,
        })
    }

    /// Where requests go.
    pub fn base_url(&self) -> &url::Url {
        &self.wire.settings.base_url
    }

    /// The clock and the cancellation of one call of the user's.
    pub fn call(&self, options: &CallOptions) -> Call {
        Call::start(options, &self.closed)
    }

    /// How many attempts may follow the first.
    pub fn max_retries(&self, options: &CallOptions) -> u32 {
        options.max_retries.unwrap_or(self.wire.settings.max_retries)
    }

    /// Ends every call under way with `Closed`, refuses further ones, and waits for clean-ups.
    pub fn close(&self) {
        self.closed.cancel();
        self.finish_cleanups();
    }

    /// Waits, within bounds, until what cancelled calls left behind has been cleaned up.
    pub fn finish_cleanups(&self) {
        self.cleanups.finish(&self.engine);
    }

    /// Sends a request and reads the answer, with retries.
    pub fn send(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Answer> {
        let mut sending = self.start(call, options, request)?;
        self.finish(call, request, &mut sending)
    }

    /// Begins to send a request, unless the call has ended already; `finish` gives the answer. What
    /// is dropped is aborted.
    pub fn start(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Sending> {
        call.check()?;
        let prepared = Prepared::new(&self.wire.settings, options, request)?;
        let attempts = Arc::new(AtomicU32::new(0));
        let work = repeatedly(
            Arc::clone(&self.wire),
            prepared,
            request.traffic,
            request.repeat,
            self.wire.within(options, request.timeout),
            self.max_retries(options),
            Arc::clone(&attempts),
        );
        Ok(Sending { task: self.engine.task(work), attempts })
    }

    /// Waits for what `start` began.
    pub fn finish(&self, call: &Call, request: &Request, sending: &mut Sending) -> Result<Answer> {
        let attempts = Arc::clone(&sending.attempts);
        let outcome = self.drive(call, sending.task.outcome()).and_then(|outcome| outcome.and_then(|answer| answer));
        outcome.map_err(|mut error| {
            let tried = attempts.load(Ordering::Relaxed);
            let details = error.details_mut();
            if details.attempts == 0 {
                details.attempts = tried;
                // Interrupted: what was sent may have had its effect.
                if tried > 0 && request.repeat == Repeat::OnlyWithoutEffect {
                    details.side_effect = SideEffect::Unknown;
                }
            }
            error
        })
    }

    /// Drives a future on the calling thread, within the call's deadline and cancellation.
    pub fn drive<F: Future>(&self, call: &Call, future: F) -> Result<F::Output> {
        call.check()?;
        if Engine::is_within() {
            return Err(Error::new(
                Status::Internal,
                "The log's function has called a function that blocks. It must not: note the line, and act on it elsewhere.",
            ));
        }
        call.under_way.begin(&self.cleanups);
        let outcome = match self.engine.block_on(call.or_interrupted(future), call.deadline) {
            Some(outcome) => outcome,
            None => Err(past_deadline()),
        };
        // One that was ended may have something to clean up, before which closing the client must not be done.
        if outcome.is_ok() {
            call.under_way.end();
        }
        outcome
    }

    /// Waits on the calling thread, at most until the call's end.
    pub fn pause(&self, call: &Call, pause: Duration) -> Result<()> {
        let until = Instant::now() + pause;
        let last = call.deadline.map_or(until, |deadline| deadline.min(until));
        call.check()?;
        match self.engine.block_on(call.or_interrupted(std::future::pending::<()>()), Some(last)) {
            Some(interrupted) => interrupted,
            None if last < until => Err(past_deadline()),
            None => Ok(()),
        }
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.finish_cleanups();
    }
}

impl Wire {
    /// The connections to the hosts of signed URLs, which the API's credentials never travel on.
    fn storage(&self, secure: bool) -> Result<Arc<Connections>> {
        self.storage[usize::from(secure)]
            .get_or_try_init(|| Connections::to_storage(&self.reach, secure, self.settings.connect_timeout))
            .cloned()
    }

    fn within(&self, options: &CallOptions, operation: Duration) -> Duration {
        options.timeout.or(self.settings.timeout).unwrap_or(operation)
    }
}

/// A request on its way.
pub struct Sending {
    task: Task<Result<Answer>>,
    attempts: Arc<AtomicU32>,
}

async fn repeatedly(
    wire: Arc<Wire>,
    prepared: Prepared,
    traffic: Traffic,
    rule: Repeat,
    within: Duration,
    max_retries: u32,
    attempts: Arc<AtomicU32>,
) -> Result<Answer> {
    repeat(&prepared, rule, max_retries, &attempts, |attempt| prepared.whole(&wire.connections, traffic, within, attempt)).await
}

/// Makes attempts until one succeeds or no further one is due.
async fn repeat<T, F, W>(prepared: &Prepared, rule: Repeat, max_retries: u32, attempts: &Arc<AtomicU32>, mut attempt: F) -> Result<T>
where
    F: FnMut(u32) -> W,
    W: Future<Output = std::result::Result<T, Failure>>,
{
    loop {
        let number = attempts.fetch_add(1, Ordering::Relaxed) + 1;
        let mut underway = Underway { name: prepared.name(), number, started: Instant::now(), ended: false };
        let outcome = attempt(number).await;
        underway.ended = true;
        let failure = match outcome {
            Ok(success) => {
                log::tell(log::Level::Debug, || {
                    format!("{}: answered in {} ms, attempt {number}", prepared.name(), underway.started.elapsed().as_millis())
                });
                return Ok(success);
            }
            Err(failure) => failure,
        };
        let pause = retry::pause(&failure, rule, number, max_retries);
        tell_failure(prepared, &failure, number, pause);
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(failure.after(number)),
        }
    }
}

/// An attempt under way, which is told of too if its call ends before it has an outcome: by a token, a
/// deadline, or the end of the client.
struct Underway<'a> {
    name: &'a str,
    number: u32,
    started: Instant,
    ended: bool,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        if !self.ended {
            log::tell(log::Level::Debug, || {
                format!("{}: left after {} ms, attempt {}: its call has ended", self.name, self.started.elapsed().as_millis(), self.number)
            });
        }
    }
}

fn tell_failure(prepared: &Prepared, failure: &Failure, attempt: u32, pause: Option<Duration>) {
    tell_of(prepared.name(), failure, attempt, pause);
}

fn tell_of(name: &str, failure: &Failure, attempt: u32, pause: Option<Duration>) {
    let level = if pause.is_some() { log::Level::Warn } else { log::Level::Info };
    log::tell(level, || {
        let next = pause.map_or("giving up".to_owned(), |pause| format!("again in {} ms", pause.as_millis()));
        format!("{name}: attempt {attempt} failed ({:?}), {next}: {}", failure.phase, failure.error)
    });
}

impl Failure {
    /// The error of a call that made this many attempts.
    fn after(self, attempts: u32) -> Error {
        let mut error = self.error;
        error.details_mut().attempts = attempts;
        if attempts > 1 && matches!(self.phase, Phase::Unsent | Phase::Sent | Phase::Answered(_)) {
            error = error.adding(&format!("({attempts} attempts were made.)"));
        }
        error
    }
}
