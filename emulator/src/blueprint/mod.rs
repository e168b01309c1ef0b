//! Blueprints: disks built from Dockerfiles, for devboxes to start from.

pub mod api;
mod build;
mod building;
mod copy;
pub mod dockerfile;
mod elsewhere;
mod fetch;
mod log;
mod parameters;
mod plan;
mod run;
mod schedule;
mod stage;
mod users;

use crate::app::App;
use crate::http::ApiError;
use crate::layers::Layers;
use crate::part::{End, Part};
use crate::records::{Record, Records};
use crate::sandbox::Mode;
use crate::store::Store;
use building::Building;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Queued,
    Provisioning,
    Building,
    Failed,
    BuildComplete,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Blueprint {
    pub id: String,
    pub name: String,
    pub create_time_ms: i64,
    /// As given, but for credentials.
    pub parameters: Map<String, Value>,
    pub status: Status,
    pub deleted: bool,
    pub base_blueprint_id: Option<String>,
    pub build_finish_time_ms: Option<i64>,
    pub failure_reason: Option<String>,
    /// What it consists of, the uppermost first; while it is built, what it is built on.
    pub layers: Vec<String>,
    pub image: Image,
    /// The isolation that it was built with: a disk of another one is of no use.
    pub mode: Mode,
}

/// Where programs are looked for unless a Dockerfile says otherwise.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a Dockerfile says about the programs that will run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Image {
    pub environment: BTreeMap<String, String>,
    pub workdir: Option<String>,
    pub user: Option<String>,
    pub shell: Vec<String>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub ports: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub volumes: Vec<String>,
}

impl Image {
    /// As a host's root has it.
    pub fn host() -> Image {
        let environment = [("PATH".to_string(), PATH.to_string())].into();
        Image { environment, shell: vec!["/bin/sh".into(), "-c".into()], ..Image::default() }
    }
}

impl Record for Blueprint {
    const KIND: &'static str = "blueprint";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Blueprint {
    pub fn is_ready(&self) -> bool {
        self.status == Status::BuildComplete && !self.deleted
    }

    pub fn launch_parameters(&self) -> Map<String, Value> {
        self.parameters.get("launch_parameters").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    fn view(&self) -> Value {
        let mut view = json!({
            "id": self.id,
            "name": self.name,
            "create_time_ms": self.create_time_ms,
            "parameters": self.parameters,
            "state": if self.deleted { "deleted" } else { "created" },
            "status": self.status,
            "is_public": false,
            "devbox_capabilities": [],
        });
        for (key, value) in [
            ("base_blueprint_id", json!(self.base_blueprint_id)),
            ("build_finish_time_ms", json!(self.build_finish_time_ms)),
            ("failure_reason", json!(self.failure_reason)),
            ("metadata", self.parameters.get("metadata").cloned().unwrap_or_default()),
            ("containerized_services", self.parameters.get("services").cloned().unwrap_or_default()),
        ] {
            if !value.is_null() {
                view[key] = value;
            }
        }
        view
    }
}

pub struct Blueprints {
    records: Records<Blueprint>,
    building: Building,
}

impl Part for Blueprints {
    /// Ends every build.
    fn end<'a>(&'a self, _app: &'a Arc<App>, _end: End) -> BoxFuture<'a, ()> {
        Box::pin(self.building.end_all())
    }

    fn is_busy(&self) -> bool {
        self.building.is_busy()
    }

    fn clear(&self, app: &Arc<App>) {
        self.records.clear();
        let _ = std::fs::remove_dir_all(app.data_path().join(log::FOLDER));
    }
}

impl Blueprints {
    /// Builds that were under way when the emulator ended have failed, and so have those whose
    /// layers are gone.
    pub fn load(store: &Arc<Store>, layers: &Layers, data: &std::path::Path, now_ms: i64) -> Result<Blueprints, String> {
        let records: Records<Blueprint> = Records::load(store)?;
        for blueprint in records.all() {
            let why = match blueprint.status {
                Status::Failed => continue,
                Status::BuildComplete => match layers.missing(&blueprint.layers) {
                    Some(layer) => format!("its layer {layer} is gone from the data directory; build it anew"),
                    None => continue,
                },
                _ => "the emulator ended while it was being built; build it anew".to_string(),
            };
            log::append(&log::path(data, &blueprint.id), now_ms, "error", &why);
            let failed = records.update(&blueprint.id, |blueprint| {
                blueprint.fail("build_failed", now_ms);
                Ok(())
            });
            failed.map_err(|e| e.message().to_string())?;
        }
        Ok(Blueprints { records, building: Building::default() })
    }

    pub fn get(&self, id: &str) -> Result<Blueprint, ApiError> {
        self.records.get(id)
    }

    /// The newest that is ready under a name.
    pub fn newest(&self, name: &str) -> Result<Blueprint, ApiError> {
        let found = self.records.all().into_iter().rfind(|blueprint| blueprint.name == name && blueprint.is_ready());
        found.ok_or_else(|| ApiError::not_found(format!("no built blueprint has the name {name:?}")))
    }

    /// One that disks can be made from.
    pub fn ready(&self, id: &str, mode: Mode) -> Result<Blueprint, ApiError> {
        let blueprint = self.get(id)?;
        if !blueprint.is_ready() {
            let state = match blueprint.deleted {
                true => "deleted".to_string(),
                false => format!("not built: its status is {}", json!(blueprint.status)),
            };
            return Err(ApiError::bad_request(format!("blueprint {id} is {state}")));
        }
        if blueprint.mode != mode {
            return Err(ApiError::bad_request(format!("blueprint {id} was built with another isolation than now; build it anew")));
        }
        Ok(blueprint)
    }

    /// All layers that blueprints name.
    pub fn layers(&self) -> Vec<String> {
        self.records.all().into_iter().flat_map(|blueprint| blueprint.layers).collect()
    }
}

impl Blueprint {
    fn fail(&mut self, reason: &str, now_ms: i64) {
        self.status = Status::Failed;
        self.failure_reason = Some(reason.to_string());
        self.build_finish_time_ms = Some(now_ms);
        self.layers.clear();
    }
}
