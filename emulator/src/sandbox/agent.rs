//! The init process of a devbox: the emulator's own binary, started again. It has one thread, sets
//! the devbox up, starts programs and opens files in it on request, and ends with everything in
//! the devbox when the emulator says so or is gone.

use super::failure::Failure;
use super::frames::{self, Incoming, Outgoing};
use super::protocol::{Ask, Exit, Message, Mode, Reach, Request, Setup};
use super::{disk, overlay, plain, spawn, sys, terminal, unpack};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{waitpid, WaitPidFlag, WaitStatus};
use nix::unistd::Pid;
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// The hidden subcommand; the control socket is standard input.
pub const SUBCOMMAND: &str = "__devbox-init";

pub fn main() -> i32 {
    sys::reset_signals();
    let control = match nix::unistd::dup(io::stdin()) {
        Ok(fd) => fd,
        Err(_) => return 1,
    };
    let _ = nix::fcntl::fcntl(&control, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC));
    spawn::null_stdin();
    let mut incoming = Incoming::default();
    let setup = match incoming.wait::<Setup>(control.as_fd()) {
        Ok(Some((setup, _))) => setup,
        _ => return 1,
    };
    // Held until nothing of this devbox is left: whoever starts it anew waits for that.
    let held = disk::hold(&setup.folder);
    let ready = match (setup.mode, &held) {
        (_, Err(why)) => Err(why.clone()),
        (Mode::Plain, Ok(_)) => plain::enter(&setup),
        (Mode::Overlay | Mode::UserOverlay, Ok(held)) => overlay::separate(&setup, &control, held).and_then(|()| overlay::enter(&setup)),
    };
    if let Err(why) = ready {
        let _ = send(&control, &Message::Failed { why }, Vec::new());
        return 1;
    }
    let mut agent = Agent { control, incoming, children: HashMap::new(), spawns: HashMap::new() };
    let result = agent.serve();
    if setup.mode == Mode::Plain {
        plain::end_all();
    }
    // In a pid namespace, everything else in it ends with this process.
    i32::from(result.is_err())
}

fn send(control: &OwnedFd, message: &Message, fds: Vec<OwnedFd>) -> io::Result<()> {
    Outgoing::new(message, fds)?.send_all(control.as_fd())
}

struct Agent {
    control: OwnedFd,
    incoming: Incoming,
    /// Running programs: process id to the id of the request that started it.
    children: HashMap<Pid, u64>,
    /// The process id that each request started, kept after its end: its session may live on.
    spawns: HashMap<u64, Pid>,
}

impl Agent {
    fn serve(&mut self) -> io::Result<()> {
        let mut mask = SigSet::empty();
        mask.add(Signal::SIGCHLD);
        mask.thread_block()?;
        let ended = SignalFd::with_flags(&mask, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        send(&self.control, &Message::Ready, Vec::new())?;
        loop {
            while let Some((request, fds)) = self.incoming.next::<Request>()? {
                if matches!(request.ask, Ask::End) {
                    return Ok(());
                }
                match fds {
                    Ok(fds) => self.answer(request, fds)?,
                    Err(why) => send(&self.control, &Message::Answer { id: request.id, result: Err(why) }, Vec::new())?,
                }
            }
            let mut polled = [PollFd::new(self.control.as_fd(), PollFlags::POLLIN), PollFd::new(ended.as_fd(), PollFlags::POLLIN)];
            match poll(&mut polled, PollTimeout::NONE) {
                Ok(_) | Err(nix::Error::EINTR) => {}
                Err(e) => return Err(e.into()),
            }
            let happened = |fd: &PollFd| fd.revents().is_some_and(|events| !events.is_empty());
            let (message, child) = (happened(&polled[0]), happened(&polled[1]));
            if child {
                while let Ok(Some(_)) = ended.read_signal() {}
                self.reap()?;
            }
            if message && !self.incoming.receive_some(self.control.as_fd())? {
                // The emulator is gone.
                return Ok(());
            }
        }
    }

    fn answer(&mut self, request: Request, fds: Vec<OwnedFd>) -> io::Result<()> {
        let id = request.id;
        let (result, fds) = match request.ask {
            Ask::Spawn { argv, env, cwd, user, stdin } => match spawn::start(&argv, &env, &cwd, &user, stdin, fds) {
                Ok(pid) => {
                    // A process id that comes round again no longer names the older session.
                    self.spawns.retain(|_, older| *older != pid);
                    self.children.insert(pid, id);
                    self.spawns.insert(id, pid);
                    (Ok(()), Vec::new())
                }
                Err(e) => (Err(e), Vec::new()),
            },
            Ask::Unpack { to, user, gzip } => match unpack::start(&to, &user, gzip, fds) {
                Ok(pid) => {
                    self.children.insert(pid, id);
                    (Ok(()), Vec::new())
                }
                Err(e) => (Err(e), Vec::new()),
            },
            Ask::Work { job, stdin } => match super::jobs::start(job, stdin, fds) {
                Ok(pid) => {
                    self.spawns.retain(|_, older| *older != pid);
                    self.children.insert(pid, id);
                    self.spawns.insert(id, pid);
                    (Ok(()), Vec::new())
                }
                Err(e) => (Err(e), Vec::new()),
            },
            Ask::Signal { spawn, signal, reach } => (self.signal(spawn, signal, reach), Vec::new()),
            Ask::Open { path, user, write } => match spawn::open(&path, &user, write) {
                Ok(fd) => (Ok(()), vec![fd]),
                Err(e) => (Err(e), Vec::new()),
            },
            Ask::Terminal { user } => match terminal::open(&user) {
                Ok(fds) => (Ok(()), fds),
                Err(e) => (Err(e), Vec::new()),
            },
            Ask::End => return Ok(()),
        };
        let result = result.map_err(Failure::brief);
        let mut answer = Outgoing::new(&Message::Answer { id, result }, fds)?;
        match answer.send_all(self.control.as_fd()) {
            // Its descriptors are what could not be sent.
            Err(e) if answer.is_unsent() => {
                let result = Err(frames::no_descriptors(e));
                send(&self.control, &Message::Answer { id, result }, Vec::new())
            }
            sent => sent,
        }
    }

    fn signal(&self, spawn: u64, signal: i32, reach: Reach) -> Result<(), Failure> {
        let gone = || Failure { errno: libc::ESRCH, what: "the process has ended".into() };
        let pid = *self.spawns.get(&spawn).ok_or_else(gone)?;
        let signal = Signal::try_from(signal).map_err(|e| Failure { errno: e as i32, what: "no such signal".into() })?;
        let sent = match reach {
            Reach::Process if self.children.contains_key(&pid) => nix::sys::signal::kill(pid, signal).is_ok(),
            Reach::Process => false,
            Reach::Group => nix::sys::signal::killpg(pid, signal).is_ok(),
            Reach::Session => {
                let group = nix::sys::signal::killpg(pid, signal).is_ok();
                plain::signal_session(pid, signal) || group
            }
        };
        if sent {
            Ok(())
        } else {
            Err(gone())
        }
    }

    fn reap(&mut self) -> io::Result<()> {
        loop {
            let (pid, exit) = match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) => (pid, Exit::Code(code)),
                Ok(WaitStatus::Signaled(pid, signal, _)) => (pid, Exit::Signal(signal as i32)),
                Ok(WaitStatus::StillAlive) | Err(_) => return Ok(()),
                Ok(_) => continue,
            };
            if let Some(spawn) = self.children.remove(&pid) {
                send(&self.control, &Message::Exited { spawn, exit }, Vec::new())?;
            }
        }
    }
}
