//! Devboxes: their records and their states.

pub mod activity;
pub mod api;
mod boot;
mod broker;
mod commands;
mod create;
mod elsewhere;
mod environment;
pub mod evict;
pub mod evictions;
mod launch;
mod lifecycle;
pub mod log;
mod log_list;
mod mount;
mod mounts;
pub mod origin;
mod record;
mod registry;
mod removals;
mod restore;
mod status;
mod usage;
mod view;
pub mod wake;

pub use launch::Launch;
pub use registry::Devboxes;
pub use removals::Removals;
pub use status::Status;

use crate::app::App;
use crate::execution::{EndedOutputs, Executions};
use crate::http::ApiError;
use crate::layers::Layers;
use crate::sandbox::{procfs, Sandbox};
use crate::tunnel::Tunnels;
use activity::{Activity, InUse};
use evictions::Evictions;
use log::{Level, Log, Source};
use record::{Record, Transition};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub struct Devbox {
    pub id: String,
    pub created_ms: i64,
    pub launch: Launch,
    pub executions: Arc<Executions>,
    pub log: Arc<Log>,
    state: Mutex<State>,
    status: watch::Sender<Status>,
    /// When keep-alive ends it, by the emulated clock; `None` is never.
    deadline_ms: watch::Sender<Option<i64>>,
    activity: Activity,
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
        let (log, activity) = (Arc::new(log), Activity::default());
        Devbox {
            id: record.id.clone(),
            created_ms: record.created_ms,
            launch,
            executions: Arc::new(Executions::new(&record.id, log.clone(), activity.clone())),
            log,
            deadline_ms: watch::Sender::new(record.keep_alive_until_ms),
            state: Mutex::new(State { record, sandbox: None, unsaved: false }),
            status: watch::Sender::new(status),
            activity,
            changing: Default::default(),
            injected: Mutex::default(),
            tunnels: app.shared::<Tunnels>(),
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
        app.state::<Evictions>().forget(&self.id);
        self.injected.lock().unwrap().clear();
        self.log.close();
        app.state::<EndedOutputs>().add(self.executions.clone());
        app.state::<Removals>().discard(app.state::<Layers>(), self.launch.folder.clone());
    }

    /// Whoever calls this holds `changing`.
    async fn stop_processes(&self) {
        let sandbox = self.state.lock().unwrap().sandbox.take();
        if let Some(sandbox) = sandbox {
            sandbox.stop().await;
        }
    }

    /// It is not idle while this is held, and its idle time begins anew after that.
    pub fn in_use(&self) -> InUse {
        self.activity.in_use()
    }

    /// Its idle time begins anew.
    pub fn was_active(&self) {
        self.activity.noticed();
    }

    /// Before a new devbox is shown to anybody.
    fn keep(&self, app: &App) -> Result<(), ApiError> {
        record::save_launch(&app.store, &self.id, &self.launch)?;
        self.state.lock().unwrap().record.save(&app.store)
    }

    /// What cannot be written now is tried again when an answer depends on it.
    fn save(&self, app: &App, state: &mut State) {
        let saved = state.record.save(&app.store);
        state.unsaved = saved.is_err();
        if let Err(e) = saved {
            eprintln!("runloop-emulator: {} cannot be recorded: {}", self.id, e.message());
        }
    }

    /// Before an answer that promises something of this devbox.
    fn saved(&self, app: &App) -> Result<(), ApiError> {
        let mut state = self.state.lock().unwrap();
        if state.unsaved {
            state.record.save(&app.store)?;
            state.unsaved = false;
        }
        Ok(())
    }

    fn change(&self, app: &App, change: impl FnOnce(&mut Record)) -> Result<(), ApiError> {
        let mut state = self.state.lock().unwrap();
        change(&mut state.record);
        self.save(app, &mut state);
        drop(state);
        self.saved(app)
    }

    pub fn processes(&self, all: &[procfs::Process]) -> Vec<procfs::Process> {
        let sandbox = self.state.lock().unwrap().sandbox.clone();
        sandbox.map_or_else(Vec::new, |sandbox| sandbox.processes(all))
    }
}
