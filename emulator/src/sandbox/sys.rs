//! The few system calls that have no safe wrapper.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Every signal back to its default and unblocked: what a started program expects, whatever the
/// emulator itself was started with (a shell's background job ignores SIGINT, for one).
pub fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: only dispositions are set; numbers that cannot be set are refused by the kernel.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    let _ = nix::sys::signal::sigprocmask(nix::sys::signal::SigmaskHow::SIG_SETMASK, Some(&nix::sys::signal::SigSet::empty()), None);
}

/// SIGKILL for this process when the thread that started it ends.
pub fn die_with_parent() {
    // SAFETY: takes integers only.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0) };
}

/// Orphans below this process become its children.
pub fn adopt_orphans() {
    // SAFETY: takes integers only.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
}

/// What a devbox's root keeps: enough for package managers and servers, nothing that reaches the
/// host (no mounts, no devices, no modules, no tracing of other users' processes).
const KEPT: [i32; 12] = [
    0,  // CHOWN
    1,  // DAC_OVERRIDE
    3,  // FOWNER
    4,  // FSETID
    5,  // KILL
    6,  // SETGID
    7,  // SETUID
    8,  // SETPCAP
    10, // NET_BIND_SERVICE
    13, // NET_RAW
    18, // SYS_CHROOT
    31, // SETFCAP
];

/// Programs started from now on can never gain the other capabilities.
pub fn drop_capability_bounds() {
    for capability in (0..64).filter(|c| !KEPT.contains(c)) {
        // SAFETY: takes integers only; unknown capabilities are refused by the kernel.
        unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
    }
}

/// Runs `work` with the file access rights of another user, then takes our own back.
pub fn as_file_user<T>(uid: u32, work: impl FnOnce() -> T) -> T {
    if uid == 0 || !nix::unistd::geteuid().is_root() {
        return work();
    }
    // SAFETY: integers only; the caller is the only thread of its process.
    unsafe {
        libc::setfsgid(uid);
        libc::setfsuid(uid);
    }
    let result = work();
    // SAFETY: as above.
    unsafe {
        libc::setfsuid(0);
        libc::setfsgid(0);
    }
    result
}

/// How many bytes of a TCP connection's sending side the peer has not taken yet.
pub fn unsent_bytes(socket: BorrowedFd) -> io::Result<usize> {
    let mut left: libc::c_int = 0;
    // SAFETY: TIOCOUTQ (SIOCOUTQ on a socket) writes one int, and `left` is one.
    let result = unsafe { libc::ioctl(socket.as_raw_fd(), libc::TIOCOUTQ, &mut left) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(left.max(0) as usize)
}

pub fn set_xattr(path: &std::path::Path, name: &std::ffi::CStr, value: &[u8]) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::ffi::CString::new(path.as_os_str().as_bytes()).map_err(io::Error::other)?;
    // SAFETY: both strings end in NUL, and the value's length is its own.
    let result = unsafe { libc::lsetxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), 0) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Whether an ordinary user's overlay shows nothing that lies below this folder.
pub fn is_opaque(path: &std::path::Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(path) = std::ffi::CString::new(path.as_os_str().as_bytes()) else { return false };
    let mut value = [0u8; 1];
    // SAFETY: both strings end in NUL, and the value's length is its own.
    let length = unsafe { libc::lgetxattr(path.as_ptr(), c"user.overlay.opaque".as_ptr(), value.as_mut_ptr().cast(), value.len()) };
    length == 1 && value == *b"y"
}

/// Closes every descriptor from `first` on. Only where nothing will use them again: in a process
/// that has nothing left to do but wait and exit.
pub fn close_from(first: u32) {
    // SAFETY: takes integers only; the caller vouches for the descriptors.
    unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) };
}
