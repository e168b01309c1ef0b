//! What all parts of the emulator share, and a place for each part's own state.

use crate::cli::Options;
use crate::clock::Clock;
use crate::data_dir::DataDir;
use crate::faults::Faults;
use crate::http::openapi::Api;
use crate::http::ApiError;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::names::Names;
use crate::sandbox::{self, Chosen, Launcher};
use crate::server::Tls;
use crate::settings::{BootResult, Change, OffsetMeaning, Settings};
use crate::store::Store;
use serde_json::{json, Value};
use std::any::{type_name, Any, TypeId};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;
use tokio::sync::Notify;

pub struct App {
    pub api: &'static Api,
    pub clock: Clock,
    pub ids: Ids,
    pub settings: Mutex<Settings>,
    pub faults: Faults,
    pub journal: Journal,
    pub launcher: Launcher,
    pub isolation: Chosen,
    /// The program that devboxes find as `sudo`.
    pub sudo: Option<PathBuf>,
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
    pub data: DataDir,
    /// Nothing that happens from now on is to be recorded.
    ending: AtomicBool,
    /// Held while something is made that a reset has to end, and alone while all is forgotten.
    making: RwLock<()>,
    states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl App {
    /// Everything but the parts.
    pub async fn prepare(options: &Options, address: SocketAddr, data: DataDir) -> Result<App, String> {
        let store = Arc::new(Store::open(&data.path, data.temporary)?);
        let launcher = Launcher::new().map_err(|e| e.to_string())?;
        let isolation = sandbox::choose(options.isolation, &launcher, &data.path).await?;
        let names = Names::new(options.domain.clone());
        let tls = match options.tls {
            true => Some(Tls::prepare(&data.path, &names, address.ip())?),
            false => None,
        };
        let ids = match options.seed {
            Some(seed) => Ids::after(store.times("seeded start").map_err(|e| e.message().to_string())?, seed),
            None => Ids::new(None),
        };
        Ok(App {
            api: Api::load(),
            clock: Clock::new(options.time_scale),
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
            sudo: sandbox::sudo::provide(&isolation.base),
            isolation,
            names,
            tls,
            max_streams: options.max_streams,
            check_answers: options.check_answers,
            store,
            address,
            api_key: options.api_key.clone(),
            on_loopback: address.ip().is_loopback(),
            git_host: options.git_host.trim_end_matches('/').to_string(),
            exit: Notify::new(),
            data,
            ending: AtomicBool::new(false),
            making: RwLock::default(),
            states: HashMap::new(),
        })
    }

    /// Adds a state; there is one of each type.
    pub fn keep<T: Send + Sync + 'static>(&mut self, state: Arc<T>) {
        self.states.insert(TypeId::of::<T>(), state);
    }

    /// The state of a part.
    pub fn state<T: Send + Sync + 'static>(&self) -> &T {
        let state = self.states.get(&TypeId::of::<T>()).and_then(|state| state.downcast_ref());
        state.unwrap_or_else(|| panic!("{} is not among the parts", type_name::<T>()))
    }

    /// The same, for who may outlive the emulator.
    pub fn shared<T: Send + Sync + 'static>(&self) -> Arc<T> {
        let state = self.states.get(&TypeId::of::<T>()).and_then(|state| state.clone().downcast().ok());
        state.unwrap_or_else(|| panic!("{} is not among the parts", type_name::<T>()))
    }

    /// Something is being made while this is held. Not across a pause.
    pub fn making(&self) -> RwLockReadGuard<'_, ()> {
        self.making.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn nothing_is_made(&self) -> RwLockWriteGuard<'_, ()> {
        self.making.write().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// Nothing is recorded from now on.
    pub fn stop_recording(&self) {
        self.ending.store(true, Ordering::SeqCst);
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

    pub fn data_path(&self) -> PathBuf {
        self.data.path.clone()
    }
}
