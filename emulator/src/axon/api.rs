//! The operations on axons.

use super::events::{Event, Published};
use super::sql::{Database, Step};
use super::Axons;
use super::{subscribe, Axon, Files};
use crate::filter::{ByName, Filter};
use crate::http::error::json;
use crate::http::{sse, ApiError, Call};
use crate::part::Builder;
use crate::records;
use axum::body::Body;
use http::Response;
use serde::Deserialize;
use serde_json::{json, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let axons = Axons::load(&builder.app.store, &builder.app.data.path)?;
    builder.add(axons);
    let routes = &mut builder.routes;
    routes.add("axons.create", create);
    routes.add("axons.retrieve", retrieve);
    routes.add("axons.update", update);
    routes.add("axons.list", list);
    routes.add("axons.delete", delete);
    routes.add("axons.publish", publish);
    routes.add("axons.subscribe_sse", subscribe);
    routes.add("events.list", list_events);
    routes.add("sql.query", query);
    routes.add("sql.batch", batch);
    Ok(())
}

impl Call {
    /// The axon that the path names.
    fn axon(&self) -> Result<Axon, ApiError> {
        self.app.state::<Axons>().records.get(self.path("id"))
    }

    fn axon_files(&self) -> Result<(Axon, Arc<Files>), ApiError> {
        let axon = self.axon()?;
        let files = self.app.state::<Axons>().open(&axon)?;
        Ok((axon, files))
    }
}

fn view(axon: &Axon) -> Value {
    let mut view = json!({"id": axon.id, "created_at_ms": axon.created_at_ms, "metadata": axon.metadata});
    if let Some(name) = &axon.name {
        view["name"] = json!(name);
    }
    if let Some(at) = axon.deleted_at_ms {
        view["deleted_at_ms"] = at.into();
    }
    view
}

#[derive(Deserialize)]
struct Create {
    name: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
}

async fn create(call: Call) -> Answer {
    let wanted: Create = call.body()?;
    let axon = Axon {
        id: call.app.ids.next("axn"),
        name: wanted.name,
        metadata: wanted.metadata.unwrap_or_default(),
        created_at_ms: call.app.clock.now_ms(),
        deleted_at_ms: None,
    };
    let answer = view(&axon);
    call.app.state::<Axons>().records.add(axon)?;
    Ok(json(&answer))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&view(&call.axon()?)))
}

#[derive(Deserialize)]
struct Update {
    metadata: Option<BTreeMap<String, String>>,
}

async fn update(call: Call) -> Answer {
    let wanted: Update = call.body()?;
    let updated = call.app.state::<Axons>().records.update(call.path("id"), |axon| {
        axon.writable()?;
        axon.metadata = wanted.metadata.unwrap_or(std::mem::take(&mut axon.metadata));
        Ok(())
    })?;
    Ok(json(&view(&updated)))
}

/// Deleted ones are shown where their id is asked for.
async fn list(call: Call) -> Answer {
    let filter = Filter::of(&call, ByName::Start);
    let by_id = call.query("id").is_some_and(|id| !id.is_empty());
    let matches = |axon: &Axon| {
        let there = by_id || axon.deleted_at_ms.is_none();
        there && filter.takes(&axon.id, axon.name.as_deref()) && filter.takes_metadata(&axon.metadata)
    };
    let page = call.app.state::<Axons>().records.page(&call, matches)?;
    Ok(json(&page.answer(&call, "axons", view)))
}

async fn delete(call: Call) -> Answer {
    let delete = move || call.app.state::<Axons>().delete(call.path("id"), call.app.clock.now_ms());
    tokio::task::spawn_blocking(delete).await.map_err(ApiError::internal)??;
    Ok(json(&json!({})))
}

async fn publish(call: Call) -> Answer {
    let event: Published = call.body()?;
    let (_, files) = call.axon_files()?;
    let events = files.events.lock().unwrap();
    call.axon()?.writable()?;
    let timestamp_ms = call.app.clock.now_ms();
    let sequence = events.append(&event, timestamp_ms).map_err(ApiError::internal)?;
    files.progress.send_modify(|progress| progress.sequence = sequence);
    drop(events);
    crate::devbox::wake::on_event(&call.app, call.path("id"));
    Ok(json(&json!({"sequence": sequence, "timestamp_ms": timestamp_ms})))
}

async fn subscribe(call: Call) -> Answer {
    sse::accepts(&call.headers)?;
    let after = call.query_number::<i64>("after_sequence")?.unwrap_or(0);
    let (axon, files) = call.axon_files()?;
    Ok(sse::response(subscribe::events(axon.id, files, after)))
}

/// Events have no id but their sequence number.
async fn list_events(call: Call) -> Answer {
    let limit = records::limit(&call)?;
    let before = match call.query_number::<i64>("starting_after") {
        Ok(before) => before.unwrap_or(i64::MAX),
        Err(_) => return Err(ApiError::bad_request("starting_after must be the sequence number of an event")),
    };
    let (axon, files) = call.axon_files()?;
    let events = files.events.lock().unwrap();
    let page: Vec<Event> = events.before(before, limit).map_err(ApiError::internal)?;
    let left = events.count(page.last().map_or(0, |last| last.sequence)).map_err(ApiError::internal)?;
    let views: Vec<Value> = page.iter().map(|event| event.view(&axon.id)).collect();
    let mut answer = json!({"events": views, "has_more": left > 0});
    if call.query("include_total_count") != Some("false") {
        answer["total_count"] = events.count(i64::MAX).map_err(ApiError::internal)?.into();
    }
    Ok(json(&answer))
}

async fn query(call: Call) -> Answer {
    let step: Step = call.body()?;
    let done = with_database(call, move |database, writable| database.query(&step, writable)).await?;
    Ok(json(&done.map_err(|why| ApiError::bad_request(format!("sql: {why}")))?))
}

#[derive(Deserialize)]
struct Batch {
    statements: Vec<Step>,
}

async fn batch(call: Call) -> Answer {
    let Batch { statements } = call.body()?;
    if statements.is_empty() {
        return Err(ApiError::bad_request("statements must not be empty"));
    }
    let count = statements.len();
    let done = with_database(call, move |database, writable| database.batch(&statements, writable)).await?;
    let results: Vec<Value> = match done {
        Ok(results) => results.into_iter().map(|result| json!({"success": result})).collect(),
        Err((failed, why)) => (0..count).map(|n| json!({"error": {"message": undone(n, failed, &why)}})).collect(),
    };
    Ok(json(&json!({ "results": results })))
}

/// What became of a statement when one of its batch failed.
fn undone(n: usize, failed: usize, why: &str) -> String {
    match n.cmp(&failed) {
        std::cmp::Ordering::Less => format!("rolled back: statements[{failed}] failed"),
        std::cmp::Ordering::Equal => why.to_string(),
        std::cmp::Ordering::Greater => format!("not run: statements[{failed}] failed"),
    }
}

/// Runs it away from the threads that serve, with the database to itself.
async fn with_database<T: Send + 'static>(call: Call, work: impl FnOnce(&Database, bool) -> T + Send + 'static) -> Result<T, ApiError> {
    let (_, files) = call.axon_files()?;
    let work = move || {
        let database = files.database.lock().unwrap();
        let writable = call.axon()?.deleted_at_ms.is_none();
        Ok(work(&database, writable))
    };
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?
}
