//! Why something could not be done in a devbox.

use serde::{Deserialize, Serialize};
use std::io;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    pub errno: i32,
    pub what: String,
}

/// A path in a message may be of any length; so much of it tells which.
const LONGEST_REASON: usize = 8 << 10;

impl Failure {
    pub fn brief(mut self) -> Failure {
        if self.what.len() > LONGEST_REASON {
            let whole = (0..=LONGEST_REASON).rev().find(|at| self.what.is_char_boundary(*at));
            self.what.truncate(whole.unwrap_or(0));
            self.what.push('…');
        }
        self
    }

    /// The emulator or the machine is out of descriptors or memory for them: later it may do.
    pub fn is_shortage(&self) -> bool {
        matches!(self.errno, libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM | libc::ETOOMANYREFS)
    }
}

pub fn failure(e: io::Error, what: &str) -> Failure {
    let errno = e.raw_os_error().unwrap_or(libc::EIO);
    let reason = nix::errno::Errno::from_raw(errno).desc();
    Failure { errno, what: format!("{what}: {reason}") }
}
