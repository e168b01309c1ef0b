//! What the emulator and the init process of a devbox say to each other.

use super::failure::Failure;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The first message to a new init process: what it is to become.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Setup {
    pub mode: Mode,
    /// The devbox's own folder: its disk's layers and mount points are below it.
    pub folder: PathBuf,
    /// Lower layers above the host's root, the uppermost first.
    pub layers: Vec<PathBuf>,
    /// Folders of the host that a devbox must not look into.
    pub hidden: Vec<PathBuf>,
    /// The program that a devbox finds as `sudo`.
    pub sudo: Option<PathBuf>,
    pub hostname: String,
    pub user: User,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Namespaces and an overlay, set up with the emulator's own root rights.
    Overlay,
    /// The same inside a user namespace, for an ordinary user.
    UserOverlay,
    /// A directory and a process tree, nothing more.
    Plain,
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Mode::Overlay | Mode::UserOverlay => "overlay",
            Mode::Plain => "plain",
        }
    }
}

/// The Linux user that commands run as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub name: String,
    pub uid: u32,
    /// As the devbox sees it.
    pub home: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    pub id: u64,
    pub ask: Ask,
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Run a program; with the message come its stdout and stderr, and its stdin if `stdin`.
    Spawn { argv: Vec<String>, env: Vec<(String, String)>, cwd: PathBuf, user: User, stdin: bool },
    /// Signal what a `Spawn` (named by its id) started.
    Signal { spawn: u64, signal: i32, reach: Reach },
    /// Open a file as the user; its descriptor comes back with the answer.
    Open { path: PathBuf, user: User, write: bool },
    /// Unpack an archive into a folder as the user. With the message come the archive and a pipe
    /// for the reason why it cannot be; its end is told as that of a `Spawn`.
    Unpack { to: PathBuf, user: User, gzip: bool },
    /// Do a piece of work in a process of its own; stdout, stderr and stdin come as with `Spawn`.
    Work { job: super::jobs::Job, stdin: bool },
    /// Make a terminal for the user; both of its ends come back with the answer.
    Terminal { user: User },
    /// End every process of the devbox, then the init process.
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    Process,
    Group,
    /// The process group and everything else in the session, background jobs included.
    Session,
}

#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// The init process's id as the host sees it.
    Hello {
        init_pid: i32,
    },
    /// The devbox can take requests.
    Ready,
    /// The devbox could not be set up.
    Failed {
        why: String,
    },
    Answer {
        id: u64,
        result: Result<(), Failure>,
    },
    /// What `Spawn` started has ended.
    Exited {
        spawn: u64,
        exit: Exit,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exit {
    Code(i32),
    Signal(i32),
}

impl Exit {
    /// As a shell counts it.
    pub fn status(self) -> i32 {
        match self {
            Exit::Code(code) => code,
            Exit::Signal(signal) => 128 + signal,
        }
    }
}
