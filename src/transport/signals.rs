//! The host program's signals: none lands on a thread of ours, and none is raised by what we do on its threads.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use once_cell::race::OnceBox;

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

/// Takes a SIGPIPE that is pending for the calling thread, if one is. Set by the boundary, which alone may call
/// the C library directly.
static TAKE: OnceBox<fn()> = OnceBox::new();

/// How a pending SIGPIPE is taken; the first one stays.
pub fn take_sigpipe_by(take: fn()) {
    let _ = TAKE.set(Box::new(take));
}

/// As long as this lives, a write to a connection that the peer has closed raises nothing in this thread.
pub struct NoSigpipe(Option<SigSet>);

/// Holds SIGPIPE back, unless the host does so itself, or forbids it.
pub fn no_sigpipe() -> NoSigpipe {
    let mut pipe = SigSet::empty();
    pipe.add(Signal::SIGPIPE);
    let before = pipe.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok();
    NoSigpipe(before.filter(|before| !before.contains(Signal::SIGPIPE)))
}

impl Drop for NoSigpipe {
    fn drop(&mut self) {
        let Some(before) = self.0.take() else { return };
        if let Some(take) = TAKE.get() {
            take();
        }
        let _ = before.thread_set_mask();
    }
}
