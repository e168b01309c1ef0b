//! What comes between two questions of a wait, and when a wait gives up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Status;
use crate::transport::effect::Phase;
use crate::transport::failure::Failure;
use crate::transport::retry::origin::Origin;
use crate::transport::retry::outage::Outage;
use crate::transport::retry::retry_after::LONGEST_RETRY_AFTER;
use crate::transport::retry::shared_budget::Toll;
use crate::transport::retry::{jitter, outage};

/// A hold that lasted this long has been a wait; after a shorter one a pause is due.
const REAL_HOLD: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long failures in a row (5xx, broken connections, unreadable answers) may last before a wait gives up,
const PATIENCE: Duration = Duration::from_secs(60);
/// and how many there are at least.
const FAILURES_IN_A_ROW: u32 = 12;
/// After so many real holds that were cut off, the state is asked for: a proxy may let no hold come to its end.
const CUT_OFF_IN_A_ROW: u32 = 3;
/// The pause between failures grows from this
const FIRST_PAUSE_OF_FAILURES: Duration = Duration::from_secs(1);
/// to this, and so it does where the budget for retries is used up.
const LONGEST_PAUSE_OF_FAILURES: Duration = Duration::from_secs(5);

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next question, after this pause.
    Again(Duration),
    /// The same, but first the state is asked for without a hold.
    Look {
        /// Before the next question.
        pause: Duration,
        /// The wait gives up if the state cannot be had either.
        last: bool,
    },
    /// Nothing: the wait gives up.
    GiveUp,
}

impl Step {
    /// What comes before the next question, if there may be one.
    pub fn pause(self) -> Option<Duration> {
        match self {
            Step::Again(pause) | Step::Look { pause, .. } => Some(pause),
            Step::GiveUp => None,
        }
    }
}

/// The pauses of one wait.
pub struct Pauses {
    origin: Arc<Origin>,
    /// Between two answers, if the user has set it.
    interval: Option<Duration>,
    outage: Outage,
    /// How long a server that cannot be reached is waited for.
    patience: Duration,
    short_holds: u32,
    /// In a row, by which the pauses grow; a real hold between them is no reason for longer ones.
    failures: u32,
    /// All those since the last answer,
    unanswered: u32,
    /// and those of them behind a real hold.
    cut_off: u32,
    failing_since: Option<Instant>,
    has_answered: bool,
    toll: Toll,
}

impl Pauses {
    /// For a wait that begins.
    pub fn new(origin: &Arc<Origin>, interval: Option<Duration>, patience: Duration) -> Pauses {
        Pauses {
            origin: Arc::clone(origin),
            interval,
            outage: Outage::default(),
            patience,
            short_holds: 0,
            failures: 0,
            unanswered: 0,
            cut_off: 0,
            failing_since: None,
            has_answered: false,
            toll: Toll::new(origin),
        }
    }

    /// After an answer that does not end the wait.
    pub fn after_answer(&mut self, held: Duration) -> Duration {
        self.toll.went_well();
        self.outage.is_over();
        self.failures = 0;
        self.after_state();
        if held >= REAL_HOLD {
            self.short_holds = 0;
            return Duration::ZERO;
        }
        self.short_holds += 1;
        self.interval.unwrap_or_else(|| growing(FIRST_PAUSE, self.short_holds, LONGEST_PAUSE))
    }

    /// After an answer that tells the present state, while holds fail: the server is there.
    pub fn after_state(&mut self) {
        self.unanswered = 0;
        self.cut_off = 0;
        self.failing_since = None;
        self.has_answered = true;
    }

    /// After the service's "not yet", which may name the pause; `None` ends the wait.
    pub fn after_not_yet(&mut self, failure: &Failure, held: Duration) -> Option<Duration> {
        let own = self.after_answer(held);
        let asked = failure.error.details().retry_after.unwrap_or_default();
        (asked <= LONGEST_RETRY_AFTER).then(|| own.max(jitter::above(asked, LONGEST_PAUSE_OF_FAILURES)))
    }

