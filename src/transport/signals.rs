//! The host program's signals: none lands on a thread of ours, and none is raised by what we do on its threads.

use nix::sys::signal::{raise, SigSet, SigmaskHow, Signal};

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

/// As long as this lives, a write to a connection that the peer has closed raises nothing in this thread.
pub struct NoSigpipe(Option<SigSet>);

/// Holds SIGPIPE back, unless the host does so itself.
pub fn no_sigpipe() -> NoSigpipe {
    let mut pipe = SigSet::empty();
    pipe.add(Signal::SIGPIPE);
    let before = pipe.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok();
    NoSigpipe(before.filter(|before| !before.contains(Signal::SIGPIPE)))
}

impl Drop for NoSigpipe {
    fn drop(&mut self) {
        let Some(before) = self.0.take() else { return };
        // One may be pending, and there is never more than one: with this one there surely is one to take.
        if raise(Signal::SIGPIPE).is_ok() {
            let mut pipe = SigSet::empty();
            pipe.add(Signal::SIGPIPE);
            let _ = pipe.wait();
        }
        let _ = before.thread_set_mask();
    }
}
