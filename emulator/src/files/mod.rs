//! The files of devboxes: read, written, uploaded, downloaded, as the devbox's user would.

mod upload;

use crate::http::error::json;
use crate::http::{ApiError, Call, Routes};
use crate::sandbox::{Failure, Sandbox};
use axum::body::Body;
use bytes::Bytes;
use http::{header, HeaderValue, Response};
use serde::Deserialize;
use serde_json::json;
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

const PIECE: usize = 256 << 10;
/// PATH_MAX without its NUL.
const LONGEST_PATH: usize = 4095;

type Answer = Result<Response<Body>, ApiError>;

pub fn routes(routes: &mut Routes) {
    routes.add("devboxes.read_file_contents", read_contents);
    routes.add("devboxes.write_file_contents", write_contents);
    routes.add("devboxes.upload_file", upload::upload);
    routes.add("devboxes.download_file", download);
}

/// Makes a file hold these bytes.
pub async fn write(sandbox: &Sandbox, path: &str, contents: Vec<u8>) -> Result<(), Failure> {
    let mut file = sandbox.open(PathBuf::from(path), true).await?;
    let written = tokio::task::spawn_blocking(move || file.write_all(&contents)).await;
    let failed = |what: String| Failure { errno: libc::EIO, what: format!("{path}: {what}") };
    written.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))
}

/// The devbox's word on a file, as an answer.
fn refused(failure: Failure) -> ApiError {
    match failure.errno {
        _ if failure.is_shortage() => ApiError::new(http::StatusCode::SERVICE_UNAVAILABLE, failure.what),
        libc::ENOENT => ApiError::not_found(failure.what),
        libc::EACCES | libc::EPERM => ApiError::new(http::StatusCode::FORBIDDEN, failure.what),
        _ => ApiError::bad_request(failure.what),
    }
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

fn check(path: &str) -> Result<(), ApiError> {
    if path.is_empty() || path.contains('\0') {
        return Err(ApiError::bad_request("the path is empty or holds a NUL"));
    }
    match path.len() > LONGEST_PATH {
        true => Err(ApiError::bad_request(format!("the path has {} bytes; Linux takes no more than {LONGEST_PATH}", path.len()))),
        false => Ok(()),
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

/// So much of a file, from where it stands, as a body: a piece of it in memory at a time.
pub fn pieces(file: File, length: u64) -> Body {
    // A file that grows meanwhile must not make the answer longer than it said.
    let pieces = futures_util::stream::try_unfold(file.take(length), |mut file| async move {
        let (read, file) = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            let read = file.read(&mut piece).map(|count| {
                piece.truncate(count);
                piece
            });
            (read, file)
        })
        .await?;
        let piece = read?;
        Ok::<_, std::io::Error>((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    });
    Body::from_stream(pieces)
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
