//! Which kind of sandbox this host allows: found out by starting one.

use super::{disk, Launcher, Mode, Sandbox, Setup, User};
use std::path::{Path, PathBuf};
use tokio::task::JoinHandle;

/// What the developer asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    Auto,
    Overlay,
    Plain,
}

/// What devboxes will be, and why, in a developer's words.
pub struct Chosen {
    pub mode: Mode,
    /// Where the devboxes' folders go.
    pub disks: PathBuf,
    /// The folder that holds these and all that they are made from.
    pub base: PathBuf,
    pub why: String,
    /// The end of the sandbox that was started to find out. Nobody need wait for it, but at the very end.
    probe: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

/// The name of that sandbox's folder among the disks.
const PROBE: &str = "probe";

impl Chosen {
    pub async fn probe_ended(&self) {
        if let Some(probe) = self.probe.lock().await.take() {
            let _ = probe.await;
        }
    }
}

/// tmpfs and other file systems can hold an overlay's upper layer; an overlay cannot.
const SHARED_MEMORY: &str = "/dev/shm";

pub async fn choose(wanted: Isolation, launcher: &Launcher, data: &Path) -> Result<Chosen, String> {
    if wanted == Isolation::Plain {
        return Ok(plain(data, "asked for".into()));
    }
    let modes: &[Mode] = match nix::unistd::geteuid().is_root() {
        true => &[Mode::Overlay, Mode::UserOverlay],
        false => &[Mode::UserOverlay],
    };
    let elsewhere = elsewhere(data);
    let mut reasons = Vec::new();
    for base in [data, &elsewhere] {
        for &mode in modes {
            match attempt(mode, launcher, &disks_in(base), data).await {
                Ok(probe) => return Ok(overlay(mode, base, data, probe)),
                Err(why) => reasons.push(why),
            }
        }
    }
    let _ = disk::remove(&elsewhere);
    let why = reasons.swap_remove(0);
    match wanted {
        Isolation::Overlay => Err(format!("this host allows no overlay devboxes ({why})")),
        _ => Ok(plain(data, format!("no overlay here: {why}"))),
    }
}

/// Where disks go that the data directory cannot hold.
pub fn elsewhere(data: &Path) -> PathBuf {
    Path::new(SHARED_MEMORY).join(format!("runloop-emulator-{}", identity(data)))
}

/// The same for each emulator that is given this data directory, and for no other.
fn identity(data: &Path) -> String {
    use std::os::unix::fs::MetadataExt;
    data.metadata().map_or_else(|_| std::process::id().to_string(), |found| format!("{:x}-{:x}", found.dev(), found.ino()))
}

fn disks_in(base: &Path) -> PathBuf {
    base.join("devboxes")
}

fn plain(base: &Path, why: String) -> Chosen {
    let why = format!("plain ({why}): devboxes are directories, their commands run as you on this machine");
    Chosen { mode: Mode::Plain, disks: disks_in(base), base: base.to_path_buf(), why, probe: Default::default() }
}

fn overlay(mode: Mode, base: &Path, data: &Path, probe: JoinHandle<()>) -> Chosen {
    let rights = match mode {
        Mode::UserOverlay => "in a user namespace",
        _ => "as root",
    };
    let place = match base == data {
        true => String::new(),
        false => format!(", disks in {} (the data directory cannot hold them)", base.display()),
    };
    Chosen {
        mode,
        disks: disks_in(base),
        base: base.to_path_buf(),
        why: format!("overlay, {rights}: namespaces over a copy-on-write view of /{place}"),
        probe: tokio::sync::Mutex::new(Some(probe)),
    }
}

/// Starts a sandbox; gives what ends it and removes its disk.
async fn attempt(mode: Mode, launcher: &Launcher, disks: &Path, data: &Path) -> Result<JoinHandle<()>, String> {
    let folder = disks.join(PROBE);
    let setup = Setup {
        mode,
        folder: folder.clone(),
        layers: Vec::new(),
        hidden: vec![data.to_path_buf(), disks.to_path_buf()],
        sudo: None,
        hostname: PROBE.into(),
        user: User { name: "user".into(), uid: 1000, home: "/home/user".into() },
    };
    match Sandbox::start(launcher, setup).await {
        Ok(sandbox) => Ok(tokio::spawn(async move {
            sandbox.stop().await;
            let _ = tokio::task::spawn_blocking(move || disk::remove(&folder)).await;
        })),
        Err(why) => {
            let _ = disk::remove(&folder);
            Err(why)
        }
    }
}
