//! Servers that cannot be reached: those that have never answered are given up soon, since the address may
//! be wrong; those that have answered before are waited for, since they come back.

use std::time::{Duration, Instant};

use super::jitter;
use super::origin::Origin;
use crate::transport::failure::Failure;

/// A server that has never answered is asked this often in all.
pub(crate) const FIRST_CONTACTS: u32 = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(150);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long a server that has answered before is waited for, where nothing else bounds the call.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The same where it is this machine that has nothing to connect with: that is for the program to mend, which waits for the call.
const SHORTAGE: Duration = Duration::from_secs(5);

/// How long a failure of this kind is borne. A call whose bounds are set ends by those.
pub fn patience_with(failure: &Failure, patience: Duration) -> Duration {
    if failure.shortage && patience <= PATIENCE {
        patience.min(SHORTAGE)
    } else {
        patience
    }
}

/// Connections in a row that did not come about, as one call sees them.
#[derive(Default)]
pub struct Outage {
    since: Option<Instant>,
    attempts: u32,
}

impl Outage {
    /// A connection did not come about: the pause before the next attempt, or `None` if there is none.
    pub fn pause(&mut self, origin: &Origin, patience: Duration) -> Option<Duration> {
        self.attempts = self.attempts.saturating_add(1);
        let since = *self.since.get_or_insert_with(Instant::now);
        let whole = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(self.attempts - 1)).min(LONGEST_PAUSE);
        if !origin.is_known() {
            return (self.attempts < FIRST_CONTACTS).then(|| jitter::less_a_quarter(whole));
        }
        (since.elapsed() < patience).then(|| origin.heeding(jitter::full(whole)))
    }

    /// How many connections in a row did not come about.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// A connection came about.
    pub fn is_over(&mut self) {
        *self = Outage::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Status};
    use crate::transport::effect::Phase;

    #[test]
    fn a_server_that_has_never_answered_is_given_up_soon() {
        let (origin, mut outage) = (Origin::default(), Outage::default());
        let pauses: Vec<Duration> = std::iter::from_fn(|| outage.pause(&origin, PATIENCE)).take(100).collect();
        assert_eq!(pauses.len() as u32 + 1, FIRST_CONTACTS);
        assert!(pauses.iter().sum::<Duration>() < Duration::from_secs(2));
    }

    #[test]
    fn what_the_server_said_before_counts() {
        let (origin, mut outage) = (Origin::default(), Outage::default());
        origin.has_answered();
        origin.hold_off(Duration::from_secs(20));
        assert!(outage.pause(&origin, PATIENCE).is_some_and(|pause| pause > Duration::from_secs(19)));
    }

    #[test]
    fn what_this_machine_lacks_is_not_waited_for_as_long_as_a_server() {
        let refused = Failure::new(Error::new(Status::Connect, "x"), Phase::Unsent);
        let shortage = Failure { shortage: true, ..Failure::new(Error::new(Status::Connect, "x"), Phase::Unsent) };
        assert_eq!(patience_with(&refused, PATIENCE), PATIENCE);
        assert_eq!(patience_with(&shortage, PATIENCE), SHORTAGE);
        // The call's own bounds count.
        assert_eq!(patience_with(&shortage, Duration::MAX), Duration::MAX);
    }

    #[test]
    fn a_server_that_has_answered_is_waited_for_within_the_patience() {
        let (origin, mut outage) = (Origin::default(), Outage::default());
        origin.has_answered();
        for _ in 0..100 {
            assert!(outage.pause(&origin, PATIENCE).is_some_and(|pause| pause <= LONGEST_PAUSE));
        }
        outage.since = Instant::now().checked_sub(PATIENCE);
        assert!(outage.since.is_none() || outage.pause(&origin, PATIENCE).is_none());
        outage.is_over();
        assert!(outage.pause(&origin, PATIENCE).is_some());
    }
}
