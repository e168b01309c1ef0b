//! Axons: each a stream of events and a database of its own, two SQLite files in its folder.

pub mod api;
mod events;
mod follow;
mod rules;
mod sql;
mod subscribe;

use crate::app::App;
use crate::http::ApiError;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

#[derive(Clone, Serialize, Deserialize)]
pub struct Axon {
    id: String,
    name: Option<String>,
    metadata: BTreeMap<String, String>,
    created_at_ms: i64,
    deleted_at_ms: Option<i64>,
}

impl Record for Axon {
    const KIND: &'static str = "axon";
    fn id(&self) -> &str {
        &self.id
    }
}

impl Axon {
    /// A deleted axon can be read, and that is all.
    fn writable(&self) -> Result<(), ApiError> {
        match self.deleted_at_ms {
            None => Ok(()),
            Some(_) => Err(ApiError::bad_request(format!("axon {} is deleted: it can be read, but not written", self.id))),
        }
    }
}

pub struct Axons {
    records: Records<Axon>,
    folder: PathBuf,
    open: Mutex<HashMap<String, Arc<Files>>>,
}

/// So many axons may have their files open while nobody uses them.
const IDLE: usize = 64;

/// An axon's files, open.
struct Files {
    events: Mutex<events::Events>,
    database: Mutex<sql::Database>,
    progress: watch::Sender<Progress>,
}

/// How far a stream has come.
#[derive(Clone, Copy)]
struct Progress {
    sequence: i64,
    ended: bool,
}

impl Part for Axons {
    fn clear(&self, _app: &Arc<App>) {
        // Only what was theirs: another axon may have its files already.
        for axon in self.records.clear() {
            let mut open = self.open.lock().unwrap();
            if let Some(files) = open.remove(&axon.id) {
                files.progress.send_modify(|progress| progress.ended = true);
            }
            match std::fs::remove_dir_all(self.folder.join(&axon.id)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    eprintln!("runloop-emulator: axon {} cannot be removed: {e}", axon.id)
                }
                _ => {}
            }
        }
    }
}

impl Axons {
    pub fn load(store: &Arc<Store>, data: &Path) -> Result<Axons, String> {
        Ok(Axons { records: Records::load(store)?, folder: data.join("axons"), open: Mutex::default() })
    }

    fn open(&self, axon: &Axon) -> Result<Arc<Files>, ApiError> {
        let mut open = self.open.lock().unwrap();
        if let Some(files) = open.get(&axon.id) {
            return Ok(files.clone());
        }
        // One that was forgotten meanwhile gets no files any more.
        self.records.get(&axon.id)?;
        if open.len() >= IDLE {
            open.retain(|_, files| Arc::strong_count(files) > 1);
        }
        let folder = self.folder.join(&axon.id);
        std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
        let events = events::Events::open(&folder.join("events.sqlite")).map_err(ApiError::internal)?;
        let database = sql::Database::open(&folder.join("database.sqlite")).map_err(ApiError::internal)?;
        let sequence = events.last().map_err(ApiError::internal)?;
        let progress = watch::Sender::new(Progress { sequence, ended: axon.deleted_at_ms.is_some() });
        let files = Arc::new(Files { events: Mutex::new(events), database: Mutex::new(database), progress });
        open.insert(axon.id.clone(), files.clone());
        Ok(files)
    }

    /// Deletes it for writers; what is there stays.
    fn delete(&self, id: &str, now_ms: i64) -> Result<(), ApiError> {
        let files = self.open(&self.records.get(id)?)?;
        // Nobody writes meanwhile: who writes holds the one or the other. Statements may take their
        // time, events don't: they are the last to be held up.
        let _database = files.database.lock().unwrap();
        let _events = files.events.lock().unwrap();
        self.records.update(id, |axon| {
            axon.deleted_at_ms.get_or_insert(now_ms);
            Ok(())
        })?;
        files.progress.send_modify(|progress| progress.ended = true);
        Ok(())
    }
}
