//! What a new devbox's disk holds before anything runs: its user, its home, its names.

use super::protocol::{Mode, Setup, User};
use nix::fcntl::{Flock, FlockArg};
use std::fs;
use std::io;
use std::os::unix::fs::{chown, DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The parts of a devbox's folder.
pub fn upper(folder: &Path) -> PathBuf {
    folder.join("upper")
}
pub fn work(folder: &Path) -> PathBuf {
    folder.join("work")
}
pub fn root(folder: &Path) -> PathBuf {
    folder.join("root")
}
/// Where a plain devbox's home is.
pub fn plain_home(folder: &Path) -> PathBuf {
    folder.join("home")
}

pub fn prepare_plain(setup: &Setup) -> io::Result<()> {
    fs::create_dir_all(&setup.folder)?;
    if let Some(layer) = setup.layers.first().filter(|_| !setup.user.home.exists()) {
        // A plain layer is a whole home.
        super::tree::copy(layer, &setup.user.home)?;
    }
    fs::create_dir_all(&setup.user.home)?;
    fs::create_dir_all(setup.folder.join("tmp"))?;
    match &setup.sudo {
        Some(sudo) => plain_sudo(setup, sudo),
        None => Ok(()),
    }
}

/// A folder with `sudo` in it. Login shells set a path of their own, so the profile adds it.
fn plain_sudo(setup: &Setup, sudo: &Path) -> io::Result<()> {
    let folder = setup.folder.join("bin");
    let (link, profile) = (folder.join("sudo"), setup.user.home.join(".profile"));
    fs::create_dir_all(&folder)?;
    if !link.exists() {
        std::os::unix::fs::symlink(sudo, &link)?;
    }
    if !profile.exists() {
        // Its own copies of this home lie elsewhere, so that the path is said by the environment.
        fs::write(profile, "PATH=\"${TMPDIR%/tmp}/bin:$PATH\"\n")?;
    }
    Ok(())
}

/// Fills a fresh upper layer. One that is there already (a disk kept from before) stays as it is.
pub fn prepare(setup: &Setup) -> io::Result<()> {
    let upper = upper(&setup.folder);
    fs::create_dir_all(work(&setup.folder))?;
    fs::create_dir_all(root(&setup.folder))?;
    if upper.exists() {
        return Ok(());
    }
    directory(&upper, 0o755)?;
    if setup.layers.is_empty() {
        // Only over the host's root: what is private to this machine's users stays out of sight.
        for (name, mode) in [("tmp", 0o1777), ("home", 0o755), ("root", 0o700)] {
            directory(&upper.join(name), mode)?;
            make_opaque(&upper.join(name), setup.mode)?;
        }
        skeleton(&upper.join("root"), None)?;
    }
    let home = setup.user.home.strip_prefix("/").unwrap_or(&setup.user.home);
    // A whiteout in an upper layer hides a home in those below it.
    let kept = setup.layers.iter().find_map(|layer| fs::symlink_metadata(layer.join(home)).ok()).is_some_and(|found| found.is_dir());
    let home = upper.join(home);
    if setup.user.uid != 0 && !kept {
        fs::DirBuilder::new().recursive(true).mode(0o755).create(&home)?;
        let owner = (setup.mode == Mode::Overlay).then_some(setup.user.uid);
        skeleton(&home, owner)?;
    }
    if setup.sudo.is_some() {
        place_for_sudo(&upper)?;
    }
    names(setup, &upper.join("etc"))
}

/// Where `sudo` is found in a devbox.
pub const SUDO: &str = "/usr/local/bin/sudo";

fn place_for_sudo(upper: &Path) -> io::Result<()> {
    for folder in ["usr", "usr/local", "usr/local/bin"] {
        directory(&upper.join(folder), 0o755)?;
    }
    fs::write(upper.join(&SUDO[1..]), "")
}

fn directory(path: &Path, mode: u32) -> io::Result<()> {
    fs::create_dir_all(path)?;
    // The umask must not have its say here.
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// The lower layers' folder of the same name no longer shows through.
fn make_opaque(path: &Path, mode: Mode) -> io::Result<()> {
    let name = match mode {
        Mode::UserOverlay => c"user.overlay.opaque",
        _ => c"trusted.overlay.opaque",
    };
    super::sys::set_xattr(path, name, b"y")
}

fn skeleton(home: &Path, owner: Option<u32>) -> io::Result<()> {
    let own = |path: &Path| match owner {
        Some(uid) => chown(path, Some(uid), Some(uid)),
        None => Ok(()),
    };
    for name in [".bashrc", ".profile", ".bash_logout"] {
        // A host without a skeleton is no error.
        if let Ok(text) = fs::read(Path::new("/etc/skel").join(name)) {
            fs::write(home.join(name), text)?;
            own(&home.join(name))?;
        }
    }
    own(home)
}

fn names(setup: &Setup, etc: &Path) -> io::Result<()> {
    directory(etc, 0o755)?;
    let User { name, uid, home } = &setup.user;
    let home = home.display();
    let passwd = format!("{name}:x:{uid}:{uid}:{name}:{home}:/bin/bash");
    let group = format!("{name}:x:{uid}:");
    if *uid != 0 {
        replace_entry(setup, etc, "passwd", name, *uid, &passwd)?;
        replace_entry(setup, etc, "group", name, *uid, &group)?;
    }
    fs::write(etc.join("hostname"), format!("{}\n", setup.hostname))?;
    let hosts = fs::read_to_string("/etc/hosts").unwrap_or_else(|_| "127.0.0.1 localhost\n".into());
    let hosts = format!("{}\n127.0.1.1 {}\n", hosts.trim_end(), setup.hostname);
    fs::write(etc.join("hosts"), hosts)?;
    // Often a link into /run, or mounted over: its content as the host sees it now.
    if let Ok(text) = fs::read("/etc/resolv.conf") {
        fs::write(etc.join("resolv.conf"), text)?;
    }
    Ok(())
}

/// Puts one line into a copy of a user database, in place of those with the same name or number.
fn replace_entry(setup: &Setup, etc: &Path, file: &str, name: &str, id: u32, entry: &str) -> io::Result<()> {
    let text = setup
        .layers
        .iter()
        .map(|layer| layer.join("etc").join(file))
        .chain([Path::new("/etc").join(file)])
        .find_map(|path| fs::read_to_string(path).ok())
        .unwrap_or_default();
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| {
            let mut fields = line.split(':');
            let same_name = fields.next() == Some(name);
            let same_id = fields.nth(1).and_then(|f| f.parse().ok()) == Some(id);
            !same_name && !same_id
        })
        .collect();
    lines.push(entry);
    let path = etc.join(file);
    fs::write(&path, lines.join("\n") + "\n")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644))
}

