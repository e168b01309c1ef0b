//! What is typed to a command.

use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe;
use tokio::sync::{watch, Mutex};

pub struct Stdin {
    attached: bool,
    /// Writers take turns; `None` once it is closed.
    pipe: Mutex<Option<pipe::Sender>>,
    /// Set when the command has ended: nobody waits for it to read any more.
    gone: watch::Sender<bool>,
}

impl Stdin {
    pub fn new(pipe: Option<pipe::Sender>) -> Stdin {
        Stdin { attached: pipe.is_some(), pipe: Mutex::new(pipe), gone: watch::Sender::new(false) }
    }

    /// True while the command runs that it was given to.
    pub fn is_attached(&self) -> bool {
        self.attached && !*self.gone.borrow()
    }

    /// False where nobody can read it any more.
    pub async fn write(&self, text: &[u8]) -> bool {
        let mut gone = self.gone.subscribe();
        let write = async {
            let mut pipe = self.pipe.lock().await;
            let Some(open) = &mut *pipe else { return false };
            let written = open.write_all(text).await.is_ok();
            if !written {
                *pipe = None;
            }
            written
        };
        tokio::select! {
            biased;
            _ = gone.wait_for(|gone| *gone) => false,
            written = write => written,
        }
    }

    /// The command reads the end of its input after all that was written before. False where it
    /// was closed already.
    pub async fn end(&self) -> bool {
        self.pipe.lock().await.take().is_some()
    }

    /// The command has ended: its input is closed, and who still writes is turned away. A
    /// background job may hold the other end and never read.
    pub async fn close(&self) {
        self.gone.send_replace(true);
        self.pipe.lock().await.take();
    }
}
