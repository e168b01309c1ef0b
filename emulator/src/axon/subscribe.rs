//! An axon's events as a stream: those that are there, then those that come.

use super::{Files, Progress};
use crate::http::sse;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::Stream;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use tokio::sync::watch;

/// So many events are read at a time.
const PIECE: usize = 100;

struct Reader {
    axon: String,
    files: Arc<Files>,
    progress: watch::Receiver<Progress>,
    at: i64,
    read: VecDeque<Bytes>,
}

/// The stream ends when the axon is deleted and all was given.
pub fn events(axon: String, files: Arc<Files>, after: i64) -> impl Stream<Item = io::Result<Bytes>> {
    let progress = files.progress.subscribe();
    let reader = Reader { axon, files, progress, at: after, read: VecDeque::new() };
    futures_util::stream::unfold(reader, |mut reader| async move {
        let next = reader.next().await;
        next.map(|event| (event, reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(Ok(event));
            }
            let progress = *self.progress.borrow_and_update();
            if progress.sequence > self.at {
                match self.files.events.lock().unwrap().after(self.at, PIECE) {
                    Ok(events) => {
                        self.at = events.last().map_or(progress.sequence, |event| event.sequence);
                        self.read.extend(events.iter().map(|event| data(&event.view(&self.axon))));
                    }
                    Err(e) => return Some(Err(io::Error::other(e))),
                }
                continue;
            }
            if progress.ended {
                return None;
            }
            tokio::select! {
                changed = self.progress.changed() => {
                    if changed.is_err() {
                        return None;
                    }
                }
                () = tokio::time::sleep(sse::COMMENT_EVERY) => return Some(Ok(sse::comment())),
            }
        }
    }
}

fn data(event: &serde_json::Value) -> Bytes {
    let mut out = BytesMut::from("data: ");
    out.put_slice(event.to_string().as_bytes());
    out.put_slice(b"\n\n");
    out.freeze()
}
