//! Inside a devbox: starting programs and opening files as its user.

use super::failure::{failure, Failure};
use super::protocol::User;
use super::{sys, terminal};
use nix::unistd::{Gid, Pid, Uid};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The control socket came in as standard input; nothing else may find it there.
pub fn null_stdin() {
    if let Ok(null) = File::open("/dev/null") {
        let _ = nix::unistd::dup2_stdin(&null);
    }
}

pub fn start(argv: &[String], env: &[(String, String)], cwd: &Path, user: &User, stdin: bool, fds: Vec<OwnedFd>) -> Result<Pid, Failure> {
    let mut fds = fds.into_iter();
    let mut next = || fds.next().map_or_else(Stdio::null, Stdio::from);
    let (program, rest) = argv.split_first().ok_or_else(|| Failure { errno: libc::EINVAL, what: "an empty command".into() })?;
    let cwd = if cwd.is_dir() { cwd } else { Path::new("/") };
    let mut command = Command::new(program);
    command.args(rest).env_clear().envs(env.iter().map(|(k, v)| (k, v))).current_dir(cwd).stdout(next()).stderr(next()).stdin(if stdin {
        next()
    } else {
        Stdio::null()
    });
    let user = user.clone();
    // SAFETY: this process has one thread, so the child may do whatever the parent may.
    unsafe { command.pre_exec(move || become_user(&user)).pre_exec(terminal::adopt) };
    match command.spawn() {
        Ok(child) => Ok(Pid::from_raw(child.id() as i32)),
        Err(e) => Err(failure(e, &format!("cannot start {program}"))),
    }
}

/// Opens a regular file (or anything else, never waiting for it). Parents are made for writing.
pub fn open(path: &Path, user: &User, write: bool) -> Result<OwnedFd, Failure> {
    let path = in_home(path, user);
    let describe = |e: io::Error| failure(e, &path.display().to_string());
    sys::as_file_user(user.uid, || {
        let mut options = OpenOptions::new();
        // Without waiting: a FIFO without a peer would stop the whole devbox.
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        if write {
            options.write(true).create(true).truncate(true).mode(0o644);
            if let Some(parent) = path.parent() {
                std::fs::DirBuilder::new().recursive(true).mode(0o755).create(parent).map_err(describe)?;
            }
        } else {
            options.read(true);
        }
        options.open(&path).map(OwnedFd::from).map_err(describe)
    })
}

/// A path as a shell of the user would take it: relative ones and `~` are in the home.
pub fn in_home(path: &Path, user: &User) -> PathBuf {
    user.home.join(path.strip_prefix("~").unwrap_or(path))
}

/// For a process that has just been started: its own session, plain signals, the user's rights.
pub fn become_user(user: &User) -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.uid));
    nix::unistd::setsid()?;
    sys::reset_signals();
    if Uid::effective().is_root() {
        // In a user namespace groups cannot be set; there are none to lose there.
        let _ = nix::unistd::setgroups(&[gid]);
        if !uid.is_root() {
            nix::unistd::setgid(gid)?;
            nix::unistd::setuid(uid)?;
        }
    }
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    Ok(())
}
