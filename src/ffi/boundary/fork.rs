//! How a fork is noticed: by a page that the kernel empties in the child, or by a handler in the child.

use std::ffi::c_int;
use std::sync::atomic::AtomicU32;

use crate::os::process;

/// Where no page can be had, a handler sets this to 0.
static PLAIN: AtomicU32 = AtomicU32::new(0);

// What follows is for cbindgen alone, which would take this for a function of ours.
#[allow(unused_doc_comments)]
/// cbindgen:ignore
extern "C" {
    fn pthread_atfork(prepare: Option<extern "C" fn()>, parent: Option<extern "C" fn()>, child: Option<extern "C" fn()>) -> c_int;
}

/// Has forks noticed from now on. Doing it twice does no harm.
pub fn watch() {
    match page() {
        Some(page) => process::watch(page),
        None => {
            process::watch(&PLAIN);
            // The library stays loaded for as long as the process lives, and so does the handler.
            // SAFETY: the handler does nothing but store a number.
            unsafe { pthread_atfork(None, None, Some(in_child)) };
        }
    }
}

extern "C" fn in_child() {
    process::forked();
}

/// Unlike the handler, the kernel notices children of every kind, `_Fork` and plain `clone` included.
#[cfg(target_os = "linux")]
fn page() -> Option<&'static AtomicU32> {
    // SAFETY: asks for a number.
    let size = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).ok()?;
    // SAFETY: maps new memory, wherever the kernel has room.
    let page = unsafe {
        libc::mmap(std::ptr::null_mut(), size, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0)
    };
    if page == libc::MAP_FAILED {
        return None;
    }
    // Emulators are known that accept any advice and follow none; they accept one that does not exist.
    // SAFETY: the page is ours, and nobody has a reference into it yet.
    let wiped = unsafe { libc::madvise(page, size, -1) != 0 && libc::madvise(page, size, libc::MADV_WIPEONFORK) == 0 };
    if !wiped {
        // SAFETY: as above.
        unsafe { libc::munmap(page, size) };
        return None;
    }
    // SAFETY: the page is aligned, holds zeros, and is never unmapped.
    Some(unsafe { AtomicU32::from_ptr(page.cast()) })
}

#[cfg(not(target_os = "linux"))]
fn page() -> Option<&'static AtomicU32> {
    None
}
