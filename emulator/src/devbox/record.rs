//! What is kept of a devbox.

use super::launch::Launch;
use super::status::Status;
use crate::http::ApiError;
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

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

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Transition {
    pub status: Status,
    pub transition_time_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
}

impl Record {
    pub fn save(&self, store: &Store) -> Result<(), ApiError> {
        store.put(RECORD, &self.id, self)
    }
}

pub(super) fn save_launch(store: &Store, id: &str, launch: &Launch) -> Result<(), ApiError> {
    store.put(LAUNCH, id, &KeptLaunch { id, launch })
}

pub(super) fn forget_all(store: &Store) -> Result<(), ApiError> {
    store.clear(RECORD)?;
    store.clear(LAUNCH)
}

/// All that an earlier run of the emulator kept.
pub(super) fn load(store: &Store) -> Result<(Vec<Record>, HashMap<String, Launch>), String> {
    let launches: Vec<FoundLaunch> = store.load(LAUNCH)?;
    let launches = launches.into_iter().map(|kept| (kept.id, kept.launch)).collect();
    Ok((store.load(RECORD)?, launches))
}
