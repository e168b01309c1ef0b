//! `pthread_cancel`: a thread is not torn out of the library, whose frames cannot be unwound by that.

use std::ffi::c_int;

/// `PTHREAD_CANCEL_DISABLE`, `PTHREAD_CANCEL_DEFERRED` and `PTHREAD_CANCEL_ASYNCHRONOUS`.
const DISABLE: c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };
const DEFERRED: c_int = if cfg!(target_vendor = "apple") { 2 } else { 0 };
const ASYNCHRONOUS: c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

// What follows is for cbindgen alone, which would take this for functions of ours.
#[allow(unused_doc_comments)]
/// cbindgen:ignore
extern "C" {
    fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
    fn pthread_setcanceltype(kind: c_int, before: *mut c_int) -> c_int;
}

/// As long as this lives, a cancellation of this thread waits.
pub struct HeldBack {
    state: c_int,
    kind: c_int,
}

impl HeldBack {
    pub fn now() -> HeldBack {
        let (mut state, mut kind) = (0, 0);
        // SAFETY: state and type exist, and what was before may be written.
        unsafe {
            pthread_setcancelstate(DISABLE, &mut state);
            pthread_setcanceltype(DEFERRED, &mut kind);
        }
        HeldBack { state, kind }
    }

    /// Whether the thread can be cancelled at any instruction, also of this library's.
    pub fn is_asynchronous(&self) -> bool {
        self.kind == ASYNCHRONOUS
    }
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        let mut unused = 0;
        // A function of the host's may have changed the type. As long as it is deferred, what waits is
        // not carried out here, in frames that cannot be unwound, but where the host next allows it.
        // SAFETY: state and type are ones that this thread had.
        unsafe {
            pthread_setcanceltype(DEFERRED, &mut unused);
            pthread_setcancelstate(self.state, &mut unused);
            if self.kind == ASYNCHRONOUS {
                pthread_setcanceltype(ASYNCHRONOUS, &mut unused);
            }
        }
    }
}
