//! How many retries a server gets from the whole process: a token each. A retry that succeeds gives its token
//! back, so that only retries in vain are counted; every request adds a part of a token, and time adds some.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What is there at most, and at the beginning.
const MOST: f64 = 50.0;
/// Of ten requests, one may be repeated in vain for ever.
const A_REQUEST: f64 = 0.1;
const A_SECOND: f64 = 5.0;

/// Tokens for retries.
pub struct Budget(Mutex<Account>);

struct Account {
    tokens: f64,
    at: Instant,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget(Mutex::new(Account { tokens: MOST, at: Instant::now() }))
    }
}

impl Budget {
    /// Counts a request that is made for the first time.
    pub fn add_request(&self) {
        self.change(A_REQUEST);
    }

    /// Takes what a retry costs, if it is there.
    pub fn take(&self) -> bool {
        self.change(-1.0)
    }

    /// Takes what a retry costs, and gives the pause after which it is there; `None` if that is longer than this.
    pub fn reserve(&self, within: Duration) -> Option<Duration> {
        let mut account = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        account.reserve(within, Instant::now())
    }

    /// The retry has succeeded.
    pub fn give_back(&self) {
        self.change(1.0);
    }

    fn change(&self, by: f64) -> bool {
        let mut account = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        account.change(by, Instant::now())
    }
}

impl Account {
    fn change(&mut self, by: f64, now: Instant) -> bool {
        self.pass(now);
        if by < 0.0 && self.tokens + by < 0.0 {
            return false;
        }
        self.tokens = (self.tokens + by).min(MOST);
        true
    }

    fn reserve(&mut self, within: Duration, now: Instant) -> Option<Duration> {
        self.pass(now);
        let pause = Duration::from_secs_f64((1.0 - self.tokens).max(0.0) / A_SECOND);
        if pause > within {
            return None;
        }
        self.tokens -= 1.0;
        Some(pause)
    }

    fn pass(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).min(Duration::from_secs(3600)).as_secs_f64();
        self.at = now;
        self.tokens = (self.tokens + passed * A_SECOND).min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_in_vain_end_and_come_back_with_time_and_with_requests() {
        let start = Instant::now();
        let mut account = Account { tokens: MOST, at: start };
        let taken = (0..1000).filter(|_| account.change(-1.0, start)).count();
        assert_eq!(taken as f64, MOST);
        let later = start + Duration::from_secs(2);
        assert_eq!((0..1000).filter(|_| account.change(-1.0, later)).count() as f64, 2.0 * A_SECOND);
        for _ in 0..1000 {
            account.change(A_REQUEST, later);
        }
        assert!((0..1000).filter(|_| account.change(-1.0, later)).count() as f64 <= MOST);
        // Retries that succeed cost nothing.
        account.tokens = 1.0;
        assert!((0..1000).all(|_| account.change(-1.0, later) && account.change(1.0, later)));
    }

    #[test]
    fn what_is_not_there_yet_can_be_waited_for() {
        let start = Instant::now();
        let mut account = Account { tokens: 1.0, at: start };
        let within = Duration::from_secs(2);
        let pauses: Vec<Duration> = std::iter::from_fn(|| account.reserve(within, start)).take(1000).collect();
        assert_eq!(pauses.len() as f64, 1.0 + 2.0 * A_SECOND);
        assert_eq!((pauses[0], pauses[pauses.len() - 1]), (Duration::ZERO, within));
        // Until then nobody else gets any.
        assert!(!account.change(-1.0, start + within));
        assert!(account.change(-1.0, start + within + Duration::from_secs(1)));
    }
}
