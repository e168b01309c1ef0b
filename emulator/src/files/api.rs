//! The operations on files of devboxes: read, written, uploaded, downloaded, as the devbox's user would.

use super::{check, pieces, refused, upload, write};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::{header, HeaderValue, Response};
use serde::Deserialize;
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let routes = &mut builder.routes;
    routes.add("devboxes.read_file_contents", read_contents);
    routes.add("devboxes.write_file_contents", write_contents);
    routes.add("devboxes.upload_file", upload::upload);
    routes.add("devboxes.download_file", download);
    Ok(())
}

/// Opens a file to be read, with its length.
async fn open(call: &Call, path: &str) -> Result<(File, u64), ApiError> {
    check(path)?;
    let sandbox = call.devbox("id")?.running()?;
    let file = sandbox.open(PathBuf::from(path), false).await.map_err(refused)?;
    let metadata = file.metadata().map_err(ApiError::internal)?;
    match metadata.is_file() {
        true => Ok((file, metadata.len())),
        false => Err(ApiError::bad_request(format!("{path} is not a file"))),
    }
}

#[derive(Deserialize)]
struct ReadContents {
    file_path: String,
}

async fn read_contents(call: Call) -> Answer {
    let asked: ReadContents = call.body()?;
    let (file, length) = open(&call, &asked.file_path).await?;
    Ok(contents(file, length, "text/plain; charset=utf-8"))
}

#[derive(Deserialize)]
struct Download {
    path: String,
}

async fn download(call: Call) -> Answer {
    let asked: Download = call.body()?;
    let (file, length) = open(&call, &asked.path).await?;
    Ok(contents(file, length, "application/octet-stream"))
}

fn contents(file: File, length: u64, kind: &'static str) -> Response<Body> {
    let mut response = Response::new(pieces(file, length));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

#[derive(Deserialize)]
struct WriteContents {
    file_path: String,
    contents: String,
}

async fn write_contents(call: Call) -> Answer {
    let asked: WriteContents = call.body()?;
    check(&asked.file_path)?;
    let devbox = call.devbox("id")?;
    let sandbox = devbox.running()?;
    // A file that was opened, and so emptied, is also filled, whether or not somebody still waits for the answer.
    let written = tokio::spawn(async move { write(&sandbox, &asked.file_path, asked.contents.into_bytes()).await });
    written.await.map_err(ApiError::internal)?.map_err(refused)?;
    Ok(json(&json!({"devbox_id": devbox.id, "exit_status": 0, "stdout": "", "stderr": ""})))
}
