//! The connections of a process, shared by all clients that may share them.
//!
//! Short calls, long polls, streams and transfers have connections of their own, so that none
//! waits behind another. Where the server speaks HTTP/2, another connection is opened before the
//! streams of one run out: the server's limit, or ours where that is lower.
//!
//! HTTP itself is hyper's. What is done here is what a pool that serves everybody does not do: it knows the
//! server's limit on streams, has a burst wait for the connections that are being made, tells whether a connection
//! that broke had been idle, and closes what nobody uses.

pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod dial;
pub(crate) mod dns;
pub(crate) mod error;
pub(crate) mod host;
pub(crate) mod overheard;
pub(crate) mod proxies;
pub(crate) mod sign;
pub(crate) mod socket;
pub(crate) mod tls;
pub(crate) mod traffic;
pub(crate) mod whole;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use http::Request;
use reqwest::Body;

use self::dial::{Reach, Target};
pub use self::error::{Kind, WireError};
use self::host::Host;
pub use self::host::Lease;
pub use self::proxies::Proxies;
pub use self::sign::Sign;
pub use self::traffic::Traffic;
use self::whole::Whole;
use super::settings::{HttpVersion, Settled};
use crate::engine::runtime::Spawner;
use crate::error::Result;
use crate::os::process::{Inherit, OfProcess, PerProcess};
use tls::{Identity, Tls, Trust};

/// A request that finds its connection closed, and was not sent, gets another one, so often.
const TRIES: u32 = 4;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// To hosts of signed URLs; they never share a connection with the API.
    storage: bool,
    connect_timeout: Duration,
    http_version: HttpVersion,
    trust: Trust,
    identity: Option<Identity>,
    proxies: Proxies,
}

static SHARED: PerProcess<Shared> = PerProcess::empty();

#[derive(Default)]
struct Shared(Mutex<HashMap<Key, Weak<Connections>>>);

impl Inherit for Shared {
    fn inherit(_parent: Option<&Shared>) -> Shared {
        Shared::default()
    }
}

#[derive(Default)]
struct Hosts {
    known: HashMap<(Traffic, Target), Arc<Host>>,
    /// The runtime that their connections belong to.
    run: Option<u64>,
}

/// Connections with the same way of reaching and trusting servers.
pub struct Connections {
    reach: Arc<Reach>,
    version: HttpVersion,
    hosts: Mutex<Hosts>,
    users: Arc<AtomicUsize>,
    engine: Spawner,
}

/// A client's part in connections. When the last client that uses them leaves, those that are idle are closed.
pub struct Membership {
    connections: OfProcess<Arc<Connections>>,
    left: AtomicBool,
}

impl Membership {
    /// The connections to the API, existing ones if there are any that fit.
    pub fn to_api(settled: &Settled, secure: bool, connect_timeout: Duration, engine: &Spawner) -> Result<Membership> {
        let key = Key {
            storage: false,
            connect_timeout,
            http_version: settled.http_version,
            trust: settled.trust.clone(),
            identity: settled.identity.clone(),
            proxies: settled.proxies.clone(),
        };
        let membership = Membership::of(key, engine);
        if secure || settled.identity.is_some() {
            membership.check_tls()?;
        }
        Ok(membership)
    }

    /// The connections to hosts of signed URLs, to whom the client does not identify itself.
    pub fn to_storage(settled: &Settled, connect_timeout: Duration, engine: &Spawner) -> Membership {
        let key = Key {
            storage: true,
            connect_timeout,
            // Storages may speak nothing newer.
            http_version: if settled.http_version == HttpVersion::Http1 { HttpVersion::Http1 } else { HttpVersion::Auto },
            trust: settled.trust.clone(),
            identity: None,
            proxies: settled.proxies.clone(),
        };
        Membership::of(key, engine)
    }

