//! When a failed attempt is followed by another, and after which pause.

pub(crate) mod budget;
pub(crate) mod jitter;
pub(crate) mod origin;
pub(crate) mod outage;
pub(crate) mod retry_after;
pub(crate) mod shared_budget;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::effect::{Effect, Phase};
use super::failure::Failure;
use crate::error::{Error, Status};
use origin::Origin;
use outage::Outage;
use retry_after::LONGEST_RETRY_AFTER;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How much later than asked for an attempt may come, to be spread.
const SPREAD: Duration = Duration::from_secs(10);
/// Between the first failure and the last attempt, where the server does not name the pauses: a restart takes seconds. By their
/// random parts alone all pauses could be short.
const SPAN: Duration = Duration::from_secs(12);
const SPAN_SPREAD: Duration = Duration::from_secs(4);

/// How many attempts may follow the first.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// So many.
    pub retries: u32,
    /// Whether the user said so: then attempts that reach no server are counted as well.
    pub given: bool,
}

/// The retries of one request.
pub struct Retries {
    effect: Effect,
    most: Most,
    /// How long a server that answered before is waited for when it cannot be reached.
    patience: Duration,
    origin: Arc<Origin>,
    outage: Outage,
    /// The attempts that failed, those in an outage left out.
    failed: u32,
    failed_in_all: u32,
    first_failure: Option<Instant>,
    /// Whether the next attempt is paid for from the origin's budget.
    paid: bool,
    followed_at_once: bool,
}

impl Retries {
    /// For a request that is about to be made for the first time.
    pub fn new(effect: Effect, most: Most, patience: Duration, origin: &Arc<Origin>) -> Retries {
        origin.budget.add_request();
        Retries {
            effect,
            most,
            patience,
            origin: Arc::clone(origin),
            outage: Outage::default(),
            failed: 0,
            failed_in_all: 0,
            first_failure: None,
            paid: false,
            followed_at_once: false,
        }
    }

    /// An attempt has failed: the pause before the next, or `None` if there is none.
    pub fn after(&mut self, failure: &Failure) -> Option<Duration> {
        self.paid = false;
        self.failed_in_all += 1;
        if failure.hopeless || self.most.retries == 0 || (self.most.given && self.failed_in_all > self.most.retries) {
            return None;
        }
        // What has ended ends no better when it is asked to once more.
        if self.effect == Effect::Ends && failure.says_done() {
            return None;
        }
        if failure.phase == Phase::Unsent && failure.error.status() == Status::Connect {
            return self.outage.pause(&self.origin, outage::patience_with(failure, self.patience));
        }
        self.outage.is_over();
        self.first_failure.get_or_insert_with(Instant::now);
        self.failed += 1;
        if self.failed > self.most.retries {
            return None;
        }
        let (again, at_once) = match failure.phase {
            // The connection ended before it took the request; another will take it.
            Phase::Unsent => (true, true),
            Phase::Sent => (self.effect.is_harmless(), failure.unanswered),
            Phase::Answered { http, page } => (failure.should_retry.unwrap_or_else(|| self.repeats(http, page)), false),
        };
        if !again {
            return None;
        }
        let pause = if at_once && !self.followed_at_once {
            self.followed_at_once = true;
            Duration::ZERO
        } else {
            let asked = self.asked_for(failure)?;
            asked.max(self.pay(failure)?)
        };
        Some(self.origin.heeding(pause))
    }

    /// The same for a request whose caller looks what became of it before it is made again: then that can do no harm.
    pub fn after_error(&mut self, error: &Error) -> Option<Duration> {
        let phase = match error.details().http_status {
            http @ 400.. => Phase::Answered { http, page: false },
            _ => Phase::Sent,
        };
        let mut failed = Error::new(error.status(), error.details().message.as_str());
        failed.details_mut().retry_after = error.details().retry_after;
        self.after(&Failure::new(failed, phase))
    }

