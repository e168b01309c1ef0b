//! Devboxes outlive the emulator: how they come back.

use super::boot::{boot, Start};
use super::log::{Entry, Level, Log, Source};
use super::Devboxes;
use super::Removals;
use super::{record, Because, Devbox, Status};
use crate::app::App;
use crate::execution::EndedOutputs;
use crate::layers;
use crate::layers::Layers;
use crate::sandbox::disk;
use std::collections::HashSet;
use std::sync::Arc;

/// Brings back every devbox of an earlier run of the emulator. Those that were running are running
/// again when this returns, unless they have commands to run first.
pub async fn restore(app: &Arc<App>) -> Result<(), String> {
    let (records, mut launches) = record::load(&app.store)?;
    let mut alive = HashSet::new();
    let mut starting = Vec::new();
    for record in records {
        // A launch without a record was never answered; the other way round cannot be.
        let Some(mut launch) = launches.remove(&record.id) else { continue };
        launch.settle(app.isolation.disks.join(&record.id));
        let log = Log::of(app, &record.id).map_err(|e| format!("the devboxes' logs: {e}"))?;
        let devbox = Arc::new(Devbox::new(app, launch, record, log));
        devbox.end_lost_commands(app);
        app.state::<Devboxes>().add(devbox.clone());
        if !devbox.status().is_end() {
            alive.insert(devbox.id.clone());
            starting.push(bring_back(app.clone(), devbox));
        } else {
            app.state::<EndedOutputs>().add(devbox.executions.clone());
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
                let _gate = emulator.state::<Layers>().gate();
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
            app.state::<Removals>().discard(app.state::<Layers>(), entry.path());
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
        for lost in self.executions.restore(app, &entries) {
            let mut end = Entry::new(app.clock.now_ms(), Level::Error, lost.source);
            end.cmd_id = lost.cmd_id;
            end.exit_code = Some(128 + libc::SIGKILL);
            self.log.write(&end);
        }
    }
}
