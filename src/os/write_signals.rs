//! The signals that a write raises in the thread that writes: SIGPIPE, where nobody reads, and SIGXFSZ, where a file becomes
//! longer than the process allows. The host program's threads get neither by what the library writes on them: each is
//! an error of the write's already.

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use once_cell::race::OnceBox;

const RAISED: [Signal; 2] = [Signal::SIGPIPE, Signal::SIGXFSZ];

/// Takes those of a set that are pending for the calling thread. Set by the boundary, which alone may call the C library
/// directly.
static TAKE: OnceBox<fn(&SigSet)> = OnceBox::new();

/// How pending signals are taken; the first way stays.
pub fn take_by(take: fn(&SigSet)) {
    let _ = TAKE.set(Box::new(take));
}

/// As long as this lives, writes raise no signal in this thread.
pub struct HeldBack {
    before: Option<SigSet>,
    /// Those that the host does not hold back itself.
    ours: SigSet,
}

/// Holds the signals back, unless the host does so itself, or forbids it.
pub fn hold_back() -> HeldBack {
    let raised = SigSet::from_iter(RAISED);
    let before = raised.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok();
    let ours = SigSet::from_iter(RAISED.into_iter().filter(|signal| before.is_some_and(|before| !before.contains(*signal))));
    let changed = RAISED.into_iter().any(|signal| ours.contains(signal));
    HeldBack { before: before.filter(|_| changed), ours }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        let Some(before) = self.before.take() else { return };
        if let Some(take) = TAKE.get() {
            take(&self.ours);
        }
        let _ = before.thread_set_mask();
    }
}
