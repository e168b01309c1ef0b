//! The files of a devbox: `/v1/devboxes/{id}/…_file…`

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::path;
use crate::error::Result;
use crate::transport::{Repeat, Request, Traffic};

const LONG: Duration = Duration::from_secs(600);

fn transfer(template: &str, devbox: &str, repeat: Repeat) -> Result<Request> {
    let mut request = Request::new(Method::POST, path::fill(template, &[devbox])?, repeat);
    request.timeout = LONG;
    request.traffic = Traffic::Transfer;
    Ok(request)
}

/// POST `/v1/devboxes/{id}/read_file_contents`
pub fn read_contents(devbox: &str, file_path: &str) -> Result<Request> {
    let mut request = transfer("/v1/devboxes/{id}/read_file_contents", devbox, Repeat::Harmless)?;
    request.accept = "text/plain";
    request.body = Some(json!({ "file_path": file_path }));
    Ok(request)
}

/// POST `/v1/devboxes/{id}/write_file_contents`: writing the same twice is like writing it once.
pub fn write_contents(devbox: &str, file_path: &str, contents: &str) -> Result<Request> {
    let mut request = transfer("/v1/devboxes/{id}/write_file_contents", devbox, Repeat::Harmless)?;
    request.body = Some(json!({ "contents": contents, "file_path": file_path }));
    Ok(request)
}

/// POST `/v1/devboxes/{id}/upload_file`: its body is sent apart, in parts.
pub fn upload(devbox: &str) -> Result<Request> {
    transfer("/v1/devboxes/{id}/upload_file", devbox, Repeat::OnlyWithoutEffect)
}

/// POST `/v1/devboxes/{id}/download_file`
pub fn download(devbox: &str, file_path: &str) -> Result<Request> {
    let mut request = transfer("/v1/devboxes/{id}/download_file", devbox, Repeat::Harmless)?;
    request.accept = "application/octet-stream";
    request.body = Some(json!({ "path": file_path }));
    Ok(request)
}
