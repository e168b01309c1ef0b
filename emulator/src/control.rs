//! Test controls: everything under `/_emulator/`.

use crate::app::App;
use crate::devbox::{evict, Devboxes};
use crate::http::error::json;
use crate::http::{schema, ApiError, Routes};
use crate::life;
use crate::object::Objects;
use crate::sandbox::procfs;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{json, Value};
use std::sync::Arc;

pub async fn answer(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    match serve(&app, request).await {
        Ok(response) => response,
        Err(e) => e.into_response(),
    }
}

async fn serve(app: &Arc<App>, request: Request<Body>) -> Result<Response<Body>, ApiError> {
    let (head, body) = request.into_parts();
    let done = || json(&json!({}));
    let path = head.uri.path();
    Ok(match (head.method, path.trim_start_matches("/_emulator/")) {
        (Method::GET, "health") => json(&json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "isolation": app.isolation.mode.name(),
            "object_port": app.state::<Objects>().port,
        })),
        (Method::POST, "faults") => {
            let id = app.faults.add(read(body).await?);
            json(&json!({"id": id.map_err(ApiError::bad_request)?}))
        }
        (Method::GET, "faults") => json(&app.faults.to_json()),
        (Method::DELETE, "faults") => {
            app.faults.clear();
            done()
        }
        (Method::GET, "operations") => json(&operations(app)),
        (Method::GET, "journal") => json(&app.journal.to_json()),
        (Method::DELETE, "journal") => {
            app.journal.clear();
            done()
        }
        (Method::POST, "settings") => json(&app.change(read(body).await?)?),
        (Method::GET, "settings") => json(&app.settings_json()),
        (Method::GET, "ca") => match &app.tls {
            Some(tls) => Response::new(Body::from(tls.authority.clone())),
            None => return Err(ApiError::not_found("there is no TLS here: start the emulator with --tls or --domain")),
        },
        (Method::GET, "leaks") => json(&leaks(app)),
        (Method::POST, "evict") => json(&evict::evict(app, read(body).await?)?),
        (Method::POST, "reset") => {
            life::reset(app).await;
            done()
        }
        (Method::POST, "exit") => {
            app.exit.notify_one();
            done()
        }
        (method, _) => {
            let message = format!("there is no test control {method} {path}");
            return Err(ApiError::new(StatusCode::NOT_FOUND, message));
        }
    })
}

async fn read<T: DeserializeOwned>(body: Body) -> Result<T, ApiError> {
    let bytes = axum::body::to_bytes(body, 16 << 20).await.map_err(|e| ApiError::bad_request(e.to_string()))?;
    let mut value = serde_json::from_slice(&bytes).map_err(|e| ApiError::bad_request(e.to_string()))?;
    schema::all_integers(&mut value);
    T::deserialize(value).map_err(|e| ApiError::bad_request(e.to_string()))
}

/// Every operation there is: whether it is served, and how often it was.
fn operations(app: &App) -> Value {
    let each = app.api.operations().iter().map(|operation| {
        let [succeeded, failed] = app.journal.counted(&operation.id);
        json!({
            "operation": operation.id,
            "method": operation.method.as_str(),
            "path": operation.path,
            "served": app.state::<Routes>().get(&operation.id).is_some(),
            "succeeded": succeeded,
            "failed": failed,
        })
    });
    json!({"operations": each.collect::<Vec<_>>()})
}

/// Puts the same into a file of the folder, for who runs many emulators and wants the sum.
pub fn write_operations(app: &App, folder: &std::path::Path) {
    let path = folder.join(format!("{}.json", std::process::id()));
    if let Err(e) = std::fs::write(&path, operations(app).to_string()) {
        eprintln!("runloop-emulator: {}: {e}", path.display());
    }
}

fn leaks(app: &App) -> Value {
    let all = procfs::all();
    let mut processes = Vec::new();
    for devbox in app.state::<Devboxes>().all() {
        for process in devbox.processes(&all) {
            processes.push(json!({
                "pid": process.pid,
                "devbox_id": devbox.id,
                "command": process.command,
            }));
        }
    }
    json!({"devboxes": app.state::<Devboxes>().alive(), "processes": processes})
}
