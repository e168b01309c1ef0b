//! What a devbox is created with: read from the request, checked, and kept for every start of it.

use super::elsewhere;
use super::mount::{Broker, CodeMount, Mount};
use super::origin::{self, Origin};
use crate::app::App;
use crate::http::ApiError;
use crate::sandbox::{disk, Mode, User};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The service's defaults, and its own limits.
const KEEP_ALIVE_SECONDS: i64 = 3600;
const LONGEST_KEEP_ALIVE_SECONDS: i64 = 172_800;
const SUSPEND_DEADLINE_MS: i64 = 30_000;
const LONGEST_SUSPEND_DEADLINE_MS: i64 = 60_000;

#[derive(Deserialize)]
pub struct Create {
    pub name: Option<String>,
    pub metadata: Option<BTreeMap<String, String>>,
    environment_variables: Option<BTreeMap<String, String>>,
    #[serde(default)]
    secrets: Value,
    #[serde(default)]
    gateways: Value,
    #[serde(default)]
    mcp: Value,
    file_mounts: Option<BTreeMap<String, String>>,
    code_mounts: Option<Vec<CodeMount>>,
    mounts: Option<Vec<Mount>>,
    entrypoint: Option<String>,
    launch_parameters: Option<Map<String, Value>>,
    #[serde(flatten)]
    origin: origin::Wanted,
    /// Read by the tunnels' own room.
    #[serde(default)]
    pub tunnel: Value,
}

