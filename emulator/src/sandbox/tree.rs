//! Copies of folder trees that keep everything an overlay's layer consists of: owners, modes, times,
//! extended attributes, hard links, devices (a whiteout is one). File contents are shared with the
//! original where the file system can.

use rustix::fs::{self as sys, AtFlags, Timestamps, XattrFlags, CWD};
use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{symlink, DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Copies `from` to `to`, which must not exist; gives the bytes of all files in it.
pub fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    let mut copy = Copy::default();
    copy.entry(from, to)?;
    Ok(copy.bytes)
}

#[derive(Default)]
struct Copy {
    bytes: u64,
    /// Files with several names, by device and number, and the first copy of each.
    linked: HashMap<(u64, u64), PathBuf>,
}

impl Copy {
    fn entry(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let named = |e: io::Error| match e.get_ref() {
            Some(_) => e,
            None => Named::wrap(from, e),
        };
        let metadata = fs::symlink_metadata(from).map_err(named)?;
        self.one(from, to, &metadata).map_err(named)
    }

    fn one(&mut self, from: &Path, to: &Path, metadata: &Metadata) -> io::Result<()> {
        let kind = metadata.file_type();
        if kind.is_dir() {
            // Open to us until its content is there.
            fs::DirBuilder::new().mode(0o700).create(to)?;
            for entry in fs::read_dir(from)? {
                let entry = entry?;
                self.entry(&entry.path(), &to.join(entry.file_name()))?;
            }
        } else if kind.is_symlink() {
            symlink(fs::read_link(from)?, to)?;
        } else if metadata.nlink() > 1 && !self.is_first(from, to, metadata)? {
            return Ok(());
        } else if kind.is_file() {
            content(from, to, metadata.len())?;
            self.bytes += metadata.len();
        } else if kind.is_socket() {
            // Nobody listens on a copy of it.
            return Ok(());
        } else {
            let node = if kind.is_fifo() {
                sys::FileType::Fifo
            } else if kind.is_block_device() {
                sys::FileType::BlockDevice
            } else {
                sys::FileType::CharacterDevice
            };
            sys::mknodat(CWD, to, node, sys::Mode::from_raw_mode(metadata.mode() & 0o7777), metadata.rdev())?;
        }
        attributes(from, to, metadata)
    }

    /// Links a file that was copied under another name; true where it has not been yet.
    fn is_first(&mut self, from: &Path, to: &Path, metadata: &Metadata) -> io::Result<bool> {
        let key = (metadata.dev(), metadata.ino());
        match self.linked.get(&key) {
            Some(first) => fs::hard_link(first, to).map(|()| false).map_err(|e| Named::wrap(from, e)),
            None => {
                self.linked.insert(key, to.to_path_buf());
                Ok(true)
            }
        }
    }
}

/// An error with the path that it is about.
struct Named;

impl Named {
    fn wrap(path: &Path, e: io::Error) -> io::Error {
        io::Error::new(e.kind(), format!("{}: {e}", path.display()))
    }
}

fn content(from: &Path, to: &Path, length: u64) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut copy = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    if sys::ioctl_ficlone(&copy, &source).is_ok() {
        return Ok(());
    }
    copy.set_len(length)?;
    let mut at = 0;
    // Holes stay holes.
    while let Ok(data) = sys::seek(&source, sys::SeekFrom::Data(at)) {
        let end = sys::seek(&source, sys::SeekFrom::Hole(data)).unwrap_or(length);
        source.seek(SeekFrom::Start(data))?;
        copy.seek(SeekFrom::Start(data))?;
        io::copy(&mut (&mut source).take(end - data), &mut copy)?;
        at = end;
    }
    Ok(())
}

fn attributes(from: &Path, to: &Path, metadata: &Metadata) -> io::Result<()> {
    // The owner comes first: a change of it takes set-user-ID bits and capabilities away.
    match std::os::unix::fs::lchown(to, Some(metadata.uid()), Some(metadata.gid())) {
        Err(e) if nix::unistd::geteuid().is_root() => return Err(e),
        _ => {}
    }
    let is_link = metadata.file_type().is_symlink();
    if !is_link {
        fs::set_permissions(to, fs::Permissions::from_mode(metadata.mode() & 0o7777))?;
    }
    extended(from, to)?;
    let time = |seconds, nanoseconds| sys::Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
    let times = Timestamps {
        last_access: time(metadata.atime(), metadata.atime_nsec()),
        last_modification: time(metadata.mtime(), metadata.mtime_nsec()),
    };
    Ok(sys::utimensat(CWD, to, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

fn extended(from: &Path, to: &Path) -> io::Result<()> {
    let mut names = Vec::with_capacity(1024);
    let mut value = Vec::new();
    match sys::llistxattr(from, rustix::buffer::spare_capacity(&mut names)) {
        Ok(_) => {}
        Err(rustix::io::Errno::RANGE) => {
            names.reserve(64 << 10);
            sys::llistxattr(from, rustix::buffer::spare_capacity(&mut names))?;
        }
        Err(rustix::io::Errno::NOTSUP) => return Ok(()),
        Err(e) => return Err(e.into()),
    }
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        value.clear();
        value.reserve(64 << 10);
        match sys::lgetxattr(from, name, rustix::buffer::spare_capacity(&mut value)) {
            Ok(_) => {}
            // Another user's business, or gone meanwhile.
            Err(rustix::io::Errno::NODATA | rustix::io::Errno::PERM) => continue,
            Err(e) => return Err(e.into()),
        }
        match sys::lsetxattr(to, name, &value, XattrFlags::empty()) {
            // Labels that only the system may set come by themselves.
            Err(_) if name.starts_with(b"security.") || name.starts_with(b"system.") => {}
            result => result?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_the_links_holes_modes_and_attributes_of_the_original() {
        let folder = std::env::temp_dir().join(crate::ids::Ids::new(None).next("tree-test"));
        let from = folder.join("from");
        fs::create_dir_all(from.join("inner")).unwrap();
        fs::write(from.join("inner/file"), "text").unwrap();
        fs::set_permissions(from.join("inner/file"), fs::Permissions::from_mode(0o741)).unwrap();
        fs::hard_link(from.join("inner/file"), from.join("other")).unwrap();
        symlink("nowhere", from.join("link")).unwrap();
        let sparse = File::create(from.join("sparse")).unwrap();
        sparse.set_len(64 << 20).unwrap();
        std::os::unix::fs::FileExt::write_at(&sparse, b"end", (64 << 20) - 3).unwrap();
        let marked = sys::lsetxattr(from.join("inner"), "user.mark", b"here", XattrFlags::empty()).is_ok();

        let to = folder.join("to");
        assert_eq!(copy(&from, &to).unwrap(), 4 + (64 << 20));
        let file = fs::metadata(to.join("inner/file")).unwrap();
        assert_eq!((file.mode() & 0o7777, file.ino()), (0o741, fs::metadata(to.join("other")).unwrap().ino()));
        assert_eq!(fs::read_link(to.join("link")).unwrap(), Path::new("nowhere"));
        assert!(fs::metadata(to.join("sparse")).unwrap().blocks() < 1000);
        assert!(fs::read(to.join("sparse")).unwrap().ends_with(b"\0end"));
        if marked {
            let mut value = Vec::with_capacity(16);
            sys::lgetxattr(to.join("inner"), "user.mark", rustix::buffer::spare_capacity(&mut value)).unwrap();
            assert_eq!(value, b"here");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
