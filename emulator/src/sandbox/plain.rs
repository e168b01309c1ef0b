//! A devbox without namespaces: a directory for its home, and a tree of processes that is known
//! whole because orphans come back to its init process.

use super::protocol::Setup;
use super::{disk, procfs, sys};
use nix::sys::signal::{kill, Signal};
use nix::sys::wait::{waitpid, WaitPidFlag};
use nix::unistd::Pid;

pub fn enter(setup: &Setup) -> Result<(), String> {
    // Without a namespace nothing ends the others with this process: it must not be killed when the
    // emulator is, but see its socket close.
    sys::adopt_orphans();
    disk::prepare_plain(setup).map_err(|e| format!("{}: {e}", setup.folder.display()))
}

/// Kills until none is left: a process may start others while we look.
pub fn end_all() {
    let own = std::process::id() as i32;
    loop {
        let left = procfs::descendants(own);
        for process in &left {
            let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
        }
        // Wait for one if there is any, then take all that have ended.
        if waitpid(None, None).is_err() {
            return;
        }
        while matches!(waitpid(None, Some(WaitPidFlag::WNOHANG)), Ok(status) if status.pid().is_some()) {}
    }
}

/// Signals every process whose session was begun by `leader`.
pub fn signal_session(leader: Pid, signal: Signal) -> bool {
    let mut any = false;
    for process in procfs::all() {
        if process.session == leader.as_raw() {
            any |= kill(Pid::from_raw(process.pid), signal).is_ok();
        }
    }
    any
}
