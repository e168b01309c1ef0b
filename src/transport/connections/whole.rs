//! The body of an answer, whose end is one only where the server has said so.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use bytes::Bytes;
use http::{Response, Version};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

/// A body that ends early ends in an error.
pub struct Whole {
    incoming: Incoming,
    /// Whether it comes over HTTP/2, whose streams can end without their end: hyper takes one that is reset without an
    /// error (RST_STREAM with NO_ERROR) for whole. Of HTTP/1.1 hyper itself tells the difference.
    stream: bool,
}

impl Whole {
    /// Watches the end of an answer.
    pub fn wrap(response: Response<Incoming>) -> Response<reqwest::Body> {
        let stream = response.version() == Version::HTTP_2;
        response.map(|incoming| reqwest::Body::wrap(Whole { incoming, stream }))
    }
}

/// The stream of the answer ended without its end.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server reset the stream before the end of the answer (RST_STREAM without END_STREAM)")
    }
}

impl Error for CutOff {}

impl Body for Whole {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(match ready!(Pin::new(&mut self.incoming).poll_frame(context)) {
            None if self.stream && !self.incoming.is_end_stream() => Some(Err(CutOff.into())),
            frame => frame.map(|frame| frame.map_err(Into::into)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
