//! Devboxes as Linux sandboxes: the emulator's side of them. The other side is `agent`.

pub mod agent;
pub mod disk;
mod failure;
mod frames;
mod freeze;
pub mod jobs;
mod launch;
mod mode;
mod mounts;
mod overlay;
pub mod pack;
mod patchwork;
mod plain;
pub mod procfs;
mod protocol;
mod spawn;
pub mod sudo;
pub mod sys;
mod terminal;
pub mod tree;
mod unpack;

pub use failure::Failure;
pub use launch::Launcher;
pub use mode::{choose, elsewhere, Chosen, Isolation};
pub use protocol::{Exit, Mode, Reach, Setup, User};
pub use terminal::Terminal;

use frames::{Descriptors, Incoming, Outgoing};
use jobs::Job;
use protocol::{Ask, Message, Request};
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::Child;
use std::sync::{Arc, Mutex};
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::sync::{mpsc, oneshot, watch};

type Answer = Result<Vec<OwnedFd>, Failure>;

/// A running sandbox.
pub struct Sandbox {
    pub setup: Setup,
    send: mpsc::UnboundedSender<(u64, Outgoing)>,
    waiting: Mutex<Waiting>,
    /// The process that we started: the init process itself or its parent.
    child: Mutex<Option<Child>>,
    child_pid: i32,
    init_pid: std::sync::atomic::AtomicI32,
    ended: watch::Sender<bool>,
}

#[derive(Default)]
struct Waiting {
    last_id: u64,
    answers: HashMap<u64, oneshot::Sender<Answer>>,
    exits: HashMap<u64, oneshot::Sender<Exit>>,
    closed: bool,
}

/// A program running in a sandbox.
pub struct Running {
    pub spawn: u64,
    pub exit: oneshot::Receiver<Exit>,
}

/// What to run.
pub struct Program {
    pub argv: Vec<String>,
    pub env: Vec<(String, String)>,
    pub cwd: PathBuf,
    pub user: User,
    pub stdin: Option<OwnedFd>,
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
}

impl Sandbox {
    /// Starts one and waits until it takes requests.
    pub async fn start(launcher: &Launcher, setup: Setup) -> Result<Arc<Sandbox>, String> {
        let (child, socket) = launcher.launch().await.map_err(|e| format!("cannot start the init process: {e}"))?;
        let child_pid = child.id() as i32;
        let socket = UnixStream::from_std(socket).map_err(|e| e.to_string())?;
        let (send, outgoing) = mpsc::unbounded_channel();
        let sandbox = Arc::new(Sandbox {
            send,
            waiting: Mutex::default(),
            child: Mutex::new(Some(child)),
            child_pid,
            init_pid: child_pid.into(),
            ended: watch::Sender::new(false),
            setup,
        });
        let first = Outgoing::new(&sandbox.setup, Vec::new()).map_err(|e| e.to_string())?;
        let _ = sandbox.send.send((0, first));
        let (ready, is_ready) = oneshot::channel();
        let socket = Arc::new(socket);
        tokio::spawn(write(sandbox.clone(), socket.clone(), outgoing));
        tokio::spawn(read(sandbox.clone(), socket, ready));
        match is_ready.await {
            Ok(Ok(())) => Ok(sandbox),
            Ok(Err(why)) => {
                sandbox.stop().await;
                Err(why)
            }
            Err(_) => {
                sandbox.stop().await;
                Err("the init process ended while it was setting up".into())
            }
        }
    }

    /// Sends a request. Where it starts a program, `exit` is told of the program's end: its place
    /// is ready before the request leaves, because the end may come at once.
    fn ask(&self, ask: Ask, fds: Vec<OwnedFd>, exit: Option<oneshot::Sender<Exit>>) -> (u64, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.waiting.lock().unwrap();
        waiting.last_id += 1;
        let id = waiting.last_id;
        if waiting.closed {
            let _ = sender.send(Err(gone()));
            return (id, receiver);
        }
        match Outgoing::new(&Request { id, ask }, fds) {
            Ok(message) => {
                waiting.answers.insert(id, sender);
                waiting.exits.extend(exit.map(|exit| (id, exit)));
                let _ = self.send.send((id, message));
            }
            Err(e) => {
                let _ = sender.send(Err(Failure { errno: libc::E2BIG, what: e.to_string() }));
            }
        }
        (id, receiver)
    }

