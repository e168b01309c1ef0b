//! Snapshots: copies of what devboxes have changed on their disks, for others to start from.

pub mod api;
mod take;
mod under_way;

use crate::app::App;
use crate::http::ApiError;
use crate::layers::Layers;
use crate::part::{End, Part};
use crate::records::{Record, Records};
use crate::sandbox::Mode;
use crate::store::Store;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use under_way::UnderWay;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    InProgress,
    Error,
    Complete,
    Deleted,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Snapshot {
    pub id: String,
    create_time_ms: i64,
    name: Option<String>,
    commit_message: Option<String>,
    metadata: BTreeMap<String, String>,
    pub source_devbox_id: String,
    pub source_blueprint_id: Option<String>,
    size_bytes: Option<u64>,
    pub status: Status,
    error: Option<String>,
    /// The uppermost first; while it is taken, those that it will lie upon.
    pub layers: Vec<String>,
    /// What devboxes made from it have unless they say otherwise.
    pub environment: BTreeMap<String, String>,
    pub launch_parameters: Map<String, Value>,
    pub mode: Mode,
}

impl Record for Snapshot {
    const KIND: &'static str = "snapshot";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Snapshot {
    fn view(&self) -> Value {
        let mut view = json!({
            "id": self.id,
            "create_time_ms": self.create_time_ms,
            "metadata": self.metadata,
            "source_devbox_id": self.source_devbox_id,
        });
        for (key, value) in [
            ("name", json!(self.name)),
            ("commit_message", json!(self.commit_message)),
            ("size_bytes", json!(self.size_bytes)),
            ("source_blueprint_id", json!(self.source_blueprint_id)),
        ] {
            if !value.is_null() {
                view[key] = value;
            }
        }
        view
    }

    fn is_listed(&self) -> bool {
        self.status != Status::Deleted
    }

    fn fail(&mut self, why: String) {
        self.status = Status::Error;
        self.error = Some(why);
        self.layers.clear();
    }
}

pub struct Snapshots {
    records: Records<Snapshot>,
    under_way: UnderWay,
}

impl Part for Snapshots {
    /// Those that are being taken are taken to their end.
    fn end<'a>(&'a self, _app: &'a Arc<App>, _end: End) -> BoxFuture<'a, ()> {
        Box::pin(self.under_way.end())
    }

    fn is_busy(&self) -> bool {
        self.under_way.is_busy()
    }

    fn clear(&self, _app: &Arc<App>) {
        self.records.clear();
    }
}

impl Snapshots {
    /// Those that were being taken when the emulator ended have failed, and so have those whose
    /// layers are gone.
    pub fn load(store: &Arc<Store>, layers: &Layers) -> Result<Snapshots, String> {
        let records: Records<Snapshot> = Records::load(store)?;
        for snapshot in records.all() {
            let why = match snapshot.status {
                Status::InProgress => "the emulator ended while the snapshot was being taken".to_string(),
                Status::Complete => match layers.missing(&snapshot.layers) {
                    Some(layer) => format!("its layer {layer} is gone from the data directory"),
                    None => continue,
                },
                _ => continue,
            };
            let failed = records.update(&snapshot.id, |snapshot| {
                snapshot.fail(why);
                Ok(())
            });
            failed.map_err(|e| e.message().to_string())?;
        }
        Ok(Snapshots { records, under_way: UnderWay::default() })
    }

    /// One that disks can be made from.
    pub fn ready(&self, id: &str, mode: Mode) -> Result<Snapshot, ApiError> {
        let snapshot = self.records.get(id)?;
        if snapshot.status != Status::Complete {
            return Err(ApiError::bad_request(format!("snapshot {id} cannot be used: its status is {}", json!(snapshot.status))));
        }
        match snapshot.mode == mode {
            true => Ok(snapshot),
            false => Err(ApiError::bad_request(format!("snapshot {id} was taken with another isolation than now"))),
        }
    }

    /// All layers that snapshots name.
    pub fn layers(&self) -> Vec<String> {
        self.records.all().into_iter().flat_map(|snapshot| snapshot.layers).collect()
    }

    /// How many depend on a blueprint.
    pub fn of_blueprint(&self, id: &str) -> usize {
        let all = self.records.all();
        all.iter().filter(|snapshot| snapshot.is_listed() && snapshot.source_blueprint_id.as_deref() == Some(id)).count()
    }

    /// Whether one is being taken of a devbox.
    pub fn busy(&self, devbox: &str) -> bool {
        self.records.all().iter().any(|snapshot| snapshot.status == Status::InProgress && snapshot.source_devbox_id == devbox)
    }
}
