//! What the clients of a process know together of a server: by scheme, host and port. What the server says of its own state holds
//! for all of them; what it says of the rate of one key, for those who use that key.

use std::collections::hash_map::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use url::Url;

use super::budget::Budget;
use super::jitter;
use super::retry_after::LONGEST_RETRY_AFTER;
use crate::os::process::{Inherit, PerProcess};
use crate::transport::effect::Phase;
use crate::transport::failure::Failure;

/// More servers than this are forgotten when nobody uses them.
const KEPT: usize = 64;
/// How much later than the server wants a retry may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);

static ORIGINS: PerProcess<Origins> = PerProcess::empty();

#[derive(Default)]
struct Origins {
    known: Mutex<HashMap<String, Known>>,
    /// Keys are told apart by it, and not kept.
    hashes: RandomState,
}

impl Inherit for Origins {
    fn inherit(_parent: Option<&Origins>) -> Origins {
        Origins::default()
    }
}

/// A server, and how those who come with the same credentials find it.
#[derive(Default)]
struct Known {
    server: Arc<Server>,
    origins: HashMap<u64, Arc<Origin>>,
}

impl Known {
    fn forget_unused(&mut self) {
        self.origins.retain(|_, origin| Arc::strong_count(origin) > 1);
    }
}

/// A server, as all clients of the process have found it.
#[derive(Default)]
pub struct Server {
    answered: AtomicBool,
    served: AtomicBool,
    not_before: NotBefore,
    /// What retries may cost it.
    pub(crate) budget: Budget,
}

/// A server, as the clients with the same credentials have found it.
#[derive(Default)]
pub struct Origin {
    server: Arc<Server>,
    not_before: NotBefore,
}

impl Deref for Origin {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

/// When retries are wanted again.
#[derive(Default)]
struct NotBefore(Mutex<Option<Instant>>);

impl NotBefore {
    fn hold_off(&self, pause: Duration) {
        let Some(until) = Instant::now().checked_add(pause) else { return };
        let mut not_before = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if not_before.is_none_or(|known| known < until) {
            *not_before = Some(until);
        }
    }

    fn left(&self) -> Duration {
        let not_before = *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        not_before.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

impl Origin {
    /// The server that a URL leads to, for those who come with these credentials.
    pub fn of(url: &Url, credentials: &[u8]) -> Arc<Origin> {
        let name = url.origin().ascii_serialization();
        let origins = ORIGINS.get();
        let credentials = origins.hashes.hash_one(credentials);
        let mut known = origins.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if known.len() >= KEPT && !known.contains_key(&name) {
            known.values_mut().for_each(Known::forget_unused);
            known.retain(|_, known| !known.origins.is_empty());
        }
        let known = known.entry(name).or_default();
        if known.origins.len() >= KEPT && !known.origins.contains_key(&credentials) {
            known.forget_unused();
        }
        let new = || Arc::new(Origin { server: Arc::clone(&known.server), not_before: NotBefore::default() });
        Arc::clone(known.origins.entry(credentials).or_insert_with(new))
    }

    #[cfg(test)]
    /// Notes that it wants no retry with these credentials before so much time has passed.
    pub fn hold_off(&self, pause: Duration) {
        self.not_before.hold_off(pause);
    }

    /// Notes what a refusal says to all who call it, or to all who do so with these credentials.
    pub fn told(&self, failure: &Failure) {
        let (Phase::Answered { http, .. }, Some(pause)) = (failure.phase, failure.error.details().retry_after) else { return };
        // A longer pause is for the call that was told of it, which it ends.
        if pause > LONGEST_RETRY_AFTER {
            return;
        }
        match http {
            429 => self.not_before.hold_off(pause),
            503 => self.server.not_before.hold_off(pause),
            _ => {}
        }
    }

    /// The pause of a retry; a longer one, and spread, where the server wants no retry before then, whoever was told so.
    pub fn heeding(&self, pause: Duration) -> Duration {
        let held_off = self.held_off();
        if pause >= held_off {
            pause
        } else {
            jitter::above(held_off, SPREAD)
        }
    }

    fn held_off(&self) -> Duration {
        self.not_before.left().max(self.server.not_before.left())
    }
}

impl Server {
    /// Notes that it has answered, whatever it said.
    pub fn has_answered(&self) {
        if !self.answered.load(Ordering::Relaxed) {
            self.answered.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it has ever answered: then a connection that does not come about is an outage, which passes.
    pub fn is_known(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    /// Notes a good answer that may be the service's.
    pub fn serves(&self) {
        if !self.served.load(Ordering::Relaxed) {
            self.served.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the service has ever answered: then a web page in its place is a gateway's, and passes.
    pub fn has_served(&self) -> bool {
        self.served.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Arc<Origin> {
        Origin::of(&Url::parse(url).unwrap(), b"key")
    }

    #[test]
    fn a_server_is_one_for_all_who_reach_it() {
        origin("https://origin-test.invalid/v1").has_answered();
        assert!(origin("https://origin-test.invalid:443/other?x=1").is_known());
        assert!(!origin("http://origin-test.invalid/").is_known());
        assert!(!origin("https://origin-test.invalid:444/").is_known());
    }

    #[test]
    fn what_one_key_is_told_of_its_rate_is_nothing_to_another() {
        let with = |key: &[u8]| Origin::of(&Url::parse("https://rates.invalid").unwrap(), key);
        let told = |http| {
            let mut error = crate::error::Error::new(crate::error::Status::of_http(http), "x");
            error.details_mut().retry_after = Some(Duration::from_secs(50));
            Failure::new(error, Phase::Answered { http, page: false })
        };
        with(b"one").told(&told(429));
        assert!(with(b"one").held_off() > Duration::from_secs(40) && with(b"two").held_off().is_zero());
        with(b"one").told(&told(503));
        assert!(with(b"two").held_off() > Duration::from_secs(40));
    }

    #[test]
    fn the_longest_pause_that_was_asked_for_counts() {
        let origin = Origin::default();
        assert!(origin.held_off().is_zero());
        origin.hold_off(Duration::from_secs(50));
        origin.hold_off(Duration::from_secs(1));
        assert!(origin.held_off() > Duration::from_secs(40));
    }
}