#[derive(Deserialize)]
struct Parameters {
    keep_alive_time_seconds: Option<i64>,
    after_idle: Option<AfterIdle>,
    lifecycle: Option<Lifecycle>,
    launch_commands: Option<Vec<String>>,
    user_parameters: Option<UserParameters>,
    resource_size_request: Option<String>,
    custom_cpu_cores: Option<f64>,
    custom_gb_memory: Option<i64>,
    custom_disk_size: Option<i64>,
    network_policy_id: Option<String>,
    required_services: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Lifecycle {
    after_idle: Option<AfterIdle>,
    lifecycle_hooks: Option<Hooks>,
}

#[derive(Deserialize)]
struct Hooks {
    suspend_commands: Option<Vec<String>>,
    suspend_deadline_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterIdle {
    pub idle_time_seconds: i64,
    pub on_idle: OnIdle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnIdle {
    Shutdown,
    Suspend,
}

#[derive(Deserialize)]
struct UserParameters {
    username: String,
    uid: i64,
}

#[derive(Serialize, Deserialize)]
pub struct Launch {
    pub user: User,
    pub mode: Mode,
    /// What its disk is laid over besides the host's root.
    pub origin: Origin,
    pub environment: BTreeMap<String, String>,
    /// Names of secrets, by the variable that is to hold the value.
    pub secrets: BTreeMap<String, String>,
    /// As the view shows them, by the variable that is to hold the token.
    pub gateways: BTreeMap<String, Value>,
    pub mcp: BTreeMap<String, Value>,
    pub mounts: Vec<Mount>,
    pub commands: Vec<String>,
    pub entrypoint: Option<String>,
    pub keep_alive_seconds: Option<i64>,
    pub idle: Option<AfterIdle>,
    pub suspend_commands: Vec<String>,
    pub suspend_deadline_ms: u64,
    /// As given, for the view.
    pub parameters: Map<String, Value>,
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Launch {
    /// Reads and checks a request.
    pub fn read(app: &App, wanted: &mut Create, folder: PathBuf) -> Result<Launch, ApiError> {
        let (origin, defaults) = wanted.origin.find(app)?;
        let mut parameters = defaults.parameters(wanted.launch_parameters.take());
        let known = Parameters::deserialize(Value::Object(parameters.clone()));
        let known = known.map_err(|e| ApiError::bad_request(format!("launch_parameters: {e}")))?;
        check_size(&known)?;
        check_what_is_elsewhere(app, &known)?;
        let keep_alive = known.keep_alive_time_seconds.unwrap_or(KEEP_ALIVE_SECONDS);
        between("launch_parameters.keep_alive_time_seconds", keep_alive, 1, LONGEST_KEEP_ALIVE_SECONDS)?;
        parameters.entry("keep_alive_time_seconds").or_insert(json!(keep_alive));
        let (idle, hooks) = lifecycle(known.after_idle, known.lifecycle)?;
        let deadline = hooks.suspend_deadline_ms.unwrap_or(SUSPEND_DEADLINE_MS);
        between("launch_parameters.lifecycle.lifecycle_hooks.suspend_deadline_ms", deadline, 1, LONGEST_SUSPEND_DEADLINE_MS)?;
        let environment = defaults.environment(wanted.environment_variables.take());
        check_environment("environment_variables", &environment)?;
        let files = wanted.file_mounts.take().unwrap_or_default();
        let files = files.into_iter().map(|(target, content)| Mount::File { target, content });
        let code = wanted.code_mounts.take().unwrap_or_default().into_iter().map(Mount::Code);
        let mounts: Vec<Mount> = files.chain(code).chain(wanted.mounts.take().unwrap_or_default()).collect();
        for mount in &mounts {
            mount.check(app)?;
        }
        let mode = app.isolation.mode;
        Ok(Launch {
            user: user(mode, known.user_parameters, &folder)?,
            mode,
            origin,
            environment,
            secrets: elsewhere::secrets(app, &wanted.secrets)?,
            gateways: elsewhere::gateways(app, &wanted.gateways)?,
            mcp: elsewhere::mcp(app, &wanted.mcp)?,
            mounts,
            commands: known.launch_commands.unwrap_or_default(),
            entrypoint: wanted.entrypoint.take().filter(|script| !script.trim().is_empty()),
            keep_alive_seconds: Some(keep_alive).filter(|_| idle.is_none()),
            idle,
            suspend_commands: hooks.suspend_commands.unwrap_or_default(),
            suspend_deadline_ms: deadline.unsigned_abs(),
            parameters,
            folder,
        })
    }

    pub fn brokers(&self) -> impl Iterator<Item = &Broker> {
        self.mounts.iter().filter_map(|mount| match mount {
            Mount::Broker(broker) => Some(broker),
            _ => None,
        })
    }

    /// Agents are given what comes from now on.
    pub fn broker_positions(&self, app: &App) -> Result<BTreeMap<String, i64>, ApiError> {
        let position = |broker: &Broker| Ok((broker.axon_id.clone(), elsewhere::last_event(app, &broker.axon_id)?));
        self.brokers().map(position).collect()
    }

    /// The folder is where this run of the emulator has its disks.
    pub fn settle(&mut self, folder: PathBuf) {
        if self.mode == Mode::Plain {
            self.user.home = disk::plain_home(&folder);
        }
        self.folder = folder;
    }
}

fn between(name: &str, value: i64, least: i64, most: i64) -> Result<(), ApiError> {
    match (least..=most).contains(&value) {
        true => Ok(()),
        false => Err(ApiError::bad_request(format!("{name} must be between {least} and {most}"))),
    }
}

/// What is to happen in idleness can be said in two places, in one way.
fn lifecycle(outer: Option<AfterIdle>, lifecycle: Option<Lifecycle>) -> Result<(Option<AfterIdle>, Hooks), ApiError> {
    let lifecycle = lifecycle.unwrap_or(Lifecycle { after_idle: None, lifecycle_hooks: None });
    let hooks = lifecycle.lifecycle_hooks.unwrap_or(Hooks { suspend_commands: None, suspend_deadline_ms: None });
    let idle = match (outer, lifecycle.after_idle) {
        (Some(a), Some(b)) if a != b => {
            let message = "launch_parameters.after_idle and launch_parameters.lifecycle.after_idle differ; give one of them";
            return Err(ApiError::bad_request(message));
        }
        (a, b) => b.or(a),
    };
    if let Some(idle) = idle {
        between("after_idle.idle_time_seconds", idle.idle_time_seconds, 1, i64::from(u32::MAX))?;
    }
    Ok((idle, hooks))
}

fn check_size(known: &Parameters) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(ApiError::bad_request(format!("launch_parameters.{message}")));
    let even = |n: i64, least: i64, most: i64| n % 2 == 0 && (least..=most).contains(&n);
    if let Some(cores) = known.custom_cpu_cores {
        if !(cores == 0.5 || cores == 1.0 || (cores.fract() == 0.0 && even(cores as i64, 2, 16))) {
            return refuse("custom_cpu_cores must be 0.5, 1 or a multiple of 2, 16 at most");
        }
    }
    if known.custom_gb_memory.is_some_and(|gb| gb != 1 && !even(gb, 2, 64)) {
        return refuse("custom_gb_memory must be 1 or a multiple of 2, 64 at most");
    }
    if known.custom_disk_size.is_some_and(|gb| !even(gb, 2, 64)) {
        return refuse("custom_disk_size must be a multiple of 2, from 2 to 64");
    }
    if known.resource_size_request.as_deref() != Some("CUSTOM_SIZE") {
        return Ok(());
    }
    match (known.custom_cpu_cores, known.custom_gb_memory) {
        (Some(cores), Some(gb)) if (2.0..=8.0).contains(&(gb as f64 / cores)) => Ok(()),
        (Some(_), Some(_)) => refuse("custom_gb_memory must be 2 to 8 times custom_cpu_cores"),
        _ => refuse("resource_size_request CUSTOM_SIZE needs custom_cpu_cores and custom_gb_memory"),
    }
}

fn check_what_is_elsewhere(app: &App, known: &Parameters) -> Result<(), ApiError> {
    if let Some(id) = known.network_policy_id.as_deref().filter(|id| !id.is_empty()) {
        elsewhere::network_policy(app, id)?;
    }
    match known.required_services.as_deref() {
        None | Some([]) => Ok(()),
        Some([first, ..]) => Err(ApiError::bad_request(format!(
            "launch_parameters.required_services: the service {first} is in no blueprint: the emulator's blueprints have no services in containers"
        ))),
    }
}

fn check_environment(field: &str, environment: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for (name, value) in environment {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(ApiError::bad_request(format!("{field}: {name:?} cannot be set")));
        }
    }
    Ok(())
}

fn user(mode: Mode, wanted: Option<UserParameters>, folder: &Path) -> Result<User, ApiError> {
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
