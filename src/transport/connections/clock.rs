//! Clocks that see what a connection goes through while the machine is suspended.

use std::time::Duration;

use nix::time::{clock_gettime, ClockId};

#[cfg(any(target_os = "linux", target_os = "android"))]
const WITH_SUSPENSION: ClockId = ClockId::CLOCK_BOOTTIME;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const WITH_SUSPENSION: ClockId = ClockId::CLOCK_MONOTONIC;

/// A moment, by a clock that goes on while the machine is suspended.
#[derive(Clone, Copy, Debug)]
pub struct Moment(Duration);

impl Moment {
    pub fn now() -> Moment {
        Moment(read(WITH_SUSPENSION))
    }

    /// How long ago it was.
    pub fn elapsed(self) -> Duration {
        Moment::now().0.saturating_sub(self.0)
    }
}

/// How long the machine has been suspended since it was started.
pub fn suspended() -> Duration {
    read(WITH_SUSPENSION).saturating_sub(read(ClockId::CLOCK_MONOTONIC))
}

fn read(clock: ClockId) -> Duration {
    // A host that forbids the call gets connections that never age, which the servers' own timers end.
    clock_gettime(clock).map(Duration::from).unwrap_or_default()
}
