//! Contents on their way in and out, a piece at a time.

use super::manner::Refusal;
use super::range::{self, Wanted};
use super::Content;
use super::Objects;
use crate::app::App;
use crate::settings::Manner;
use axum::body::Body;
use http::request::Parts;
use http::{header, HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// A file that is not whole yet; gone again unless an object takes it.
struct Incoming {
    path: PathBuf,
    taken: bool,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.taken {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Receives an upload; the object has the old content or all of the new one.
pub async fn receive(app: &App, manner: Manner, id: &str, request: Request<Body>) -> Result<Response<Body>, Refusal> {
    let internal = |e: std::io::Error| Refusal::Internal(e.to_string());
    let objects = &app.state::<Objects>();
    let uploading = objects.records.get(id).map_err(|_| Refusal::NotFound)?;
    uploading.expect(super::State::Uploading, "take content").map_err(|e| Refusal::State(e.message().to_string()))?;
    let mut content = Content { file: app.ids.next("upload"), size_bytes: 0, modified_ms: 0 };
    let mut incoming = Incoming { path: objects.path(&content), taken: false };
    let mut file = File::create_new(&incoming.path).map_err(internal)?;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|e| Refusal::Body(e.to_string()))?;
        if let Ok(data) = frame.into_data() {
            file.write_all(&data).map_err(internal)?;
            content.size_bytes += data.len() as u64;
        }
    }
    content.modified_ms = app.clock.now_ms();
    let etag = content.etag();
    incoming.taken = true;
    objects.accept(id, content).inspect_err(|_| incoming.taken = false).map_err(|e| Refusal::State(e.message().to_string()))?;
    Ok(manner.uploaded(&etag))
}

/// The content, or the part of it that is asked for.
pub fn give(app: &App, manner: Manner, id: &str, request: &Parts) -> Result<Response<Body>, Refusal> {
    let objects = &app.state::<Objects>();
    let (object, content) = objects.finished(id).map_err(|_| Refusal::NotFound)?;
    let (headers, etag) = (&request.headers, content.etag());
    if !matches_etag(headers, header::IF_MATCH, &etag).unwrap_or(true) {
        return Err(Refusal::Precondition);
    }
    let mut response = Response::new(Body::empty());
    describe(&mut response, &object.content_type, &content);
    if matches_etag(headers, header::IF_NONE_MATCH, &etag).unwrap_or(false) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(manner.sign_off(response));
    }
    // A part of a content that has changed meanwhile would not fit to what the client has.
    let same = matches_etag(headers, header::IF_RANGE, &etag).unwrap_or(true);
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).filter(|_| same);
    let (from, to) = match range::parse(range, content.size_bytes) {
        Wanted::Whole => (0, content.size_bytes),
        Wanted::Nothing => return Err(Refusal::Range(content.size_bytes)),
        Wanted::Part(from, to) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let part = format!("bytes {from}-{}/{}", to - 1, content.size_bytes);
            set(&mut response, header::CONTENT_RANGE, &part);
            (from, to)
        }
    };
    set(&mut response, header::CONTENT_LENGTH, &(to - from).to_string());
    if request.method != Method::HEAD {
        let file = open_at(&objects.path(&content), from).map_err(|e| Refusal::Internal(e.to_string()))?;
        *response.body_mut() = crate::files::pieces(file, to - from);
    }
    Ok(manner.sign_off(response))
}

fn open_at(path: &Path, from: u64) -> std::io::Result<File> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    Ok(file)
}

/// Whether a condition's tags have this one; `None` where there is no such condition.
fn matches_etag(headers: &HeaderMap, name: header::HeaderName, etag: &str) -> Option<bool> {
    let wanted = headers.get(name)?.to_str().unwrap_or_default();
    Some(wanted.split(',').map(str::trim).any(|tag| tag == etag || tag == "*"))
}

fn describe(response: &mut Response<Body>, content_type: &str, content: &Content) {
    let kind = match content_type {
        "text" => "text/plain",
        "gzip" | "tgz" => "application/gzip",
        "tar" => "application/x-tar",
        _ => "application/octet-stream",
    };
    let modified = UNIX_EPOCH + Duration::from_millis(content.modified_ms.max(0) as u64);
    set(response, header::CONTENT_TYPE, kind);
    set(response, header::ETAG, &content.etag());
    set(response, header::ACCEPT_RANGES, "bytes");
    set(response, header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
}

fn set(response: &mut Response<Body>, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
