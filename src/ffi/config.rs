//! `runloop_config`

use std::sync::{Mutex, MutexGuard};

use runloop_macros::{export, handle};

use crate::api::schema;
use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{In, Out, Text};
use crate::ffi::boundary::{handles, status};
use crate::ffi::options::call::{milliseconds, retries};
use crate::transport::{Config, HttpVersion, Secret};

/// The configuration of a client. Settings that are not set are taken from the environment if the
/// description says so, otherwise from the defaults. Nothing is checked before runloop_client_new().
/// Thread-safe. Free it with runloop_config_free(), before or after the clients created from it.
#[handle(Shared)]
pub struct runloop_config;

/// A configuration that several threads may hold.
#[derive(Default)]
pub struct Shared(Mutex<Config>);

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, Config> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Creates an empty configuration.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
#[export]
fn runloop_config_new(config: Out<*mut runloop_config>) -> Result<()> {
    config.set(handles::give(Shared::default()));
    Ok(())
}

/// Sets the API key. Default: the environment variable RUNLOOP_API_KEY. The key appears in no message and
/// no log.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_bearer_token(config: In<runloop_config>, token: Text) -> Result<()> {
    if token.trim().is_empty() {
        return Err(Error::invalid("token is empty. Give the API key, or leave it to RUNLOOP_API_KEY."));
    }
    config.lock().bearer_token = Some(Secret::new(token.trim()));
    Ok(())
}

/// Sets the URL of the API. Default: the environment variable RUNLOOP_BASE_URL, otherwise
/// `https://api.runloop.ai`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_base_url(config: In<runloop_config>, url: Text) -> Result<()> {
    config.lock().base_url = Some(url);
    Ok(())
}

/// Sets the limit for each attempt, in milliseconds. 0 selects the default: 30 s for most calls; for the
/// others, and for attempts whose response the service holds back by design, see `timeout_ms` of
/// runloop_call_options.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_timeout_ms(config: In<runloop_config>, timeout_ms: i64) -> Result<()> {
    config.lock().timeout = milliseconds(timeout_ms, "timeout_ms")?;
    Ok(())
}

/// Sets the limit for connecting to the server, in milliseconds; 0 selects the default, 5 s. It starts when
/// the look-up of the server's name starts.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_connect_timeout_ms(config: In<runloop_config>, connect_timeout_ms: i64) -> Result<()> {
    config.lock().connect_timeout = milliseconds(connect_timeout_ms, "connect_timeout_ms")?;
    Ok(())
}

/// Sets how often a request may be retried; 0 selects the default, 5; -1 means never.
///
/// An attempt is retried if it did not reach the server, or if the service refused it temporarily (HTTP
/// 429, or `x-should-retry: true`). If repeating the request is harmless, it is also retried if the
/// connection broke, the attempt timed out, or the response was 408, 409 or 5xx. All clients of the process
/// share a budget of retries for each server. A number that is set here also limits the retries while the
/// server cannot be reached; by default, a server that has answered before is retried until the call's
/// deadline, or for 120 s if there is none.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_max_retries(config: In<runloop_config>, max_retries: i32) -> Result<()> {
    config.lock().max_retries = retries(max_retries)?;
    Ok(())
}

/// Adds a header to every request. It replaces one of the same name in the environment variable
/// RUNLOOP_CUSTOM_HEADERS (`Name: value`, one per line). Its value appears in no message and no log.
/// runloop_client_new() refuses headers that the library sets for the connection itself (`Host`,
/// `Content-Length`, `Transfer-Encoding`, `Connection` and the like).
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_add_header(config: In<runloop_config>, name: Text, value: Text) -> Result<()> {
    config.lock().headers.push((name, Secret::new(value)));
    Ok(())
}

/// Adds a query parameter to every request. Its value appears in no message and no log, except that a value
/// shorter than 8 bytes may appear if its name is not that of a credential.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_add_query(config: In<runloop_config>, name: Text, value: Text) -> Result<()> {
    config.lock().query.push((name, Secret::new(value)));
    Ok(())
}

/// Sets the proxy (http, https, socks4, socks4a, socks5 or socks5h), such as
/// `http://user:password@host:3128` or `socks5://host:1080`; an empty string means none. Default: the
/// environment variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in upper or lower case, which are
/// read when the client is created. runloop_client_new() returns RUNLOOP_INVALID_ARGUMENT for a proxy that
/// cannot be used.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_proxy(config: In<runloop_config>, url: Text) -> Result<()> {
    config.lock().proxy = Some(Secret::new(url));
    Ok(())
}

