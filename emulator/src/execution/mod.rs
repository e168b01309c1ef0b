//! Commands in devboxes: started, listened to, fed, killed.

pub mod api;
mod output;
mod shell;
mod stdin;
mod stream;
mod tail;

pub use output::Output;
pub use shell::output_pipe;

use crate::app::App;
use crate::devbox::Devbox;
use crate::http::ApiError;
use crate::sandbox::{Exit, Program, Reach, Running, Sandbox};
use output::Pump;
use serde_json::{json, Value};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use stdin::Stdin;
use tokio::sync::watch;

/// What is to be run.
pub struct Command {
    text: String,
    attach_stdin: bool,
    /// Names the execution to its caller: a second command of the same name is not started.
    id: Option<String>,
}

impl Command {
    pub fn new(text: String) -> Command {
        Command { text, attach_stdin: false, id: None }
    }
}

/// The executions of a devbox.
#[derive(Default)]
pub struct Executions {
    by_id: RwLock<HashMap<String, Arc<Execution>>>,
    by_command_id: tokio::sync::Mutex<HashMap<String, Arc<Execution>>>,
}

impl Executions {
    fn get(&self, id: &str) -> Result<Arc<Execution>, ApiError> {
        let found = self.by_id.read().unwrap().get(id).cloned();
        found.ok_or_else(|| ApiError::not_found(format!("execution {id} not found")))
    }
}

pub struct Execution {
    id: String,
    devbox_id: String,
    sandbox: Arc<Sandbox>,
    spawn: u64,
    stdout: Arc<Output>,
    stderr: Arc<Output>,
    stdin: Stdin,
    /// The exit status, once the command has ended and its output is here.
    exit: watch::Sender<Option<i32>>,
}

/// Starts a command, or finds the one that was started under the same name.
pub async fn start(app: &Arc<App>, devbox: &Devbox, sandbox: &Arc<Sandbox>, command: Command) -> Result<Arc<Execution>, ApiError> {
    let Some(command_id) = command.id.clone() else {
        return spawn(app, devbox, sandbox, command).await;
    };
    // Held until it runs, so that a repetition meanwhile waits for it.
    let mut known = devbox.executions.by_command_id.lock().await;
    if let Some(first) = known.get(&command_id) {
        return Ok(first.clone());
    }
    let execution = spawn(app, devbox, sandbox, command).await?;
    known.insert(command_id, execution.clone());
    Ok(execution)
}

async fn spawn(app: &Arc<App>, devbox: &Devbox, sandbox: &Arc<Sandbox>, command: Command) -> Result<Arc<Execution>, ApiError> {
    let id = app.ids.next("exec");
    let folder = app.folder("executions").map_err(ApiError::internal)?;
    let output = |name| Output::create(&folder.join(format!("{id}.{name}"))).map_err(ApiError::internal);
    let (stdout, stderr) = (output("stdout")?, output("stderr")?);
    let (out_read, out_write) = shell::output_pipe().map_err(ApiError::internal)?;
    let (err_read, err_write) = shell::output_pipe().map_err(ApiError::internal)?;
    let (feed, stdin) = match command.attach_stdin {
        true => shell::input_pipe().map(|(ours, theirs)| (Some(ours), Some(theirs))).map_err(ApiError::internal)?,
        false => (None, None),
    };
    let program = Program {
        argv: shell::arguments(sandbox, &id, &command.text).await?,
        env: devbox.command_environment(sandbox),
        cwd: sandbox.setup.user.home.clone(),
        user: sandbox.setup.user.clone(),
        stdin,
        stdout: out_write,
        stderr: err_write,
    };
    let running = sandbox.run(program).await.map_err(|e| ApiError::bad_request(e.what))?;
    let execution = Arc::new(Execution {
        id: id.clone(),
        devbox_id: devbox.id.clone(),
        sandbox: sandbox.clone(),
        spawn: running.spawn,
        stdout: stdout.clone(),
        stderr: stderr.clone(),
        stdin: Stdin::new(feed),
        exit: watch::Sender::new(None),
    });
    devbox.executions.by_id.write().unwrap().insert(id, execution.clone());
    let pumps = [Pump::start(out_read, stdout), Pump::start(err_read, stderr)];
    tokio::spawn(follow(execution.clone(), running, pumps));
    Ok(execution)
}

/// From the command's end to the execution's: when all that it had written is here.
async fn follow(execution: Arc<Execution>, running: Running, pumps: [Pump; 2]) {
    // Nobody tells of the end where the whole devbox was ended.
    let exit = running.exit.await.unwrap_or(Exit::Signal(libc::SIGKILL));
    futures_util::future::join_all(pumps.into_iter().map(Pump::command_ended)).await;
    execution.stdin.close().await;
    execution.exit.send_replace(Some(exit.status()));
    execution.stdout.finish();
    execution.stderr.finish();
}

impl Execution {
    fn exit_status(&self) -> Option<i32> {
        *self.exit.borrow()
    }

    /// Waits for the end; gives the exit status.
    pub async fn completed(&self) -> i32 {
        let mut exit = self.exit.subscribe();
        let ended = exit.wait_for(Option::is_some).await;
        ended.ok().and_then(|status| *status).unwrap_or(128 + libc::SIGKILL)
    }

    fn view(&self, last_n: usize) -> Result<Value, ApiError> {
        let exit = self.exit_status();
        let (stdout, stdout_truncated) = tail::text(&self.stdout, last_n).map_err(ApiError::internal)?;
        let (stderr, stderr_truncated) = tail::text(&self.stderr, last_n).map_err(ApiError::internal)?;
        let mut view = json!({
            "devbox_id": self.devbox_id,
            "execution_id": self.id,
            "status": if exit.is_some() { "completed" } else { "running" },
            "stdout": stdout,
            "stdout_truncated": stdout_truncated,
            "stderr": stderr,
            "stderr_truncated": stderr_truncated,
        });
        if let Some(exit) = exit {
            view["exit_status"] = exit.into();
        }
        Ok(view)
    }

    async fn interrupt(&self) -> bool {
        self.stdin.is_attached() && self.sandbox.signal(self.spawn, libc::SIGINT, Reach::Group).await
    }

    async fn kill(&self, group: bool) {
        let reach = if group { Reach::Session } else { Reach::Process };
        self.sandbox.signal(self.spawn, libc::SIGKILL, reach).await;
    }
}
