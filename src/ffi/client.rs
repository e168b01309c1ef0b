//! `runloop_client`

use runloop_macros::{export, handle};

use super::config::runloop_config;
use crate::error::Result;
use crate::ffi::boundary::arguments::{In, Maybe, Out};
use crate::ffi::boundary::handles;
use crate::sdk::Client;
use crate::transport::Config;

/// A client: one server, one API key. All other handles are made from it and share it; they
/// may outlive it. Thread-safe: any number of calls at a time, from any threads. Clients of
/// the same server share their connections, so that a second one costs little. Free it with
/// runloop_client_free().
#[handle(Client)]
pub struct runloop_client;

/// Makes a client; the caller owns it. `config` may be NULL: then all is taken from the
/// environment (RUNLOOP_API_KEY, RUNLOOP_BASE_URL, RUNLOOP_CUSTOM_HEADERS).
///
/// Sends nothing. The first client of a process starts the library's thread. Any thread; does not
/// wait for the network, but reads the files that the configuration names and, for https, the
/// system's certificates.
///
/// Statuses: RUNLOOP_MISSING_CREDENTIALS, RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE, RUNLOOP_LOCAL_IO (where
/// no further file can be opened), RUNLOOP_INTERNAL.
#[export]
fn runloop_client_new(config: Maybe<runloop_config>, client: Out<*mut runloop_client>) -> Result<()> {
    let config = config.map_or_else(Config::default, |config| config.lock().clone());
    client.set(handles::give(Client::new(&config)?));
    Ok(())
}

/// Ends all calls of the client and of everything made from it with RUNLOOP_CLOSED, and has
/// further ones fail so. Devboxes go on running.
///
/// Waits, for 10 s at most, until the calls that wait at the service have ended and what they had begun has been
/// undone (see runloop_devbox_create()). A call in whose callback the client is closed is not waited for. The log
/// names what was left. Any thread.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_client_close(client: In<runloop_client>) -> Result<()> {
    client.close();
    Ok(())
}

/// Frees a client. What was made from it can still be used; with the last of that the library's
/// threads end. NULL is fine.
///
/// Any thread. Where this frees the last handle that shares the client, it waits, for 10 s at
/// most, until what cancelled calls had begun has been undone; else it never blocks.
#[export]
fn runloop_client_free(client: *mut runloop_client) {
    drop(handles::take(client))
}
