//! The connections of a process, shared by all clients that may share them.
//!
//! Short calls, long polls, streams and transfers have connections of their own, so that none
//! waits behind another. Where the server speaks HTTP/2, another connection is opened before the
//! streams of one run out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use super::names;
use super::settings::{Config, HttpVersion, Settings};
use super::tls;
use crate::error::{Error, Result, Status};
use crate::process::{Inherit, PerProcess};

/// The kind of a request, by how long it holds its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// Answered at once.
    Control,
    /// Held by the server until something happens.
    Wait,
    /// Server-sent events.
    Stream,
    /// A body of any size, one way or the other.
    Transfer,
}

/// Idle connections are closed before a server's own idle timer (commonly 30 s) can close them
/// under a request that is just being sent.
const IDLE: Duration = Duration::from_secs(25);
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const WINDOW: u32 = 4 << 20;

impl Traffic {
    /// How many requests share one HTTP/2 connection. Few enough for servers that allow few; a
    /// request over a server's own limit would wait for another to end.
    fn streams_per_connection(self) -> usize {
        match self {
            Traffic::Control => 32,
            Traffic::Wait | Traffic::Stream => 8,
            Traffic::Transfer => 2,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// To hosts of signed URLs; they never share a connection with the API.
    storage: bool,
    secure: bool,
    connect_timeout: Duration,
    http_version: HttpVersion,
    ca_file: Option<String>,
    client_certificate: Option<(String, String)>,
    proxy: Option<super::secret::Secret>,
}

static SHARED: PerProcess<Shared> = PerProcess::empty();

#[derive(Default)]
struct Shared(Mutex<HashMap<Key, Weak<Connections>>>);

impl Inherit for Shared {
    fn inherit(_parent: Option<&Shared>) -> Shared {
        Shared::default()
    }
}

/// Connections with the same way of reaching and trusting servers.
pub struct Connections {
    key: Key,
    tls: rustls::ClientConfig,
    pools: [Mutex<Vec<Arc<Member>>>; 4],
}

/// One reqwest client: one HTTP/2 connection to each host, or any number of HTTP/1.1 ones.
struct Member {
    client: reqwest::Client,
    in_flight: AtomicUsize,
}

/// A place on a connection, held until the answer has been read.
pub struct Lease(Arc<Member>);

impl Lease {
    /// The client to send with.
    pub fn client(&self) -> &reqwest::Client {
        &self.0.client
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connections {
    /// The connections that fit the settings, existing ones if there are.
    pub fn shared(config: &Config, settings: &Settings) -> Result<Arc<Connections>> {
        Connections::with(config, false, settings.base_url.scheme() == "https", settings.connect_timeout)
    }

    /// The connections to hosts of signed URLs.
    pub fn to_storage(config: &Config, secure: bool, connect_timeout: Duration) -> Result<Arc<Connections>> {
        Connections::with(config, true, secure, connect_timeout)
    }

    fn with(config: &Config, storage: bool, secure: bool, connect_timeout: Duration) -> Result<Arc<Connections>> {
        let key = Key {
            storage,
            secure,
            connect_timeout,
            http_version: config.http_version,
            ca_file: config.ca_file.clone(),
            client_certificate: config.client_certificate.clone(),
            proxy: config.proxy.clone(),
        };
        let mut shared = SHARED.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(connections) = shared.get(&key).and_then(Weak::upgrade) {
            return Ok(connections);
        }
        let tls = if key.secure || key.proxy.is_some() { tls::client_config(config)? } else { tls::unused()? };
        let connections = Arc::new(Connections { key: key.clone(), tls, pools: Default::default() });
        // Fails here, where the settings are the user's, rather than at the first call.
        drop(connections.lease(Traffic::Control)?);
        shared.retain(|_, connections| connections.strong_count() > 0);
        shared.insert(key, Arc::downgrade(&connections));
        Ok(connections)
    }

    /// A place on a connection for a request of this kind.
    pub fn lease(&self, traffic: Traffic) -> Result<Lease> {
        // Without TLS a server cannot offer HTTP/2, and every request has a connection to itself.
        let multiplexed = match self.key.http_version {
            HttpVersion::Auto => self.key.secure,
            HttpVersion::Http1 => false,
            HttpVersion::Http2 => true,
        };
        let most = if multiplexed { traffic.streams_per_connection() } else { usize::MAX };
        let mut pool = self.pools[traffic as usize].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let free = pool.iter().find(|member| member.in_flight.load(Ordering::Relaxed) < most);
        let member = match free {
            Some(member) => Arc::clone(member),
            None => {
                let member = Arc::new(Member { client: self.build()?, in_flight: AtomicUsize::new(0) });
                pool.push(Arc::clone(&member));
                member
            }
        };
        member.in_flight.fetch_add(1, Ordering::Relaxed);
        Ok(Lease(member))
    }

    fn build(&self) -> Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .dns_resolver(names::System)
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.key.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .pool_idle_timeout(IDLE)
            .tcp_keepalive(KEEP_ALIVE)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_initial_stream_window_size(WINDOW)
            .http2_initial_connection_window_size(WINDOW);
        builder = match self.key.http_version {
            HttpVersion::Auto => builder,
            HttpVersion::Http1 => builder.http1_only(),
            HttpVersion::Http2 => builder.http2_prior_knowledge(),
        };
        builder = match &self.key.proxy {
            None => builder,
            Some(none) if none.expose().is_empty() => builder.no_proxy(),
            Some(proxy) => builder
                .proxy(reqwest::Proxy::all(proxy.expose()).map_err(|_| {
                    Error::invalid("The proxy cannot be used; it should look like http://host:3128 or socks5://host:1080.")
                })?),
        };
        builder.build().map_err(|error| Error::new(Status::Internal, format!("The HTTP client cannot be made: {error}")))
    }
}
