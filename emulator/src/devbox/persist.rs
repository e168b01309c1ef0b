//! Devboxes outlive the emulator: what is kept of them, and how they come back.

use super::boot::{boot, Start};
use super::log::{Entry, Level, Log, Source};
use super::{Because, Devbox, Launch, State, Status, Transition};
use crate::app::App;
use crate::http::ApiError;
use crate::layers;
use crate::sandbox::disk;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Two rows of the store: the launch never changes and may hold whole files.
const RECORD: &str = "devbox";
const LAUNCH: &str = "devbox_launch";

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub id: String,
    pub created_ms: i64,
    pub name: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub transitions: Vec<Transition>,
    pub failure_reason: Option<String>,
    pub shutdown_reason: Option<String>,
    pub end_ms: Option<i64>,
    pub keep_alive_until_ms: Option<i64>,
    /// The last event that its agents were given, by axon.
    #[serde(default)]
    pub brokers: BTreeMap<String, i64>,
}

#[derive(Serialize)]
struct KeptLaunch<'a> {
    id: &'a str,
    launch: &'a Launch,
}

#[derive(Deserialize)]
struct FoundLaunch {
    id: String,
    launch: Launch,
}

impl Devbox {
    /// Before a new devbox is shown to anybody.
    pub(super) fn keep(&self, app: &App) -> Result<(), ApiError> {
        app.store.put(LAUNCH, &self.id, &KeptLaunch { id: &self.id, launch: &self.launch })?;
        app.store.put(RECORD, &self.id, &self.state.lock().unwrap().record)
    }

    /// What cannot be written now is tried again when an answer depends on it.
    pub(super) fn save(&self, app: &App, state: &mut State) {
        let saved = app.store.put(RECORD, &self.id, &state.record);
        state.unsaved = saved.is_err();
        if let Err(e) = saved {
            eprintln!("runloop-emulator: {} cannot be recorded: {}", self.id, e.message());
        }
    }

    /// Before an answer that promises something of this devbox.
    pub(super) fn saved(&self, app: &App) -> Result<(), ApiError> {
        let mut state = self.state.lock().unwrap();
        if state.unsaved {
            app.store.put(RECORD, &self.id, &state.record)?;
            state.unsaved = false;
        }
        Ok(())
    }

    pub(super) fn change(&self, app: &App, change: impl FnOnce(&mut Record)) -> Result<(), ApiError> {
        let mut state = self.state.lock().unwrap();
        change(&mut state.record);
        self.save(app, &mut state);
        drop(state);
        self.saved(app)
    }
}

/// Brings back every devbox of an earlier run of the emulator. Those that were running are running
/// again when this returns, unless they have commands to run first.
pub async fn restore(app: &Arc<App>) -> Result<(), String> {
    let launches: Vec<FoundLaunch> = app.store.load(LAUNCH)?;
    let mut launches: HashMap<String, Launch> = launches.into_iter().map(|kept| (kept.id, kept.launch)).collect();
    let records: Vec<Record> = app.store.load(RECORD)?;
    let mut alive = HashSet::new();
    let mut starting = Vec::new();
    for record in records {
        // A launch without a record was never answered; the other way round cannot be.
        let Some(mut launch) = launches.remove(&record.id) else { continue };
        launch.settle(app.isolation.disks.join(&record.id));
        let log = Log::new(app.devbox_log(&record.id).map_err(|e| format!("the devboxes' logs: {e}"))?);
        let devbox = Arc::new(Devbox::new(app, launch, record, log));
        devbox.end_lost_commands(app);
        app.devboxes.add(devbox.clone());
        if !devbox.status().is_end() {
            alive.insert(devbox.id.clone());
            starting.push(bring_back(app.clone(), devbox));
        }
    }
    sweep(app, alive);
    futures_util::future::join_all(starting).await;
    Ok(())
}

async fn bring_back(app: Arc<App>, devbox: Arc<Devbox>) {
    let note = |message: &str| devbox.log.note(app.clock.now_ms(), Level::Warn, Source::Kmsg, message);
    tokio::spawn(super::lifecycle::watch_over(app.clone(), devbox.clone()));
    if devbox.launch.mode != app.isolation.mode {
        let why = "the emulator was started again with another isolation, which cannot use this devbox's disk".to_string();
        return devbox.fail(&app, super::Failed::execution(why)).await;
    }
    match devbox.status() {
        Status::Suspended => {}
        Status::Suspending => {
            note("the emulator was started again: what was left to do before suspending is given up");
            devbox.step(&app, |_| true, Status::Suspended, Because::Asked);
        }
        Status::Running => {
            note("the emulator was started again: the disk is as it was, the processes are gone");
            if !devbox.launch.commands.is_empty() {
                devbox.step(&app, |_| true, Status::Initializing, Because::Asked);
            }
            super::boot::restart(app.clone(), devbox.clone()).await;
        }
        _ if devbox.has_run() => {
            note("the emulator was started again while this devbox was starting: it starts once more");
            devbox.step(&app, |status| status == Status::Resuming, Status::Provisioning, Because::Asked);
            tokio::spawn(boot(app.clone(), devbox.clone(), Start::Resumed));
        }
        _ => {
            note("the emulator was started again while this devbox was being made: it is made from the start");
            let (emulator, of) = (app.clone(), devbox.clone());
            let fresh = tokio::task::spawn_blocking(move || {
                let _gate = emulator.layers.gate();
                disk::discard(&of.launch.folder)?;
                layers::hold(&of.launch.folder, &of.launch.origin.layers).map_err(|e| e.to_string())
            })
            .await;
            if let Ok(Err(why)) = fresh {
                return devbox.fail(&app, super::Failed::execution(format!("its half-made disk cannot be removed: {why}"))).await;
            }
            tokio::spawn(boot(app.clone(), devbox.clone(), Start::New));
        }
    }
}

/// Disks whose devbox has ended, or was never answered.
fn sweep(app: &Arc<App>, alive: HashSet<String>) {
    for entry in std::fs::read_dir(&app.isolation.disks).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("dbx_") && !alive.contains(&name) {
            app.devboxes.discard(&app.layers, entry.path());
        }
    }
}

impl Devbox {
    fn has_run(&self) -> bool {
        let state = self.state.lock().unwrap();
        state.record.transitions.iter().any(|transition| transition.status == Status::Running)
    }

    /// Commands of the earlier run can still be asked for; those that were running have been killed.
    fn end_lost_commands(&self, app: &App) {
        let entries = self.log.read().unwrap_or_default();
        for lost in self.executions.restore(app, &self.id, &entries) {
            let mut end = Entry::new(app.clock.now_ms(), Level::Error, lost.source);
            end.cmd_id = lost.cmd_id;
            end.exit_code = Some(128 + libc::SIGKILL);
            self.log.write(&end);
        }
    }
}
