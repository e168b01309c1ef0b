//! Requests over HTTP: connections, retries, deadlines, cancellation, long polls and streams.
//! It knows nothing of devboxes.

pub(crate) mod address;
pub(crate) mod answer;
pub(crate) mod attempt;
pub(crate) mod attempts;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod cleanup;
pub(crate) mod connections;
pub(crate) mod content;
pub(crate) mod descriptor;
pub(crate) mod effect;
pub(crate) mod event_stream;
pub(crate) mod facts;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod long_poll;
pub(crate) mod repeat;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod scrub;
pub(crate) mod secret;
pub(crate) mod server_message;
pub(crate) mod settings;
pub(crate) mod signed_url;
pub(crate) mod sse;
pub(crate) mod transfer;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub use crate::engine::helpers::AFTERWARDS;
use crate::engine::runtime::{Engine, Spawner};
pub use crate::engine::runtime_bound::sleep;
use crate::error::Result;
pub use answer::Answer;
pub use attempts::{Attempts, LastFailure};
pub use call::{past_deadline, Call, CallOptions, Progress, Token};
use cleanup::Cleanups;
pub use cleanup::Errand;
pub use connections::Traffic;
use connections::{Connections, Membership};
pub use descriptor::{Descriptor, Direction};
pub use effect::Effect;
pub use event_stream::{reopen_pause, EventStream, Interruption, Opening, Openings};
pub use facts::Facts;
pub use long_poll::{Found, Wait};
pub use repeat::Sending;
pub use request::Request;
use retry::origin::Origin;
pub use retry::outage::{Outage, PATIENCE};
use retry::Most;
pub use retry::Retries;
pub use scrub::{secret_beginning, shortened, Scrubber};
pub use secret::Secret;
pub use settings::{Config, HttpVersion};
use settings::{Settings, Settled};
pub use signed_url::{Rest, SignedUrl, Validator};
pub use sse::Event;
pub use transfer::{Download, Part, Source};

/// What `fuzz` feeds.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fed {
    pub(crate) use crate::transport::connections::Proxies;
    pub(crate) use crate::transport::retry::retry_after::{retry_after, should_retry};
    pub(crate) use crate::transport::settings::{insert, Config, Settings};
    pub(crate) use crate::transport::sse::Parser;
}

/// Attempts after the first, where neither the call nor the client says.
const DEFAULT_RETRIES: u32 = 5;

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
    connections: Membership,
    origin: Arc<Origin>,
    /// What the connections to hosts of signed URLs are made by, when they are needed.
    settled: Settled,
    storage: OnceCell<Membership>,
    engine: Spawner,
}

impl Transport {
    /// Checks the settings, starts the engine if need be, and connects to nothing yet.
    pub fn new(config: &Config) -> Result<Transport> {
        let mut settings = Settings::complete(config)?;
        let engine = Engine::shared()?;
        let settled = Settled::of(config)?;
        settings.proxy_passwords = settled.proxies.passwords();
        let secure = settings.base_url.scheme() == "https";
        let connections = Membership::to_api(&settled, secure, settings.connect_timeout, &engine.spawner())?;
        let credentials = settings.headers.get(http::header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
        let origin = Origin::of(&settings.base_url, credentials);
        let wire = Wire { settings, connections, origin, settled, storage: OnceCell::new(), engine: engine.spawner() };
        Ok(Transport { wire: Arc::new(wire), closed: Arc::new(CancellationToken::new().into()), cleanups: Cleanups::default(), engine })
    }

    /// Where requests go.
    pub fn base_url(&self) -> &url::Url {
        &self.wire.settings.base_url
    }

    /// The clock and the cancellation of one call of the user's.
    pub fn call(&self, options: &CallOptions) -> Call {
        Call::start(options, &self.closed)
    }

    /// How many bytes of an answer are held in memory.
    pub fn max_answer(&self) -> usize {
        self.wire.settings.max_answer
    }

    /// How many attempts may follow the first.
    pub fn max_retries(&self, options: &CallOptions) -> u32 {
        self.wire.most(options).retries
    }

    /// The same, where the call or the client says so.
    pub fn given_retries(&self, options: &CallOptions) -> Option<u32> {
        let most = self.wire.most(options);
        most.given.then_some(most.retries)
    }

    /// The retries of a request whose caller looks what became of it before it is made again.
    pub fn retries(&self, call: &Call, options: &CallOptions) -> Retries {
        Retries::new(Effect::Sets, self.wire.most(options), repeat::patience(call), &self.wire.origin)
    }

    /// Whether the caller's own headers say which encodings of an answer are wanted.
    pub fn asks_for_encodings(&self, options: &CallOptions) -> bool {
        let name = http::header::ACCEPT_ENCODING;
        self.wire.settings.headers.contains_key(&name) || options.extra_headers.iter().any(|(own, _)| name == own.as_str())
    }

    /// Strikes out of what the service says the token, what the call was given, and the credentials that `answer` shows.
    pub fn scrubber(&self, options: &CallOptions, answer: &Value) -> Scrubber {
        let mut secrets = options.secrets.clone();
        secrets.extend(scrub::secrets_in(answer));
        secrets.extend(self.wire.settings.secrets());
        secrets.extend(options.secrets_for_all());
        Scrubber::new(secrets.into_iter())
    }

    /// Ends every call under way with `Closed`, refuses further ones, and waits for clean-ups.
    pub fn close(&self) {
        self.closed.cancel();
        self.finish_cleanups();
        self.wire.connections.leave();
        if let Some(storage) = self.wire.storage.get() {
            storage.leave();
        }
    }

    /// Waits, within bounds, until what cancelled calls left behind has been cleaned up.
    pub fn finish_cleanups(&self) {
        self.cleanups.finish(&self.engine);
    }

    /// The pause before the API's server is tried again after a connection that did not come about, or
    /// `None` where it is given up: at once where it has never answered, else after `patience`.
    pub fn outage_pause(&self, outage: &mut Outage, patience: Duration) -> Option<Duration> {
        outage.pause(&self.wire.origin, patience)
    }

    /// Drives a future on the calling thread, within the call's deadline and cancellation.
    pub fn drive<F>(&self, call: &Call, future: F) -> Result<F::Output>
    where
        F: Future + Send,
        F::Output: Send,
    {
        call.check()?;
        call.under_way.begin(&self.cleanups);
        let outcome = match self.engine.block_on(call.or_interrupted(future), call.deadline) {
            Ok(Some(outcome)) => outcome,
            Ok(None) => Err(past_deadline()),
            Err(error) => Err(error),
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
            Ok(Some(interrupted)) => interrupted,
            Ok(None) if last < until => Err(past_deadline()),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
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
    fn storage(&self) -> &Connections {
        self.storage.get_or_init(|| Membership::to_storage(&self.settled, self.settings.connect_timeout, &self.engine))
    }

    /// How long an attempt of a request may take.
    fn of_attempt(&self, options: &CallOptions, request: &Request) -> Duration {
        request.within(options.timeout.or(self.settings.timeout))
    }

    fn within(&self, options: &CallOptions, operation: Duration) -> Duration {
        options.timeout.or(self.settings.timeout).unwrap_or(operation)
    }

    /// How many attempts may follow the first.
    fn most(&self, options: &CallOptions) -> Most {
        let given = options.max_retries.or(self.settings.max_retries);
        Most { retries: given.unwrap_or(DEFAULT_RETRIES), given: given.is_some() }
    }
}
