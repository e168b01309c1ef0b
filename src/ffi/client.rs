//! `runloop_client`

use runloop_macros::{export, handle};

use super::config::runloop_config;
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, Out};
use crate::ffi::boundary::handles;
use crate::sdk::Client;
use crate::transport::Config;

/// A client: one server and one API key. All other handles are created from a client and may outlive it.
/// Thread-safe: any number of threads can make calls at once. Clients of the same server share their
/// connections, so further clients are cheap. Free it with runloop_client_free().
#[handle(Client)]
pub struct runloop_client;

/// Creates a client. `config` may be NULL: the environment variables RUNLOOP_API_KEY, RUNLOOP_BASE_URL and
/// RUNLOOP_CUSTOM_HEADERS are used then.
///
/// Sends nothing. The first client of a process starts the library's thread. Reads the files that the
/// configuration names and, for https, the system's certificates, but does not wait for the network. Any
/// thread.
///
/// Statuses: RUNLOOP_MISSING_CREDENTIALS, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE,
/// RUNLOOP_LOCAL_IO (no further file can be opened), RUNLOOP_INTERNAL.
#[export]
fn runloop_client_new(config: Maybe<runloop_config>, client: Out<*mut runloop_client>) -> Result<()> {
    let config = config.map_or_else(Config::default, |config| config.lock().clone());
    client.set(handles::give(Client::new(&config)?));
    Ok(())
}

/// Closes the client: all calls with it, or with anything created from it, end with RUNLOOP_CLOSED, and so
/// do later ones. Devboxes keep running.
///
/// Waits, for 10 s at most, until the calls that wait for the service have ended and what they had begun
/// has been cleaned up (see runloop_devbox_create()). A call whose callback closes the client is not waited
/// for. What could not be cleaned up is logged. Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_client_close(client: In<runloop_client>) -> Result<()> {
    client.close();
    Ok(())
}

/// Frees the client. Handles created from it remain usable. The library's threads end when the last handle
/// of the last client is freed.
///
/// Any thread. If this frees the last handle of the client, it waits, for 10 s at most, until what
/// cancelled calls had begun has been cleaned up; otherwise it never blocks.
#[export]
fn runloop_client_free(client: *mut runloop_client) {
    drop(handles::take(client))
}
