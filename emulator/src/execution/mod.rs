//! Commands in devboxes: started, listened to, fed, killed.

pub mod api;
mod ended;
mod output;
mod shell;
mod stdin;
mod stream;
mod tail;

pub use ended::EndedOutputs;
pub use output::Output;
pub use shell::output_pipe;

use crate::app::App;
use crate::devbox::activity::{Activity, InUse};
use crate::devbox::log::{Entry, Level, Log, Source};
use crate::http::ApiError;
use crate::sandbox::{Exit, Failure, Program, Reach, Running, Sandbox};
use output::Pump;
use serde_json::{json, Value};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use stdin::Stdin;
use tokio::sync::watch;

/// Where outputs are kept in the data directory.
pub const FOLDER: &str = "executions";

/// What is to be run.
pub struct Command {
    text: String,
    attach_stdin: bool,
    /// Names the execution to its caller: a second command of the same name is not started.
    id: Option<String>,
    /// On whose behalf it runs, as the devbox's log names it.
    source: Source,
    /// Variables for this command alone.
    environment: Vec<(String, String)>,
}

impl Command {
    pub fn new(text: String) -> Command {
        Command { text, attach_stdin: false, id: None, source: Source::Exec, environment: Vec::new() }
    }

    pub fn of(mut self, source: Source) -> Command {
        self.source = source;
        self
    }

    pub fn with(mut self, environment: Vec<(String, String)>) -> Command {
        self.environment = environment;
        self
    }

