//! A devbox's log as answers show it: each command with the lines that it printed.

use super::log::{Entry, Level};
use super::Devbox;
use crate::http::ApiError;
use serde_json::{json, Value};

/// The last lines of each output of a command; the whole is in its stream.
const LINES: usize = 1000;

impl Devbox {
    pub(super) fn logs(&self, execution: Option<&str>) -> Result<Value, ApiError> {
        let mut logs = Vec::new();
        for entry in self.log.read().map_err(ApiError::internal)? {
            if execution.is_some_and(|id| entry.cmd_id.as_deref() != Some(id)) {
                continue;
            }
            let printed = match (&entry.cmd, &entry.cmd_id) {
                (Some(_), Some(id)) => self.printed(&entry, id)?,
                _ => Vec::new(),
            };
            logs.push(entry);
            logs.extend(printed);
        }
        logs.sort_by_key(|entry| entry.timestamp_ms);
        Ok(json!({"logs": logs}))
    }

    fn printed(&self, began: &Entry, id: &str) -> Result<Vec<Entry>, ApiError> {
        let Ok(execution) = self.executions.get(id) else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for (level, lines) in [Level::Info, Level::Error].into_iter().zip(execution.last_lines(LINES).map_err(ApiError::internal)?) {
            for (time, line) in lines {
                // An output that an earlier run of the emulator received is without its times.
                let mut entry = Entry::new(time.unwrap_or(began.timestamp_ms), level, began.source);
                entry.cmd_id = Some(id.to_string());
                entry.message = Some(line);
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}
