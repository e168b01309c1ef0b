//! Inside a devbox: unpacking a tar archive as its user, so that nothing of it lands elsewhere.

use super::failure::{failure, Failure};
use super::protocol::User;
use super::spawn;
use flate2::read::MultiGzDecoder;
use nix::unistd::{fork, ForkResult, Pid};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Entry, EntryType};

/// In a process of its own, as the user; it writes what went wrong to the second descriptor, and
/// its exit code is the error's number.
pub fn start(to: &Path, user: &User, gzip: bool, fds: Vec<OwnedFd>) -> Result<Pid, Failure> {
    let mut fds = fds.into_iter().map(File::from);
    let (Some(archive), Some(mut reasons)) = (fds.next(), fds.next()) else {
        return Err(Failure { errno: libc::EINVAL, what: "no archive came with the request".into() });
    };
    let to = spawn::in_home(to, user);
    // SAFETY: this process has one thread.
    match unsafe { fork() } {
        Ok(ForkResult::Parent { child }) => Ok(child),
        Ok(ForkResult::Child) => {
            let done = spawn::become_user(user).and_then(|()| match gzip {
                true => unpack(MultiGzDecoder::new(archive), &to),
                false => unpack(archive, &to),
            });
            let code = match done {
                Ok(()) => 0,
                Err(e) => {
                    let _ = write!(reasons, "{e}");
                    e.raw_os_error().filter(|errno| (1..=255).contains(errno)).unwrap_or(libc::EINVAL)
                }
            };
            // SAFETY: ends this process alone, without running what the parent has still to do.
            unsafe { libc::_exit(code) }
        }
        Err(e) => Err(failure(e.into(), "cannot start unpacking")),
    }
}

fn unpack(from: impl Read, to: &Path) -> io::Result<()> {
    let named = |e: io::Error, path: &Path| match e.raw_os_error() {
        // The number is what tells a full disk from a broken archive.
        Some(_) => e,
        None => io::Error::new(e.kind(), format!("{}: {e}", path.display())),
    };
    fs::create_dir_all(to).map_err(|e| named(e, to))?;
    let mut archive = Archive::new(from);
    archive.set_preserve_mtime(true);
    // A folder's mode and time come last: it may forbid what is still to be put into it.
    let mut folders = Vec::new();
    let entries = archive.entries()?;
    for entry in entries {
        let mut entry = entry.map_err(|e| io::Error::new(e.kind(), format!("the archive cannot be read: {e}")))?;
        let path = entry.path()?.into_owned();
        check(&entry, &path)?;
        match entry.header().entry_type() {
            EntryType::XGlobalHeader => {}
            EntryType::Directory => folders.push(entry),
            _ => {
                let inside = entry.unpack_in(to).map_err(|e| named(e, &path))?;
                if !inside {
                    return Err(escapes(&path));
                }
            }
        }
    }
    // The innermost first, so that a closed parent does not keep us from its children.
    folders.sort_by_key(|entry| std::cmp::Reverse(entry.path().map_or(0, |path| path.components().count())));
    for mut folder in folders {
        let path = folder.path()?.into_owned();
        folder.unpack_in(to).map_err(|e| named(e, &path))?;
    }
    Ok(())
}

fn escapes(path: &Path) -> io::Error {
    io::Error::other(format!("the archive is refused: {} leads out of the folder that it is unpacked into", path.display()))
}

/// Files, folders and links that stay inside; nothing else.
fn check(entry: &Entry<impl Read>, path: &Path) -> io::Result<()> {
    if depth(Path::new(""), path).is_none() {
        return Err(escapes(path));
    }
    let link = || entry.link_name().map(|name| name.map_or_else(PathBuf::new, |name| name.into_owned()));
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse | EntryType::Directory | EntryType::XGlobalHeader => Ok(()),
        EntryType::Symlink if depth(path.parent().unwrap_or(Path::new("")), &link()?).is_some() => Ok(()),
        // A hard link names its target from the archive's root.
        EntryType::Link if depth(Path::new(""), &link()?).is_some() => Ok(()),
        EntryType::Symlink | EntryType::Link => Err(escapes(path)),
        kind => {
            let what = match kind {
                EntryType::Char | EntryType::Block => "a device",
                EntryType::Fifo => "a pipe",
                _ => "of an unknown kind",
            };
            Err(io::Error::other(format!("the archive is refused: {} is {what}", path.display())))
        }
    }
}

/// How deep below the root `path` is, seen from the folder `from`; nothing where it leaves the root
/// on its way.
fn depth(from: &Path, path: &Path) -> Option<usize> {
    from.components().chain(path.components()).try_fold(0usize, |depth, part| match part {
        Component::Normal(_) => Some(depth + 1),
        Component::CurDir => Some(depth),
        Component::ParentDir => depth.checked_sub(1),
        Component::RootDir | Component::Prefix(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: EntryType, path: &str, link: &str, size: u64) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        // Put in by hand: the library would refuse to write some of these.
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(if kind == EntryType::Directory { 0o500 } else { 0o640 });
        header.set_size(size);
        header.set_cksum();
        header
    }

    fn archive(entries: &[(EntryType, &str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (kind, path, link) in entries {
            let text: &[u8] = if *kind == EntryType::Regular { b"text" } else { b"" };
            builder.append(&header(*kind, path, link, text.len() as u64), text).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn folder() -> PathBuf {
        let path = std::env::temp_dir().join(crate::ids::Ids::new(None).next("unpack"));
        fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn an_ordinary_archive_is_unpacked_whole() {
        use EntryType::{Directory, Link, Regular, Symlink};
        let folder = folder();
        let to = folder.join("to");
        let bytes = archive(&[
            (Directory, "./", ""),
            (Directory, "closed", ""),
            (Regular, "closed/a", ""),
            (Regular, "deep/er/b", ""),
            (Symlink, "deep/link", "../closed/a"),
            (Link, "hard", "deep/er/b"),
        ]);
        unpack(bytes.as_slice(), &to).unwrap();
        assert_eq!(fs::read(to.join("deep/link")).unwrap(), b"text");
        assert_eq!(fs::read(to.join("hard")).unwrap(), b"text");
        super::super::disk::remove(&folder).unwrap();
    }

    #[test]
    fn what_would_leave_the_folder_or_is_no_file_is_refused() {
        use EntryType::{Block, Char, Fifo, Link, Regular, Symlink};
        for entries in [
            &[(Regular, "../out", "")][..],
            &[(Regular, "a/../../out", "")],
            &[(Regular, "/out", "")],
            &[(Symlink, "link", "/etc")],
            &[(Symlink, "link", "..")],
            &[(Symlink, "a/link", "../../out")],
            &[(Link, "link", "../out")],
            &[(Link, "link", "/etc/passwd")],
            &[(Char, "null", "")],
            &[(Block, "disk", "")],
            &[(Fifo, "pipe", "")],
        ] {
            let folder = folder();
            let why = unpack(archive(entries).as_slice(), &folder.join("to")).unwrap_err().to_string();
            assert!(why.contains("refused"), "{entries:?}: {why}");
            assert!(!folder.join("out").exists());
            fs::remove_dir_all(&folder).unwrap();
        }
    }

    #[test]
    fn a_link_that_was_there_before_is_not_followed_out() {
        let folder = folder();
        let to = folder.join("to");
        fs::create_dir_all(&to).unwrap();
        fs::create_dir(folder.join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", to.join("door")).unwrap();
        let bytes = archive(&[(EntryType::Regular, "door/file", "")]);
        assert!(unpack(bytes.as_slice(), &to).is_err());
        assert!(!folder.join("elsewhere/file").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
