//! Names of hosts, resolved by the system on helper threads, since the system's resolver blocks.
//!
//! One look-up of a name serves all who want it. One that nobody waits for any more is not begun. Answers are kept
//! for some seconds, and for longer where the next look-up fails.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{timeout, timeout_at, Instant};

use crate::engine::helpers::Helpers;
use crate::os::process::{Inherit, PerProcess};

/// The threads that names are resolved on: some may stand still in a resolver that does not answer.
pub(crate) static RESOLVERS: Helpers = Helpers::new("runloop-names", 3);

/// A look-up that has waited for so long for those before it gets a thread of its own: they may never end. There
/// are so many threads then at most.
const QUEUED: Duration = Duration::from_secs(1);
const MOST_RESOLVERS: usize = 16;

/// How long an answer is taken for true.
const FRESH: Duration = Duration::from_secs(5);
/// How long it stands in for one that cannot be had.
const STALE: Duration = Duration::from_secs(600);
/// So many names are kept; more are forgotten as they become stale.
const KEPT: usize = 64;

static NAMES: PerProcess<Names> = PerProcess::empty();

#[derive(Default)]
struct Names(Mutex<HashMap<String, Name>>);

impl Inherit for Names {
    fn inherit(_parent: Option<&Names>) -> Names {
        Names::default()
    }
}

type Addresses = Arc<[SocketAddr]>;

#[derive(Default)]
struct Name {
    known: Option<(Addresses, Instant)>,
    lookup: Option<Arc<watch::Sender<Lookup>>>,
}

/// How far a look-up is.
#[derive(Clone)]
enum Lookup {
    Queued,
    Begun(Instant),
    Done(Result<Addresses, Unresolved>),
}

/// Why a name leads nowhere.
#[derive(Clone, Debug)]
pub struct Unresolved {
    /// In words.
    pub reason: String,
    /// The system's number of what this process has run out of, which resolvers take for a name that is not there.
    pub lacking: Option<i32>,
}

impl From<&str> for Unresolved {
    fn from(reason: &str) -> Unresolved {
        Unresolved { reason: reason.to_owned(), lacking: None }
    }
}

/// Where a name leads to.
pub struct Resolved {
    /// With port 0.
    pub addresses: Addresses,
    /// When the look-up began, or when it was joined: from then on the time counts that reaching the host may take.
    pub since: Instant,
}

fn names() -> MutexGuard<'static, HashMap<String, Name>> {
    NAMES.get().0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The addresses of a host. A look-up may take `limit` from its own beginning: waiting for the look-ups of other
/// names costs nothing of it.
pub async fn resolve(host: &str, limit: Duration) -> Result<Resolved, Unresolved> {
    let joined = Instant::now();
    let mut progress = {
        let mut names = names();
        let name = names.entry(host.to_owned()).or_default();
        if let Some((addresses, when)) = &name.known {
            if when.elapsed() < FRESH {
                return Ok(Resolved { addresses: Arc::clone(addresses), since: joined });
            }
        }
        match &name.lookup {
            Some(lookup) => lookup.subscribe(),
            None => {
                let lookup = Arc::new(watch::Sender::new(Lookup::Queued));
                name.lookup = Some(Arc::clone(&lookup));
                let progress = lookup.subscribe();
                drop(names);
                let wanted = host.to_owned();
                if let Err(error) = RESOLVERS.run(move || look_up(&wanted, &lookup)) {
                    let reason = format!("no thread can be started to look it up: {error}");
                    settle(host, Err(Unresolved { reason, lacking: error.raw_os_error().filter(|number| *number != libc::EAGAIN) }));
                }
                progress
            }
        }
    };
    let mut since = joined;
    loop {
        let now = progress.borrow_and_update().clone();
        let changed = match now {
            Lookup::Done(Ok(addresses)) => return Ok(Resolved { addresses, since }),
            Lookup::Done(Err(reason)) => return last_known(host, since).ok_or(reason),
            Lookup::Queued => match timeout(QUEUED, progress.changed()).await {
                Ok(changed) => changed.is_ok(),
                Err(_) => {
                    RESOLVERS.relieve(MOST_RESOLVERS);
                    true
                }
            },
            Lookup::Begun(when) => {
                since = since.max(when);
                match timeout_at(since + limit, progress.changed()).await {
                    Ok(changed) => changed.is_ok(),
                    Err(_) => return last_known(host, since).ok_or_else(|| "its look-up does not end".into()),
                }
            }
        };
        if !changed {
            return Err("its look-up was given up".into());
        }
    }
}

/// The host cannot be reached where it was: its name is to be looked up again.
pub fn doubt(host: &str) {
    if let Some(name) = names().get_mut(host) {
        if let Some((_, when)) = &mut name.known {
            *when = when.checked_sub(FRESH).unwrap_or(*when);
        }
    }
}

/// Runs on a helper thread.
fn look_up(host: &str, lookup: &Arc<watch::Sender<Lookup>>) {
    {
        let mut names = names();
        if lookup.receiver_count() == 0 {
            if let Some(name) = names.get_mut(host) {
                name.lookup = None;
            }
            return;
        }
    }
    lookup.send_replace(Lookup::Begun(Instant::now()));
    let outcome = match (host, 0).to_socket_addrs() {
        Ok(found) => Ok(found.collect::<Addresses>()),
        Err(error) => Err(unresolved(&error)),
    };
    settle(host, outcome.and_then(|found| if found.is_empty() { Err("it has no address".into()) } else { Ok(found) }));
}

/// A resolver that can open neither its files nor a socket says that the name is not known.
fn unresolved(error: &std::io::Error) -> Unresolved {
    let lacks = |number: &i32| matches!(*number, libc::EMFILE | libc::ENFILE | libc::ENOMEM);
    let found = error.raw_os_error().or_else(|| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).err()?.raw_os_error()).filter(lacks);
    match found {
        Some(number) => Unresolved { reason: std::io::Error::from_raw_os_error(number).to_string(), lacking: Some(number) },
        None => Unresolved { reason: error.to_string(), lacking: None },
    }
}

/// Ends a look-up.
fn settle(host: &str, outcome: Result<Addresses, Unresolved>) {
    let mut names = names();
    let Some(name) = names.get_mut(host) else { return };
    let lookup = name.lookup.take();
    if let Ok(addresses) = &outcome {
        name.known = Some((Arc::clone(addresses), Instant::now()));
    }
    if names.len() > KEPT {
        names.retain(|_, name| name.lookup.is_some() || name.known.as_ref().is_some_and(|(_, when)| when.elapsed() < STALE));
    }
    drop(names);
    if let Some(lookup) = lookup {
        lookup.send_replace(Lookup::Done(outcome));
    }
}

fn last_known(host: &str, since: Instant) -> Option<Resolved> {
    let names = names();
    let (addresses, when) = names.get(host)?.known.as_ref()?;
    (when.elapsed() < STALE).then(|| Resolved { addresses: Arc::clone(addresses), since })
}
