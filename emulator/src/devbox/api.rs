//! The operations on devboxes.

use super::create::create as begin;
use super::evictions::Evictions;
use super::launch::Create;
use super::Devboxes;
use super::{evict, Devbox, Status};
use super::{restore, Removals};
use crate::app::App;
use crate::http::error::json;
use crate::http::{sse, ApiError, Call};
use crate::part::Builder;
use crate::snapshot::Snapshots;
use axum::body::Body;
use http::{Response, StatusCode};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The service holds a request for a devbox's status no longer than this.
const LONGEST_HOLD_SECONDS: f64 = 30.0;
/// A create is held less long: clients wait 30 s for it, and would make another one after that.
const CREATE_HOLD_SECONDS: f64 = 25.0;
const PAGE: i64 = 20;
const LARGEST_PAGE: i64 = 5000;

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    builder.add(Removals::default());
    builder.add(Evictions::default());
    builder.add(Devboxes::default());
    builder.at_start(|app| async move { restore::restore(&app).await });
    let routes = &mut builder.routes;
    routes.add("devboxes.create", create);
    routes.add("devboxes.create_and_await_running", create_and_await_running);
    routes.add("devboxes.retrieve", retrieve);
    routes.add("devboxes.update", update);
    routes.add("devboxes.list", list);
    routes.add("devboxes.wait_for_status", wait_for_status);
    routes.add("devboxes.keep_alive", keep_alive);
    routes.add("devboxes.shutdown", shutdown);
    routes.add("devboxes.suspend", suspend);
    routes.add("devboxes.resume", resume);
    routes.add("devboxes.retrieve_resource_usage", usage);
    routes.add("devboxes.watch_evictions", watch_evictions);
    routes.add("logs.list", logs);
    Ok(())
}

impl Call {
    /// The devbox that the path names.
    pub fn devbox(&self, parameter: &str) -> Result<Arc<Devbox>, ApiError> {
        self.app.state::<Devboxes>().get(self.path(parameter))
    }
}

async fn create(call: Call) -> Answer {
    let devbox = begin(&call.app, call.body::<Create>()?)?;
    Ok(json(&devbox.view()))
}

async fn create_and_await_running(call: Call) -> Answer {
    let devbox = begin(&call.app, call.body::<Create>()?)?;
    let settled = |status: Status| status == Status::Running || status.is_end();
    reach(&call.app, &devbox, Some(CREATE_HOLD_SECONDS), settled).await;
    Ok(json(&devbox.view()))
}

/// Holds until the devbox is where it is wanted; false when the hold ends first.
async fn reach(app: &App, devbox: &Devbox, seconds: Option<f64>, wanted: impl Fn(Status) -> bool) -> bool {
    let mut status = devbox.watch();
    let reached = tokio::select! {
        biased;
        reached = status.wait_for(|status| wanted(*status)) => reached.is_ok(),
        () = app.hold(seconds, LONGEST_HOLD_SECONDS) => false,
    };
    reached
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.devbox("id")?.view()))
}

#[derive(Deserialize)]
struct Update {
    name: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
}

async fn update(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    let update = call.body::<Update>()?;
    devbox.change(&call.app, |record| {
        if update.name.is_some() {
            record.name = update.name;
        }
        if let Some(metadata) = update.metadata {
            record.metadata = metadata;
        }
    })?;
    Ok(json(&devbox.view()))
}

async fn list(call: Call) -> Answer {
    let limit = call.query_number::<i64>("limit")?.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(ApiError::bad_request(format!("limit must be between 1 and {LARGEST_PAGE}")));
    }
    let status = match call.query("status") {
        Some(name) => Some(
            Status::deserialize(serde_json::Value::String(name.to_string())).map_err(|e| ApiError::bad_request(format!("status: {e}")))?,
        ),
        None => None,
    };
    let after = call.query("starting_after");
    let page = call.app.state::<Devboxes>().page(status, after, limit as usize)?;
    let views: Vec<_> = page.devboxes.iter().map(|devbox| devbox.view()).collect();
    let mut answer = serde_json::json!({"devboxes": views, "has_more": page.has_more});
    if call.query("include_total_count") != Some("false") {
        answer["total_count"] = page.total.into();
        answer["remaining_count"] = page.remaining.into();
    }
    Ok(json(&answer))
}

#[derive(Deserialize)]
struct Wait {
    statuses: Vec<Status>,
    timeout_seconds: Option<f64>,
}

async fn wait_for_status(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    let wait = call.body::<Wait>()?;
    if wait.timeout_seconds.is_some_and(|s| s < 0.0) {
        return Err(ApiError::bad_request("timeout_seconds must not be negative"));
    }
    let wanted = |status| wait.statuses.contains(&status);
    match reach(&call.app, &devbox, wait.timeout_seconds, wanted).await {
        true => Ok(json(&devbox.view())),
        false => Err(ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("devbox {} has not reached any of these statuses yet: it is {}", devbox.id, devbox.status().name()),
        )),
    }
}

async fn keep_alive(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    if devbox.status().is_end() || devbox.status() == Status::Suspended {
        devbox.running()?;
    }
    devbox.keep_alive(&call.app)?;
    Ok(json(&serde_json::json!({})))
}

async fn shutdown(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    if call.query("force") != Some("true") && call.app.state::<Snapshots>().busy(&devbox.id) {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            format!("a snapshot of devbox {} is being taken; wait for it, or shut down with force=true", devbox.id),
        ));
    }
    let app = call.app.clone();
    // To its end, even if the client does not stay for it.
    let ending = tokio::spawn(async move {
        devbox.shut_down(&app, "api_shutdown").await;
        devbox
    });
    let devbox = ending.await.map_err(ApiError::internal)?;
    devbox.saved(&call.app)?;
    Ok(json(&devbox.view()))
}

async fn suspend(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    devbox.suspend(&call.app)?;
    Ok(json(&devbox.view()))
}

async fn resume(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    devbox.resume(&call.app)?;
    Ok(json(&devbox.view()))
}

async fn usage(call: Call) -> Answer {
    Ok(json(&call.devbox("id")?.usage(&call.app)))
}

async fn logs(call: Call) -> Answer {
    let devbox = call.devbox("id")?;
    let execution = call.query("execution_id").filter(|id| !id.is_empty()).map(str::to_string);
    let logs = tokio::task::spawn_blocking(move || devbox.logs(execution.as_deref())).await;
    Ok(json(&logs.map_err(ApiError::internal)??))
}

async fn watch_evictions(call: Call) -> Answer {
    sse::accepts(&call.headers)?;
    Ok(sse::response(evict::events(call.app.clone())))
}
