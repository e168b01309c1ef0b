//! Commands of the library's own that may be run twice, where nobody knows what became of the first.

use std::time::{Duration, Instant};

use crate::error::{Error, Result, Retryable, SideEffect, Status};
use crate::transport::{Call, CallOptions, Transport, PATIENCE};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The runs of one such command.
#[derive(Default)]
pub(crate) struct Again {
    since: Option<Instant>,
    failed: u32,
    /// The last run of which nobody knows what became of it.
    last: Option<Error>,
}

impl Again {
    /// Whether the present run is not the first.
    pub(crate) fn is_again(&self) -> bool {
        self.failed > 0
    }

    /// A run has failed: waits until another is due, or gives the error.
    pub(crate) fn after(&mut self, transport: &Transport, call: &Call, options: &CallOptions, error: Error) -> Result<()> {
        self.failed += 1;
        let since = *self.since.get_or_insert_with(Instant::now);
        let patient = match transport.given_retries(options) {
            Some(retries) => self.failed <= retries,
            None => since.elapsed() < PATIENCE,
        };
        if !patient || !is_doubtful(&error) {
            let ended = error.status() == Status::Deadline;
            return Err(match &self.last {
                Some(last) if ended => explained(error, last),
                // A run that was not made says nothing of the one before.
                Some(_) if error.details().side_effect == SideEffect::None => error.with_side_effect(SideEffect::Unknown),
                _ => error,
            });
        }
        let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(self.failed - 1)).min(LONGEST_PAUSE);
        let outcome = transport.pause(call, pause).map_err(|ended| explained(ended, &error));
        self.last = Some(error);
        outcome
    }
}

/// The error of a call that ends between two runs, the last of which has failed so.
pub(crate) fn explained(mut ended: Error, last: &Error) -> Error {
    let known = last.details();
    let details = ended.details_mut();
    if details.side_effect == SideEffect::None {
        details.side_effect = SideEffect::Unknown;
    }
    details.attempts = details.attempts.max(known.attempts);
    details.resource_id = details.resource_id.take().or_else(|| known.resource_id.clone());
    if details.status == Status::Deadline {
        details.cause = details.cause.take().or_else(|| Some(known.message.clone()));
        details.http_status = known.http_status;
        details.retryable = Retryable::Unknown;
    }
    ended
}

/// Whether the request may have arrived, and the connection or a gateway has kept its answer back.
fn is_doubtful(error: &Error) -> bool {
    let lost = matches!(error.status(), Status::Broken | Status::Timeout | Status::Server | Status::Protocol);
    let by_gateway = error.details().by_gateway || matches!(error.details().http_status, 460 | 499);
    (lost || by_gateway) && error.details().side_effect == SideEffect::Unknown
}
