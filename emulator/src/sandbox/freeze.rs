//! A devbox's processes held still, so that its disk stays as it is for a while.

use super::{procfs, Sandbox};
use nix::sys::signal::{kill, Signal};
use nix::unistd::Pid;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// How long a process may take to stop: one in the middle of a disk access does not at once.
const PATIENCE: Duration = Duration::from_secs(2);

/// Goes on when dropped.
pub struct Frozen {
    /// In the order in which they were stopped.
    stopped: Vec<Pid>,
}

impl Sandbox {
    /// Stops every process of the devbox that is not stopped already. Blocks for a moment.
    pub fn freeze(&self) -> Frozen {
        let mut frozen = Frozen { stopped: Vec::new() };
        let mut seen = HashSet::new();
        let begin = Instant::now();
        loop {
            let processes = self.processes(&procfs::all());
            let mut moving = false;
            for process in &processes {
                let pid = Pid::from_raw(process.pid);
                if !seen.insert(process.pid) {
                    moving |= !process.stopped;
                } else if !process.stopped && kill(pid, Signal::SIGSTOP).is_ok() {
                    // What it starts before the signal reaches it is found in the next round.
                    frozen.stopped.push(pid);
                    moving = true;
                }
            }
            if !moving || begin.elapsed() > PATIENCE {
                return frozen;
            }
            std::thread::sleep(Duration::from_micros(300));
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        // Children before their parents: a shell that looks finds them running.
        for pid in self.stopped.iter().rev() {
            let _ = kill(*pid, Signal::SIGCONT);
        }
    }
}
