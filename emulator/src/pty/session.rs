//! A terminal with its shell: kept while nobody looks on, for a time.

use crate::app::App;
use crate::devbox::Devbox;
use crate::http::ApiError;
use crate::part::Part;
use crate::sandbox::{Program, Reach, Running, Sandbox, Terminal};
use bytes::{Bytes, BytesMut};
use nix::sys::signal::Signal;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How long a session is kept after its client has gone.
pub const IDLE: Duration = Duration::from_secs(300);
/// Of what was printed meanwhile, so much is kept for the next one.
const BACKLOG: usize = 256 << 10;
const PIECE: usize = 16 << 10;
const PIECES_AHEAD: usize = 16;

type Key = (String, String);

#[derive(Default)]
pub struct Sessions {
    all: Arc<Mutex<HashMap<Key, Arc<Session>>>>,
    /// Held while one is being made: a second request for its name waits for it.
    making: tokio::sync::Mutex<()>,
}

pub struct Session {
    key: Key,
    terminal: Terminal,
    sandbox: Arc<Sandbox>,
    /// The shell, until its end is waited for.
    shell: Mutex<Option<Running>>,
    size: Mutex<(u16, u16)>,
    output: Mutex<Output>,
    /// Counts the clients that have gone, so that a timer knows whether its own was the last.
    departures: AtomicU64,
    ended: watch::Sender<bool>,
}

#[derive(Default)]
struct Output {
    backlog: BytesMut,
    client: Option<mpsc::Sender<Bytes>>,
}

impl Part for Sessions {
    fn clear(&self, _app: &Arc<App>) {
        self.all.lock().unwrap().clear();
    }
}

impl Sessions {
    pub fn get(&self, devbox: &str, name: &str) -> Result<Arc<Session>, ApiError> {
        let found = self.all.lock().unwrap().get(&key(devbox, name)).cloned();
        found.ok_or_else(|| ApiError::not_found(format!("devbox {devbox} has no terminal session {name}: connect first")))
    }

    /// The session of this name, and whether it had to be made.
    pub async fn connect(
        &self,
        app: &Arc<App>,
        devbox: &Devbox,
        name: &str,
        size: Option<(u16, u16)>,
    ) -> Result<(Arc<Session>, bool), ApiError> {
        let _making = self.making.lock().await;
        if let Ok(session) = self.get(&devbox.id, name) {
            if let Some(size) = size {
                session.resize(size)?;
            }
            return Ok((session, false));
        }
        let session = Session::start(devbox, name, size.unwrap_or((80, 24))).await?;
        self.all.lock().unwrap().insert(session.key.clone(), session.clone());
        tokio::spawn(follow(session.clone(), self.all.clone()));
        session.end_if_left_alone(app);
        Ok((session, true))
    }

    /// Ends it; a later request for its name makes a new one.
    pub fn close(&self, session: &Session) {
        self.all.lock().unwrap().remove(&session.key);
        session.hang_up();
    }
}

fn key(devbox: &str, name: &str) -> Key {
    (devbox.to_string(), name.to_string())
}

impl Session {
    async fn start(devbox: &Devbox, name: &str, size: (u16, u16)) -> Result<Arc<Session>, ApiError> {
        let sandbox = devbox.running()?;
        let refused = |e: crate::sandbox::Failure| ApiError::bad_request(e.what);
        let (ours, theirs) = sandbox.terminal().await.map_err(refused)?;
        let terminal = Terminal::new(ours).map_err(ApiError::internal)?;
        terminal.resize(size.0, size.1).map_err(ApiError::internal)?;
        let copy = || theirs.try_clone().map_err(ApiError::internal);
        let mut env = devbox.command_environment(&sandbox);
        env.push(("TERM".into(), "xterm-256color".into()));
        let program = Program {
            argv: vec!["/bin/bash".into(), "-il".into()],
            env,
            cwd: sandbox.setup.user.home.clone(),
            user: sandbox.setup.user.clone(),
            stdin: Some(copy()?),
            stdout: copy()?,
            stderr: copy()?,
        };
        let shell = sandbox.run(program).await.map_err(refused)?;
        Ok(Arc::new(Session {
            key: key(&devbox.id, name),
            terminal,
            sandbox,
            shell: Mutex::new(Some(shell)),
            size: Mutex::new(size),
            output: Mutex::default(),
            departures: AtomicU64::new(0),
            ended: watch::Sender::new(false),
        }))
    }

    pub fn devbox_id(&self) -> &str {
        &self.key.0
    }

    pub fn size(&self) -> (u16, u16) {
        *self.size.lock().unwrap()
    }