    /// Whether an answer of this status is followed by another attempt, where the server does not say so itself.
    fn repeats(&self, http: u16, page: bool) -> bool {
        match http {
            429 => true,
            // Who answers 503 may be a gateway, whose server has had the request.
            408 | 409 | 460 | 499 | 500..=599 => self.effect.is_harmless(),
            // A gateway that has lost its server for a moment may call everything "not found". Where nothing but pages has ever
            // come, the base URL may be wrong.
            _ => page && self.effect.is_harmless() && self.origin.has_served(),
        }
    }

    /// The pause by what the server said, else by how often it has failed.
    fn asked_for(&self, failure: &Failure) -> Option<Duration> {
        let own = jitter::full(backoff(self.failed)).max(self.rest_of_span());
        match failure.error.details().retry_after {
            Some(asked) if asked > LONGEST_RETRY_AFTER => None,
            Some(asked) if !asked.is_zero() => Some(jitter::above(asked, SPREAD)),
            _ => Some(own),
        }
    }

    /// What is left of the span, before the last of the usual attempts.
    fn rest_of_span(&self) -> Duration {
        let is_last = !self.most.given && self.failed == self.most.retries;
        let passed = self.first_failure.filter(|_| is_last).map(|first| first.elapsed());
        passed.map_or(Duration::ZERO, |passed| jitter::above(SPAN, SPAN_SPREAD).saturating_sub(passed))
    }

    /// A server that names its rate gets what it asks for; what fails otherwise is repeated within the budget, after this pause.
    fn pay(&mut self, failure: &Failure) -> Option<Duration> {
        if matches!(failure.phase, Phase::Answered { http: 429, .. }) {
            return Some(Duration::ZERO);
        }
        let passed = self.first_failure.map_or(Duration::ZERO, |first| first.elapsed());
        let pause = self.origin.budget.reserve(SPAN.saturating_sub(passed))?;
        self.paid = true;
        Some(pause)
    }

    /// An attempt went well.
    pub fn succeeded(&mut self) {
        if std::mem::take(&mut self.paid) {
            self.origin.budget.give_back();
        }
    }
}

