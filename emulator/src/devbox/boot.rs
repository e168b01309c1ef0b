//! From a new devbox to a running one, and from a kept disk to a running one again.

use super::log::{Level, Source};
use super::{broker, mounts, Because, Devbox, Failed, Status};
use crate::app::App;
use crate::execution::{Command, Execution};
use crate::layers::Layers;
use crate::sandbox::{disk, Sandbox, Setup};
use crate::settings::BootResult;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// Which start of a devbox this is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Start {
    New,
    Resumed,
    /// After a crash of the emulator: it was running, and is to be again.
    Restarted,
}

pub async fn boot(app: Arc<App>, devbox: Arc<Devbox>, start: Start) {
    if app.settings().never_running && start == Start::New {
        return;
    }
    if let Some(sandbox) = begin(&app, &devbox, start).await {
        finish(app, devbox, sandbox, start).await;
    }
}

/// Returns when the devbox has its processes again, or has failed; what its launch asks for besides
/// goes on.
pub async fn restart(app: Arc<App>, devbox: Arc<Devbox>) {
    if let Some(sandbox) = begin(&app, &devbox, Start::Restarted).await {
        tokio::spawn(finish(app, devbox, sandbox, Start::Restarted));
    }
}

/// Half of the time that a boot takes.
fn half(app: &App, start: Start) -> Duration {
    match start {
        Start::Restarted => Duration::ZERO,
        _ => Duration::from_micros(app.settings().boot_ms * 500),
    }
}

/// Starts the sandbox; nothing where that cannot be, or is not wanted any more.
async fn begin(app: &Arc<App>, devbox: &Arc<Devbox>, start: Start) -> Option<Arc<Sandbox>> {
    let changing = devbox.changing.lock().await;
    let mut status = devbox.watch();
    if status.borrow().is_end() || app.is_ending() {
        return None;
    }
    let folder = devbox.launch.folder.clone();
    let started = match start != Start::New && !disk::exists(&folder, devbox.launch.mode) {
        true => Err("its disk is gone".to_string()),
        false => {
            let setup = Setup {
                mode: devbox.launch.mode,
                folder,
                layers: app.state::<Layers>().paths(&devbox.launch.origin.layers),
                hidden: vec![app.data_path(), app.isolation.disks.clone()],
                sudo: app.sudo.clone(),
                hostname: devbox.id.replace('_', "-"),
                user: devbox.launch.user.clone(),
            };
            let (started, ()) = tokio::join!(Sandbox::start(&app.launcher, setup), async {
                // A shutdown in the meantime need not wait for the rest of it.
                tokio::select! {
                    () = app.clock.sleep(half(app, start)) => {}
                    _ = status.wait_for(|status| status.is_end()) => {}
                }
            });
            started
        }
    };
    match started {
        Ok(sandbox) => match devbox.attach(app, sandbox.clone()) {
            Ok(()) => return Some(sandbox),
            Err(late) => late.stop().await,
        },
        Err(why) => {
            drop(changing);
            let category = if why.contains("No space left") { "out_of_disk" } else { "execution_failed" };
            devbox.fail(app, Failed { category, what: format!("the devbox cannot start: {why}") }).await;
        }
    }
    None
}

/// What its launch asks for, and then its life.
async fn finish(app: Arc<App>, devbox: Arc<Devbox>, sandbox: Arc<Sandbox>, start: Start) {
    if start == Start::New || !devbox.launch.commands.is_empty() {
        devbox.step(&app, |status| status == Status::Provisioning, Status::Initializing, Because::Asked);
    }
    let (prepared, ()) = tokio::join!(prepare(&app, &devbox, &sandbox, start), app.clock.sleep(half(&app, start)));
    let prepared = match prepared {
        Ok(_) if start == Start::New && app.settings().boot_result == BootResult::Failure => {
            Err(Failed::execution("the boot failed, as the emulator's setting boot_result wants"))
        }
        prepared => prepared,
    };
    let entrypoint = match prepared {
        Ok(entrypoint) => entrypoint,
        Err(failed) => {
            // Where the devbox was ended meanwhile its commands failed for that.
            return devbox.fail(&app, failed).await;
        }
    };
    broker::start(&app, &devbox, &sandbox).await;
    let booting = |status| matches!(status, Status::Provisioning | Status::Initializing);
    if !devbox.step(&app, booting, Status::Running, Because::Asked) && !devbox.runs_in(&sandbox) {
        return;
    }
    let mut ended = sandbox.ended();
    // The guard that it gives must not be held across the pauses below.
    let gone = async { ended.wait_for(|ended| *ended).await.is_ok() };
    tokio::select! {
        biased;
        _ = gone => {
            // An init process that ends by itself takes the devbox with it.
            if devbox.runs_in(&sandbox) {
                let what = "the devbox's init process has ended".to_string();
                devbox.fail(&app, Failed { category: "health_check_failed", what }).await;
            }
        }
        () = entrypoint_ends(entrypoint) => {
            if devbox.runs_in(&sandbox) {
                devbox.shut_down(&app, "entrypoint_exit").await;
            }
        }
    }
}

async fn entrypoint_ends(entrypoint: Option<Arc<Execution>>) {
    match entrypoint {
        Some(entrypoint) => {
            entrypoint.completed().await;
        }
        None => std::future::pending().await,
    }
}

/// Mounts (once), then the launch commands, then the entrypoint (at every start).
async fn prepare(app: &Arc<App>, devbox: &Arc<Devbox>, sandbox: &Arc<Sandbox>, start: Start) -> Result<Option<Arc<Execution>>, Failed> {
    if start == Start::New {
        devbox.remark_on_what_differs(app);
        for mount in &devbox.launch.mounts {
            mounts::put(app, devbox, sandbox, mount).await?;
        }
    } else if let Err(e) = devbox.inject(app) {
        let message = format!("started without its secrets as they were: {}", e.message());
        devbox.log.note(app.clock.now_ms(), Level::Warn, Source::Kmsg, message);
    }
    for command in &devbox.launch.commands {
        devbox.set_up(app, sandbox, Command::new(command.clone()).of(Source::SetupCommands)).await?;
    }
    match &devbox.launch.entrypoint {
        Some(script) => {
            let command = Command::new(script.clone()).of(Source::Entrypoint);
            let started = devbox.execute(app, sandbox, command).await;
            started.map(Some).map_err(|e| Failed::execution(format!("the entrypoint cannot start: {}", e.message())))
        }
        None => Ok(None),
    }
}

impl Devbox {
    /// What a developer should know who asked for another machine than this one.
    fn remark_on_what_differs(&self, app: &App) {
        let own = match std::env::consts::ARCH {
            "aarch64" => "arm64",
            arch => arch,
        };
        let asked = self.launch.parameters.get("architecture").and_then(Value::as_str);
        if let Some(asked) = asked.filter(|asked| *asked != own) {
            let message = format!("asked for {asked}, but runs on this machine's {own}");
            self.log.note(app.clock.now_ms(), Level::Warn, Source::Kmsg, message);
        }
    }
}
