//! `runloop_config`

use std::sync::{Mutex, MutexGuard};

use runloop_macros::{export, handle};

use crate::api::schema;
use crate::error::{Error, Result};
use crate::ffi::boundary::arguments::{In, Out, Text};
use crate::ffi::boundary::{handles, status};
use crate::ffi::options::call::{milliseconds, retries};
use crate::transport::{Config, HttpVersion, Secret};

/// What a client is to be made of. What is not set is taken from the environment, else from
/// the defaults; nothing is checked before runloop_client_new(). Thread-safe. Free it with
/// runloop_config_free(), before or after the clients made of it.
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

/// Makes an empty configuration; the caller owns it.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT.
#[export]
fn runloop_config_new(config: Out<*mut runloop_config>) -> Result<()> {
    config.set(handles::give(Shared::default()));
    Ok(())
}

/// Sets the API key. Else: RUNLOOP_API_KEY. It is in no message and no log.
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

/// Sets where the API is. Else: RUNLOOP_BASE_URL, else `https://api.runloop.ai`.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_base_url(config: In<runloop_config>, url: Text) -> Result<()> {
    config.lock().base_url = Some(url);
    Ok(())
}

/// Sets how long an attempt may take, in milliseconds; 0 for the default, which is 30 s, or 600 s
/// where a command or a file is waited for. An attempt whose answer the service holds back by design may take longer: see
/// `timeout_ms` of runloop_call_options.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_timeout_ms(config: In<runloop_config>, timeout_ms: i64) -> Result<()> {
    config.lock().timeout = milliseconds(timeout_ms, "timeout_ms")?;
    Ok(())
}

/// Sets how long reaching the server may take, in milliseconds; 0 for the default, 5 s. It counts from the
/// moment at which the look-up of the server's name begins.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_connect_timeout_ms(config: In<runloop_config>, connect_timeout_ms: i64) -> Result<()> {
    config.lock().connect_timeout = milliseconds(connect_timeout_ms, "connect_timeout_ms")?;
    Ok(())
}

/// Sets how many attempts may follow the first; 0 for the default, 5; -1 for none.
///
/// Repeated are attempts that reached no server, that the service refused for the time being (429, or
/// `x-should-retry: true`), and, where a repetition is harmless, those whose connection broke, that timed
/// out, or that were answered with 408, 409 or 5xx. All clients of the process together stay within a budget
/// for each server. A number set here also counts attempts in an outage, for which a server that has
/// answered before is else waited for: until the call's deadline, or for 120 s.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_max_retries(config: In<runloop_config>, max_retries: i32) -> Result<()> {
    config.lock().max_retries = retries(max_retries)?;
    Ok(())
}

/// Adds a header to every request; it wins over one of RUNLOOP_CUSTOM_HEADERS (`Name: value`, one
/// a line). Its value is in no message and no log. Headers of the connection (`Host`, `Content-Length`,
/// `Transfer-Encoding`, `Connection` and the like) are the library's own: runloop_client_new refuses them.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_add_header(config: In<runloop_config>, name: Text, value: Text) -> Result<()> {
    config.lock().headers.push((name, Secret::new(value)));
    Ok(())
}

/// Adds a query parameter to every request. Its value is in no message and no log, unless it is shorter than 8 bytes
/// and its name is not that of a credential.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_add_query(config: In<runloop_config>, name: Text, value: Text) -> Result<()> {
    config.lock().query.push((name, Secret::new(value)));
    Ok(())
}

/// Sets the proxy, such as `http://user:password@host:3128` or `socks5://host:1080` (http, https, socks4,
/// socks4a, socks5, socks5h); empty for none. Else: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals or
/// small letters, as they are when the client is made. What cannot be used is RUNLOOP_INVALID_ARGUMENT then.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_proxy(config: In<runloop_config>, url: Text) -> Result<()> {
    config.lock().proxy = Some(Secret::new(url));
    Ok(())
}

/// Sets a file of PEM certificates of those who are trusted. Else: the file that SSL_CERT_FILE names and the folders
/// that SSL_CERT_DIR names, with colons between them, in place of the system's; else the system's, and where there are
/// none, those of Mozilla's that the library brings along. A file is read when the client is made, and not later; a pipe
/// is refused then, and so is what a shell's <(...) stands for. The variables are read then too: what they name and is
/// not there counts for nothing, and what holds no certificate is RUNLOOP_INVALID_ARGUMENT.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_ca_file(config: In<runloop_config>, path: Text) -> Result<()> {
    config.lock().ca_file = Some(path);
    Ok(())
}

/// Sets the certificate by which the client identifies itself: PEM files of the chain and the key,
/// which are read when the client is made, and not later; pipes are refused then.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_client_certificate(config: In<runloop_config>, chain_path: Text, key_path: Text) -> Result<()> {
    config.lock().client_certificate = Some((chain_path, key_path));
    Ok(())
}

/// Sets which HTTP is spoken: one of RUNLOOP_HTTP_….
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
        _ => return Err(Error::invalid(format!("{version} is no version of HTTP; see RUNLOOP_HTTP_…."))),
    };
    Ok(())
}

/// Sets what the program calls itself, put before the library's name in User-Agent.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_user_agent(config: In<runloop_config>, user_agent: Text) -> Result<()> {
    config.lock().user_agent = Some(user_agent);
    Ok(())
}

/// Sets whether requests are held against the API's description before they are sent: 0 for no, as
/// it is from the start, else yes.
///
/// Then a parameter or filter that the API does not describe, a value of another type, and a
/// required parameter that is missing, are RUNLOOP_INVALID_ARGUMENT; the message names the place, and
/// the parameter that was probably meant. The description is that of the time at which the library was
/// made: for what the API has gained since, leave this off.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_strict_params(config: In<runloop_config>, strict: i32) -> Result<()> {
    config.lock().inspect = if strict == 0 { None } else { Some(schema::check) };
    Ok(())
}

/// Sets whether creates are left unmarked: 0, the default, marks them.
///
/// The creates that end what they leave behind (runloop_devbox_create(), runloop_devbox_snapshot_disk(),
/// runloop_blueprint_create() and the uploads of objects) put `librunloop_create_id` into the metadata of
/// their request. If the answer with the identifier is lost, the library finds the new resource by that mark
/// and ends it. The mark is in no answer that the library returns; other programs of the account see it.
/// Without marks, a resource whose identifier was lost stays.
///
/// Any thread; never blocks.
///
/// Statuses: RUNLOOP_INVALID_ARGUMENT, RUNLOOP_INVALID_HANDLE.
#[export]
fn runloop_config_set_unmarked_creates(config: In<runloop_config>, unmarked: i32) -> Result<()> {
    config.lock().unmarked_creates = unmarked != 0;
    Ok(())
}

/// Sets how long an answer that is read whole may be, in bytes; 0 for the default, 256 MiB. A longer one is RUNLOOP_PROTOCOL, and
/// the rest of it is not read. An event of a stream may have a sixteenth of it.
///
/// It bounds what a server can make the library hold. An answer takes up to three times its length while it is read. Downloads into
/// memory and runloop_devbox_read_file() are bounded too; those to paths, descriptors and functions are not, since they are not held.
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

/// Frees a configuration. Clients made of it are not concerned. NULL is fine.
///
/// Any thread; never blocks.
#[export]
fn runloop_config_free(config: *mut runloop_config) {
    drop(handles::take(config))
}