    /// After a failure. At the limit a wait looks before it gives up: what cuts off every hold may let short answers through.
    pub fn after_failure(&mut self, failure: &Failure, held: Duration) -> Step {
        self.toll.forget();
        if failure.hopeless || failure.should_retry == Some(false) {
            return Step::GiveUp;
        }
        if failure.phase == Phase::Unsent && failure.error.status() == Status::Connect {
            let pause = self.outage.pause(&self.origin, outage::patience_with(failure, self.patience));
            return pause.map_or(Step::GiveUp, Step::Again);
        }
        self.outage.is_over();
        if let Phase::Answered { http, page } = failure.phase {
            // A gateway that has lost its server for a moment may call everything "not found".
            let of_a_gateway = page && (self.has_answered || self.origin.has_served());
            if !of_a_gateway && !matches!(http, 408 | 409 | 429 | 460 | 499 | 500..) {
                return Step::GiveUp;
            }
        }
        let asked = failure.error.details().retry_after.unwrap_or_default();
        if asked > LONGEST_RETRY_AFTER {
            return Step::GiveUp;
        }
        if held >= REAL_HOLD {
            self.failures = 0;
            self.cut_off += 1;
        }
        self.failures += 1;
        self.unanswered += 1;
        let since = *self.failing_since.get_or_insert_with(Instant::now);
        let pause = self.before_repeating(failure, held, asked);
        let last = self.unanswered >= FAILURES_IN_A_ROW && since.elapsed() >= PATIENCE;
        if last || self.cut_off >= CUT_OFF_IN_A_ROW {
            self.cut_off = 0;
            return Step::Look { pause, last };
        }
        Step::Again(pause)
    }

    fn before_repeating(&mut self, failure: &Failure, held: Duration, asked: Duration) -> Duration {
        // A connection that had ended while it was idle; one that ends in the midst of a hold ends with those of others.
        if failure.unanswered && self.failures == 1 && held < REAL_HOLD {
            return self.origin.heeding(Duration::ZERO);
        }
        let own = jitter::full(growing(FIRST_PAUSE_OF_FAILURES, self.failures, LONGEST_PAUSE_OF_FAILURES));
        let told = jitter::above(asked, LONGEST_PAUSE_OF_FAILURES);
        if !matches!(failure.phase, Phase::Answered { http: 429, .. }) {
            self.toll.pay();
        }
        self.origin.heeding(own.max(told))
    }

    /// The next question is a retry, which the budget of all calls has to pay for: while it cannot, the wait stands
    /// back for another pause. Where it has lasted too long, one more question ends it.
    pub fn stand_back(&mut self) -> Option<Duration> {
        self.toll.stand_back(self.failing_since.is_some_and(|since| since.elapsed() < PATIENCE))
    }
}

