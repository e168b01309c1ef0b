//! The operations on objects.

use super::manner::Purpose;
use super::Objects;
use super::{Object, State};
use crate::filter::{ByName, Filter};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::{header, Response};
use serde::Deserialize;
use serde_json::{json, Value};
use std::collections::BTreeMap;

type Answer = Result<Response<Body>, ApiError>;

/// How long a URL is good for.
const UPLOAD_SECONDS: i64 = 3600;
const DOWNLOAD_SECONDS: i64 = 3600;
/// No signed URL of the stores that are imitated lives longer.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let objects = Objects::load(&builder.app.store, &builder.app.data.path, builder.options.object_port)?;
    builder.add(objects);
    builder.task(super::expire);
    let routes = &mut builder.routes;
    routes.add("objects.create", create);
    routes.add("objects.retrieve", retrieve);
    routes.add("objects.list", list);
    routes.add("objects.list_public", list_public);
    routes.add("objects.complete", complete);
    routes.add("objects.download", download);
    routes.add("objects.delete", delete);
    Ok(())
}

fn view(object: &Object) -> Value {
    let mut view = json!({
        "id": object.id,
        "name": object.name,
        "content_type": object.content_type,
        "state": object.state,
        "create_time_ms": object.create_time_ms,
        "metadata": object.metadata,
    });
    if let Some(due) = object.delete_after_time_ms {
        view["delete_after_time_ms"] = due.into();
    }
    if let Some(content) = &object.content {
        view["size_bytes"] = content.size_bytes.into();
    }
    view
}

#[derive(Deserialize)]
struct Create {
    name: String,
    content_type: String,
    metadata: Option<BTreeMap<String, String>>,
    ttl_ms: Option<i64>,
}

async fn create(call: Call) -> Answer {
    let wanted: Create = call.body()?;
    if wanted.name.is_empty() {
        return Err(ApiError::bad_request("name must not be empty"));
    }
    if wanted.ttl_ms.is_some_and(|ttl| ttl <= 0) {
        return Err(ApiError::bad_request("ttl_ms must be greater than 0"));
    }
    let app = &call.app;
    let now = app.clock.now_ms();
    let object = Object {
        id: app.ids.next("obj"),
        name: wanted.name,
        content_type: wanted.content_type,
        state: State::Uploading,
        create_time_ms: now,
        delete_after_time_ms: wanted.ttl_ms.map(|ttl| now.saturating_add(ttl)),
        metadata: wanted.metadata.unwrap_or_default(),
        content: None,
    };
    let mut view = view(&object);
    let manner = app.settings().object_manner;
    view["upload_url"] = url(&call, &object.id, Purpose::Upload, UPLOAD_SECONDS).into();
    if let Some((name, value)) = manner.upload_header() {
        view["upload_headers"] = json!({ name: value });
    }
    app.state::<Objects>().records.add(object)?;
    app.state::<Objects>().sooner.notify_one();
    Ok(json(&view))
}

/// A signed URL on the other port, of the host that the caller knows us by.
fn url(call: &Call, id: &str, purpose: Purpose, seconds: i64) -> String {
    let app = &call.app;
    let bound = app.address.ip();
    let asked = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<http::uri::Authority>().ok());
    let host = match (bound.is_unspecified(), asked) {
        (true, Some(asked)) => asked.host().to_string(),
        (true, None) => "127.0.0.1".to_string(),
        (false, _) if bound.is_ipv6() => format!("[{bound}]"),
        (false, _) => bound.to_string(),
    };
    let manner = app.settings().object_manner;
    let signed = app.state::<Objects>().signer.sign(manner, purpose, id, app.clock.now_ms(), seconds);
    format!("http://{host}:{}{signed}", app.state::<Objects>().port)
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&view(&call.app.state::<Objects>().records.get(call.path("id"))?)))
}

async fn list(call: Call) -> Answer {
    page(&call, |_| true)
}

/// Nothing that is made here is public.
async fn list_public(call: Call) -> Answer {
    page(&call, |_| false)
}

/// Deleted ones are shown where they are asked for.
fn page(call: &Call, shown: impl Fn(&Object) -> bool) -> Answer {
    let filter = Filter::of(call, ByName::Part);
    let (state, kind) = (call.query("state"), call.query("content_type"));
    let in_state = |object: &Object| match state {
        Some(state) => object.state.name() == state,
        None => object.state != State::Deleted,
    };
    let matches = |object: &Object| {
        let of_kind = kind.is_none_or(|kind| object.content_type == kind);
        shown(object) && of_kind && in_state(object) && filter.takes(&object.id, Some(&object.name))
    };
    let page = call.app.state::<Objects>().records.page(call, matches)?;
    Ok(json(&page.answer(call, "objects", view)))
}

async fn complete(call: Call) -> Answer {
    Ok(json(&view(&call.app.state::<Objects>().complete(call.path("id"))?)))
}

async fn download(call: Call) -> Answer {
    let seconds = call.query_number::<i64>("duration_seconds")?.unwrap_or(DOWNLOAD_SECONDS);
    if !(1..=LONGEST_SECONDS).contains(&seconds) {
        return Err(ApiError::bad_request(format!("duration_seconds must be between 1 and {LONGEST_SECONDS}")));
    }
    let (object, _) = call.app.state::<Objects>().finished(call.path("id"))?;
    Ok(json(&json!({"download_url": url(&call, &object.id, Purpose::Download, seconds)})))
}

async fn delete(call: Call) -> Answer {
    Ok(json(&view(&call.app.state::<Objects>().delete(call.path("id"))?)))
}