    /// It reads what it is fed with.
    pub fn fed(mut self) -> Command {
        self.attach_stdin = true;
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The executions of a devbox.
pub struct Executions {
    devbox_id: String,
    /// Of the devbox: commands are in it.
    log: Arc<Log>,
    /// Of the devbox: one that runs commands is not idle.
    activity: Activity,
    by_id: RwLock<HashMap<String, Arc<Execution>>>,
    by_command_id: tokio::sync::Mutex<HashMap<String, Arc<Execution>>>,
}

impl Executions {
    pub fn new(devbox_id: &str, log: Arc<Log>, activity: Activity) -> Executions {
        Executions { devbox_id: devbox_id.to_string(), log, activity, by_id: Default::default(), by_command_id: Default::default() }
    }

    pub fn get(&self, id: &str) -> Result<Arc<Execution>, ApiError> {
        let found = self.by_id.read().unwrap().get(id).cloned();
        found.ok_or_else(|| ApiError::not_found(format!("execution {id} not found")))
    }

    /// How many bytes the commands have printed.
    fn printed(&self) -> u64 {
        let by_id = self.by_id.read().unwrap();
        by_id.values().map(|execution| execution.stdout.progress().length + execution.stderr.progress().length).sum()
    }

    /// Removes the commands with their outputs.
    fn forget(&self) {
        for (_, execution) in self.by_id.write().unwrap().drain() {
            execution.stdout.remove();
            execution.stderr.remove();
        }
    }

    /// Those that an earlier run of the emulator has logged; gives the entries of the ones whose end
    /// it has not seen.
    pub fn restore(&self, app: &App, entries: &[Entry]) -> Vec<Entry> {
        let ends = entries.iter().filter_map(|entry| Some((entry.cmd_id.as_deref()?, entry.exit_code?)));
        let ends: HashMap<&str, i32> = ends.collect();
        let mut lost = Vec::new();
        for entry in entries {
            let (Some(_), Some(id)) = (&entry.cmd, &entry.cmd_id) else { continue };
            let exit = ends.get(id.as_str()).copied();
            if exit.is_none() {
                lost.push(entry.clone());
            }
            let folder = app.data_path().join(FOLDER);
            // It has been forgotten.
            if !folder.join(format!("{id}.stdout")).is_file() {
                continue;
            }
            let output = |name| Output::finished(folder.join(format!("{id}.{name}")));
            let execution = Arc::new(Execution {
                id: id.clone(),
                devbox_id: self.devbox_id.clone(),
                process: None,
                stdout: output("stdout"),
                stderr: output("stderr"),
                stdin: Stdin::new(None),
                exit: watch::Sender::new(Some(exit.unwrap_or(128 + libc::SIGKILL))),
            });
            self.by_id.write().unwrap().insert(id.clone(), execution);
        }
        lost
    }

    /// Starts a command, or finds the one that was started under the same name.
    pub async fn start(
        &self,
        app: &Arc<App>,
        sandbox: &Arc<Sandbox>,
        command: Command,
        environment: Vec<(String, String)>,
    ) -> Result<Arc<Execution>, ApiError> {
        let Some(command_id) = command.id.clone() else {
            return self.spawn(app, sandbox, command, environment).await;
        };
        // Held until it runs, so that a repetition meanwhile waits for it.
        let mut known = self.by_command_id.lock().await;
        if let Some(first) = known.get(&command_id) {
            return Ok(first.clone());
        }
        let execution = self.spawn(app, sandbox, command, environment).await?;
        known.insert(command_id, execution.clone());
        Ok(execution)
    }

    async fn spawn(
        &self,
        app: &Arc<App>,
        sandbox: &Arc<Sandbox>,
        command: Command,
        mut env: Vec<(String, String)>,
    ) -> Result<Arc<Execution>, ApiError> {
        let id = app.ids.next("exec");
        let folder = app.folder(FOLDER).map_err(ApiError::internal)?;
        let output = |name| Output::create(folder.join(format!("{id}.{name}"))).map_err(ApiError::internal);
        let (stdout, stderr) = (output("stdout")?, output("stderr")?);
        let (out_read, out_write) = shell::output_pipe().map_err(ApiError::internal)?;
        let (err_read, err_write) = shell::output_pipe().map_err(ApiError::internal)?;
        let (feed, stdin) = match command.attach_stdin {
            true => shell::input_pipe().map(|(ours, theirs)| (Some(ours), Some(theirs))).map_err(ApiError::internal)?,
            false => (None, None),
        };
        env.extend(command.environment);
        let program = Program {
            argv: shell::arguments(sandbox, &id, &command.text).await?,
            env,
            cwd: sandbox.setup.user.home.clone(),
            user: sandbox.setup.user.clone(),
            stdin,
            stdout: out_write,
            stderr: err_write,
        };
        let running = sandbox.run(program).await.map_err(refused)?;
        let execution = Arc::new(Execution {
            id: id.clone(),
            devbox_id: self.devbox_id.clone(),
            process: Some((sandbox.clone(), running.spawn)),
            stdout: stdout.clone(),
            stderr: stderr.clone(),
            stdin: Stdin::new(feed),
            exit: watch::Sender::new(None),
        });
        let mut began = Entry::new(app.clock.now_ms(), Level::Info, command.source);
        began.cmd = Some(command.text);
        began.cmd_id = Some(id.clone());
        self.log.write(&began);
        self.by_id.write().unwrap().insert(id, execution.clone());
        let pumps = [Pump::start(app.clone(), out_read, stdout), Pump::start(app.clone(), err_read, stderr)];
        // What the launch started does not keep a devbox from being idle.
        let in_use = (command.source == Source::Exec).then(|| self.activity.in_use());
        tokio::spawn(follow(app.clone(), self.log.clone(), execution.clone(), running, pumps, began, in_use));
        Ok(execution)
    }
}

pub struct Execution {
    id: String,
    devbox_id: String,
    /// The sandbox it runs in and its number there; nothing of one from an earlier run of the emulator.
    process: Option<(Arc<Sandbox>, u64)>,
    stdout: Arc<Output>,
    stderr: Arc<Output>,
    stdin: Stdin,
    /// The exit status, once the command has ended and its output is here.
    exit: watch::Sender<Option<i32>>,
}

fn refused(failure: Failure) -> ApiError {
    match failure.is_shortage() {
        true => ApiError::new(http::StatusCode::SERVICE_UNAVAILABLE, failure.what),
        false => ApiError::bad_request(failure.what),
    }
}

/// From the command's end to the execution's: when all that it had written is here.
async fn follow(
    app: Arc<App>,
    log: Arc<Log>,
    execution: Arc<Execution>,
    running: Running,
    pumps: [Pump; 2],
    began: Entry,
    _in_use: Option<InUse>,
) {
    // Nobody tells of the end where the whole devbox was ended.
    let exit = running.exit.await.unwrap_or(Exit::Signal(libc::SIGKILL));
    futures_util::future::join_all(pumps.into_iter().map(Pump::command_ended)).await;
    execution.stdin.close().await;
    if !app.is_ending() {
        let level = if exit.status() == 0 { Level::Info } else { Level::Error };
        let mut end = Entry::new(app.clock.now_ms(), level, began.source);
        end.cmd_id = began.cmd_id;
        end.exit_code = Some(exit.status());
        log.write(&end);
    }
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

    /// False where it reads no more.
    pub async fn feed(&self, text: &str) -> bool {
        self.stdin.write(text.as_bytes()).await
    }

    pub fn stdout(&self) -> &Arc<Output> {
        &self.stdout
    }

    async fn interrupt(&self) -> bool {
        self.stdin.is_attached() && self.signal(libc::SIGINT, Reach::Group).await
    }

    async fn kill(&self, group: bool) {
        let reach = if group { Reach::Session } else { Reach::Process };
        self.signal(libc::SIGKILL, reach).await;
    }

    async fn signal(&self, signal: i32, reach: Reach) -> bool {
        match &self.process {
            Some((sandbox, spawn)) => sandbox.signal(*spawn, signal, reach).await,
            None => false,
        }
    }

    /// The last lines of both outputs, and when they came.
    pub fn last_lines(&self, count: usize) -> std::io::Result<[Vec<tail::Line>; 2]> {
        Ok([tail::lines(&self.stdout, count)?, tail::lines(&self.stderr, count)?])
    }
}
