//! Objects: their records here, their contents as files behind signed URLs.

pub mod api;
mod content;
pub mod door;
mod manner;
mod range;
mod sign;

use crate::app::App;
use crate::http::openapi::Operation;
use crate::http::ApiError;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Uploading,
    ReadOnly,
    Deleted,
    /// Its content is lost.
    Error,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Uploading => "UPLOADING",
            State::ReadOnly => "READ_ONLY",
            State::Deleted => "DELETED",
            State::Error => "ERROR",
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Object {
    id: String,
    name: String,
    content_type: String,
    state: State,
    create_time_ms: i64,
    delete_after_time_ms: Option<i64>,
    metadata: BTreeMap<String, String>,
    content: Option<Content>,
}

/// What has been uploaded.
#[derive(Clone, Serialize, Deserialize)]
struct Content {
    /// The file's name: another one with every upload, so that a change of the record is all it
    /// takes to replace a content.
    file: String,
    size_bytes: u64,
    modified_ms: i64,
}

impl Content {
    fn etag(&self) -> String {
        format!("\"{}\"", self.file.trim_start_matches("upload_"))
    }
}

impl Record for Object {
    const KIND: &'static str = "object";
    fn id(&self) -> &str {
        &self.id
    }
}

pub struct Objects {
    records: Records<Object>,
    folder: PathBuf,
    signer: sign::Signer,
    /// The port of the listener that serves contents.
    pub port: u16,
    operations: door::Operations,
    /// Rung when an object comes with a time to live.
    sooner: Notify,
}

impl Part for Objects {
    fn clear(&self, _app: &Arc<App>) {
        // Only what was theirs: another object may be receiving its content already.
        for content in self.records.clear().into_iter().filter_map(|object| object.content) {
            if let Err(e) = self.remove(&content) {
                eprintln!("runloop-emulator: an object's content cannot be removed: {}", e.message());
            }
        }
    }
}

impl Objects {
    pub fn load(store: &Arc<Store>, data: &Path, port: u16) -> Result<Objects, String> {
        let folder = data.join("objects");
        let objects = Objects {
            records: Records::load(store)?,
            signer: sign::Signer::load(store)?,
            operations: door::Operations::new(),
            sooner: Notify::new(),
            folder,
            port,
        };
        let tidied = objects.tidy();
        tidied.map_err(|e| format!("the objects in {}: {e}", objects.folder.display()))?;
        Ok(objects)
    }

    /// After a crash: what no object refers to is removed, and what has lost its content says so.
    fn tidy(&self) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let all = self.records.all();
        let referred: HashSet<&str> = all.iter().filter_map(|object| Some(object.content.as_ref()?.file.as_str())).collect();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| referred.contains(name)) {
                std::fs::remove_file(entry.path())?;
            }
        }
        let lost = |content: &Content| !self.path(content).is_file();
        for object in all.iter().filter(|object| object.content.as_ref().is_some_and(lost)) {
            let marked = self.records.update(&object.id, |object| {
                object.state = State::Error;
                object.content = None;
                Ok(())
            });
            marked.map_err(|e| io::Error::other(e.message().to_string()))?;
        }
        Ok(())
    }

    fn path(&self, content: &Content) -> PathBuf {
        self.folder.join(&content.file)
    }

    /// The file that holds a finished object's content.
    pub fn content_path(&self, id: &str) -> Result<PathBuf, ApiError> {
        self.finished(id).map(|(_, content)| self.path(&content))
    }

    /// The type that a complete object was made with.
    pub fn content_type(&self, id: &str) -> Result<String, ApiError> {
        self.finished(id).map(|(object, _)| object.content_type)
    }

    fn finished(&self, id: &str) -> Result<(Object, Content), ApiError> {
        let object = self.records.get(id)?;
        match (object.state, object.content.clone()) {
            (State::ReadOnly, Some(content)) => Ok((object, content)),
            (state, _) => {
                let hint = if state == State::Uploading { ": upload its content, then complete it" } else { "" };
                Err(ApiError::bad_request(format!("object {id} cannot be read, it is {}{hint}", state.name())))
            }
        }
    }

    /// Takes an upload as the object's content.
    fn accept(&self, id: &str, content: Content) -> Result<(), ApiError> {
        let mut before = None;
        self.records.update(id, |object| {
            object.expect(State::Uploading, "take content")?;
            before = object.content.replace(content);
            Ok(())
        })?;
        before.as_ref().map_or(Ok(()), |before| self.remove(before))
    }

    fn remove(&self, content: &Content) -> Result<(), ApiError> {
        match std::fs::remove_file(self.path(content)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(ApiError::internal(e)),
            _ => Ok(()),
        }
    }

    fn complete(&self, id: &str) -> Result<Object, ApiError> {
        self.records.update(id, |object| {
            object.expect(State::Uploading, "be completed")?;
            if object.content.is_none() {
                let message = format!("object {id} cannot be completed: nothing was uploaded; PUT its content to its upload_url first");
                return Err(ApiError::bad_request(message));
            }
            object.state = State::ReadOnly;
            Ok(())
        })
    }

    /// Deleted objects stay to be looked at, without their content.
    fn delete(&self, id: &str) -> Result<Object, ApiError> {
        let mut before = None;
        let deleted = self.records.update(id, |object| {
            object.state = State::Deleted;
            object.metadata.clear();
            before = object.content.take();
            Ok(())
        })?;
        before.as_ref().map_or(Ok(()), |before| self.remove(before))?;
        Ok(deleted)
    }

    fn living(&self) -> impl Iterator<Item = (i64, String)> {
        let all = self.records.all().into_iter();
        all.filter(|object| object.state != State::Deleted).filter_map(|object| Some((object.delete_after_time_ms?, object.id)))
    }
}

impl Object {
    fn expect(&self, state: State, to: &str) -> Result<(), ApiError> {
        match self.state == state {
            true => Ok(()),
            false => {
                Err(ApiError::bad_request(format!("object {} cannot {to}: it is {}, not {}", self.id, self.state.name(), state.name())))
            }
        }
    }
}

/// Deletes objects when their time is over.
pub async fn expire(app: Arc<App>) {
    loop {
        let next = app.state::<Objects>().living().map(|(due, _)| due).min();
        tokio::select! {
            () = async {
                match next {
                    Some(due) => app.clock.sleep_until(due).await,
                    None => std::future::pending().await,
                }
            } => {}
            () = app.state::<Objects>().sooner.notified() => continue,
        }
        let now = app.clock.now_ms();
        for (_, id) in app.state::<Objects>().living().filter(|(due, _)| *due <= now) {
            if let Err(e) = app.state::<Objects>().delete(&id) {
                eprintln!("runloop-emulator: object {id}: {}", e.message());
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// The operation as faults and the journal name it.
fn operation(id: &str, method: &str) -> Operation {
    Operation::read("/objects/{id}", method, &serde_json::json!({"operationId": id}))
}
