//! Devboxes: their records and their states.

pub mod api;
mod boot;
pub mod origin;
mod registry;
mod view;

pub use registry::Devboxes;

use crate::app::App;
use crate::execution::Executions;
use crate::http::ApiError;
use crate::sandbox::{procfs, Sandbox, User};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Scheduled,
    Queued,
    Provisioning,
    Initializing,
    Running,
    Suspending,
    Suspended,
    Resuming,
    Failure,
    Shutdown,
}

impl Status {
    /// Nothing comes after it.
    pub fn is_end(self) -> bool {
        matches!(self, Status::Failure | Status::Shutdown)
    }

    pub fn name(self) -> String {
        let name = serde_json::to_value(self).unwrap_or_default();
        name.as_str().unwrap_or_default().to_string()
    }
}

pub struct Devbox {
    pub id: String,
    pub created_ms: i64,
    pub launch: Launch,
    pub executions: Executions,
    record: Mutex<Record>,
    status: watch::Sender<Status>,
    /// When keep-alive ends it, by the emulated clock; `None` is never.
    deadline_ms: watch::Sender<Option<i64>>,
    /// False while the boot may still start something.
    booted: watch::Sender<bool>,
}

/// What it was created with.
pub struct Launch {
    pub user: User,
    pub environment: BTreeMap<String, String>,
    pub commands: Vec<String>,
    pub file_mounts: BTreeMap<String, String>,
    pub keep_alive_seconds: Option<i64>,
    /// As given, for the view.
    pub parameters: Map<String, Value>,
    pub folder: PathBuf,
    pub origin: origin::Origin,
}

/// What changes over its life.
struct Record {
    name: Option<String>,
    metadata: BTreeMap<String, String>,
    transitions: Vec<Transition>,
    failure_reason: Option<&'static str>,
    shutdown_reason: Option<&'static str>,
    end_ms: Option<i64>,
    sandbox: Option<Arc<Sandbox>>,
}

#[derive(Clone, Serialize)]
struct Transition {
    status: Status,
    transition_time_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<&'static str>,
}

impl Devbox {
    pub fn status(&self) -> Status {
        *self.status.borrow()
    }

    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Goes to another state, unless it is at its end already.
    fn enter(&self, app: &App, status: Status, reason: Option<&'static str>) -> bool {
        let mut record = self.record.lock().unwrap();
        if self.status().is_end() {
            return false;
        }
        let now = app.clock.now_ms();
        let failed = status == Status::Failure;
        record.transitions.push(Transition { status, transition_time_ms: now, failure_reason: reason.filter(|_| failed) });
        if status.is_end() {
            record.end_ms = Some(now);
            match failed {
                true => record.failure_reason = reason,
                false => record.shutdown_reason = reason,
            }
        }
        self.status.send_replace(status);
        true
    }

    /// The sandbox, or an error that names the state that keeps us from it.
    pub fn running(&self) -> Result<Arc<Sandbox>, ApiError> {
        let record = self.record.lock().unwrap();
        match (self.status(), &record.sandbox) {
            (Status::Running, Some(sandbox)) => Ok(sandbox.clone()),
            (status, _) => Err(ApiError::bad_request(format!("devbox {} is not running: it is in state {}", self.id, status.name()))),
        }
    }

    /// The devbox's own sandbox from now on; given back where it came too late.
    fn attach(&self, sandbox: Arc<Sandbox>) -> Result<(), Arc<Sandbox>> {
        let mut record = self.record.lock().unwrap();
        if self.status().is_end() {
            return Err(sandbox);
        }
        record.sandbox = Some(sandbox);
        Ok(())
    }

    /// Ends it for good; returns when no process of it is left. False where it had ended before.
    pub async fn shut_down(&self, app: &App, reason: &'static str) -> bool {
        let entered = self.enter(app, Status::Shutdown, Some(reason));
        self.clean_up().await;
        entered
    }

    async fn fail(&self, app: &App, reason: &'static str) {
        self.enter(app, Status::Failure, Some(reason));
        self.stop_sandbox().await;
    }

    async fn clean_up(&self) {
        // A boot that is under way sees the new state and undoes what it started.
        let _ = self.booted.subscribe().wait_for(|booted| *booted).await;
        self.stop_sandbox().await;
    }

    async fn stop_sandbox(&self) {
        let sandbox = self.record.lock().unwrap().sandbox.take();
        if let Some(sandbox) = sandbox {
            sandbox.stop().await;
            let folder = self.launch.folder.clone();
            // Its disk goes with it, but nobody has to wait for that.
            tokio::task::spawn_blocking(move || crate::sandbox::disk::remove(&folder));
        }
    }

    pub fn processes(&self, all: &[procfs::Process]) -> Vec<procfs::Process> {
        let sandbox = self.record.lock().unwrap().sandbox.clone();
        sandbox.map_or_else(Vec::new, |sandbox| sandbox.processes(all))
    }

    /// The keep-alive period begins again.
    pub fn keep_alive(&self, app: &App) {
        let period = self.launch.keep_alive_seconds;
        let deadline = period.map(|s| app.clock.now_ms().saturating_add(s.saturating_mul(1000)));
        self.deadline_ms.send_replace(deadline);
    }

    /// The environment of its commands: nothing of the developer's own.
    pub fn command_environment(&self, sandbox: &Sandbox) -> Vec<(String, String)> {
        let user = &sandbox.setup.user;
        let home = user.home.display().to_string();
        let mut env: BTreeMap<String, String> = [
            ("HOME", home.as_str()),
            ("LANG", "C.UTF-8"),
            ("LOGNAME", &user.name),
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("SHELL", "/bin/bash"),
            ("USER", &user.name),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .into();
        if sandbox.setup.mode == crate::sandbox::Mode::Plain {
            let tmp = sandbox.setup.folder.join("tmp");
            env.insert("TMPDIR".into(), tmp.display().to_string());
        }
        env.extend(self.launch.environment.clone());
        env.into_iter().collect()
    }
}
