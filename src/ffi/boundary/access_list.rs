//! Access control lists are attributes of files, for which there is no safe function.

use std::fs::File;
use std::io;
use std::path::Path;

/// Gives a file the access control list that the file of this path has, or none.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn keep(of: &Path, file: &File) -> io::Result<()> {
    use std::ffi::CString;
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::OsStrExt;

    const NAME: &std::ffi::CStr = c"system.posix_acl_access";
    let path = CString::new(of.as_os_str().as_bytes())?;
    // SAFETY: the texts end with a NUL; no memory is written to where its length is 0.
    let length = unsafe { libc::lgetxattr(path.as_ptr(), NAME.as_ptr(), std::ptr::null_mut(), 0) };
    let Ok(length) = usize::try_from(length) else {
        none_there()?;
        // SAFETY: the descriptor is open, and the name ends with a NUL.
        let removed = unsafe { libc::fremovexattr(file.as_raw_fd(), NAME.as_ptr()) };
        return if removed == 0 { Ok(()) } else { none_there() };
    };
    let mut list = vec![0u8; length];
    // SAFETY: as above, and so much memory is there.
    let read = unsafe { libc::lgetxattr(path.as_ptr(), NAME.as_ptr(), list.as_mut_ptr().cast(), length) };
    list.truncate(usize::try_from(read).map_err(|_| io::Error::last_os_error())?);
    // SAFETY: the descriptor is open, and the list as long as it says.
    match unsafe { libc::fsetxattr(file.as_raw_fd(), NAME.as_ptr(), list.as_ptr().cast(), list.len(), 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The last call's error, unless it says that the file has no list or that its file system knows none.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn none_there() -> io::Result<()> {
    match io::Error::last_os_error() {
        error if matches!(error.raw_os_error(), Some(libc::ENODATA | libc::ENOTSUP)) => Ok(()),
        error => Err(error),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn keep(_of: &Path, _file: &File) -> io::Result<()> {
    Ok(())
}
