//! A devbox in namespaces of its own, over a copy-on-write view of the host's root.

use super::protocol::{Message, Mode, Setup};
use super::{disk, frames::Outgoing, mounts, patchwork, sys};
use nix::mount::{mount, umount2, MntFlags, MsFlags};
use nix::sched::{unshare, CloneFlags};
use nix::sys::wait::{waitpid, WaitStatus};
use nix::unistd::{chdir, fork, getegid, geteuid, pivot_root, sethostname, ForkResult};
use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// Names what failed, for the one line that a developer gets to see.
fn step<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> Result<T, String> {
    result.map_err(|e| format!("{what}: {e}"))
}

/// Goes on as the first process of new namespaces. The process that was there before stays behind
/// as its parent, and exits when it does.
pub fn separate(setup: &Setup, control: &OwnedFd, held: &fs::File) -> Result<(), String> {
    step("preparing the disk", disk::prepare(setup))?;
    let (uid, gid) = (geteuid(), getegid());
    let mut flags = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWUTS | CloneFlags::CLONE_NEWIPC;
    if setup.mode == Mode::UserOverlay {
        flags |= CloneFlags::CLONE_NEWUSER;
    }
    step("making namespaces", unshare(flags))?;
    if setup.mode == Mode::UserOverlay {
        // One user is mapped: the emulator's own, seen inside as the devbox's.
        let inner = setup.user.uid;
        step("setgroups", fs::write("/proc/self/setgroups", "deny"))?;
        let map = format!("{inner} {uid} 1");
        step("mapping the user", fs::write("/proc/self/uid_map", map))?;
        let map = format!("{inner} {gid} 1");
        step("mapping the group", fs::write("/proc/self/gid_map", map))?;
    }
    // SAFETY: this process has one thread.
    match step("starting init", unsafe { fork() })? {
        ForkResult::Child => {
            sys::die_with_parent();
            Ok(())
        }
        ForkResult::Parent { child } => {
            let hello = Message::Hello { init_pid: child.as_raw() };
            let _ = Outgoing::new(&hello, Vec::new()).and_then(|mut m| m.send_all(control.as_fd()));
            // The init process alone is to hold the socket: its end shows there. The hold on the
            // disk stays here, as standard input, until everything in the devbox has ended.
            let _ = nix::unistd::dup2_stdin(held);
            sys::close_from(3);
            loop {
                match waitpid(child, None) {
                    Ok(WaitStatus::Exited(_, code)) => std::process::exit(code),
                    Err(nix::Error::EINTR) => {}
                    _ => std::process::exit(1),
                }
            }
        }
    }
}

pub fn enter(setup: &Setup) -> Result<(), String> {
    let root = disk::root(&setup.folder);
    let none = None::<&str>;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    step("private mounts", mount(none, "/", none, private, none))?;
    let before = mounts::list();
    if setup.mode == Mode::UserOverlay {
        step("mounting the overlays", patchwork::mount_root(setup, &root, &before))?;
    } else {
        step("mounting the overlay", mount_root(setup, &root))?;
        mounts::show_other_disks(&root, &before, &setup.hidden);
    }
    if let Some(sudo) = &setup.sudo {
        mounts::sudo(&root, sudo);
    }
    for hidden in &setup.hidden {
        mounts::hide(&root, hidden);
    }
    step("mounting /proc", mounts::proc(&root, setup.mode))?;
    step("mounting /dev", mounts::dev(&root))?;
    mounts::sys(&root, setup.mode);
    step("hostname", sethostname(&setup.hostname))?;
    step("entering the root", chdir(&root))?;
    step("changing the root", pivot_root(".", "."))?;
    step("leaving the host's root", umount2(".", MntFlags::MNT_DETACH))?;
    step("entering /", chdir("/"))?;
    let _ = nix::unistd::setgroups(&[]);
    if setup.mode == Mode::Overlay {
        sys::drop_capability_bounds();
    }
    Ok(())
}

/// Layers lie within the host's root, and the kernel refuses a layer within another one, unless a
/// view of the host's root stands between them.
fn mount_root(setup: &Setup, root: &Path) -> Result<(), String> {
    let flags = MsFlags::MS_NODEV;
    let over = |host: &Path| mount(Some("overlay"), root, Some("overlay"), flags, Some(overlay_options(setup, host).as_str()));
    if let Some(folder) = setup.layers.first().and_then(|layer| layer.parent()) {
        step("entering the layers", chdir(folder))?;
    }
    match over(Path::new("/")) {
        Err(nix::Error::ELOOP) if !setup.layers.is_empty() => {
            let view = host_view(setup)?;
            over(&view).map_err(|e| e.to_string())
        }
        result => result.map_err(|e| e.to_string()),
    }
}

/// The host's root as an overlay of its own. It needs two layers: the second one is empty.
fn host_view(setup: &Setup) -> Result<PathBuf, String> {
    let place = setup.folder.join("host");
    step("making a folder", fs::create_dir_all(&place))?;
    step("mounting a folder", mount(Some("none"), &place, Some("tmpfs"), MsFlags::empty(), Some("size=16k,mode=755")))?;
    let (empty, view) = (place.join("empty"), place.join("view"));
    for folder in [&empty, &view] {
        step("making a folder", fs::create_dir(folder))?;
    }
    let options = format!("lowerdir={}:/", mounts::escaped(&empty));
    step("mounting the host's root", mount(Some("overlay"), &view, Some("overlay"), MsFlags::MS_RDONLY, Some(options.as_str())))?;
    Ok(view)
}

/// Layers are named relative to their folder: the kernel takes no more than a page of options.
fn overlay_options(setup: &Setup, host: &Path) -> String {
    let name = |layer: &PathBuf| mounts::escaped(Path::new(layer.file_name().unwrap_or(layer.as_os_str())));
    let mut lower: Vec<String> = setup.layers.iter().map(name).collect();
    lower.push(mounts::escaped(host));
    format!(
        "lowerdir={},upperdir={},workdir={}",
        lower.join(":"),
        mounts::escaped(&disk::upper(&setup.folder)),
        mounts::escaped(&disk::work(&setup.folder)),
    )
}
