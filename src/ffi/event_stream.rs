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

/// A stream of events. Each event is delivered once, even if the connection breaks. May be used by one
/// thread at a time. Free it with runloop_event_stream_free().
#[handle(Mutex<EventFeed>)]
pub struct runloop_event_stream;

/// Makes a handle of a feed.
pub fn give(feed: EventFeed) -> *mut runloop_event_stream {
    handles::give(Mutex::new(feed))
}

/// Opens a stream of evictions: devboxes of the account that the service is going to evict, with their
/// deadlines (`/devbox_id`, `/eviction_deadline_ms`). Pending ones come first, then new ones. The service
/// does not guarantee that every eviction is reported. Sends nothing yet.
///
/// The timeout and the extra headers in `opts` apply to the requests of the stream; pass a deadline and a
/// cancel token to each runloop_event_stream_next() instead. Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_eviction_watch(client: In<runloop_client>, opts: Options, stream: Out<*mut runloop_event_stream>) -> Result<()> {
    stream.set(give(EventFeed::of_evictions(&client, &opts)));
    Ok(())
}

/// Reads the next event. If there can be no further one, because the axon was deleted, returns RUNLOOP_OK
/// and sets `event` to NULL.
///
/// A failed call, for instance one that exceeds its deadline, loses nothing: the next call continues.
/// Blocks until there is an event. One thread at a time.
///
/// Statuses: those of any request; RUNLOOP_WRONG_STATE if another thread is using the stream.
///
/// Endpoint: GET /v1/axons/{id}/subscribe/sse or GET /v1/devboxes/evictions/watch.
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

/// Frees the stream and closes it at the service.
///
/// Any thread. Blocks only as the last handle of its client: see runloop_client_free().
#[export]
fn runloop_event_stream_free(stream: *mut runloop_event_stream) {
    drop(handles::take(stream))
}
