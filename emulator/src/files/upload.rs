//! Files that come as a form: `path` says where the `file` goes.

use super::{check, refused};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use http::Response;
use serde_json::json;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;

pub async fn upload(call: Call) -> Result<Response<Body>, ApiError> {
    let app = call.app.clone();
    let sandbox = call.devbox("id")?.running()?;
    let bad = |e: &dyn std::fmt::Display| ApiError::bad_request(format!("the form: {e}"));
    let mut request = call.into_raw();
    // Files may be of any size: they are not held in memory.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|e| bad(&e))?;
    let mut path: Option<String> = None;
    let mut content: Option<File> = None;
    while let Some(field) = form.next_field().await.map_err(|e| bad(&e))? {
        match field.name() {
            Some("path") => path = Some(field.text().await.map_err(|e| bad(&e))?),
            Some("file") => {
                let folder = app.folder("uploads").map_err(ApiError::internal)?;
                let name = folder.join(app.ids.next("upload"));
                let file = File::options().read(true).write(true).create_new(true).open(&name);
                let file = file.map_err(ApiError::internal)?;
                // Nameless from here on: it goes with its last descriptor.
                std::fs::remove_file(&name).map_err(ApiError::internal)?;
                content = Some(receive(field, file).await?);
            }
            _ => {}
        }
    }
    let path = path.ok_or_else(|| ApiError::bad_request("the form lacks its field path"))?;
    let mut content = content.ok_or_else(|| ApiError::bad_request("the form lacks its field file"))?;
    check(&path)?;
    // Only now that all of it is here: an upload that breaks leaves what was there.
    // And whoever has sent it may go away: a file that was opened, and so emptied, is also filled.
    let filled = tokio::spawn(async move {
        let mut file = sandbox.open(PathBuf::from(&path), true).await.map_err(refused)?;
        let copied = tokio::task::spawn_blocking(move || {
            content.rewind()?;
            std::io::copy(&mut content, &mut file)
        });
        copied.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    });
    filled.await.map_err(ApiError::internal)??;
    Ok(json(&json!({})))
}

/// Writes a field to a file as it comes.
async fn receive(mut field: Field<'_>, mut file: File) -> Result<File, ApiError> {
    loop {
        let chunk = field.chunk().await.map_err(|e| ApiError::bad_request(format!("the file: {e}")))?;
        let Some(chunk) = chunk else { return Ok(file) };
        file.write_all(&chunk).map_err(ApiError::internal)?;
    }
}
