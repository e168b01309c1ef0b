//! What becomes of a directory whose download has failed: it is removed, within the call's bounds or behind it.

use std::io;
use std::thread;
use std::time::Duration;

use crate::archive::{Aftermath, Remains, Removal};
use crate::log;
use crate::transport::{Call, AFTERWARDS};

/// Where there is no descriptor for it, a removal is tried again after such pauses, each longer than the one before: the
/// program closes some of its own in time.
const PAUSES: [Duration; 7] = [
    Duration::from_millis(20),
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
];

impl Aftermath for Call {
    fn is_over(&self) -> bool {
        self.check().is_err()
    }

    fn remove_later(&self, mut remains: Remains) {
        let path = remains.path().display().to_string();
        let removing = AFTERWARDS.run(move || remove(&mut remains));
        if let Err(error) = removing {
            tell(&path, &error);
        }
    }

    fn stays(&self, remains: &Remains, why: &io::Error) {
        tell(&remains.path().display().to_string(), why);
    }
}

fn remove(remains: &mut Remains) {
    let path = remains.path().display().to_string();
    let failed = |error| tell(&path, &error);
    let mut pauses = PAUSES.into_iter();
    loop {
        match (remains.remove(&mut || true), pauses.next()) {
            (Removal::Done, _) => return,
            (Removal::Failed(error), _) => return failed(error),
            (Removal::Stopped, Some(pause)) => thread::sleep(pause),
            (Removal::Stopped, None) => return failed(io::Error::other("the system has no descriptor or no memory for it")),
        }
    }
}

fn tell(path: &str, why: &io::Error) {
    log::tell(log::Level::Warn, || format!("{path}, the remains of a download that failed, cannot be removed: {why}"));
}
