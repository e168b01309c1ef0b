//! A stream whose first bytes are remembered: what a proxy answers before it makes a tunnel.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{ready, Context, Poll};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};

/// The line that tells the status fits into this.
const REMEMBERED: usize = 64;

/// What has been read first.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    /// The first bytes, as far as they have come.
    pub fn beginning(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    fn note(&self, bytes: &[u8]) {
        let mut heard = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let left = REMEMBERED.saturating_sub(heard.len()).min(bytes.len());
        heard.extend_from_slice(bytes.get(..left).unwrap_or_default());
    }
}

/// The stream.
pub struct Overheard<T> {
    io: T,
    heard: Heard,
}

impl<T> Overheard<T> {
    /// Wraps a stream.
    pub fn new(io: T) -> (Overheard<T>, Heard) {
        let heard = Heard::default();
        (Overheard { io, heard: heard.clone() }, heard)
    }

    /// The stream itself, to which nobody listens any more.
    pub fn into_inner(self) -> T {
        self.io
    }
}

impl<T: Read + Unpin> Read for Overheard<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, mut buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let mut own = [0; 1024];
        let most = buffer.remaining().min(own.len());
        let mut piece = ReadBuf::new(own.get_mut(..most).unwrap_or_default());
        ready!(Pin::new(&mut self.io).poll_read(context, piece.unfilled()))?;
        self.heard.note(piece.filled());
        buffer.put_slice(piece.filled());
        Poll::Ready(Ok(()))
    }
}

impl<T: Write + Unpin> Write for Overheard<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
