//! `pthread_cancel`: a thread is not torn out of the library, whose frames cannot be unwound by that.

use std::ffi::c_int;

/// `PTHREAD_CANCEL_DISABLE`.
const DISABLE: c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

// What follows is for cbindgen alone, which would take this for a function of ours.
#[allow(unused_doc_comments)]
/// cbindgen:ignore
extern "C" {
    fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
}

/// As long as this lives, a cancellation of this thread waits.
pub struct HeldBack(c_int);

pub fn hold_back() -> HeldBack {
    let mut before = 0;
    // SAFETY: the state is one that exists, and `before` may be written.
    unsafe { pthread_setcancelstate(DISABLE, &mut before) };
    HeldBack(before)
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        let mut unused = 0;
        // SAFETY: the state is one that this thread had.
        unsafe { pthread_setcancelstate(self.0, &mut unused) };
    }
}
