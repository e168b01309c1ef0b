//! The way of a client to its server: what all of its requests share, and how the calling thread waits for them.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::call::{past_deadline, patience, Call, CallOptions, Token};
use super::cleanup::Cleanups;
use super::connections::Membership;
use super::effect::Effect;
use super::retry::origin::Origin;
use super::retry::outage::Outage;
use super::retry::Retries;
use super::scrub;
use super::scrub::Scrubber;
use super::settings::{Config, Settings, Settled};
use super::wire::Wire;
use crate::engine::runtime::Engine;
use crate::error::Result;

/// Sends requests to one server with one set of credentials. Shared by all handles of a client.
pub struct Transport {
    pub(super) wire: Arc<Wire>,
    closed: Token,
    pub(super) cleanups: Cleanups,
    // The last, so that all else is gone before the engine is stopped.
    pub(super) engine: Arc<Engine>,
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
        Retries::new(Effect::Sets, self.wire.most(options), patience(call), &self.wire.origin)
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
        call.under_way.begin(self.cleanups.calls());
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
