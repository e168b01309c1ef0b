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
        let passed = now.saturating_duration_since(self.at).min(Duration::from_secs(3600)).as_secs_f64();
        self.at = now;
        self.tokens = (self.tokens + passed * A_SECOND).min(MOST);
        if self.tokens + by < 0.0 {
            return false;
        }
        self.tokens = (self.tokens + by).min(MOST);
        true
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
}
