//! From a request to a running devbox, and the timers that end one.

use super::origin;
use super::{Devbox, Launch, Record, Status, Transition};
use crate::app::App;
use crate::execution::{self, Command};
use crate::http::ApiError;
use crate::layers;
use crate::sandbox::{disk, Mode, Sandbox, Setup, User};
use crate::settings::BootResult;
use serde::Deserialize;
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// The service's default, and its own limit.
const KEEP_ALIVE_SECONDS: i64 = 3600;
const LONGEST_KEEP_ALIVE_SECONDS: i64 = 172_800;

#[derive(Deserialize)]
pub struct Create {
    name: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
    environment_variables: Option<BTreeMap<String, String>>,
    file_mounts: Option<BTreeMap<String, String>>,
    launch_parameters: Option<Map<String, Value>>,
    #[serde(flatten)]
    origin: origin::Wanted,
    /// Everything else, to be refused by name where it would have to do something.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct Known {
    keep_alive_time_seconds: Option<i64>,
    after_idle: Option<Value>,
    lifecycle: Option<Value>,
    launch_commands: Option<Vec<String>>,
    user_parameters: Option<UserParameters>,
}

#[derive(Deserialize)]
struct UserParameters {
    username: String,
    uid: i64,
}

/// A new devbox, whose boot is under way.
pub fn create(app: &Arc<App>, wanted: Create) -> Result<Arc<Devbox>, ApiError> {
    refuse_what_is_not_served(&wanted.rest)?;
    let gate = app.layers.gate();
    let (origin, defaults) = wanted.origin.find(app)?;
    let mut parameters = defaults.parameters(wanted.launch_parameters);
    let known =
        Known::deserialize(Value::Object(parameters.clone())).map_err(|e| ApiError::bad_request(format!("launch_parameters: {e}")))?;
    let idle = known.after_idle.is_some() || known.lifecycle.is_some();
    let keep_alive = known.keep_alive_time_seconds.unwrap_or(KEEP_ALIVE_SECONDS);
    if !(1..=LONGEST_KEEP_ALIVE_SECONDS).contains(&keep_alive) {
        return Err(ApiError::bad_request(format!(
            "launch_parameters.keep_alive_time_seconds must be between 1 and {LONGEST_KEEP_ALIVE_SECONDS}"
        )));
    }
    parameters.entry("keep_alive_time_seconds").or_insert(json!(keep_alive));
    let id = app.ids.next("dbx");
    let folder = app.isolation.disks.join(&id);
    let now = app.clock.now_ms();
    let status = Status::Provisioning;
    let devbox = Arc::new(Devbox {
        created_ms: now,
        launch: Launch {
            user: user(app.isolation.mode, known.user_parameters, &folder)?,
            environment: defaults.environment(wanted.environment_variables),
            commands: known.launch_commands.unwrap_or_default(),
            file_mounts: wanted.file_mounts.unwrap_or_default(),
            keep_alive_seconds: Some(keep_alive).filter(|_| !idle),
            parameters,
            folder,
            origin,
        },
        executions: Default::default(),
        record: Mutex::new(Record {
            name: wanted.name,
            metadata: wanted.metadata.unwrap_or_default(),
            transitions: vec![Transition { status, transition_time_ms: now, failure_reason: None }],
            failure_reason: None,
            shutdown_reason: None,
            end_ms: None,
            sandbox: None,
        }),
        status: watch::Sender::new(status),
        deadline_ms: watch::Sender::new(None),
        booted: watch::Sender::new(false),
        id,
    });
    check_environment(&devbox.launch.environment)?;
    layers::hold(&devbox.launch.folder, &devbox.launch.origin.layers).map_err(ApiError::internal)?;
    drop(gate);
    app.devboxes.add(devbox.clone());
    devbox.keep_alive(app);
    tokio::spawn(boot(app.clone(), devbox.clone()));
    tokio::spawn(end_when_due(app.clone(), devbox.clone()));
    Ok(devbox)
}

/// A devbox that silently lacked what it was asked for would be worse than none.
fn refuse_what_is_not_served(rest: &Map<String, Value>) -> Result<(), ApiError> {
    const WANTED: [&str; 7] = ["code_mounts", "entrypoint", "gateways", "mcp", "mounts", "secrets", "tunnel"];
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    for name in WANTED {
        if rest.get(name).is_some_and(|value| !empty(value)) {
            return Err(ApiError::new(
                http::StatusCode::NOT_IMPLEMENTED,
                format!("the emulator does not serve {name} of a new devbox yet"),
            ));
        }
    }
    Ok(())
}

fn check_environment(environment: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for (name, value) in environment {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(ApiError::bad_request(format!("environment_variables: {name:?} cannot be set")));
        }
    }
    Ok(())
}

