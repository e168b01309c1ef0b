//! A SIGPIPE that a write of the library's has raised is taken away, by whatever the host's rules allow.

use std::mem::MaybeUninit;

/// Takes a SIGPIPE that is pending for this thread, which has it blocked; does nothing if none is.
pub fn take() {
    // SAFETY: an empty set is valid when all its bytes are zero, as the C libraries make it.
    let mut pipe: libc::sigset_t = unsafe { MaybeUninit::zeroed().assume_init() };
    let at_once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the set and the time are valid for the calls.
    let taken = unsafe {
        libc::sigemptyset(&mut pipe);
        libc::sigaddset(&mut pipe, libc::SIGPIPE);
        libc::sigtimedwait(&pipe, std::ptr::null_mut(), &at_once)
    };
    let refused = taken < 0 && !matches!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EAGAIN | libc::EINTR));
    if refused && is_pending() {
        read(&pipe);
    }
}

fn is_pending() -> bool {
    // SAFETY: as above.
    unsafe {
        let mut pending: libc::sigset_t = MaybeUninit::zeroed().assume_init();
        libc::sigpending(&mut pending) == 0 && libc::sigismember(&pending, libc::SIGPIPE) == 1
    }
}

/// By another system call, where the usual one is forbidden.
#[cfg(target_os = "linux")]
fn read(pipe: &libc::sigset_t) {
    let mut told = [0u8; 128];
    // SAFETY: the set is valid, the descriptor is ours, and is closed once; what is read fits.
    unsafe {
        let descriptor = libc::signalfd(-1, pipe, libc::SFD_NONBLOCK | libc::SFD_CLOEXEC);
        if descriptor >= 0 {
            let _ = libc::read(descriptor, told.as_mut_ptr().cast(), told.len());
            libc::close(descriptor);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn read(_pipe: &libc::sigset_t) {}
