//! What happened in a devbox, a line of JSON each: its commands and the emulator's own remarks. What
//! commands print is not in here, but with their executions.

use crate::app::App;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Where logs are kept in the data directory.
pub const FOLDER: &str = "logs";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    SetupCommands,
    Entrypoint,
    Exec,
    Files,
    Kmsg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    Info,
    Warn,
    Error,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub level: Level,
    pub source: Source,
    pub timestamp_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmd: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmd_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl Entry {
    pub fn new(timestamp_ms: i64, level: Level, source: Source) -> Entry {
        Entry { level, source, timestamp_ms, cmd: None, cmd_id: None, exit_code: None, message: None }
    }
}

pub struct Log {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl Log {
    /// A devbox's log; its file is made when the first entry comes.
    pub fn of(app: &App, devbox: &str) -> io::Result<Log> {
        Ok(Log { path: app.folder(FOLDER)?.join(format!("{devbox}.jsonl")), file: Mutex::new(None) })
    }

    /// In the file when this returns, so that it survives the emulator.
    pub fn write(&self, entry: &Entry) {
        let mut file = self.file.lock().unwrap();
        let written = open(&mut file, &self.path).and_then(|file| {
            let mut line = serde_json::to_vec(entry)?;
            line.push(b'\n');
            file.write_all(&line)
        });
        if let Err(e) = written {
            eprintln!("runloop-emulator: {}: {e}", self.path.display());
        }
    }

    pub fn note(&self, timestamp_ms: i64, level: Level, source: Source, message: impl Into<String>) {
        let mut entry = Entry::new(timestamp_ms, level, source);
        entry.message = Some(message.into());
        self.write(&entry);
    }

    pub fn read(&self) -> io::Result<Vec<Entry>> {
        let file = match File::open(&self.path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            file => file?,
        };
        let mut entries = Vec::new();
        for line in BufReader::new(file).lines() {
            // A line that was cut short when the emulator was killed tells nothing.
            entries.extend(serde_json::from_str::<Entry>(&line?).ok());
        }
        Ok(entries)
    }

    /// The file is not held open for a devbox that has ended.
    pub fn close(&self) {
        *self.file.lock().unwrap() = None;
    }
}

fn open<'a>(file: &'a mut Option<File>, path: &Path) -> io::Result<&'a mut File> {
    match file {
        Some(file) => Ok(file),
        None => Ok(file.insert(File::options().append(true).create(true).open(path)?)),
    }
}