fn user(mode: Mode, wanted: Option<UserParameters>, folder: &std::path::Path) -> Result<User, ApiError> {
    let UserParameters { username, uid } = wanted.unwrap_or(UserParameters { username: "user".into(), uid: 1000 });
    let plain_name = !username.is_empty()
        && username.len() <= 32
        && !username.starts_with('-')
        && username.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if !plain_name || username == "." || username == ".." {
        return Err(ApiError::bad_request("launch_parameters.user_parameters.username is no user name"));
    }
    if (username == "root") != (uid == 0) {
        return Err(ApiError::bad_request("launch_parameters.user_parameters: root has uid 0, and nobody else has"));
    }
    let uid = u32::try_from(uid).ok().filter(|uid| *uid < u32::MAX - 1);
    let uid = uid.ok_or_else(|| ApiError::bad_request("launch_parameters.user_parameters.uid is no user id"))?;
    if mode == Mode::Plain {
        // No other user can be had: commands run as the one that the emulator runs as.
        return Ok(User { name: username, uid: nix::unistd::geteuid().as_raw(), home: disk::plain_home(folder) });
    }
    let home = match uid {
        0 => PathBuf::from("/root"),
        _ => PathBuf::from("/home").join(&username),
    };
    Ok(User { name: username, uid, home })
}

async fn boot(app: Arc<App>, devbox: Arc<Devbox>) {
    let settings = app.settings();
    if settings.never_running {
        devbox.booted.send_replace(true);
        return;
    }
    let half = Duration::from_micros(settings.boot_ms * 500);
    let setup = Setup {
        mode: app.isolation.mode,
        folder: devbox.launch.folder.clone(),
        layers: app.layers.paths(&devbox.launch.origin.layers),
        hidden: vec![app.data_path(), app.isolation.disks.clone()],
        sudo: app.sudo.clone(),
        hostname: devbox.id.replace('_', "-"),
        user: devbox.launch.user.clone(),
    };
    let mut status = devbox.watch();
    let (started, ()) = tokio::join!(Sandbox::start(&app.launcher, setup), async {
        // A shutdown in the meantime need not wait for the rest of it.
        tokio::select! {
            () = app.clock.sleep(half) => {}
            _ = status.wait_for(|status| status.is_end()) => {}
        }
    });
    let sandbox = match started {
        Ok(sandbox) => sandbox,
        Err(why) => {
            eprintln!("runloop-emulator: {} cannot start: {why}", devbox.id);
            devbox.booted.send_replace(true);
            devbox.fail(&app, "execution_failed").await;
            return;
        }
    };
    if let Err(sandbox) = devbox.attach(sandbox) {
        sandbox.stop().await;
        let _ = disk::remove(&devbox.launch.folder);
        devbox.booted.send_replace(true);
        return;
    }
    devbox.booted.send_replace(true);
    devbox.enter(&app, Status::Initializing, None);
    let mut ended = devbox.running_sandbox().map(|sandbox| sandbox.ended());
    let (prepared, ()) = tokio::join!(initialize(&app, &devbox), app.clock.sleep(half));
    if settings.boot_result == BootResult::Failure || !prepared {
        devbox.fail(&app, "execution_failed").await;
    }
    if !devbox.enter(&app, Status::Running, None) {
        return;
    }
    // An init process that ends by itself takes the devbox with it.
    if let Some(ended) = &mut ended {
        let _ = ended.wait_for(|ended| *ended).await;
        if !devbox.status().is_end() {
            devbox.fail(&app, "health_check_failed").await;
        }
    }
}

/// Files, then launch commands; false when one fails.
async fn initialize(app: &Arc<App>, devbox: &Arc<Devbox>) -> bool {
    let Some(sandbox) = devbox.running_sandbox() else {
        return false;
    };
    for (path, contents) in &devbox.launch.file_mounts {
        if let Err(e) = crate::files::write(&sandbox, path, contents.as_bytes().to_vec()).await {
            eprintln!("runloop-emulator: {}: {}", devbox.id, e.what);
            return false;
        }
    }
    for command in &devbox.launch.commands {
        let command = Command::new(command.clone());
        let Ok(execution) = execution::start(app, devbox, &sandbox, command).await else {
            return false;
        };
        if execution.completed().await != 0 {
            return false;
        }
    }
    true
}

async fn end_when_due(app: Arc<App>, devbox: Arc<Devbox>) {
    let mut deadline = devbox.deadline_ms.subscribe();
    let mut status = devbox.watch();
    loop {
        let until = *deadline.borrow_and_update();
        let due = tokio::select! {
            () = async {
                match until {
                    Some(until) => app.clock.sleep_until(until).await,
                    None => std::future::pending().await,
                }
            } => true,
            _ = deadline.changed() => false,
            _ = status.wait_for(|status| status.is_end()) => return,
        };
        if due {
            devbox.shut_down(&app, "keep_alive_timeout").await;
            return;
        }
    }
}

impl Devbox {
    fn running_sandbox(&self) -> Option<Arc<Sandbox>> {
        self.record.lock().unwrap().sandbox.clone()
    }
}
