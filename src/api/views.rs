//! What the library itself reads of the API's answers; all else stays reachable as JSON.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result, Status};
use crate::transport::to_body;

/// A devbox as the API shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct DevboxView {
    /// `dbx_…`
    pub id: String,
    /// An open set: what is unknown, or absent, is neither running nor an end.
    #[serde(default)]
    pub status: String,
    /// Why it failed, if it did.
    pub failure_reason: Option<String>,
}

/// A command's execution as the API shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct ExecutionView {
    /// Names the execution in further requests.
    pub execution_id: String,
    /// queued, running or completed.
    pub status: String,
    /// Absent while it runs, and where the service does not know.
    pub exit_status: Option<i64>,
    /// The last lines of the output.
    #[serde(default)]
    pub stdout: Option<String>,
    /// The last lines of the error output.
    #[serde(default)]
    pub stderr: Option<String>,
    /// Whether there was more.
    #[serde(default)]
    pub stdout_truncated: Option<bool>,
    /// Whether there was more.
    #[serde(default)]
    pub stderr_truncated: Option<bool>,
}

impl ExecutionView {
    /// Whether the command has ended.
    pub fn completed(&self) -> bool {
        self.status == "completed"
    }
}

/// A piece of a command's output.
#[derive(Debug, Deserialize)]
pub struct OutputChunk<'a> {
    /// The text; bytes that are no UTF-8 have been replaced by the service.
    #[serde(borrow)]
    pub output: Cow<'a, str>,
    /// Where the piece begins, or ends: which of them, the API does not say.
    pub offset: Option<i64>,
}

/// A blueprint as the API shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct BlueprintView {
    /// `bpt_…`
    pub id: String,
    /// An open set: what is unknown is no end.
    pub status: String,
    /// Why its build failed, if it did.
    pub failure_reason: Option<String>,
}

/// How far a disk snapshot is.
#[derive(Clone, Debug, Deserialize)]
pub struct SnapshotStatusView {
    /// An open set: what is unknown is no end.
    pub status: String,
    /// Why it failed, if it did.
    pub error_message: Option<String>,
}

impl BlueprintView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<BlueprintView> {
        read(operation, value)
    }

    /// Whether the build has ended, well or not.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "build_complete" | "failed")
    }
}

impl SnapshotStatusView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<SnapshotStatusView> {
        read(operation, value)
    }

    /// Whether it has ended, well or not.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "complete" | "error" | "deleted")
    }
}

impl DevboxView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<DevboxView> {
        read(operation, value)
    }
}

impl ExecutionView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<ExecutionView> {
        read(operation, value)
    }
}

fn read<'a, T: Deserialize<'a>>(operation: &str, value: &'a Value) -> Result<T> {
    T::deserialize(value).map_err(|error| {
        let mut failure = Error::new(Status::Protocol, format!("{operation}: the answer is not what the API describes: {error}."));
        failure.details_mut().body = Some(to_body(value));
        failure
    })
}
