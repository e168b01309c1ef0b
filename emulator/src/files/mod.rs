//! Files in and out of devboxes.

pub mod api;
mod upload;

use crate::http::ApiError;
use crate::sandbox::{Failure, Sandbox};
use axum::body::Body;
use bytes::Bytes;
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

const PIECE: usize = 256 << 10;
/// PATH_MAX without its NUL.
const LONGEST_PATH: usize = 4095;

/// Makes a file hold these bytes.
pub async fn write(sandbox: &Sandbox, path: &str, contents: Vec<u8>) -> Result<(), Failure> {
    let mut file = sandbox.open(PathBuf::from(path), true).await?;
    let written = tokio::task::spawn_blocking(move || file.write_all(&contents)).await;
    let failed = |what: String| Failure { errno: libc::EIO, what: format!("{path}: {what}") };
    written.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))
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

/// The devbox's word on a file, as an answer.
fn refused(failure: Failure) -> ApiError {
    match failure.errno {
        _ if failure.is_shortage() => ApiError::new(http::StatusCode::SERVICE_UNAVAILABLE, failure.what),
        libc::ENOENT => ApiError::not_found(failure.what),
        libc::EACCES | libc::EPERM => ApiError::new(http::StatusCode::FORBIDDEN, failure.what),
        _ => ApiError::bad_request(failure.what),
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
