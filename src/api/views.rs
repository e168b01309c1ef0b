//! What the library itself reads of the API's answers; all else stays reachable as JSON.

use serde_json::Value;

use super::path;
use crate::error::{Error, Result, SideEffect, Status};
use crate::transport::json;
use crate::transport::json::Member;

/// A devbox as the API shows it.
#[derive(Clone, Debug)]
pub struct DevboxView {
    /// An open set: what is unknown, or absent, is neither running nor an end.
    pub status: String,
    /// Why it failed, if it did.
    pub failure_reason: Option<String>,
}

/// A command's execution as the API shows it.
///
/// It tells what became of a command, so that nothing in it but the absence of both a state and an identifier makes it
/// unreadable.
#[derive(Clone, Debug)]
pub struct ExecutionView {
    /// Names the execution in further requests; empty where the answer does not say.
    pub execution_id: String,
    /// queued, running or completed.
    pub status: String,
    /// Absent while it runs, and where the service does not know.
    pub exit_status: Option<i64>,
    /// The last lines of the output.
    pub stdout: Option<String>,
    /// The last lines of the error output.
    pub stderr: Option<String>,
    /// Whether there was more.
    pub stdout_truncated: Option<bool>,
    /// Whether there was more.
    pub stderr_truncated: Option<bool>,
}

/// A piece of a command's output.
#[derive(Debug)]
pub struct OutputChunk {
    /// The text. Half of a surrogate pair is three bytes, as if it were a character.
    pub output: Vec<u8>,
    /// Where the piece begins, or ends: which of them, the API does not say.
    pub offset: Option<i64>,
}

/// A blueprint as the API shows it.
#[derive(Clone, Debug)]
pub struct BlueprintView {
    /// An open set: what is unknown is no end.
    pub status: String,
    /// Why its build failed, if it did.
    pub failure_reason: Option<String>,
}

/// How far a disk snapshot is.
#[derive(Clone, Debug)]
pub struct SnapshotStatusView {
    /// An open set: what is unknown is no end.
    pub status: String,
    /// Why it failed, if it did.
    pub error_message: Option<String>,
}

impl BlueprintView {
    /// Reads what an operation answered.
    pub fn read(value: &Value) -> BlueprintView {
        BlueprintView { status: text(value, "status").unwrap_or_default(), failure_reason: text(value, "failure_reason") }
    }

    /// Whether the build has ended, well or not.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "build_complete" | "failed")
    }
}

impl SnapshotStatusView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<SnapshotStatusView> {
        Ok(SnapshotStatusView { status: needed(operation, value, "status")?, error_message: text(value, "error_message") })
    }

    /// Whether it has ended, well or not.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "complete" | "error" | "deleted")
    }
}

impl DevboxView {
    /// Reads what an operation answered.
    pub fn read(value: &Value) -> DevboxView {
        DevboxView { status: text(value, "status").unwrap_or_default(), failure_reason: text(value, "failure_reason") }
    }
}

impl ExecutionView {
    /// Reads what an operation answered.
    pub fn read(operation: &str, value: &Value) -> Result<ExecutionView> {
        let execution_id = identifier(value, "execution_id");
        let exit_status = whole(value, "exit_status");
        let status = match text(value, "status") {
            Some(status) => status,
            // Only a command that has ended has an exit status.
            None if exit_status.is_some() => COMPLETED.to_owned(),
            None if execution_id.is_some() => String::new(),
            None => return Err(missing(operation, "status")),
        };
        Ok(ExecutionView {
            execution_id: execution_id.unwrap_or_default(),
            status,
            exit_status,
            stdout: text(value, "stdout"),
            stderr: text(value, "stderr"),
            stdout_truncated: flag(value, "stdout_truncated"),
            stderr_truncated: flag(value, "stderr_truncated"),
        })
    }

    /// Fails where the answer does not say which execution it is.
    pub fn named(self, operation: &str) -> Result<ExecutionView> {
        match self.execution_id.is_empty() {
            true => Err(missing(operation, "execution_id").with_side_effect(SideEffect::Unknown)),
            false => Ok(self),
        }
    }

    /// Whether the command has ended.
    pub fn completed(&self) -> bool {
        self.status == COMPLETED
    }
}

/// The identifier of what an answer describes, if it is one that further requests can name.
pub fn identifier(value: &Value, key: &str) -> Option<String> {
    let id = value.get(key)?.as_str()?;
    path::check(key, id).is_ok().then(|| id.to_owned())
}

/// A new resource's identifier, as the answer to its create tells it.
pub fn id_of_new(operation: &str, value: &Value) -> Result<String> {
    identifier(value, "id").ok_or_else(|| missing(operation, "id"))
}

