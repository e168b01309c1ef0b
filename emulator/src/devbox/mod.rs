//! Devboxes: their records and their states.

pub mod api;
mod boot;
pub mod broker;
mod elsewhere;
mod environment;
pub mod evictions;
mod launch;
mod lifecycle;
pub mod log;
mod log_list;
mod mounts;
pub mod origin;
mod persist;
mod registry;
mod usage;
mod view;

pub use launch::Launch;
pub use lifecycle::InUse;
pub use persist::restore;
pub use registry::Devboxes;

use crate::app::App;
use crate::execution::Executions;
use crate::http::ApiError;
use crate::sandbox::{procfs, Sandbox};
use lifecycle::Activity;
use log::{Level, Log, Source};
use persist::Record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    pub log: Log,
    state: Mutex<State>,
    status: watch::Sender<Status>,
    /// When keep-alive ends it, by the emulated clock; `None` is never.
    deadline_ms: watch::Sender<Option<i64>>,
    activity: Arc<watch::Sender<Activity>>,
    /// Held while its processes are being started or ended.
    changing: tokio::sync::Mutex<()>,
    /// Secrets and tokens that its commands find in their environment. Never stored or shown.
    injected: Mutex<BTreeMap<String, String>>,
    tunnels: Arc<crate::tunnel::Tunnels>,
}

/// What changes over its life.
struct State {
    record: Record,
    sandbox: Option<Arc<Sandbox>>,
    /// The store has not taken the record as it is now.
    unsaved: bool,
}

#[derive(Clone, Serialize, Deserialize)]
struct Transition {
    status: Status,
    transition_time_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
}

/// Why a devbox fails: the service's category, and what happened.
#[derive(Debug)]
struct Failed {
    category: &'static str,
    what: String,
}

impl Failed {
    fn execution(what: impl Into<String>) -> Failed {
        Failed { category: "execution_failed", what: what.into() }
    }
}

/// What comes with a change of state.
enum Because<'a> {
    Asked,
    Ended(&'static str),
    Failed(&'a Failed),
}

impl Devbox {
    fn new(app: &App, launch: Launch, record: Record, log: Log) -> Devbox {
        let status = record.transitions.last().map_or(Status::Provisioning, |last| last.status);
        Devbox {
            id: record.id.clone(),
            created_ms: record.created_ms,
            launch,
            executions: Executions::default(),
            log,
            deadline_ms: watch::Sender::new(record.keep_alive_until_ms),
            state: Mutex::new(State { record, sandbox: None, unsaved: false }),
            status: watch::Sender::new(status),
            activity: Arc::default(),
            changing: Default::default(),
            injected: Mutex::default(),
            tunnels: app.tunnels.clone(),
        }
    }

    pub fn status(&self) -> Status {
        *self.status.borrow()
    }

    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Goes to another state if it is in one that leads there. The record is in the store before
    /// anybody can see the new state.
    fn step(&self, app: &App, from: impl FnOnce(Status) -> bool, status: Status, because: Because) -> bool {
        let mut state = self.state.lock().unwrap();
        if app.is_ending() || !from(self.status()) {
            return false;
        }
        let now = app.clock.now_ms();
        let record = &mut state.record;
        let failure_reason = match &because {
            Because::Failed(failed) => Some(failed.what.clone()),
            _ => None,
        };
        record.transitions.push(Transition { status, transition_time_ms: now, failure_reason });
        if status.is_end() {
            record.end_ms = Some(now);
            match because {
                Because::Failed(failed) => record.failure_reason = Some(failed.category.into()),
                Because::Ended(reason) => record.shutdown_reason = Some(reason.into()),
                Because::Asked => {}
            }
        }
        self.save(app, &mut state);
        self.status.send_replace(status);
        true
    }

    /// The sandbox, or an error that names the state that keeps us from it. Who asks is active.
    pub fn running(&self) -> Result<Arc<Sandbox>, ApiError> {
        let sandbox = self.running_unnoticed()?;
        self.was_active();
        Ok(sandbox)
    }

    /// The same for one whose asking is to let it be idle.
    pub fn running_unnoticed(&self) -> Result<Arc<Sandbox>, ApiError> {
        let state = self.state.lock().unwrap();
        match (self.status(), &state.sandbox) {
            (Status::Running, Some(sandbox)) => Ok(sandbox.clone()),
            (status, _) => Err(ApiError::bad_request(format!("devbox {} is not running: it is in state {}", self.id, status.name()))),
        }
    }

    /// Whether it runs, and in this sandbox.
    fn runs_in(&self, sandbox: &Arc<Sandbox>) -> bool {
        let state = self.state.lock().unwrap();
        self.status() == Status::Running && state.sandbox.as_ref().is_some_and(|own| Arc::ptr_eq(own, sandbox))
    }

    /// The devbox's own sandbox from now on; given back where it came too late.
    fn attach(&self, app: &App, sandbox: Arc<Sandbox>) -> Result<(), Arc<Sandbox>> {
        let mut state = self.state.lock().unwrap();
        if self.status().is_end() || app.is_ending() {
            return Err(sandbox);
        }
        state.sandbox = Some(sandbox);
        Ok(())
    }

    /// Ends it for good; returns when no process of it is left. False where it had ended before.
    pub async fn shut_down(&self, app: &App, reason: &'static str) -> bool {
        let entered = self.step(app, |status| !status.is_end(), Status::Shutdown, Because::Ended(reason));
        self.clear_away(app).await;
        entered
    }

    async fn fail(&self, app: &App, failed: Failed) {
        if self.step(app, |status| !status.is_end(), Status::Failure, Because::Failed(&failed)) {
            self.log.note(app.clock.now_ms(), Level::Error, Source::Kmsg, &failed.what);
            eprintln!("runloop-emulator: {}: {}", self.id, failed.what);
        }
        self.clear_away(app).await;
    }

    /// Of a devbox that has ended, processes and disk.
    async fn clear_away(&self, app: &App) {
        let _changing = self.changing.lock().await;
        if !self.status().is_end() {
            return;
        }
        self.stop_processes().await;
        app.evictions.forget(&self.id);
        self.injected.lock().unwrap().clear();
        self.log.close();
        app.devboxes.discard(&app.layers, self.launch.folder.clone());
    }

    /// Whoever calls this holds `changing`.
    async fn stop_processes(&self) {
        let sandbox = self.state.lock().unwrap().sandbox.take();
        if let Some(sandbox) = sandbox {
            sandbox.stop().await;
        }
    }

    pub fn processes(&self, all: &[procfs::Process]) -> Vec<procfs::Process> {
        let sandbox = self.state.lock().unwrap().sandbox.clone();
        sandbox.map_or_else(Vec::new, |sandbox| sandbox.processes(all))
    }
}
