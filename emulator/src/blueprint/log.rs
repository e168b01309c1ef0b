//! A build's log: lines in a file, there as soon as they are written, without any secret's value.

use crate::app::App;
use serde_json::{json, Value};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::unix::pipe;

pub const FOLDER: &str = "blueprints";
/// A command that never stops printing must not fill the disk.
const MOST_BYTES: u64 = 32 << 20;
const LONGEST_LINE: u64 = 64 << 10;
/// Shorter ones would blot out half the log, and hardly be secret.
const SHORTEST_SECRET: usize = 4;

pub fn path(data: &Path, id: &str) -> PathBuf {
    data.join(FOLDER).join(format!("{id}.log"))
}

/// Adds a line to a log that nobody writes to any more.
pub fn append(path: &Path, now_ms: i64, level: &str, message: &str) {
    if let Ok(mut file) = File::options().append(true).create(true).open(path) {
        let _ = writeln!(file, "{}", json!({"level": level, "message": message, "timestamp_ms": now_ms}));
    }
}

pub fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

pub struct Log {
    app: Arc<App>,
    file: File,
    written: AtomicU64,
    secrets: Vec<String>,
}

impl Log {
    pub fn create(app: &Arc<App>, id: &str, secrets: impl Iterator<Item = String>) -> io::Result<Log> {
        app.folder(FOLDER)?;
        let file = File::options().append(true).create(true).open(path(&app.data_path(), id))?;
        let lines = secrets.flat_map(|value| value.lines().map(str::to_string).collect::<Vec<_>>());
        let mut secrets: Vec<String> = lines.filter(|line| line.len() >= SHORTEST_SECRET).collect();
        // A secret may contain another one.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Ok(Log { app: app.clone(), file, written: AtomicU64::new(0), secrets })
    }

    pub fn info(&self, message: &str) {
        self.line("info", message);
    }

    pub fn warn(&self, message: &str) {
        self.line("warn", message);
    }

    pub fn error(&self, message: &str) {
        self.line("error", message);
    }

    fn line(&self, level: &str, message: &str) {
        let mut message = message.to_string();
        for secret in &self.secrets {
            message = message.replace(secret, "***");
        }
        let entry = json!({"level": level, "message": message, "timestamp_ms": self.app.clock.now_ms()});
        let text = format!("{entry}\n");
        // One write a line, so that lines of two outputs do not mix.
        let _ = (&self.file).write_all(text.as_bytes());
        self.written.fetch_add(text.len() as u64, Ordering::Relaxed);
    }

    /// Carries a command's output into the log until it ends.
    pub async fn carry(self: Arc<Self>, output: pipe::Receiver) {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        let mut full = false;
        loop {
            line.clear();
            match (&mut output).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
                Ok(1..) => {}
                _ => return,
            }
            if self.written.load(Ordering::Relaxed) > MOST_BYTES {
                if !std::mem::replace(&mut full, true) {
                    self.warn("the log is full; further output is left out");
                }
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            self.info(text.trim_end_matches(['\n', '\r']));
        }
    }
}
