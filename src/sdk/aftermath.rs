//! What becomes of a directory whose download has failed: it is removed, within the call's bounds or behind it.

use std::io;

use crate::archive::{Aftermath, Remains, Removal};
use crate::transport::{log, Call, AFTERWARDS};

impl Aftermath for Call {
    fn is_over(&self) -> bool {
        self.check().is_err()
    }

    fn remove_later(&self, remains: Remains) {
        let path = remains.path().to_owned();
        let removing = AFTERWARDS.run(move || match remains.remove(&mut || true) {
            Removal::Done | Removal::Stopped => {}
            Removal::Failed(error) => tell(&remains, &error),
        });
        if let Err(error) = removing {
            tell(&Remains::of(path), &error);
        }
    }

    fn stays(&self, remains: &Remains, why: &io::Error) {
        tell(remains, why);
    }
}

fn tell(remains: &Remains, why: &io::Error) {
    log::tell(log::Level::Warn, || {
        format!("{}, the remains of a download that failed, cannot be removed: {why}", remains.path().display())
    });
}
