//! The files of a devbox: `/v1/devboxes/{id}/…_file…`

use std::time::Duration;

use serde_json::json;

use crate::api::operations;
use crate::api::operations::Operation;
use crate::error::Result;
use crate::transport::{Request, Traffic};

const LONG: Duration = Duration::from_secs(600);

fn transfer(operation: &Operation, devbox: &str) -> Result<Request> {
    let mut request = operation.request(&[devbox])?;
    request.timeout = LONG;
    request.traffic = Traffic::Transfer;
    Ok(request)
}

/// POST `/v1/devboxes/{id}/read_file_contents`
pub fn read_contents(devbox: &str, file_path: &str) -> Result<Request> {
    let mut request = transfer(&operations::FILE_READ, devbox)?;
    request.accept = "text/plain";
    request.body = Some(json!({ "file_path": file_path }));
    Ok(request)
}

/// POST `/v1/devboxes/{id}/write_file_contents`: writing the same twice is like writing it once.
pub fn write_contents(devbox: &str, file_path: &str, contents: &str) -> Result<Request> {
    let mut request = transfer(&operations::FILE_WRITE, devbox)?;
    request.body = Some(json!({ "contents": contents, "file_path": file_path }));
    Ok(request)
}

/// POST `/v1/devboxes/{id}/upload_file`: its body is sent apart, in parts.
pub fn upload(devbox: &str) -> Result<Request> {
    transfer(&operations::FILE_UPLOAD, devbox)
}

/// POST `/v1/devboxes/{id}/download_file`
pub fn download(devbox: &str, file_path: &str) -> Result<Request> {
    let mut request = transfer(&operations::FILE_DOWNLOAD, devbox)?;
    request.accept = "application/octet-stream";
    request.body = Some(json!({ "path": file_path }));
    Ok(request)
}
