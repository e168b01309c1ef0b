//! One output of a command: kept in a file, byte for byte, and followed while it grows.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

const PIECE: usize = 256 << 10;
/// A process that outlives the command may hold its output open; it is listened to no longer
/// than this after the last word.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub length: u64,
    pub finished: bool,
}

pub struct Output {
    file: File,
    progress: watch::Sender<Progress>,
}

impl Output {
    pub fn create(path: &Path) -> io::Result<Arc<Output>> {
        let file = File::options().read(true).write(true).create_new(true).open(path)?;
        let progress = watch::Sender::new(Progress { length: 0, finished: false });
        Ok(Arc::new(Output { file, progress }))
    }

    pub fn progress(&self) -> Progress {
        *self.progress.borrow()
    }

    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.file.read_at(buffer, at)
    }

    pub(super) fn append(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.file).write_all(bytes)?;
        self.progress.send_modify(|progress| progress.length += bytes.len() as u64);
        Ok(())
    }

    /// Nothing more comes.
    pub fn finish(&self) {
        self.progress.send_modify(|progress| progress.finished = true);
    }
}

/// Carries what a command writes into its output.
pub struct Pump {
    task: JoinHandle<()>,
    ended: oneshot::Sender<()>,
}

impl Pump {
    pub fn start(pipe: pipe::Receiver, output: Arc<Output>) -> Pump {
        let (ended, has_ended) = oneshot::channel();
        Pump { task: tokio::spawn(carry(pipe, output, has_ended)), ended }
    }

    /// The command has ended: returns when all that it had written is in the output.
    pub async fn command_ended(self) {
        let _ = self.ended.send(());
        let _ = self.task.await;
    }
}

async fn carry(mut pipe: pipe::Receiver, output: Arc<Output>, ended: oneshot::Receiver<()>) {
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
                Ok(count) if count > 0 => keep(&output, &buffer[..count]),
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
