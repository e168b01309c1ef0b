//! `/v1/blueprints`

use serde_json::Value;

use super::{operations, path, Params};
use crate::error::{Error, Result};
use crate::transport::Request;

/// The service takes files of this many bytes in a create,
const LARGEST_FILE: usize = 98_250;
/// and this many in all.
const ALL_FILES: usize = 7_860_000;

/// POST `/v1/blueprints`
pub fn create(body: Value) -> Request {
    operations::BLUEPRINT_CREATE.plain().with_body(body)
}

/// POST `/v1/blueprints/preview`: makes nothing.
pub fn preview(body: Value) -> Request {
    operations::BLUEPRINT_PREVIEW.plain().with_body(body)
}

/// GET `/v1/blueprints`
pub fn list() -> Request {
    operations::BLUEPRINT_LIST.plain()
}

/// GET `/v1/blueprints/list_public`
pub fn list_public() -> Request {
    operations::BLUEPRINT_LIST_PUBLIC.plain()
}

/// GET `/v1/blueprints/{id}`
pub fn retrieve(id: &str) -> Result<Request> {
    operations::BLUEPRINT_RETRIEVE.request(&[id])
}

/// GET `/v1/blueprints/{id}/logs`
pub fn logs(id: &str) -> Result<Request> {
    operations::BLUEPRINT_LOGS.request(&[id])
}

/// POST `/v1/blueprints/{id}/delete`
pub fn delete(id: &str) -> Result<Request> {
    operations::BLUEPRINT_DELETE.request(&[id])
}

/// Fails where a blueprint cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("blueprint id", id)
}

/// Fails where the files of a create are larger than the service takes.
pub fn check_file_mounts(params: &Params) -> Result<()> {
    let Some(files) = params.object().get("file_mounts").and_then(Value::as_object) else { return Ok(()) };
    let mut all = 0;
    for (path, contents) in files {
        let size = contents.as_str().map_or(0, str::len);
        if size > LARGEST_FILE {
            return Err(Error::invalid(format!(
                "file_mounts: {path:?} has {size} bytes, and a file may have {LARGEST_FILE}. Mount larger files as storage objects."
            )));
        }
        all += size;
    }
    if all > ALL_FILES {
        return Err(Error::invalid(format!(
            "file_mounts: the files have {all} bytes together, and may have {ALL_FILES}. Mount larger files as storage objects."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files_are_measured_in_bytes_one_by_one_and_together() {
        let with = |files: Value| {
            let mut params = Params::default();
            params.set("/file_mounts", files).unwrap();
            check_file_mounts(&params)
        };
        assert!(with(json!({ "/a": "x".repeat(LARGEST_FILE) })).is_ok());
        let error = with(json!({ "/a": "\u{fc}".repeat(LARGEST_FILE / 2 + 1) })).unwrap_err();
        assert!(error.to_string().contains("\"/a\" has 98252 bytes"), "{error}");
        let many = |count: usize| {
            let files = (0..count).map(|number| (format!("/{number}"), json!("x".repeat(LARGEST_FILE)))).collect();
            with(Value::Object(files))
        };
        assert!(many(ALL_FILES / LARGEST_FILE).is_ok());
        assert!(many(ALL_FILES / LARGEST_FILE + 1).unwrap_err().to_string().contains("together"));
        assert!(check_file_mounts(&Params::default()).is_ok());
    }
}