    pub async fn run(&self, program: Program) -> Result<Running, Failure> {
        let mut fds = vec![program.stdout, program.stderr];
        let stdin = program.stdin.is_some();
        fds.extend(program.stdin);
        let ask = Ask::Spawn { argv: program.argv, env: program.env, cwd: program.cwd, user: program.user, stdin };
        let (sender, exit) = oneshot::channel();
        let (spawn, answer) = self.ask(ask, fds, Some(sender));
        match answer.await.unwrap_or_else(|_| Err(gone())) {
            Ok(_) => Ok(Running { spawn, exit }),
            Err(e) => {
                self.waiting.lock().unwrap().exits.remove(&spawn);
                Err(e)
            }
        }
    }

    /// Begins a piece of work in the devbox, with the init process's own rights.
    pub async fn begin(&self, job: Job, outputs: [OwnedFd; 2], stdin: Option<OwnedFd>) -> Result<Running, Failure> {
        let ask = Ask::Work { job, stdin: stdin.is_some() };
        let (sender, exit) = oneshot::channel();
        let (spawn, answer) = self.ask(ask, outputs.into_iter().chain(stdin).collect(), Some(sender));
        match answer.await.unwrap_or_else(|_| Err(gone())) {
            Ok(_) => Ok(Running { spawn, exit }),
            Err(e) => {
                self.waiting.lock().unwrap().exits.remove(&spawn);
                Err(e)
            }
        }
    }

    /// True when something was there to take the signal.
    pub async fn signal(&self, spawn: u64, signal: i32, reach: Reach) -> bool {
        let ask = Ask::Signal { spawn, signal, reach };
        let (_, answer) = self.ask(ask, Vec::new(), None);
        matches!(answer.await, Ok(Ok(_)))
    }

    /// Unpacks a tar archive into a folder of the devbox, as its user.
    pub async fn unpack(&self, archive: std::fs::File, gzip: bool, to: PathBuf) -> Result<(), Failure> {
        let pipe = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC);
        let (reasons, writer) = pipe.map_err(|e| Failure { errno: e as i32, what: e.desc().into() })?;
        let ask = Ask::Unpack { to, user: self.setup.user.clone(), gzip };
        let (sender, exit) = oneshot::channel();
        let (id, answer) = self.ask(ask, vec![archive.into(), writer], Some(sender));
        if let Err(e) = answer.await.unwrap_or_else(|_| Err(gone())) {
            self.waiting.lock().unwrap().exits.remove(&id);
            return Err(e);
        }
        match exit.await.map_err(|_| gone())? {
            Exit::Code(0) => Ok(()),
            exit => {
                let mut what = String::new();
                // Every other end of the pipe is closed by now.
                let _ = io::Read::read_to_string(&mut std::fs::File::from(reasons), &mut what);
                let errno = match exit {
                    Exit::Code(errno) => errno,
                    Exit::Signal(_) => libc::EINTR,
                };
                Err(Failure { errno, what })
            }
        }
    }

    /// Opens a file as the devbox sees it, relative to its user's home.
    pub async fn open(&self, path: PathBuf, write: bool) -> Result<std::fs::File, Failure> {
        let user = self.setup.user.clone();
        let (_, answer) = self.ask(Ask::Open { path, user, write }, Vec::new(), None);
        let mut fds = answer.await.unwrap_or_else(|_| Err(gone()))?;
        fds.pop().map(std::fs::File::from).ok_or_else(gone)
    }

    /// A terminal of the devbox's own: our end, and the end for a program in it.
    pub async fn terminal(&self) -> Result<(OwnedFd, OwnedFd), Failure> {
        let user = self.setup.user.clone();
        let (_, answer) = self.ask(Ask::Terminal { user }, Vec::new(), None);
        let mut fds = answer.await.unwrap_or_else(|_| Err(gone()))?.into_iter();
        fds.next().zip(fds.next()).ok_or_else(gone)
    }

    /// Live processes in the devbox besides its init, by the host's numbers.
    pub fn processes(&self, all: &[procfs::Process]) -> Vec<procfs::Process> {
        let init = self.init_pid.load(std::sync::atomic::Ordering::Relaxed);
        procfs::below(all, init)
    }

    /// True once the init process is gone, whoever ended it.
    pub fn ended(&self) -> watch::Receiver<bool> {
        self.ended.subscribe()
    }

    /// Ends every process; returns when none is left.
    pub async fn stop(&self) {
        let (_, _answer) = self.ask(Ask::End, Vec::new(), None);
        let Some(mut child) = self.child.lock().unwrap().take() else {
            return;
        };
        let init = self.init_pid.load(std::sync::atomic::Ordering::Relaxed);
        let waited = tokio::task::spawn_blocking(move || child.wait());
        let patience = std::time::Duration::from_secs(5);
        let mut waited = std::pin::pin!(waited);
        if tokio::time::timeout(patience, &mut waited).await.is_err() {
            // Its namespace ends with the init process; its parent exits after it.
            for pid in [init, self.child_pid] {
                let pid = nix::unistd::Pid::from_raw(pid);
                let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
            }
            let _ = tokio::time::timeout(patience, waited).await;
        }
    }
}

