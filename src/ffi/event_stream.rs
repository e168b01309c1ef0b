//! `runloop_event_stream`: events, pulled.

use std::sync::{Mutex, TryLockError};

use runloop_macros::{export, handle};

use super::client::runloop_client;
use super::value::{give_if_any, runloop_value};
use crate::error::{Error, Result, Status};
use crate::ffi::boundary::arguments::{In, Out};
use crate::ffi::boundary::handles;
use crate::ffi::options::call::Options;
use crate::sdk::EventFeed;

/// Events that come one by one, each once, through whatever happens to the connection. For one
/// thread at a time. Free it with runloop_event_stream_free().
#[handle(Mutex<EventFeed>)]
pub struct runloop_event_stream;

/// Makes a handle of a feed.
pub fn give(feed: EventFeed) -> *mut runloop_event_stream {
    handles::give(Mutex::new(feed))
}

/// Begins to watch for evictions: devboxes of the account that the service is going to end, with
/// their deadlines (`/devbox_id`, `/eviction_deadline_ms`); first those that are pending, and then
/// those that come. The caller owns the stream.
///
/// The timeout and the extra headers of `opts` are those of the stream's requests; deadline and
/// cancel token are given to each runloop_event_stream_next(). The service promises no delivery.
/// Nothing is sent yet. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_eviction_watch(client: In<runloop_client>, opts: Options, stream: Out<*mut runloop_event_stream>) -> Result<()> {
    stream.set(give(EventFeed::of_evictions(&client, &opts)));
    Ok(())
}

/// Gives the next event; the caller owns it. Where no further one can come, the axon being deleted,
/// the status is RUNLOOP_OK and `event` receives NULL.
///
/// A call that failed, by its deadline for instance, has lost nothing: the next one goes on. Blocks
/// until there is an event. One thread at a time.
///
/// Endpoint: GET /v1/axons/{id}/subscribe/sse or GET /v1/devboxes/evictions/watch.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE where another thread is at it.
#[export]
fn runloop_event_stream_next(stream: In<runloop_event_stream>, opts: Options, event: Out<*mut runloop_value>) -> Result<()> {
    let mut feed = match stream.try_lock() {
        Ok(feed) => feed,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => {
            return Err(Error::new(Status::WrongState, "Another thread is reading this stream; one reads at a time."))
        }
    };
    give_if_any(event, feed.next(&opts)?);
    Ok(())
}

/// Frees a stream, and ends it at the service. NULL is fine.
///
/// Any thread; never blocks, but where it is the last that shares its client: see
/// runloop_client_free().
#[export]
fn runloop_event_stream_free(stream: *mut runloop_event_stream) {
    drop(handles::take(stream))
}