    fn of(key: Key, engine: &Spawner) -> Membership {
        let mut shared = SHARED.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let of_this_engine = |connections: &Arc<Connections>| connections.engine.is(engine);
        let existing = shared.get(&key).and_then(Weak::upgrade).filter(of_this_engine);
        let connections = match existing {
            Some(connections) => connections,
            None => {
                let connections = Arc::new(Connections::new(&key, engine));
                shared.retain(|_, connections| connections.strong_count() > 0);
                shared.insert(key, Arc::downgrade(&connections));
                connections
            }
        };
        connections.users.fetch_add(1, Ordering::Relaxed);
        Membership { connections: connections.into(), left: AtomicBool::new(false) }
    }

    /// The client is closed. What it still has under way goes on.
    pub fn leave(&self) {
        // A child of the process that made them leaves everything as it is.
        if self.connections.is_parents() || self.left.swap(true, Ordering::Relaxed) {
            return;
        }
        if self.connections.users.fetch_sub(1, Ordering::Relaxed) == 1 {
            for host in self.connections.hosts(self.connections.engine.sound_run()).known.values() {
                host.close_idle();
            }
        }
    }
}

impl Deref for Membership {
    type Target = Connections;

    fn deref(&self) -> &Connections {
        &self.connections
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Connections {
    fn new(key: &Key, engine: &Spawner) -> Connections {
        let alpn: &'static [&'static [u8]] = match key.http_version {
            HttpVersion::Auto => &[b"h2", b"http/1.1"],
            HttpVersion::Http1 => &[b"http/1.1"],
            HttpVersion::Http2 => &[b"h2"],
        };
        let tls = Tls::new(key.trust.clone(), key.identity.clone(), alpn);
        let reach = Reach { tls, proxies: key.proxies.clone(), limit: key.connect_timeout };
        Connections {
            reach: Arc::new(reach),
            version: key.http_version,
            hosts: Mutex::default(),
            users: Arc::default(),
            engine: engine.clone(),
        }
    }

    /// Makes the TLS settings at once, so that what is wrong with them is told where they come from.
    fn check_tls(&self) -> Result<()> {
        self.reach.tls.configs().map(|_| ())
    }

    /// Those of the runtime that runs.
    fn hosts(&self, run: Option<u64>) -> MutexGuard<'_, Hosts> {
        let mut hosts = self.hosts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if run.is_some() && hosts.run != run {
            // The connections of a runtime that broke can be neither used nor closed.
            std::mem::forget(std::mem::replace(&mut *hosts, Hosts { known: HashMap::new(), run }));
        }
        hosts
    }

    fn host(&self, traffic: Traffic, target: Target) -> Arc<Host> {
        let mut hosts = self.hosts(self.engine.run());
        let place = (traffic, target);
        if let Some(host) = hosts.known.get(&place) {
            return Arc::clone(host);
        }
        hosts.known.retain(|_, host| Arc::strong_count(host) > 1 || !host.is_unused());
        let host = Host::new(Arc::clone(&self.reach), place.1.clone(), traffic, self.version, Arc::clone(&self.users), self.engine.clone());
        let host = Arc::new(host);
        hosts.known.insert(place, Arc::clone(&host));
        host
    }

    /// Sends a request, and reads the head of its answer. One that must not happen twice gets a connection that
    /// has not been idle for long.
    pub async fn send(
        &self,
        traffic: Traffic,
        mut request: Request<Body>,
        must_not_repeat: bool,
    ) -> std::result::Result<(reqwest::Response, Lease), WireError> {
        let target = Target::of(request.uri()).ok_or_else(|| WireError::said(Kind::Unreachable, "the URL names no host"))?;
        let host = self.host(traffic, target);
        let mut tries = 0;
        loop {
            let mut lease = host.lease(must_not_repeat).await?;
            tries += 1;
            match lease.send(request).await {
                Ok(response) => return Ok((Whole::wrap(response).into(), lease)),
                Err((_, Some(unsent))) if tries < TRIES => request = unsent,
                Err((error, _)) => return Err(error),
            }
        }
    }
}