/// Sets a PEM file of trusted CA certificates; no others are trusted then. It is read once, by
/// runloop_client_new(), which refuses a pipe, such as a shell's <(...), with RUNLOOP_INVALID_ARGUMENT.
///
/// Default: the file that the environment variable SSL_CERT_FILE names and the directories, separated by
/// colons, that SSL_CERT_DIR names; if neither is set, the system's certificates; if the system has none,
/// Mozilla's, which are part of the library. The variables are read when the client is created: a path that
/// does not exist is ignored, and one without a certificate is RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_ca_file(config: In<runloop_config>, path: Text) -> Result<()> {
    config.lock().ca_file = Some(path);
    Ok(())
}

/// Sets the client certificate: PEM files of the certificate chain and of the private key. They are read
/// once, by runloop_client_new(), which refuses pipes with RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_client_certificate(config: In<runloop_config>, chain_path: Text, key_path: Text) -> Result<()> {
    config.lock().client_certificate = Some((chain_path, key_path));
    Ok(())
}

/// Sets the version of HTTP: one of RUNLOOP_HTTP_….
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_http_version(config: In<runloop_config>, version: i32) -> Result<()> {
    config.lock().http_version = match version {
        status::RUNLOOP_HTTP_AUTO => HttpVersion::Auto,
        status::RUNLOOP_HTTP_1 => HttpVersion::Http1,
        status::RUNLOOP_HTTP_2 => HttpVersion::Http2,
        _ => return Err(Error::invalid(format!("{version} is not an HTTP version; see RUNLOOP_HTTP_…."))),
    };
    Ok(())
}

/// Sets the name of the program, which precedes the library's in User-Agent.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_user_agent(config: In<runloop_config>, user_agent: Text) -> Result<()> {
    config.lock().user_agent = Some(user_agent);
    Ok(())
}

/// Sets whether requests are validated against the API schema before they are sent: 0 for no, which is the
/// default, otherwise yes.
///
/// Requests with unknown parameters or filters, values of the wrong type, or missing required parameters
/// then fail with RUNLOOP_INVALID_ARGUMENT; the message names the parameter, and the one that was probably
/// meant. The schema is as old as the library: leave this off to use newer parts of the API.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_strict_params(config: In<runloop_config>, strict: i32) -> Result<()> {
    config.lock().inspect = if strict == 0 { None } else { Some(schema::check) };
    Ok(())
}

/// Sets whether requests that create resources are left unmarked: 0, the default, marks them.
///
/// The creates that clean up after a failure (runloop_devbox_create(), runloop_devbox_snapshot_disk(),
/// runloop_blueprint_create() and the uploads of objects) put `librunloop_create_id` into the metadata of
/// their request. If the response with the identifier is lost, the library finds the new resource by that
/// mark, and shuts it down or deletes it. The mark is removed from everything that the library returns;
/// other programs of the account see it. Without the mark, a resource whose identifier was lost is left
/// behind.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_unmarked_creates(config: In<runloop_config>, unmarked: i32) -> Result<()> {
    config.lock().unmarked_creates = unmarked != 0;
    Ok(())
}

/// Sets the maximum size of a response that is read as a whole, in bytes; 0 selects the default, 256 MiB. A
/// larger one fails with RUNLOOP_PROTOCOL, and the rest of it is not read. The maximum size of an event of
/// a stream is one sixteenth of this.
///
/// This limits how much memory a server can make the library use: a response takes up to three times its
/// size while it is read. It also applies to downloads into memory and to runloop_devbox_read_file(), but
/// not to downloads to paths, descriptors and callbacks, which are not held in memory.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_max_answer_bytes(config: In<runloop_config>, max_answer_bytes: i64) -> Result<()> {
    config.lock().max_answer = match usize::try_from(max_answer_bytes) {
        Ok(0) => None,
        Ok(bytes) => Some(bytes),
        Err(_) => return Err(Error::invalid(format!("max_answer_bytes is {max_answer_bytes}; it cannot be negative."))),
    };
    Ok(())
}

/// Frees the configuration. Clients already created from it are not affected.
///
/// Any thread; never blocks.
#[export]
fn runloop_config_free(config: *mut runloop_config) {
    drop(handles::take(config))
}
