//! Suspending and resuming, and the timers that do so or end a devbox.

use super::boot::{boot, Start};
use super::evictions::Evictions;
use super::launch::OnIdle;
use super::log::{Level, Source};
use super::{Because, Devbox, Status};
use crate::app::App;
use crate::execution::Command;
use crate::http::ApiError;
use crate::sandbox::Sandbox;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

impl Devbox {
    /// The keep-alive period begins again, and so does the idle time.
    pub fn keep_alive(&self, app: &App) -> Result<(), ApiError> {
        let period = self.launch.keep_alive_seconds;
        let until = period.map(|s| app.clock.now_ms().saturating_add(s.saturating_mul(1000)));
        self.change(app, |record| record.keep_alive_until_ms = until)?;
        self.deadline_ms.send_replace(until);
        self.was_active();
        Ok(())
    }

    /// Begins to suspend it: its processes end, its disk stays. One that is on its way there, or
    /// there already, is left to it.
    pub fn suspend(self: &Arc<Devbox>, app: &Arc<App>) -> Result<(), ApiError> {
        if self.step(app, |status| status == Status::Running, Status::Suspending, Because::Asked) {
            tokio::spawn(carry_out_suspend(app.clone(), self.clone()));
        } else if !matches!(self.status(), Status::Suspending | Status::Suspended) {
            return Err(self.not("suspended"));
        }
        self.saved(app)
    }

    /// Begins to resume it, over the disk it had. One that is on its way up, or up already, is left
    /// to it.
    pub fn resume(self: &Arc<Devbox>, app: &Arc<App>) -> Result<(), ApiError> {
        if self.step(app, |status| status == Status::Suspended, Status::Resuming, Because::Asked) {
            self.step(app, |status| status == Status::Resuming, Status::Provisioning, Because::Asked);
            self.keep_alive(app)?;
            tokio::spawn(boot(app.clone(), self.clone(), Start::Resumed));
        } else if self.status().is_end() || self.status() == Status::Suspending {
            return Err(self.not("resumed"));
        }
        self.saved(app)
    }

    /// What may resume it, as its launch says: `http` or `axon_event`.
    pub fn resume_trigger(&self, name: &str) -> Option<bool> {
        self.launch.parameters.get("lifecycle")?.get("resume_triggers")?.get(name)?.as_bool()
    }

    fn not(&self, what: &str) -> ApiError {
        ApiError::bad_request(format!("devbox {} cannot be {what}: it is in state {}", self.id, self.status().name()))
    }
}

async fn carry_out_suspend(app: Arc<App>, devbox: Arc<Devbox>) {
    let sandbox = devbox.state.lock().unwrap().sandbox.clone();
    if let Some(sandbox) = sandbox {
        let deadline = Duration::from_millis(devbox.launch.suspend_deadline_ms);
        tokio::select! {
            () = run_suspend_commands(&app, &devbox, &sandbox) => {}
            () = app.clock.sleep(deadline) => {
                let message = format!("the suspend commands took longer than {} ms and are given up", deadline.as_millis());
                devbox.log.note(app.clock.now_ms(), Level::Error, Source::Exec, message);
            }
        }
    }
    let _changing = devbox.changing.lock().await;
    // A shutdown that came meanwhile has its own way of ending things.
    if devbox.status() == Status::Suspending {
        devbox.stop_processes().await;
        devbox.step(&app, |status| status == Status::Suspending, Status::Suspended, Because::Asked);
        app.state::<Evictions>().forget(&devbox.id);
    }
}

/// One after another; one that fails is logged and keeps nothing back.
async fn run_suspend_commands(app: &Arc<App>, devbox: &Arc<Devbox>, sandbox: &Arc<Sandbox>) {
    for command in &devbox.launch.suspend_commands {
        let why = match devbox.execute(app, sandbox, Command::new(command.clone())).await {
            Ok(execution) => match execution.completed().await {
                0 => continue,
                code => format!("exit code {code}"),
            },
            Err(e) => e.message().to_string(),
        };
        devbox.log.note(app.clock.now_ms(), Level::Error, Source::Exec, format!("the suspend command `{command}` failed: {why}"));
    }
}

/// Ends or suspends the devbox when its time is up, until it has ended.
pub async fn watch_over(app: Arc<App>, devbox: Arc<Devbox>) {
    let mut status = devbox.watch();
    let mut activity = devbox.activity.watch();
    let mut deadline = devbox.deadline_ms.subscribe();
    loop {
        let now = *status.borrow_and_update();
        if now.is_end() {
            return;
        }
        let used = *activity.borrow_and_update() > 0;
        let until = *deadline.borrow_and_update();
        // Time stands still for a devbox that is suspended.
        let until = until.filter(|_| !matches!(now, Status::Suspending | Status::Suspended));
        let idle = devbox.launch.idle.filter(|_| now == Status::Running && !used);
        tokio::select! {
            _ = status.changed() => {}
            _ = activity.changed() => {}
            _ = deadline.changed() => {}
            () = until_then(until.map(|until| app.clock.sleep_until(until))) => {
                devbox.shut_down(&app, "keep_alive_timeout").await;
            }
            () = until_then(idle.map(|idle| app.clock.sleep(Duration::from_secs(idle.idle_time_seconds.unsigned_abs())))) => {
                match idle.map(|idle| idle.on_idle) {
                    // One that is not running any more has seen to itself.
                    Some(OnIdle::Suspend) => { let _ = devbox.suspend(&app); }
                    _ => { devbox.shut_down(&app, "idle").await; }
                }
            }
        }
    }
}

async fn until_then(then: Option<impl Future<Output = ()>>) {
    match then {
        Some(then) => then.await,
        None => std::future::pending().await,
    }
}