fn gone() -> Failure {
    Failure { errno: libc::ESRCH, what: "the devbox has ended".into() }
}

async fn write(sandbox: Arc<Sandbox>, socket: Arc<UnixStream>, mut outgoing: mpsc::UnboundedReceiver<(u64, Outgoing)>) {
    let mut ended = sandbox.ended();
    loop {
        let next = tokio::select! {
            next = outgoing.recv() => next,
            _ = ended.wait_for(|ended| *ended) => return,
        };
        let Some((id, mut message)) = next else { return };
        loop {
            if socket.writable().await.is_err() {
                return;
            }
            let sent = socket.try_io(Interest::WRITABLE, || message.send_some(socket.as_fd()));
            match sent {
                Ok(true) => break,
                Ok(false) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                // Where the socket is closed, whoever reads it tells everybody.
                Err(e) if matches!(e.raw_os_error(), Some(libc::EPIPE | libc::ECONNRESET)) || !message.is_unsent() => return,
                Err(e) => {
                    sandbox.answered(id, Err(frames::no_descriptors(e)));
                    break;
                }
            }
        }
    }
}

async fn read(sandbox: Arc<Sandbox>, socket: Arc<UnixStream>, ready: oneshot::Sender<Result<(), String>>) {
    let mut ready = Some(ready);
    let mut incoming = Incoming::default();
    'open: loop {
        if socket.readable().await.is_err() {
            break;
        }
        match socket.try_io(Interest::READABLE, || incoming.receive_some(socket.as_fd())) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => continue,
            Err(_) => break,
        }
        loop {
            match incoming.next::<Message>() {
                Ok(Some((message, fds))) => sandbox.receive(message, fds, &mut ready),
                Ok(None) => break,
                Err(_) => break 'open,
            }
        }
    }
    // Whoever waits is told: dropped senders are errors for them.
    let mut waiting = sandbox.waiting.lock().unwrap();
    waiting.closed = true;
    waiting.answers.clear();
    waiting.exits.clear();
    drop(waiting);
    sandbox.ended.send_replace(true);
}

impl Sandbox {
    fn answered(&self, id: u64, answer: Answer) {
        let waiter = self.waiting.lock().unwrap().answers.remove(&id);
        if let Some(waiter) = waiter {
            let _ = waiter.send(answer);
        }
    }

    fn receive(&self, message: Message, fds: Descriptors, ready: &mut Option<oneshot::Sender<Result<(), String>>>) {
        match message {
            Message::Hello { init_pid } => {
                self.init_pid.store(init_pid, std::sync::atomic::Ordering::Relaxed);
            }
            Message::Ready => {
                if let Some(ready) = ready.take() {
                    let _ = ready.send(Ok(()));
                }
            }
            Message::Failed { why } => {
                if let Some(ready) = ready.take() {
                    let _ = ready.send(Err(why));
                }
            }
            Message::Answer { id, result } => self.answered(id, result.and(fds)),
            Message::Exited { spawn, exit } => {
                let waiter = self.waiting.lock().unwrap().exits.remove(&spawn);
                if let Some(waiter) = waiter {
                    let _ = waiter.send(exit);
                }
            }
        }
    }
}
