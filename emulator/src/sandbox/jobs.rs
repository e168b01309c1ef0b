//! Pieces of work that the init process does in a devbox itself, each in a forked process: what needs
//! its rights, or must see the disk as the devbox does.

use super::failure::Failure;
use super::pack::{self, Pack};
use super::sys;
use nix::mount::{mount, umount2, MntFlags, MsFlags};
use nix::unistd::{fork, ForkResult, Gid, Pid, Uid};
use serde::{Deserialize, Serialize};
use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{chown, DirBuilderExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, Serialize, Deserialize)]
pub enum Job {
    /// Become a program, as any user.
    Exec {
        argv: Vec<String>,
        env: Vec<(String, String)>,
        cwd: PathBuf,
        user: Ids,
    },
    /// Write a tar archive of files to stdout.
    Pack(Pack),
    /// Read a tar archive from stdin into a folder.
    Unpack {
        into: PathBuf,
    },
    MakeFolder {
        path: PathBuf,
    },
    /// Succeeds where the path is a folder.
    IsFolder {
        path: PathBuf,
    },
    /// Show stdin as a file that is never on the disk, until `Hide`.
    Show {
        path: PathBuf,
        user: Ids,
        mode: u32,
    },
    /// An empty folder in memory, until `Hide`.
    Scratch {
        path: PathBuf,
    },
    /// Undo a `Show` or a `Scratch`; what had been made for it goes too.
    Hide {
        path: PathBuf,
    },
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ids {
    pub uid: u32,
    pub gid: u32,
    pub groups: Vec<u32>,
}

/// Begins a job; its stdout, stderr and stdin are the descriptors.
pub fn start(job: Job, stdin: bool, fds: Vec<OwnedFd>) -> Result<Pid, Failure> {
    let failed = |e: io::Error| Failure { errno: e.raw_os_error().unwrap_or(libc::EIO), what: e.to_string() };
    // SAFETY: this process has one thread, so the child may do whatever the parent may.
    match unsafe { fork() }.map_err(|e| failed(e.into()))? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let status = match arrange(fds, stdin).and_then(|()| work(job)) {
                Ok(()) => 0,
                Err(e) => {
                    let _ = writeln!(io::stderr(), "{e}");
                    1
                }
            };
            std::process::exit(status);
        }
    }
}

fn arrange(fds: Vec<OwnedFd>, stdin: bool) -> io::Result<()> {
    let mut fds = fds.into_iter();
    if let (Some(out), Some(err)) = (fds.next(), fds.next()) {
        nix::unistd::dup2_stdout(&out)?;
        nix::unistd::dup2_stderr(&err)?;
    }
    if let Some(input) = fds.next().filter(|_| stdin) {
        nix::unistd::dup2_stdin(&input)?;
    }
    // Neither the emulator's socket nor anybody else's pipes are this process's.
    sys::close_from(3);
    nix::unistd::setsid()?;
    sys::reset_signals();
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    Ok(())
}

fn work(job: Job) -> io::Result<()> {
    match job {
        Job::Exec { argv, env, cwd, user } => exec(&argv, env, &cwd, &user),
        Job::Pack(pack) => pack::write(Path::new("/"), &pack, io::stdout().lock()),
        Job::Unpack { into } => {
            make_folder(&into)?;
            pack::unpack(io::stdin().lock(), &into)
        }
        Job::MakeFolder { path } => make_folder(&path),
        Job::IsFolder { path } => match path.is_dir() {
            true => Ok(()),
            false => Err(io::Error::from(io::ErrorKind::NotADirectory)),
        },
        Job::Show { path, user, mode } => show(&path, &user, mode),
        Job::Scratch { path } => {
            let made = make_parents(&path.join("x"))?;
            remember(&path, made.as_deref(), false)?;
            mount(Some("none"), &path, Some("tmpfs"), MsFlags::MS_NODEV, Some("mode=1777")).map_err(io::Error::from)
        }
        Job::Hide { path } => hide(&path),
    }
}

fn exec(argv: &[String], env: Vec<(String, String)>, cwd: &Path, user: &Ids) -> io::Result<()> {
    let (program, rest) = argv.split_first().ok_or_else(|| io::Error::other("an empty command"))?;
    let mut command = Command::new(program);
    command.args(rest).env_clear().envs(env).current_dir(cwd);
    if Uid::effective().is_root() {
        let groups: Vec<Gid> = user.groups.iter().copied().map(Gid::from_raw).collect();
        // Refused in a user namespace, where there are none to lose.
        let _ = nix::unistd::setgroups(&groups);
        nix::unistd::setgid(Gid::from_raw(user.gid))?;
        nix::unistd::setuid(Uid::from_raw(user.uid))?;
    }
    let why = command.exec();
    Err(io::Error::new(why.kind(), format!("cannot start {program}: {why}")))
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))
}

/// Where files lie that are shown elsewhere: a file system in memory, the devbox's own.
const STAGE: &str = "/dev/shm";

/// The topmost folder that had to be made for a path.
fn make_parents(path: &Path) -> io::Result<Option<PathBuf>> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    let missing = parent.ancestors().take_while(|folder| !folder.exists()).last().map(Path::to_path_buf);
    make_folder(parent)?;
    Ok(missing)
}

fn staged(path: &Path, kind: &str) -> PathBuf {
    let name: String = path.display().to_string().replace('%', "%25").replace('/', "%2f");
    Path::new(STAGE).join(format!(".{kind}-{name}"))
}

/// Notes what is to be removed when the path is hidden again.
fn remember(path: &Path, folder: Option<&Path>, file: bool) -> io::Result<()> {
    let note: (Option<&Path>, bool) = (folder, file);
    fs::write(staged(path, "made"), serde_json::to_vec(&note)?)
}

fn show(path: &Path, user: &Ids, mode: u32) -> io::Result<()> {
    let mut content = Vec::new();
    io::stdin().lock().read_to_end(&mut content)?;
    let source = staged(path, "shown");
    fs::write(&source, content)?;
    if Uid::effective().is_root() {
        let _ = chown(&source, Some(user.uid), Some(user.gid));
    }
    fs::set_permissions(&source, Permissions::from_mode(mode))?;
    let folder = make_parents(path)?;
    let stub = !path.exists();
    if stub {
        fs::write(path, "")?;
    }
    remember(path, folder.as_deref(), stub)?;
    mount(Some(&source), path, None::<&str>, MsFlags::MS_BIND, None::<&str>).map_err(io::Error::from)
}

fn hide(path: &Path) -> io::Result<()> {
    umount2(path, MntFlags::MNT_DETACH)?;
    let note = staged(path, "made");
    let (folder, file): (Option<PathBuf>, bool) = serde_json::from_slice(&fs::read(&note)?)?;
    let _ = fs::remove_file(staged(path, "shown"));
    fs::remove_file(note)?;
    if file {
        fs::remove_file(path)?;
    }
    // Only what is empty: a command may have put something beside it.
    let Some(topmost) = folder else {
        return Ok(());
    };
    for made in path.ancestors().take_while(|made| made.starts_with(&topmost)) {
        let _ = fs::remove_dir(made);
    }
    Ok(())
}
