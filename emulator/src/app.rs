//! The whole emulator's state, and its beginning and end.

use crate::account::keys::Keys;
use crate::account::Account;
use crate::axon::Axons;
use crate::blueprint::Blueprints;
use crate::cli::Options;
use crate::clock::Clock;
use crate::devbox::evictions::Evictions;
use crate::devbox::Devboxes;
use crate::faults::Faults;
use crate::gateway_config::GatewayConfigs;
use crate::http::openapi::Api;
use crate::http::{ApiError, Routes};
use crate::ids::Ids;
use crate::journal::Journal;
use crate::layers::Layers;
use crate::leftovers;
use crate::mcp_config::McpConfigs;
use crate::names::Names;
use crate::network_policy::NetworkPolicies;
use crate::object::Objects;
use crate::records::Records;
use crate::sandbox::{self, disk, Chosen, Launcher};
use crate::secret::Secrets;
use crate::server::Tls;
use crate::settings::{BootResult, Change, OffsetMeaning, Settings};
use crate::snapshot::Snapshots;
use crate::store::Store;
use crate::tunnel::Tunnels;
use serde_json::{json, Value};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

pub struct App {
    pub api: &'static Api,
    pub routes: Routes,
    pub clock: Clock,
    pub ids: Ids,
    pub settings: Mutex<Settings>,
    pub faults: Faults,
    pub journal: Journal,
    pub launcher: Launcher,
    pub isolation: Chosen,
    pub devboxes: Devboxes,
    pub evictions: Evictions,
    pub removals: crate::devbox::Removals,
    pub account: Account,
    pub axons: Axons,
    pub gateway_configs: GatewayConfigs,
    pub keys: Keys,
    pub mcp_configs: McpConfigs,
    pub network_policies: NetworkPolicies,
    pub objects: Objects,
    pub secrets: Secrets,
    pub layers: Layers,
    pub blueprints: Blueprints,
    pub snapshots: Snapshots,
    pub ssh: crate::ssh::Doors,
    /// The program that devboxes find as `sudo`.
    pub sudo: Option<PathBuf>,
    pub answers: crate::server::repeat::Answers,
    pub terminals: crate::pty::Sessions,
    pub tunnels: Arc<Tunnels>,
    pub names: Names,
    pub tls: Option<Tls>,
    pub max_streams: u32,
    /// Every answer is held against the description.
    pub check_answers: bool,
    pub store: Arc<Store>,
    /// Where the API listens.
    pub address: SocketAddr,
    pub api_key: Option<String>,
    /// Only this machine can reach us, so that other hosts' names are refused.
    pub on_loopback: bool,
    /// Where repositories are cloned from.
    pub git_host: String,
    pub exit: Notify,
    /// Nothing that happens from now on is to be recorded.
    ending: AtomicBool,
    data: Data,
}

/// Where everything is kept.
struct Data {
    path: PathBuf,
    temporary: bool,
}

