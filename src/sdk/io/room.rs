//! Room on a disk, taken before it is needed.

use std::fs::File;
use std::io;

/// Makes room for a file to grow from one length to another; its contents stay. Where the system or the file system cannot do that,
/// it shows when the file is written whether there is any.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn reserve(file: &File, before: u64, length: u64) -> io::Result<()> {
    use nix::errno::Errno;
    use nix::fcntl::{fallocate, FallocateFlags};
    let (from, room) = (i64::try_from(before).unwrap_or(i64::MAX), i64::try_from(length - before).unwrap_or(i64::MAX));
    match fallocate(file, FallocateFlags::empty(), from, room) {
        Err(errno @ (Errno::ENOSPC | Errno::EDQUOT | Errno::EFBIG)) => Err(errno.into()),
        _ => Ok(()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn reserve(_file: &File, _before: u64, _length: u64) -> io::Result<()> {
    Ok(())
}
