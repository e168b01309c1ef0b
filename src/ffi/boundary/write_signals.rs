//! The signals that a write of the library's has raised are taken away, by whatever the host's rules allow.

use std::mem::MaybeUninit;

use nix::sys::signal::SigSet;

/// Takes those of these signals that are pending for this thread, which has them blocked.
pub fn take(signals: &SigSet) {
    let wanted = signals.as_ref();
    let at_once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    loop {
        // SAFETY: the set and the time are valid for the call.
        let taken = unsafe { libc::sigtimedwait(wanted, std::ptr::null_mut(), &at_once) };
        if taken > 0 {
            continue;
        }
        let refused = !matches!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EAGAIN | libc::EINTR));
        if refused && signals.iter().any(is_pending) {
            read(wanted);
        }
        return;
    }
}

fn is_pending(signal: nix::sys::signal::Signal) -> bool {
    // SAFETY: an empty set is valid when all its bytes are zero, as the C libraries make it.
    unsafe {
        let mut pending: libc::sigset_t = MaybeUninit::zeroed().assume_init();
        libc::sigpending(&mut pending) == 0 && libc::sigismember(&pending, signal as libc::c_int) == 1
    }
}

/// By another system call, where the usual one is forbidden.
#[cfg(target_os = "linux")]
fn read(wanted: &libc::sigset_t) {
    let mut told = [0u8; 128];
    // SAFETY: the set is valid, the descriptor is ours, and is closed once; what is read fits.
    unsafe {
        let descriptor = libc::signalfd(-1, wanted, libc::SFD_NONBLOCK | libc::SFD_CLOEXEC);
        if descriptor >= 0 {
            while libc::read(descriptor, told.as_mut_ptr().cast(), told.len()) > 0 {}
            libc::close(descriptor);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn read(_wanted: &libc::sigset_t) {}