fn growing(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(2u32.saturating_pow(times.saturating_sub(1))).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn failure(phase: Phase) -> Failure {
        Failure::new(Error::new(Status::Broken, "x"), phase)
    }

    fn answered(http: u16) -> Failure {
        failure(Phase::Answered { http, page: false })
    }

    fn pauses() -> Pauses {
        Pauses::new(&Arc::default(), None, Duration::from_secs(60))
    }

    #[track_caller]
    fn again(step: Step) -> Duration {
        assert!(matches!(step, Step::Again(_)), "{step:?}");
        step.pause().unwrap()
    }

    fn is_last(step: Step) -> bool {
        matches!(step, Step::Look { last: true, .. })
    }

    #[test]
    fn after_a_real_hold_the_next_question_follows_at_once() {
        assert_eq!(pauses().after_answer(Duration::from_secs(25)), Duration::ZERO);
    }

    #[test]
    fn answers_that_come_at_once_are_spaced_more_and_more() {
        let mut pauses = pauses();
        let spaced: Vec<_> = (0..8).map(|_| pauses.after_answer(Duration::ZERO).as_millis()).collect();
        assert_eq!(spaced, [100, 200, 400, 800, 1600, 2000, 2000, 2000]);
    }

    #[test]
    fn a_hold_that_breaks_off_is_no_idle_connection() {
        let broken = Failure { unanswered: true, ..failure(Phase::Sent) };
        assert_eq!(pauses().after_failure(&broken, Duration::ZERO), Step::Again(Duration::ZERO));
        let mut spread: Vec<Duration> = (0..1000).filter_map(|_| pauses().after_failure(&broken, REAL_HOLD).pause()).collect();
        spread.sort();
        assert!(spread.windows(100).all(|part| part[99] - part[0] > Duration::from_millis(20)), "{spread:?}");
        assert!(spread[999] <= FIRST_PAUSE_OF_FAILURES);
    }

    #[test]
    fn what_the_server_said_before_counts() {
        let mut pauses = pauses();
        pauses.origin.has_answered();
        pauses.origin.hold_off(Duration::from_secs(20));
        let refused = Failure::new(Error::new(Status::Connect, "x"), Phase::Unsent);
        let broken = Failure { unanswered: true, ..failure(Phase::Sent) };
        for failure in [&refused, &broken, &answered(502)] {
            assert!(pauses.after_failure(failure, Duration::ZERO).pause().is_some_and(|pause| pause > Duration::from_secs(19)));
        }
    }

    #[test]
    fn what_no_question_can_heal_ends_the_wait() {
        for failure in [Failure::hopeless(Error::new(Status::Tls, "x"), Phase::Unsent), answered(401), answered(404)] {
            assert_eq!(pauses().after_failure(&failure, Duration::ZERO), Step::GiveUp);
        }
        let refused = Failure::new(Error::new(Status::Connect, "x"), Phase::Unsent);
        let mut pauses = pauses();
        let asked = (0..100).take_while(|_| pauses.after_failure(&refused, Duration::ZERO) != Step::GiveUp);
        assert_eq!(asked.count() as u32 + 1, outage::FIRST_CONTACTS);
    }

    #[test]
    fn a_row_of_failures_ends_the_wait_by_its_length_in_time() {
        for failure in [answered(409), answered(429), answered(502), answered(503), failure(Phase::Sent)] {
            let mut pauses = pauses();
            let mut slept = Duration::ZERO;
            for _ in 0..60 {
                slept += again(pauses.after_failure(&failure, Duration::ZERO));
            }
            // Well spaced, so that so many questions took minutes, and the row would have been over before.
            assert!(slept > PATIENCE, "{slept:?}");
            pauses.failing_since = Instant::now().checked_sub(PATIENCE);
            assert!(pauses.failing_since.is_none() || is_last(pauses.after_failure(&failure, Duration::ZERO)));
            pauses.after_answer(Duration::ZERO);
            again(pauses.after_failure(&failure, Duration::ZERO));
        }
    }

    #[test]
    fn holds_that_are_cut_off_one_after_another_end_in_a_look_at_the_state() {
        let mut pauses = pauses();
        let cut = failure(Phase::Sent);
        let steps: Vec<Step> = (1..FAILURES_IN_A_ROW).map(|_| pauses.after_failure(&cut, REAL_HOLD)).collect();
        for (number, step) in (1..).zip(&steps) {
            assert_eq!(matches!(step, Step::Look { last: false, .. }), number % CUT_OFF_IN_A_ROW == 0, "{steps:?}");
            // They are waits, which are not to come apart.
            assert!(step.pause().is_some_and(|pause| pause <= FIRST_PAUSE_OF_FAILURES), "{steps:?}");
        }
        pauses.failing_since = Instant::now().checked_sub(PATIENCE);
        if pauses.failing_since.is_some() {
            assert!(is_last(pauses.after_failure(&cut, REAL_HOLD)));
            // Without an answer to that they would be at the limit still.
            assert!(is_last(pauses.after_failure(&cut, REAL_HOLD)));
        }
        pauses.after_state();
        for _ in 1..CUT_OFF_IN_A_ROW {
            again(pauses.after_failure(&cut, REAL_HOLD));
        }
        assert!(matches!(pauses.after_failure(&cut, REAL_HOLD), Step::Look { last: false, .. }));
    }

    #[test]
    fn a_short_retry_after_does_not_make_the_questions_denser() {
        let mut told = answered(503);
        told.error.details_mut().retry_after = Some(Duration::from_millis(100));
        let mut pauses = pauses();
        let slept: Duration = (0..2 * FAILURES_IN_A_ROW).map(|_| again(pauses.after_failure(&told, Duration::ZERO))).sum();
        assert!(slept > Duration::from_secs(25), "{slept:?}");
        told.error.details_mut().retry_after = Some(Duration::from_secs(120));
        assert_eq!(pauses.after_failure(&told, Duration::ZERO), Step::GiveUp);
    }

    #[test]
    fn a_gateways_page_ends_only_a_wait_on_a_server_of_which_no_other_answer_is_known() {
        let page = failure(Phase::Answered { http: 404, page: true });
        let mut pauses = pauses();
        assert_eq!(pauses.after_failure(&page, Duration::ZERO), Step::GiveUp);
        pauses.after_answer(Duration::ZERO);
        again(pauses.after_failure(&page, Duration::ZERO));
        let mut another = self::pauses();
        another.origin.serves();
        again(another.after_failure(&page, Duration::ZERO));
    }

    #[test]
    fn waits_stand_back_when_the_budget_is_used_up() {
        let mut pauses = pauses();
        while pauses.origin.budget.take() {}
        again(pauses.after_failure(&answered(503), Duration::ZERO));
        assert!(pauses.stand_back().is_some() && pauses.stand_back().is_some());
        pauses.origin.budget.give_back();
        assert_eq!(pauses.stand_back(), None);
        while pauses.origin.budget.take() {}
        again(pauses.after_failure(&answered(429), Duration::ZERO));
        assert_eq!(pauses.stand_back(), None);
    }
}
