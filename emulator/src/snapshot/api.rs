//! The operations on snapshots.

use super::Snapshots;
use super::{take, Snapshot, Status};
use crate::filter::{ByName, Filter};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::layers::{self, Layers};
use crate::part::Builder;
use axum::body::Body;
use http::Response;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::task::JoinHandle;

const LONGEST_MESSAGE: usize = 1000;

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let snapshots = Snapshots::load(&builder.app.store, builder.app.state::<Layers>())?;
    builder.add(snapshots);
    builder.app.state::<Layers>().are_named_by(|app| app.state::<Snapshots>().layers());
    let routes = &mut builder.routes;
    routes.add("devboxes.snapshot_disk", snapshot_disk);
    routes.add("devboxes.snapshot_disk_async", snapshot_disk_async);
    routes.add("devboxes.list_disk_snapshots", list);
    routes.add("devboxes.delete_disk_snapshot", delete);
    routes.add("disksnapshots.query_status", query_status);
    routes.add("disksnapshots.update", update);
    Ok(())
}

#[derive(Deserialize)]
struct Described {
    name: Option<String>,
    commit_message: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
}

impl Described {
    fn check(self) -> Result<Described, ApiError> {
        match self.commit_message.as_ref().map(|message| message.chars().count()) {
            Some(length) if length > LONGEST_MESSAGE => {
                Err(ApiError::bad_request(format!("commit_message has {length} characters; {LONGEST_MESSAGE} are the most")))
            }
            _ => Ok(self),
        }
    }
}

fn begin(call: &Call) -> Result<(String, JoinHandle<()>), ApiError> {
    let app = &call.app;
    let _making = app.making();
    let described = call.body::<Described>()?.check()?;
    let devbox = call.devbox("id")?;
    let sandbox = devbox.running()?;
    let origin = &devbox.launch.origin;
    if origin.layers.len() >= layers::MOST {
        return Err(ApiError::bad_request(format!(
            "devbox {} lies upon {} layers, and more cannot be had: make a blueprint of what it is to contain",
            devbox.id,
            origin.layers.len()
        )));
    }
    let snapshot = Snapshot {
        id: app.ids.next("snp"),
        create_time_ms: app.clock.now_ms(),
        name: described.name,
        commit_message: described.commit_message,
        metadata: described.metadata.unwrap_or_default(),
        source_devbox_id: devbox.id.clone(),
        source_blueprint_id: origin.source_blueprint_id.clone(),
        size_bytes: None,
        status: Status::InProgress,
        error: None,
        layers: origin.layers.clone(),
        environment: devbox.launch.environment.clone(),
        launch_parameters: devbox.launch.parameters.clone(),
        mode: app.isolation.mode,
    };
    let id = snapshot.id.clone();
    app.state::<Snapshots>().records.add(snapshot)?;
    Ok((id.clone(), take::start(app, id, devbox, sandbox)))
}

async fn snapshot_disk_async(call: Call) -> Answer {
    let (id, _) = begin(&call)?;
    Ok(json(&call.app.state::<Snapshots>().records.get(&id)?.view()))
}

async fn snapshot_disk(call: Call) -> Answer {
    let (id, taken) = begin(&call)?;
    taken.await.map_err(ApiError::internal)?;
    let snapshot = call.app.state::<Snapshots>().records.get(&id)?;
    match snapshot.error {
        None => Ok(json(&snapshot.view())),
        Some(why) => Err(ApiError::internal(why)),
    }
}

async fn query_status(call: Call) -> Answer {
    let snapshot = call.app.state::<Snapshots>().records.get(call.path("id"))?;
    let mut answer = json!({"status": snapshot.status, "snapshot": snapshot.view()});
    if let Some(why) = snapshot.error {
        answer["error_message"] = why.into();
    }
    Ok(json(&answer))
}

async fn update(call: Call) -> Answer {
    let described = call.body::<Described>()?.check()?;
    let updated = call.app.state::<Snapshots>().records.update(call.path("id"), |snapshot| {
        if snapshot.status == Status::Deleted {
            return Err(ApiError::bad_request(format!("snapshot {} is deleted", snapshot.id)));
        }
        snapshot.name = described.name.or(snapshot.name.take());
        snapshot.commit_message = described.commit_message.or(snapshot.commit_message.take());
        if let Some(metadata) = described.metadata {
            snapshot.metadata = metadata;
        }
        Ok(())
    })?;
    Ok(json(&updated.view()))
}

async fn delete(call: Call) -> Answer {
    call.app.state::<Snapshots>().records.update(call.path("id"), |snapshot| {
        // One that is being taken needs what it lies upon to its end.
        if snapshot.status != Status::InProgress {
            snapshot.layers.clear();
        }
        snapshot.status = Status::Deleted;
        Ok(())
    })?;
    Layers::collect(&call.app);
    Ok(json(&json!({})))
}

async fn list(call: Call) -> Answer {
    let same = |wanted: Option<&str>, value: Option<&str>| wanted.is_none() || wanted == value;
    let filter = Filter::of(&call, ByName::Part);
    let page = call.app.state::<Snapshots>().records.page(&call, |snapshot| {
        snapshot.is_listed()
            && same(call.query("devbox_id"), Some(&snapshot.source_devbox_id))
            && same(call.query("source_blueprint_id"), snapshot.source_blueprint_id.as_deref())
            && filter.takes_metadata(&snapshot.metadata)
    })?;
    Ok(json(&page.answer(&call, "snapshots", Snapshot::view)))
}
