//! The host program's signals: none lands on a thread of ours.

use nix::sys::signal::{SigSet, SigmaskHow};

/// Starts a thread, which inherits the mask of the one that starts it: there is no moment in which a signal
/// of the host program could land on it.
pub fn all_blocked<T>(start: impl FnOnce() -> T) -> T {
    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_BLOCK);
    let started = start();
    if let Ok(before) = before {
        let _ = before.thread_set_mask();
    }
    started
}
