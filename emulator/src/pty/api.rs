//! The operations on terminals.

use super::devbox;
use super::Sessions;
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::Response;
use nix::sys::signal::Signal;
use serde::Deserialize;
use serde_json::json;

type Answer = Result<Response<Body>, ApiError>;

const LARGEST: i64 = 1000;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    builder.add(Sessions::default());
    let routes = &mut builder.routes;
    routes.add("pty.connect", connect);
    routes.add("pty.control", control);
    Ok(())
}

fn check(name: &str) -> Result<(), ApiError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    match (1..=256).contains(&name.len()) && name.bytes().all(plain) {
        true => Ok(()),
        false => Err(ApiError::bad_request("session_name must be 1 to 256 ASCII letters, digits, '-' and '_'")),
    }
}

/// Columns and rows, where both are given and can be had.
fn size(cols: Option<i64>, rows: Option<i64>) -> Option<(u16, u16)> {
    let part = |n: Option<i64>| n.filter(|n| (1..=LARGEST).contains(n)).and_then(|n| u16::try_from(n).ok());
    part(cols).zip(part(rows))
}

async fn connect(call: Call) -> Answer {
    let name = call.path("session_name");
    check(name)?;
    let size = size(call.query_number("cols")?, call.query_number("rows")?);
    let devbox = devbox(&call.app, &call.headers)?;
    let (session, created) = call.app.state::<Sessions>().connect(&call.app, &devbox, name, size).await?;
    let (cols, rows) = session.size();
    Ok(json(&json!({
        "session_name": name,
        "created": created,
        "attached": session.is_attached(),
        "status": "running",
        "cols": cols,
        "rows": rows,
        "connect_url": format!("/pty/{name}/ws"),
        "idle_ttl_seconds": super::session::IDLE.as_secs(),
        "protocol_version": "1",
    })))
}

#[derive(Deserialize)]
struct Control {
    action: Option<String>,
    cols: Option<i64>,
    rows: Option<i64>,
    signal: Option<String>,
}

async fn control(call: Call) -> Answer {
    let name = call.path("session_name");
    check(name)?;
    let asked: Control = call.body()?;
    let devbox = devbox(&call.app, &call.headers)?;
    let session = call.app.state::<Sessions>().get(&devbox.id, name)?;
    let status = match asked.action.as_deref() {
        Some("resize") => {
            let wrong = || ApiError::bad_request(format!("resize: cols and rows are required, each between 1 and {LARGEST}"));
            session.resize(size(asked.cols, asked.rows).ok_or_else(wrong)?)?;
            "resized"
        }
        Some("signal") => {
            let name = asked.signal.unwrap_or_default();
            let signal = name.parse::<Signal>();
            session.signal(signal.map_err(|_| ApiError::bad_request(format!("signal: there is no {name:?}; SIGINT is one")))?)?;
            "signaled"
        }
        Some("close") => {
            call.app.state::<Sessions>().close(&session);
            "closed"
        }
        _ => return Err(ApiError::bad_request("action is required: resize, signal or close")),
    };
    Ok(json(&json!({"session_name": name, "status": status})))
}