impl App {
    pub async fn start(options: Options, address: SocketAddr) -> Result<Arc<App>, String> {
        let data = Data::prepare(options.data_dir)?;
        let store = match Store::open(&data.path, data.temporary) {
            Ok(store) => Arc::new(store),
            Err(why) => {
                data.remove();
                return Err(why);
            }
        };
        let launcher = Launcher::new().map_err(|e| e.to_string())?;
        let chosen = sandbox::choose(options.isolation, &launcher, &data.path).await;
        let isolation = match chosen {
            Ok(isolation) => isolation,
            Err(why) => {
                data.remove();
                return Err(why);
            }
        };
        let base = isolation.base.clone();
        let layers = Layers::open(&base).map_err(|e| format!("the data directory {}: {e}", base.display()))?;
        let clock = Clock::new(options.time_scale);
        let blueprints = Blueprints::load(&store, &layers, &data.path, clock.now_ms())?;
        let snapshots = Snapshots::load(&store, &layers)?;
        let names = Names::new(options.domain);
        let tls = match options.tls {
            true => Some(Tls::prepare(&data.path, &names, address.ip())?),
            false => None,
        };
        let ids = match options.seed {
            Some(seed) => Ids::after(store.times("seeded start").map_err(|e| e.message().to_string())?, seed),
            None => Ids::new(None),
        };
        let app = Arc::new(App {
            api: Api::load(),
            routes: Routes::all(),
            clock,
            ids,
            settings: Mutex::new(Settings {
                boot_ms: options.boot_ms,
                never_running: false,
                boot_result: BootResult::Running,
                offset_meaning: match options.offset_at_end {
                    true => OffsetMeaning::End,
                    false => OffsetMeaning::Begin,
                },
                hold_max_ms: None,
                object_manner: options.object_manner,
                repeat_by_request_id: options.repeat_by_request_id,
            }),
            faults: Faults::default(),
            journal: Journal::default(),
            launcher,
            sudo: sandbox::sudo::provide(&base),
            isolation,
            layers,
            blueprints,
            snapshots,
            ssh: Default::default(),
            devboxes: Devboxes::default(),
            evictions: Evictions::default(),
            removals: Default::default(),
            account: Account::load(&store)?,
            axons: Axons::load(&store, &data.path)?,
            gateway_configs: Records::load(&store)?,
            keys: Keys::load(&store)?,
            mcp_configs: Records::load(&store)?,
            network_policies: Records::load(&store)?,
            objects: Objects::load(&store, &data.path, options.object_port)?,
            secrets: Secrets::load(&store)?,
            answers: Default::default(),
            terminals: Default::default(),
            tunnels: Arc::new(Tunnels::load(&store)?),
            names,
            tls,
            max_streams: options.max_streams,
            check_answers: options.check_answers,
            store,
            address,
            api_key: options.api_key,
            on_loopback: address.ip().is_loopback(),
            git_host: options.git_host.trim_end_matches('/').to_string(),
            exit: Notify::new(),
            ending: AtomicBool::new(false),
            data,
        });
        crate::devbox::restore(&app).await?;
        // Layers that nobody names are left from an end in the middle of something.
        Layers::collect(&app);
        if app.data.temporary {
            leftovers::remove_in_background();
        }
        Ok(app)
    }

    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    pub fn settings(&self) -> Settings {
        self.settings.lock().unwrap().clone()
    }

    pub fn change(&self, change: Change) -> Result<Value, ApiError> {
        if let Some(scale) = change.time_scale {
            if !(scale.is_finite() && scale > 0.0) {
                return Err(ApiError::bad_request("time_scale must be greater than 0"));
            }
            self.clock.set_scale(scale);
        }
        self.settings.lock().unwrap().apply(&change);
        Ok(self.settings_json())
    }

    pub fn settings_json(&self) -> Value {
        let mut value = json!(self.settings());
        value["time_scale"] = json!(self.clock.scale());
        value
    }

    /// How long a request may be held: what it asks for, within the service's limit.
    pub async fn hold(&self, asked: Option<f64>, limit_seconds: f64) {
        let seconds = asked.unwrap_or(limit_seconds).clamp(0.0, limit_seconds);
        let hold = self.clock.sleep(Duration::from_secs_f64(seconds));
        match self.settings().hold_max_ms {
            None => hold.await,
            Some(ms) => {
                let _ = tokio::time::timeout(Duration::from_millis(ms), hold).await;
            }
        }
    }

