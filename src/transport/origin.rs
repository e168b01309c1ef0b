//! What the clients of a process know together of a server: by scheme, host and port.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use url::Url;

use super::budget::Budget;
use super::effect::Phase;
use super::failure::Failure;
use super::{jitter, retry};
use crate::process::{Inherit, PerProcess};

/// More servers than this are forgotten when nobody uses them.
const KEPT: usize = 64;
/// How much later than the server wants a retry may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);

static ORIGINS: PerProcess<Origins> = PerProcess::empty();

#[derive(Default)]
struct Origins(Mutex<HashMap<String, Arc<Origin>>>);

impl Inherit for Origins {
    fn inherit(_parent: Option<&Origins>) -> Origins {
        Origins::default()
    }
}

/// A server, as all clients of the process have found it.
#[derive(Default)]
pub struct Origin {
    answered: AtomicBool,
    served: AtomicBool,
    not_before: Mutex<Option<Instant>>,
    /// What retries may cost it.
    pub(super) budget: Budget,
}

impl Origin {
    /// The server that a URL leads to.
    pub fn of(url: &Url) -> Arc<Origin> {
        let name = url.origin().ascii_serialization();
        let mut origins = ORIGINS.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if origins.len() >= KEPT && !origins.contains_key(&name) {
            origins.retain(|_, origin| Arc::strong_count(origin) > 1);
        }
        Arc::clone(origins.entry(name).or_default())
    }

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

    /// Notes that it wants no retry before so much time has passed.
    pub fn hold_off(&self, pause: Duration) {
        let Some(until) = Instant::now().checked_add(pause) else { return };
        let mut not_before = self.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if not_before.is_none_or(|known| known < until) {
            *not_before = Some(until);
        }
    }

    /// Notes what a refusal says to all who call it.
    pub fn told(&self, failure: &Failure) {
        if let (Phase::Answered { http: 429 | 503, .. }, Some(pause)) = (failure.phase, failure.error.details().retry_after) {
            // A longer pause is for the call that was told of it, which it ends.
            if pause <= retry::LONGEST_RETRY_AFTER {
                self.hold_off(pause);
            }
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
        let not_before = *self.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        not_before.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Arc<Origin> {
        Origin::of(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_server_is_one_for_all_who_reach_it() {
        origin("https://origin-test.invalid/v1").has_answered();
        assert!(origin("https://origin-test.invalid:443/other?x=1").is_known());
        assert!(!origin("http://origin-test.invalid/").is_known());
        assert!(!origin("https://origin-test.invalid:444/").is_known());
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
