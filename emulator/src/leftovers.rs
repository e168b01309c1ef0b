//! Temporary data directories of emulators that were killed: nobody else removes them.

use crate::sandbox::{self, disk};
use nix::fcntl::{Flock, FlockArg};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What their names begin with.
pub const PREFIX: &str = "runloop-emulator";
/// Locked by an emulator for as long as it lives.
pub const LOCK: &str = "lock";
/// A younger one may belong to an emulator that has not locked it yet.
const OLD: Duration = Duration::from_secs(60);

/// Looks for them on a thread of its own, which nobody waits for: what it leaves undone the next
/// emulator does.
pub fn remove_in_background() {
    let _ = std::thread::Builder::new().name("leftovers".into()).spawn(|| remove_all(&std::env::temp_dir()));
}

fn remove_all(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let named_so = entry.file_name().to_str().is_some_and(|name| name.starts_with(&format!("{PREFIX}_")));
        if named_so && is_old_and_ours(&entry.path()) {
            remove(&entry.path());
        }
    }
}

fn is_old_and_ours(folder: &Path) -> bool {
    let Ok(found) = fs::symlink_metadata(folder) else {
        return false;
    };
    let age = fs::metadata(folder.join(LOCK)).and_then(|lock| lock.modified()).ok().and_then(|made| made.elapsed().ok());
    found.is_dir() && found.uid() == nix::unistd::geteuid().as_raw() && age.is_some_and(|age| age > OLD)
}

/// The lock goes last, so that a removal that is interrupted can be gone on with.
fn remove(folder: &Path) {
    let Ok(lock) = File::open(folder.join(LOCK)) else {
        return;
    };
    let Ok(_held) = Flock::lock(lock, FlockArg::LockExclusiveNonblock) else {
        return;
    };
    let elsewhere = sandbox::elsewhere(folder);
    let inside = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let rest: Vec<PathBuf> = inside.filter(|path| path.file_name().is_none_or(|name| name != LOCK)).collect();
    let gone = |path: &PathBuf| match path.is_dir() && !path.is_symlink() {
        true => disk::remove(path).is_ok(),
        false => fs::remove_file(path).is_ok(),
    };
    // Not by `all` alone: each that can go is to go.
    let left = rest.iter().filter(|path| !gone(path)).count();
    if disk::remove(&elsewhere).is_ok() && left == 0 {
        let _ = disk::remove(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    use std::time::SystemTime;

    fn leftover(in_folder: &Path, age: Duration) -> (PathBuf, File) {
        let folder = in_folder.join(Ids::new(None).next(PREFIX));
        fs::create_dir_all(folder.join("devboxes/dbx/upper")).unwrap();
        fs::write(folder.join("records.sqlite"), "x").unwrap();
        let lock = File::create(folder.join(LOCK)).unwrap();
        lock.set_modified(SystemTime::now() - age).unwrap();
        (folder, lock)
    }

    #[test]
    fn only_those_go_that_are_old_and_in_nobody_s_hands() {
        let base = std::env::temp_dir().join(Ids::new(None).next("leftovers-test"));
        fs::create_dir(&base).unwrap();
        let (dead, _) = leftover(&base, OLD * 2);
        let (fresh, _) = leftover(&base, Duration::ZERO);
        let (held, lock) = leftover(&base, OLD * 2);
        let _lock = Flock::lock(lock, FlockArg::LockExclusiveNonblock).unwrap();
        let other = base.join("another-program_x");
        fs::rename(leftover(&base, OLD * 2).0, &other).unwrap();
        std::os::unix::fs::symlink(&other, base.join(format!("{PREFIX}_link"))).unwrap();
        remove_all(&base);
        assert_eq!([&dead, &fresh, &held, &other].map(|folder| folder.exists()), [false, true, true, true]);
        assert!(other.join("records.sqlite").exists());
        fs::remove_dir_all(&base).unwrap();
    }
}