    /// A folder for one purpose below the data directory, made if need be.
    pub fn folder(&self, name: &str) -> std::io::Result<PathBuf> {
        let path = self.data.path.join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Where a devbox's log is kept.
    pub fn devbox_log(&self, id: &str) -> std::io::Result<PathBuf> {
        Ok(self.folder("logs")?.join(format!("{id}.jsonl")))
    }

    pub fn data_path(&self) -> PathBuf {
        self.data.path.clone()
    }

    /// Every operation there is: whether it is served, and how often it was.
    pub fn operations(&self) -> Value {
        let each = self.api.operations().iter().map(|operation| {
            let [succeeded, failed] = self.journal.counted(&operation.id);
            json!({
                "operation": operation.id,
                "method": operation.method.as_str(),
                "path": operation.path,
                "served": self.routes.get(&operation.id).is_some(),
                "succeeded": succeeded,
                "failed": failed,
            })
        });
        json!({"operations": each.collect::<Vec<_>>()})
    }

    /// Puts the same into a file of the folder, for who runs many emulators and wants the sum.
    pub fn write_operations(&self, folder: &std::path::Path) {
        let path = folder.join(format!("{}.json", std::process::id()));
        if let Err(e) = std::fs::write(&path, self.operations().to_string()) {
            eprintln!("runloop-emulator: {}: {e}", path.display());
        }
    }

    pub fn leaks(&self) -> Value {
        let all = sandbox::procfs::all();
        let mut processes = Vec::new();
        for devbox in self.devboxes.all() {
            for process in devbox.processes(&all) {
                processes.push(json!({
                    "pid": process.pid,
                    "devbox_id": devbox.id,
                    "command": process.command,
                }));
            }
        }
        json!({"devboxes": self.devboxes.alive(), "processes": processes})
    }

    /// As after a fresh start, but for settings.
    pub async fn reset(self: &Arc<Self>) {
        self.blueprints.end().await;
        self.snapshots.end().await;
        loop {
            self.devboxes.end_all(self).await;
            // A devbox that was made meanwhile is ended too; none is made while all are forgotten.
            let _making = self.devboxes.nothing_is_made();
            if self.devboxes.alive().is_empty() {
                self.forget_all();
                break;
            }
        }
    }

    fn forget_all(self: &Arc<Self>) {
        self.devboxes.clear();
        self.evictions.clear();
        self.blueprints.clear(self);
        self.snapshots.clear();
        for (folder, what) in [("executions", "outputs"), ("logs", "logs")] {
            let emptied = disk::remove(&self.data.path.join(folder)).and_then(|()| self.folder(folder));
            if let Err(e) = emptied {
                eprintln!("runloop-emulator: the {what} of devboxes cannot be removed: {e}");
            }
        }
        if let Err(e) = self.store.clear() {
            eprintln!("runloop-emulator: the records cannot be cleared: {}", e.message());
        }
        Layers::collect(self);
        self.account.clear();
        self.axons.clear();
        self.gateway_configs.clear();
        self.keys.clear();
        self.mcp_configs.clear();
        self.network_policies.clear();
        self.objects.clear();
        self.secrets.clear();
        self.answers.clear();
        self.terminals.clear();
        self.tunnels.clear();
        self.ssh.clear();
        self.faults.clear();
        self.journal.clear();
    }

    /// Ends every process; says what was still running. With a data directory of the developer's
    /// own, devboxes are there again at the next start.
    pub async fn end(&self) -> String {
        let alive = self.devboxes.alive();
        self.blueprints.end().await;
        self.snapshots.end().await;
        self.isolation.probe_ended().await;
        if self.data.temporary {
            self.devboxes.end_all(self).await;
            self.removals.ended().await;
            self.layers.end().await;
            let _ = disk::remove(&self.isolation.disks);
            if !self.isolation.base.starts_with(&self.data.path) {
                let _ = disk::remove(&self.isolation.base);
            }
            self.data.remove();
        } else {
            self.ending.store(true, Ordering::SeqCst);
            self.devboxes.stop_all().await;
            self.removals.ended().await;
            self.layers.end().await;
        }
        match alive.as_slice() {
            [] => "0 devboxes were still running".into(),
            [one] => format!("1 devbox was still running: {one}"),
            several => format!("{} devboxes were still running: {}", several.len(), several.join(", ")),
        }
    }
}

impl Data {
    fn prepare(asked: Option<PathBuf>) -> Result<Data, String> {
        let temporary = asked.is_none();
        let path = match asked {
            Some(path) => path,
            None => fresh_folder().map_err(|e| format!("cannot make a data directory: {e}"))?,
        };
        let name = path.display().to_string();
        let absolute = || {
            // Secrets are kept in it.
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
            path.canonicalize()
        };
        let path = absolute().map_err(|e| format!("the data directory {name}: {e}"))?;
        Ok(Data { path, temporary })
    }

    fn remove(&self) {
        if self.temporary {
            let _ = disk::remove(&self.path);
        }
    }
}

/// A new folder with a name that nobody could have guessed, closed to others.
fn fresh_folder() -> std::io::Result<PathBuf> {
    let name = Ids::new(None).next(leftovers::PREFIX);
    let path = std::env::temp_dir().join(name);
    std::fs::DirBuilder::new().mode(0o700).create(&path)?;
    Ok(path)
}
