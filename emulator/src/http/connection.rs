//! The connection that a request came by, as far as its end can be asked for.

use axum::body::Body;
use http::Response;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// How a connection ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Finish,
    Reset,
}

/// A handle on the connection that a request came by.
#[derive(Clone)]
pub struct Connection {
    pub shared: Arc<Shared>,
    /// The request has the connection to itself, as in HTTP/1.1.
    pub alone: bool,
}

impl Connection {
    /// Ends the connection once what is written so far has gone out. False where other requests
    /// share it: then only the stream is to end.
    pub fn end(&self, ending: Ending) -> bool {
        if self.alone {
            self.shared.ending.lock().unwrap().get_or_insert(ending);
        }
        self.alone
    }

    /// The same, and where `whole` even for a connection that others share.
    pub fn break_off(&self, ending: Ending, whole: bool) {
        if self.alone || whole {
            self.shared.ending.lock().unwrap().get_or_insert(ending);
        }
    }

    /// No request after those that are here: GOAWAY, or `connection: close`.
    pub fn take_no_more(&self, response: &mut Response<Body>) {
        self.shared.last.notify_one();
        if self.alone {
            response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
        }
    }
}

#[derive(Default)]
pub struct Shared {
    ending: Mutex<Option<Ending>>,
    /// Told when all that was written has gone out.
    pub flushed: Notify,
    /// Told when no more requests are to be taken.
    pub last: Notify,
    pub socket: Option<OwnedFd>,
}

impl Shared {
    pub fn new(socket: Option<OwnedFd>) -> Shared {
        Shared { socket, ..Shared::default() }
    }

    pub fn asked(&self) -> Option<Ending> {
        *self.ending.lock().unwrap()
    }

    pub async fn ended(&self) -> Ending {
        loop {
            self.flushed.notified().await;
            if let Some(ending) = self.asked() {
                return ending;
            }
        }
    }
}
