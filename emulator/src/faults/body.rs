//! Answers whose bodies are cut or held up.

use super::{Cut, Effect};
use crate::http::connection::{Connection, Ending};
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{header, Response};
use http_body::Frame;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

/// The same answer, whose body the effect befalls.
pub fn bend(response: Response<Body>, effect: Effect, connection: Connection) -> Response<Body> {
    let (left, end) = match effect {
        Effect::Cut(bytes, Cut::Eof) => (bytes, End::Clean),
        Effect::Cut(bytes, Cut::Event408) => (bytes, End::Event),
        Effect::Cut(bytes, Cut::Truncate) => (bytes, End::Connection(Ending::Finish)),
        Effect::Cut(bytes, Cut::Reset) => (bytes, End::Connection(Ending::Reset)),
        Effect::StallAfter(bytes) => (bytes, End::Never),
        _ => return response,
    };
    let (mut head, inner) = response.into_parts();
    if matches!(end, End::Clean | End::Event) {
        // The length would give the cut away.
        head.headers.remove(header::CONTENT_LENGTH);
    } else if let Some(length) = http_body::Body::size_hint(&inner).exact() {
        // A whole answer would have said it.
        head.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    let bent = Bent { inner, left, end, held: BytesMut::new(), done: false, connection };
    Response::from_parts(head, Body::new(bent))
}

enum End {
    Clean,
    Event,
    Connection(Ending),
    Never,
}

struct Bent {
    inner: Body,
    left: u64,
    end: End,
    /// The beginning of an event that is not whole yet.
    held: BytesMut,
    done: bool,
    connection: Connection,
}

type Polled = Poll<Option<Result<Frame<Bytes>, axum::Error>>>;

impl Bent {
    /// The bytes that were to pass have passed.
    fn ending(&mut self) -> Polled {
        match self.end {
            End::Clean => Poll::Ready(None),
            End::Event => {
                self.done = true;
                let event = Bytes::from_static(b"event: error\ndata: {\"code\":408,\"message\":\"the stream timed out\"}\n\n");
                Poll::Ready(Some(Ok(Frame::data(event))))
            }
            End::Connection(ending) => {
                // What was passed on is written first; then the connection ends.
                if self.connection.end(ending) {
                    return Poll::Pending;
                }
                self.done = true;
                let reset = std::io::Error::other("a fault that was asked for");
                Poll::Ready(Some(Err(axum::Error::new(reset))))
            }
            End::Never => Poll::Pending,
        }
    }

    /// Whole events only: the rest waits for its end.
    fn whole_events(&mut self, data: &[u8]) -> Bytes {
        self.held.extend_from_slice(data);
        match memchr::memmem::rfind(&self.held, b"\n\n") {
            Some(at) => self.held.split_to(at + 2).freeze(),
            None => Bytes::new(),
        }
    }
}

impl http_body::Body for Bent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Polled {
        let this = &mut *self;
        loop {
            if this.done {
                return Poll::Ready(None);
            }
            if this.left == 0 {
                return this.ending();
            }
            let frame = match ready!(Pin::new(&mut this.inner).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                None if !this.held.is_empty() => {
                    this.done = true;
                    return Poll::Ready(Some(Ok(Frame::data(this.held.split().freeze()))));
                }
                end => return Poll::Ready(end),
            };
            let Ok(mut data) = frame.into_data() else {
                continue;
            };
            data.truncate(usize::try_from(this.left).unwrap_or(usize::MAX));
            this.left -= data.len() as u64;
            if matches!(this.end, End::Event) {
                data = this.whole_events(&data);
            }
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
    }
}