/// 1 s, 2 s, 4 s … 60 s.
fn backoff(failed: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2u32.saturating_pow(failed.saturating_sub(1))).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Most = Most { retries: 5, given: false };

    fn failure(phase: Phase) -> Failure {
        Failure::new(Error::new(Status::Server, "x"), phase)
    }

    fn answered(http: u16) -> Phase {
        Phase::Answered { http, page: false }
    }

    fn retries(effect: Effect, most: Most) -> Retries {
        Retries::new(effect, most, Duration::from_secs(60), &Arc::default())
    }

    #[test]
    fn what_is_repeated_depends_on_the_operation_and_on_how_far_it_got() {
        let again = |failure: &Failure, effect| retries(effect, MOST).after(failure).is_some();
        for (phase, harmless, otherwise) in [
            (Phase::Unsent, true, true),
            (Phase::Sent, true, false),
            (answered(408), true, false),
            (answered(409), true, false),
            (answered(429), true, true),
            (answered(500), true, false),
            (answered(503), true, false),
            (answered(404), false, false),
        ] {
            for effect in [Effect::Reads, Effect::Sets, Effect::Ends] {
                assert_eq!(again(&failure(phase), effect), harmless, "{phase:?}");
            }
            assert_eq!(again(&failure(phase), Effect::Once), otherwise, "{phase:?}");
        }
        let said = |http, should_retry| Failure { should_retry: Some(should_retry), ..failure(answered(http)) };
        assert!(again(&said(500, true), Effect::Once));
        assert!(!again(&said(503, false), Effect::Reads));
        assert!(!again(&Failure { hopeless: true, ..failure(Phase::Unsent) }, Effect::Reads));
    }

    #[test]
    fn attempts_are_counted_those_in_an_outage_only_where_the_user_names_a_number() {
        let count = |most, phase, status| {
            let mut retries = retries(Effect::Reads, most);
            retries.origin.has_answered();
            let failure = Failure { error: Error::new(status, "x"), ..failure(phase) };
            (0..50).take_while(|_| retries.after(&failure).is_some()).count()
        };
        assert_eq!(count(MOST, answered(500), Status::Server), 5);
        assert_eq!(count(MOST, Phase::Unsent, Status::Connect), 50);
        assert_eq!(count(Most { retries: 2, given: true }, Phase::Unsent, Status::Connect), 2);
        assert_eq!(count(Most { retries: 0, given: true }, Phase::Unsent, Status::Connect), 0);
    }

    #[test]
    fn a_break_before_any_answer_is_followed_at_once_but_only_once() {
        let mut retries = retries(Effect::Reads, MOST);
        let broken = Failure { unanswered: true, ..failure(Phase::Sent) };
        assert_eq!(retries.after(&broken), Some(Duration::ZERO));
        assert!(retries.after(&broken).is_some_and(|pause| !pause.is_zero()));
    }

    #[test]
    fn the_server_names_the_pause_and_a_long_one_is_no_retry() {
        let after = |seconds| {
            let mut told = failure(answered(503));
            told.error.details_mut().retry_after = Some(Duration::from_secs(seconds));
            retries(Effect::Reads, MOST).after(&told)
        };
        for seconds in [1, 2, 60] {
            let pause = after(seconds).unwrap();
            assert!(pause >= Duration::from_secs(seconds) && pause <= Duration::from_secs(2 * seconds), "{pause:?}");
        }
        assert!(after(0).is_some_and(|pause| !pause.is_zero() && pause <= FIRST_PAUSE));
        assert_eq!(after(61), None);
    }

    #[test]
    fn the_usual_attempts_outlast_a_restart_whatever_the_random_parts() {
        for _ in 0..200 {
            let mut usual = retries(Effect::Reads, MOST);
            let pauses: Vec<Duration> = std::iter::from_fn(|| usual.after(&failure(answered(502)))).collect();
            assert_eq!(pauses.len(), 5);
            // No time passes between the attempts here, so that the last pause alone is the whole span.
            assert!(pauses[4] >= SPAN && pauses[..4].iter().all(|pause| *pause <= Duration::from_secs(8)), "{pauses:?}");
        }
        let mut named = retries(Effect::Reads, Most { retries: 1, given: true });
        assert!(named.after(&failure(answered(502))).is_some_and(|pause| pause <= FIRST_PAUSE));
    }

    #[test]
    fn what_one_call_was_told_the_retries_of_others_honour() {
        let mut retries = retries(Effect::Reads, MOST);
        retries.origin.hold_off(Duration::from_secs(20));
        let broken = Failure { unanswered: true, ..failure(Phase::Sent) };
        for failure in [&broken, &failure(answered(500))] {
            assert!(retries.after(failure).is_some_and(|pause| pause > Duration::from_secs(19)));
        }
    }

    #[test]
    fn all_calls_together_repeat_no_more_than_the_budget() {
        let origin: Arc<Origin> = Arc::default();
        let mut repeated = 0;
        for _ in 0..1000 {
            let mut retries = Retries::new(Effect::Reads, MOST, Duration::ZERO, &origin);
            repeated += (0..10).take_while(|_| retries.after(&failure(answered(503))).is_some()).count();
        }
        // A tenth of the requests, what is there at the beginning, and what the time of the test adds.
        assert!((100..=400).contains(&repeated), "{repeated}");
        let mut told = Retries::new(Effect::Reads, MOST, Duration::ZERO, &origin);
        assert!(told.after(&failure(answered(429))).is_some());
    }

    #[test]
    fn pauses_grow_to_a_minute() {
        let whole: Vec<u64> = (1..9).map(|failed| backoff(failed).as_secs()).collect();
        assert_eq!(whole, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff(4000), LONGEST_PAUSE);
    }
}
