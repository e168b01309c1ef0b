//! Starting init processes, from one thread that lives as long as the emulator: the kernel ends a
//! devbox with the thread that started it.

use super::agent::SUBCOMMAND;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use tokio::sync::oneshot;

type Started = io::Result<(Child, UnixStream)>;

#[derive(Clone)]
pub struct Launcher {
    jobs: mpsc::Sender<oneshot::Sender<Started>>,
}

impl Launcher {
    pub fn new() -> io::Result<Launcher> {
        let (jobs, waiting) = mpsc::channel::<oneshot::Sender<Started>>();
        std::thread::Builder::new().name("devbox-launcher".into()).spawn(move || {
            while let Ok(job) = waiting.recv() {
                let _ = job.send(launch());
            }
        })?;
        Ok(Launcher { jobs })
    }

    pub async fn launch(&self) -> Started {
        let (job, started) = oneshot::channel();
        let _ = self.jobs.send(job);
        started.await.unwrap_or_else(|_| Err(io::Error::other("the launcher thread has ended")))
    }
}

fn launch() -> Started {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    // The running binary, even if the file has been replaced meanwhile. None of the developer's
    // environment goes in.
    let child = Command::new("/proc/self/exe")
        .arg(SUBCOMMAND)
        .env_clear()
        .current_dir("/")
        // What a terminal sends to the emulator is not for the devboxes.
        .process_group(0)
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .spawn()?;
    Ok((child, ours))
}
