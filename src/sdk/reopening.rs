//! When a stream that has ended too early is opened again, and when it is given up.

use std::time::{Duration, Instant};

use super::client::Client;
use super::last_failure::Hindrance;
use crate::error::{Error, Status};
use crate::transport::{reopen_pause, sleep, Interruption, Openings, Outage, PATIENCE};

/// A stream that was open for so long has been one; one that was shorter is followed by a pause, the longer the more there were.
const REAL_OPENING: Duration = Duration::from_secs(1);
/// So many short ones may follow each other at once.
const SHORT_ONES: u32 = 3;
/// A stream is given up after so many openings in a row that brought nothing.
pub(super) const FRUITLESS: u32 = 10;
/// And after so many that the server did not let come about: gateways refuse them while the service restarts.
const REFUSED: u32 = 40;

/// The openings of one stream.
pub(super) struct Reopening {
    opened_at: Instant,
    /// How many in a row have brought nothing.
    fruitless: u32,
    /// How many in a row did not come about.
    refused: u32,
    /// How many in a row were short.
    short: u32,
    /// Whether the last one was long.
    was_long: bool,
    outage: Outage,
    openings: Openings,
    pause: Duration,
    hindrance: Hindrance,
}

impl Reopening {
    /// For a stream that is about to be opened, and what it tells of what keeps it from that.
    pub(super) fn new(client: &Client, hindrance: &Hindrance) -> Reopening {
        Reopening {
            opened_at: Instant::now(),
            fruitless: 0,
            refused: 0,
            short: 0,
            was_long: false,
            outage: Outage::default(),
            openings: client.transport().openings(),
            pause: Duration::ZERO,
            hindrance: hindrance.clone(),
        }
    }

    /// Completes the error of a call that was ended while the stream was waited for.
    pub(super) fn explain(hindrance: &Hindrance, error: Error) -> Error {
        hindrance.explain(error, REAL_OPENING)
    }

    /// What keeps the stream from going on.
    pub(super) fn hindrance(&self) -> &Hindrance {
        &self.hindrance
    }

    /// Waits until the next opening is due.
    pub(super) async fn due(&mut self) {
        let spaced = reopen_pause(self.fruitless).max(reopen_pause(self.short.saturating_sub(SHORT_ONES)));
        let pause = std::mem::take(&mut self.pause).max(spaced);
        if !pause.is_zero() {
            sleep(pause).await;
        }
        while let Some(pause) = self.openings.stand_back() {
            sleep(pause).await;
        }
        self.opened_at = Instant::now();
        self.hindrance.opening();
    }

    /// The stream is open.
    pub(super) fn came_about(&mut self) {
        self.outage.is_over();
        self.openings.came_about();
        self.refused = 0;
        self.hindrance.is_open();
    }

    /// It has brought something.
    pub(super) fn brought(&mut self) {
        self.fruitless = 0;
        self.hindrance.brought();
    }

    /// An open stream has ended, in whatever way.
    pub(super) fn over(&mut self) {
        self.was_long = self.opened_at.elapsed() >= REAL_OPENING;
        self.hindrance.is_over();
        if self.was_long {
            self.fruitless = 0;
            self.short = 0;
        } else {
            self.short += 1;
        }
    }

    /// Counts an opening that brought nothing; false when there were too many.
    pub(super) fn in_vain(&mut self) -> bool {
        self.fruitless += 1;
        self.fruitless < FRUITLESS
    }

    /// How many in a row have brought nothing.
    pub(super) fn fruitless(&self) -> u32 {
        self.fruitless
    }

    /// A stream that was open broke off: the error where it is given up.
    pub(super) fn broke(&mut self, interruption: Interruption) -> Result<(), Error> {
        self.hindrance.note(&interruption.error);
        match interruption.resumable && self.in_vain() {
            true => {
                self.pause = self.openings.broke(self.was_long);
                Ok(())
            }
            false => Err(with_attempts(interruption.error, self.fruitless.max(1))),
        }
    }

    /// A stream could not be opened: the error where it is given up. A server that has answered before is waited for.
    pub(super) fn failed(&mut self, client: &Client, interruption: Interruption) -> Result<(), Error> {
        self.hindrance.note(&interruption.error);
        if !interruption.resumable {
            return Err(with_attempts(interruption.error, self.fruitless.max(self.refused) + 1));
        }
        if interruption.error.status() == Status::Connect {
            self.openings.not_reached();
            return match client.transport().outage_pause(&mut self.outage, PATIENCE) {
                Some(pause) => {
                    self.pause = pause;
                    Ok(())
                }
                None => Err(with_attempts(interruption.error, self.outage.attempts().max(1))),
            };
        }
        self.outage.is_over();
        // Something else answers: for a moment a gateway, for good where the base URL is wrong.
        let error = interruption.error;
        let by_gateway = error.details().by_gateway;
        let foreign = if by_gateway { !self.openings.has_served() } else { error.status() == Status::Protocol };
        let (own, again, attempts) = if foreign {
            (reopen_pause(self.fruitless), self.in_vain(), self.fruitless)
        } else {
            self.refused += 1;
            (reopen_pause(self.refused), self.refused < REFUSED, self.refused)
        };
        match self.openings.refused(&error, own).filter(|_| again) {
            Some(pause) => {
                self.pause = pause;
                Ok(())
            }
            None => Err(with_attempts(error, attempts)),
        }
    }
}

fn with_attempts(mut error: Error, attempts: u32) -> Error {
    error.details_mut().attempts = attempts.max(1);
    if attempts > 1 {
        error = error.adding(&format!("({attempts} attempts were made.)"));
    }
    error
}
