//! One output of a command: kept in a file, byte for byte, and followed while it grows.

use crate::app::App;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

const PIECE: usize = 256 << 10;
/// A process that outlives the command may hold its output open; it is listened to no longer
/// than this after the last word.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// Times are noted no closer than this, so that a command that prints a lot stays cheap, and no
/// more than so many.
const MARKS_APART_MS: i64 = 10;
const MOST_MARKS: usize = 4096;

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub length: u64,
    pub finished: bool,
}

pub struct Output {
    path: PathBuf,
    /// Held open only while the command runs.
    file: RwLock<Option<File>>,
    progress: watch::Sender<Progress>,
    /// What came from each of these offsets on came at that time or later.
    marks: Mutex<Vec<(u64, i64)>>,
}

impl Output {
    pub fn create(path: PathBuf) -> io::Result<Arc<Output>> {
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        let progress = watch::Sender::new(Progress { length: 0, finished: false });
        Ok(Arc::new(Output { path, file: RwLock::new(Some(file)), progress, marks: Mutex::default() }))
    }

    /// One that an earlier run of the emulator has received.
    pub fn finished(path: PathBuf) -> Arc<Output> {
        let length = path.metadata().map_or(0, |metadata| metadata.len());
        let progress = watch::Sender::new(Progress { length, finished: true });
        Arc::new(Output { path, file: RwLock::new(None), progress, marks: Mutex::default() })
    }

    /// Its file goes; who reads on finds nothing.
    pub fn remove(&self) {
        if let Err(e) = std::fs::remove_file(&self.path) {
            eprintln!("runloop-emulator: {}: {e}", self.path.display());
        }
    }

    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        match &*self.file.read().unwrap() {
            Some(file) => file.read_at(buffer, at),
            None => File::open(&self.path)?.read_at(buffer, at),
        }
    }

    pub(super) fn append(&self, bytes: &[u8]) -> io::Result<()> {
        if let Some(file) = &mut *self.file.write().unwrap() {
            file.write_all(bytes)?;
        }
        self.progress.send_modify(|progress| progress.length += bytes.len() as u64);
        Ok(())
    }

    /// What comes next comes now.
    fn mark(&self, now_ms: i64) {
        let mut marks = self.marks.lock().unwrap();
        let recent = marks.last().is_some_and(|(_, last)| now_ms - last < MARKS_APART_MS);
        if !recent && marks.len() < MOST_MARKS {
            marks.push((self.progress().length, now_ms));
        }
    }

    /// When the byte at `offset` came, as far as that is known.
    pub fn time_of(&self, offset: u64) -> Option<i64> {
        let marks = self.marks.lock().unwrap();
        let after = marks.partition_point(|(from, _)| *from <= offset);
        marks[..after].last().map(|(_, time)| *time)
    }

    /// Nothing more comes.
    pub fn finish(&self) {
        *self.file.write().unwrap() = None;
        self.progress.send_modify(|progress| progress.finished = true);
    }
}

/// Carries what a command writes into its output.
pub struct Pump {
    task: JoinHandle<()>,
    ended: oneshot::Sender<()>,
}

impl Pump {
    pub fn start(app: Arc<App>, pipe: pipe::Receiver, output: Arc<Output>) -> Pump {
        let (ended, has_ended) = oneshot::channel();
        Pump { task: tokio::spawn(carry(app, pipe, output, has_ended)), ended }
    }

    /// The command has ended: returns when all that it had written is in the output.
    pub async fn command_ended(self) {
        let _ = self.ended.send(());
        let _ = self.task.await;
    }
}

async fn carry(app: Arc<App>, mut pipe: pipe::Receiver, output: Arc<Output>, ended: oneshot::Receiver<()>) {
    let mut buffer = vec![0; PIECE];
    let last_words = async {
        let _ = ended.await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    let mut last_words = std::pin::pin!(last_words);
    let held_open = loop {
        tokio::select! {
            biased;
            // First, so that a background job that never stops printing cannot keep us here.
            () = &mut last_words => break true,
            read = pipe.read(&mut buffer) => match read {
                Ok(count) if count > 0 => {
                    output.mark(app.clock.now_ms());
                    keep(&output, &buffer[..count]);
                }
                _ => break false,
            },
        }
    };
    if held_open {
        // What had been written by now still counts, and the pipe holds no more than this.
        let mut left = PIECE;
        while let Ok(count @ 1..) = pipe.try_read(&mut buffer[..left]) {
            keep(&output, &buffer[..count]);
            left -= count;
        }
        // Whoever still writes must not be stopped by a full or broken pipe.
        tokio::spawn(async move { tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await });
    }
}

/// A full disk loses output, not the command.
fn keep(output: &Output, bytes: &[u8]) {
    if let Err(e) = output.append(bytes) {
        eprintln!("runloop-emulator: a command's output cannot be kept: {e}");
    }
}
