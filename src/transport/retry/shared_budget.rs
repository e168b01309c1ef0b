//! What repeated questions and openings take from the budget that all calls share.

use std::sync::Arc;
use std::time::Duration;

use super::jitter;
use super::origin::Origin;

/// Where the budget is used up, it is asked again after a part of this.
const STAND_BACK: Duration = Duration::from_secs(10);

/// Whether the next attempt is paid for.
pub struct Toll {
    origin: Arc<Origin>,
    paid: bool,
    unpaid: bool,
}

impl Toll {
    /// For the first attempt, which costs nothing.
    pub fn new(origin: &Arc<Origin>) -> Toll {
        Toll { origin: Arc::clone(origin), paid: false, unpaid: false }
    }

    /// The next attempt costs nothing.
    pub fn forget(&mut self) {
        (self.paid, self.unpaid) = (false, false);
    }

    /// The next attempt has to be paid for.
    pub fn pay(&mut self) {
        self.paid = self.origin.budget.take();
        self.unpaid = !self.paid;
    }

    /// An attempt went well: what was paid for it is given back.
    pub fn went_well(&mut self) {
        self.origin.budget.add_request();
        self.unpaid = false;
        if std::mem::take(&mut self.paid) {
            self.origin.budget.give_back();
        }
    }

    /// A further pause, while the next attempt cannot be paid for. Whoever is not patient any more makes it unpaid.
    pub fn stand_back(&mut self, patient: bool) -> Option<Duration> {
        if !self.unpaid {
            return None;
        }
        self.pay();
        self.unpaid &= patient;
        self.unpaid.then(|| jitter::full(STAND_BACK))
    }
}