const COMPLETED: &str = "completed";

impl OutputChunk {
    /// Reads an event's data; `None` where it holds no output.
    pub fn read(data: &[u8]) -> std::result::Result<Option<OutputChunk>, json::Unreadable> {
        if data.trim_ascii().is_empty() {
            return Ok(None);
        }
        let [output, offset] = json::pick(data, ["output", "offset"])?;
        let output = match output {
            Some(Member::Text(output)) => output.into_owned(),
            Some(Member::Other(other)) => as_text(&other).unwrap_or_default().into_bytes(),
            None => return Ok(None),
        };
        let offset = match offset {
            Some(Member::Text(offset)) => std::str::from_utf8(&offset).ok().and_then(|offset| offset.trim().parse().ok()),
            Some(Member::Other(offset)) => as_whole(&offset),
            None => None,
        };
        Ok((!output.is_empty()).then_some(OutputChunk { output, offset: offset.filter(|offset| *offset >= 0) }))
    }
}

/// The number of an axon's event, after which it can be gone on.
pub fn sequence(event: &Value) -> Option<i64> {
    whole(event, "sequence")
}

/// When an eviction is to happen.
pub fn eviction_deadline(event: &Value) -> Option<i64> {
    whole(event, "eviction_deadline_ms")
}

/// A text; what stands in its place by mistake, as text.
pub fn text(value: &Value, key: &str) -> Option<String> {
    as_text(value.get(key)?)
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A whole number, however it is written.
pub fn whole(value: &Value, key: &str) -> Option<i64> {
    as_whole(value.get(key)?)
}

fn as_whole(value: &Value) -> Option<i64> {
    let fraction = |number: f64| (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(fraction)),
        Value::String(text) => text.trim().parse().ok().or_else(|| text.trim().parse().ok().and_then(fraction)),
        _ => None,
    }
}

/// A member that says yes or no, however it is written.
pub fn flag(value: &Value, key: &str) -> Option<bool> {
    match value.get(key)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "1" => Some(true),
            "0" => Some(false),
            word => word.parse().ok(),
        },
        number @ Value::Number(_) => as_whole(number).map(|number| number != 0),
        _ => None,
    }
}

fn needed(operation: &str, value: &Value, key: &str) -> Result<String> {
    text(value, key).ok_or_else(|| missing(operation, key))
}

fn missing(operation: &str, key: &str) -> Error {
    Error::new(Status::Protocol, format!("{operation}: the answer is not what the API describes: it has no {key} that can be used."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_execution_is_read_whatever_is_wrong_with_one_of_its_members() {
        let good = json!({"execution_id": "e", "status": "completed", "exit_status": 3, "stdout": "out", "stdout_truncated": true});
        for (key, value) in [
            ("stdout", json!(null)),
            ("stdout", json!(7)),
            ("stdout", json!(["a"])),
            ("stderr", json!({"a": 1})),
            ("stdout_truncated", json!("true")),
            ("stderr_truncated", json!([])),
            ("exit_status", json!("3")),
            ("exit_status", json!(3.0)),
            ("exit_status", json!("3.0")),
            ("execution_id", json!(null)),
            ("status", json!(null)),
        ] {
            let mut value_of = good.clone();
            value_of[key] = value;
            let view = ExecutionView::read("x", &value_of).unwrap();
            assert!(view.completed() && view.exit_status == Some(3), "{value_of}");
        }
        assert!(ExecutionView::read("x", &json!({})).is_err());
        assert!(ExecutionView::read("x", &json!([1])).is_err());
        let running = ExecutionView::read("x", &json!({"execution_id": "e"})).unwrap();
        assert!(!running.completed());
    }

    #[test]
    fn pieces_without_output_are_none() {
        for data in ["", " ", "{}", r#"{"output":""}"#, r#"{"output":null,"offset":3}"#, r#"{"offset":3}"#] {
            assert!(OutputChunk::read(data.as_bytes()).unwrap().is_none(), "{data}");
        }
        for (data, offset) in [
            (r#"{"output":"a","offset":3}"#, Some(3)),
            (r#"{"output":"a","offset":"3"}"#, Some(3)),
            (r#"{"output":"a","offset":3.0}"#, Some(3)),
            (r#"{"output":"a","offset":null}"#, None),
            (r#"{"output":"a","offset":-1}"#, None),
            (r#"{"output":"a","offset":1e30}"#, None),
        ] {
            let chunk = OutputChunk::read(data.as_bytes()).unwrap().unwrap();
            assert_eq!((chunk.output.as_slice(), chunk.offset), (&b"a"[..], offset), "{data}");
        }
        assert!(OutputChunk::read(b"ping").is_err());
    }
}