    pub fn is_attached(&self) -> bool {
        self.output.lock().unwrap().client.is_some()
    }

    pub fn resize(&self, (cols, rows): (u16, u16)) -> Result<(), ApiError> {
        self.terminal.resize(cols, rows).map_err(ApiError::internal)?;
        *self.size.lock().unwrap() = (cols, rows);
        Ok(())
    }

    pub fn signal(&self, signal: Signal) -> Result<(), ApiError> {
        let sent = self.terminal.signal(signal);
        sent.map_err(|_| ApiError::bad_request(format!("{signal}: nothing runs in the foreground of session {}", self.key.1)))
    }

    /// As when a modem does: everything in the session is told. Once more when the shell is gone, for
    /// what it was just starting.
    fn hang_up(&self) {
        if let Some(shell) = self.shell.lock().unwrap().take() {
            let sandbox = self.sandbox.clone();
            tokio::spawn(async move {
                sandbox.signal(shell.spawn, libc::SIGHUP, Reach::Session).await;
                let _ = shell.exit.await;
                sandbox.signal(shell.spawn, libc::SIGHUP, Reach::Session).await;
            });
        }
        self.ended.send_replace(true);
    }

    pub fn ended(&self) -> watch::Receiver<bool> {
        self.ended.subscribe()
    }

    /// Its output from now on, what nobody has seen first. Only one client can have it.
    pub fn attach(&self) -> Result<mpsc::Receiver<Bytes>, ApiError> {
        let mut output = self.output.lock().unwrap();
        if output.client.is_some() {
            let message = format!("another client is attached to session {}: only one can be", self.key.1);
            return Err(ApiError::new(http::StatusCode::CONFLICT, message));
        }
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        if !output.backlog.is_empty() {
            let missed = output.backlog.split().freeze();
            // There is room: it is the first.
            let _ = sender.try_send(missed);
        }
        output.client = Some(sender);
        Ok(receiver)
    }

    /// Gives back what the client has not got. The session goes on, for a time.
    pub fn detach(self: &Arc<Session>, app: &Arc<App>, mut rest: mpsc::Receiver<Bytes>) {
        let mut output = self.output.lock().unwrap();
        rest.close();
        while let Ok(piece) = rest.try_recv() {
            output.keep(&piece);
        }
        output.client = None;
        drop(output);
        self.departures.fetch_add(1, Ordering::SeqCst);
        self.end_if_left_alone(app);
    }

    fn end_if_left_alone(self: &Arc<Session>, app: &Arc<App>) {
        let (session, app) = (self.clone(), app.clone());
        let departure = session.departures.load(Ordering::SeqCst);
        tokio::spawn(async move {
            let mut ended = session.ended();
            tokio::select! {
                () = app.clock.sleep(IDLE) => {}
                _ = ended.wait_for(|ended| *ended) => return,
            }
            if !session.is_attached() && session.departures.load(Ordering::SeqCst) == departure {
                app.state::<Sessions>().close(&session);
            }
        });
    }

    pub async fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.terminal.write(bytes).await
    }

    async fn pass_on(&self, piece: Bytes) {
        let client = self.output.lock().unwrap().client.clone();
        let refused = match client {
            Some(client) => client.send(piece).await.err().map(|e| e.0),
            None => Some(piece),
        };
        if let Some(piece) = refused {
            self.output.lock().unwrap().keep(&piece);
        }
    }
}

impl Output {
    fn keep(&mut self, piece: &[u8]) {
        self.backlog.extend_from_slice(piece);
        let excess = self.backlog.len().saturating_sub(BACKLOG);
        // The latest is what a screen needs.
        bytes::Buf::advance(&mut self.backlog, excess);
    }
}

/// Reads what the terminal shows until its programs are gone.
async fn follow(session: Arc<Session>, all: Arc<Mutex<HashMap<Key, Arc<Session>>>>) {
    let mut buffer = vec![0; PIECE];
    let mut closed = session.ended();
    let reading = async {
        while let Ok(n @ 1..) = session.terminal.read(&mut buffer).await {
            session.pass_on(Bytes::copy_from_slice(&buffer[..n])).await;
        }
    };
    tokio::select! {
        () = reading => {}
        _ = closed.wait_for(|closed| *closed) => {}
    }
    let mut all = all.lock().unwrap();
    if all.get(&session.key).is_some_and(|there| Arc::ptr_eq(there, &session)) {
        all.remove(&session.key);
    }
    drop(all);
    // The client is told after all that it can still get.
    session.output.lock().unwrap().client = None;
    session.ended.send_replace(true);
}