/// Whether a devbox has had this disk before.
pub fn exists(folder: &Path, mode: Mode) -> bool {
    match mode {
        Mode::Plain => plain_home(folder).exists(),
        _ => upper(folder).exists(),
    }
}

/// How long a disk may still be in the hands of a devbox that is ending.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes the disk for one devbox's processes: waits while those of an earlier start are still ending.
pub fn hold(folder: &Path) -> Result<Flock<fs::File>, String> {
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", folder.display());
    fs::create_dir_all(folder).map_err(|e| named(&e))?;
    let mut file = fs::File::create(folder.join("lock")).map_err(|e| named(&e))?;
    let began = Instant::now();
    loop {
        file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(held) => return Ok(held),
            Err((_, e)) if e != nix::Error::EWOULDBLOCK => return Err(named(&e)),
            Err(_) if began.elapsed() > PATIENCE => return Err(named(&"processes of an earlier start still run on this disk")),
            Err((file, _)) => file,
        };
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Removes a devbox's disk once nothing runs on it any more.
pub fn discard(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    let _held = hold(folder)?;
    remove(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

/// Removes a folder tree, opening up directories that forbid it (an overlay's work folder does).
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path);
            fs::remove_dir_all(path)
        }
        result => result,
    }
}

fn open_up(path: &Path) {
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            open_up(&entry.path());
        }
    }
}
