//! The connections to one host for one kind of traffic: who gets a place on which, and when another is dialled.
//!
//! One that is being dialled is waited for by as many requests as it will carry; more are dialled for the rest.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use reqwest::Body;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::connection;
use super::connection::{Exclusive, Multiplexed, New};
use super::dial::{Reach, Target};
use super::error::{Kind, WireError};
use super::traffic::Traffic;
use crate::engine::runtime::{on_heap, Spawner};
use crate::engine::runtime_bound::Home;
use crate::os::process::OfProcess;
use crate::transport::settings::HttpVersion;

/// A request that must not happen twice gets no HTTP/1.1 connection that has been idle for longer: its server may be
/// closing it at this moment.
const YOUNG: Duration = Duration::from_secs(3);
/// How long a connection whose answer has been read may take until it can carry the next request.
const TURNAROUND: Duration = Duration::from_secs(1);
/// How long a server may take to say how many streams it allows; then the usual number is taken to be allowed.
const SETTLING: Duration = Duration::from_secs(2);
/// How many connections may be made for a request that gets a place on none of them.
const DIALS_IN_VAIN: u32 = 32;

/// The connections to one host.
pub struct Host {
    reach: Arc<Reach>,
    target: Target,
    traffic: Traffic,
    version: HttpVersion,
    /// How many open clients use it: without any, nothing is kept.
    users: Arc<AtomicUsize>,
    engine: Spawner,
    /// The runtime that the connections belong to.
    run: Option<u64>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// HTTP/1.1, used by nobody, the one that was used last at the end.
    idle: Vec<Exclusive>,
    /// HTTP/2.
    shared: Vec<Arc<Multiplexed>>,
    dials: Vec<Arc<Dial>>,
    /// What the host spoke last: whether it was HTTP/2.
    speaks_http2: Option<bool>,
    /// How many streams it last allowed on a connection.
    allowed: Option<usize>,
    reaping: bool,
}

/// A connection that is being made. What changes is guarded by the host's lock.
struct Dial {
    state: Mutex<DialState>,
}

#[derive(Default)]
struct DialState {
    /// Requests that will have a place on it.
    joined: usize,
    /// Those of them that wait.
    waiting: usize,
    connected: bool,
    over: Option<Result<(), WireError>>,
    task: Option<AbortHandle>,
}

impl Dial {
    fn state(&self) -> MutexGuard<'_, DialState> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A place on a connection, held until the answer has been read.
pub struct Lease {
    host: Arc<Host>,
    held: OfProcess<Option<Held>>,
}

enum Held {
    Exclusive(Exclusive),
    Multiplexed(Arc<Multiplexed>),
}

/// A request that got no answer: what stopped it, and the request where it was never handed over.
pub type Unanswered = (WireError, Option<Request<Body>>);

impl Host {
    pub fn new(
        reach: Arc<Reach>,
        target: Target,
        traffic: Traffic,
        version: HttpVersion,
        users: Arc<AtomicUsize>,
        engine: Spawner,
    ) -> Host {
        let run = engine.run();
        Host { reach, target, traffic, version, users, engine, run, state: Mutex::default(), changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// A place for a request; on a young connection, for one that must not happen twice.
    pub async fn lease(self: &Arc<Host>, young: bool) -> Result<Lease, WireError> {
        let mut ticket: Option<Ticket> = None;
        let mut in_vain = 0;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(held) = self.take(young) {
                if let Some(ticket) = &mut ticket {
                    ticket.served = true;
                }
                return Ok(Lease { host: Arc::clone(self), held: Some(held).into() });
            }
            match ticket.as_ref().and_then(Ticket::outcome) {
                Some(Err(error)) => return Err(error),
                // Another request was faster, or the connection has ended already.
                Some(Ok(())) if in_vain < DIALS_IN_VAIN => {
                    in_vain += 1;
                    ticket = None;
                }
                Some(Ok(())) => return Err(WireError::said(Kind::Unreachable, "its connections end as soon as they are made")),
                None => {}
            }
            if ticket.is_none() {
                ticket = Some(self.join());
            }
            changed.await;
        }
    }

    fn take(&self, young: bool) -> Option<Held> {
        let mut state = self.state();
        state.drop_unusable();
        if let Some(exclusive) = state.idle.pop() {
            // One that is too old makes room for the new one, lest there be more and more of them.
            if !young || exclusive.idle_for() <= YOUNG {
                return Some(Held::Exclusive(exclusive));
            }
        }
        let density = self.traffic.streams_per_connection();
        let free = state.shared.iter().find(|shared| shared.take_place(density))?;
        Some(Held::Multiplexed(Arc::clone(free)))
    }

    /// Waits for a connection that is being made and has room, or has another one made.
    fn join(self: &Arc<Host>) -> Ticket {
        let mut state = self.state();
        let capacity = self.capacity(&state);
        let found = state.dials.iter().find(|dial| dial.state().joined < capacity).cloned();
        let dial = found.unwrap_or_else(|| {
            let dial = Arc::new(Dial { state: Mutex::default() });
            state.dials.push(Arc::clone(&dial));
            let (host, made) = (Arc::clone(self), Arc::clone(&dial));
            if let Some(home) = self.engine.home() {
                let its = home.clone();
                let task = home.spawn(async move { on_heap(|| host.dial(&made, &its)).await });
                dial.state().task = Some(task.abort_handle());
            }
            dial
        });
        {
            let mut dial = dial.state();
            dial.joined += 1;
            dial.waiting += 1;
        }
        Ticket { host: Arc::clone(self), dial, served: false }
    }

    /// How many requests a new connection will carry.
    fn capacity(&self, state: &State) -> usize {
        let http2 = match self.version {
            HttpVersion::Http1 => false,
            HttpVersion::Http2 => true,
            // Without TLS a server cannot offer HTTP/2.
            HttpVersion::Auto => self.target.secure && state.speaks_http2 != Some(false),
        };
        if !http2 {
            return 1;
        }
        let density = self.traffic.streams_per_connection();
        state.allowed.map_or(density, |allowed| allowed.min(density)).max(1)
    }

    async fn dial(self: Arc<Host>, dial: &Arc<Dial>, home: &Home) {
        let outcome = on_heap(|| self.connect(dial, home)).await;
        let mut state = self.state();
        state.dials.retain(|known| !Arc::ptr_eq(known, dial));
        dial.state().over = Some(outcome);
        drop(state);
        self.changed.notify_waiters();
    }

    async fn connect(self: &Arc<Host>, dial: &Arc<Dial>, home: &Home) -> Result<(), WireError> {
        let dialled = on_heap(|| self.reach.dial(&self.target)).await?;
        let new = on_heap(|| connection::begin(dialled, self.version == HttpVersion::Http2, self.traffic, home)).await?;
        dial.state().connected = true;
        match new {
            New::Exclusive(exclusive) => {
                self.state().speaks_http2 = Some(false);
                self.give_back(exclusive);
                Ok(())
            }
            New::Multiplexed(shared) => {
                let shared = Arc::new(shared);
                {
                    let mut state = self.state();
                    state.speaks_http2 = Some(true);
                    state.shared.push(Arc::clone(&shared));
                }
                self.reap_later();
                // The first request goes at once; how many may go beside it, the server has still to say.
                self.changed.notify_waiters();
                shared.settled(SETTLING).await;
                let allowed = shared.allowed();
                self.state().allowed = Some(allowed);
                if allowed == 0 {
                    return Err(WireError::said(Kind::Unreachable, "it allows no requests on its connections"));
                }
                Ok(())
            }
        }
    }

    /// A connection that nobody uses any more, or not yet. Without open clients it is kept only where a request waits, as those
    /// do that clean up behind a closed client.
    fn give_back(self: &Arc<Host>, exclusive: Exclusive) {
        let mut state = self.state();
        if self.users.load(Ordering::Relaxed) == 0 && !state.is_waited_for() {
            return;
        }
        state.idle.push(exclusive);
        drop(state);
        self.reap_later();
        self.changed.notify_waiters();
    }

    /// Closes what nobody uses.
    pub fn close_idle(&self) {
        let mut state = self.state();
        state.idle.clear();
        state.shared.retain(|shared| !shared.is_idle());
    }

    /// What was idle beside a connection that turned out to be dead has probably died with it.
    fn suspect_idle(&self) {
        self.state().idle.clear();
    }

    /// Whether there is nothing here.
    pub fn is_unused(&self) -> bool {
        let mut state = self.state();
        state.drop_unusable();
        state.idle.is_empty() && state.shared.is_empty() && state.dials.is_empty()
    }

    /// Has what is idle for too long closed when its time has come.
    fn reap_later(self: &Arc<Host>) {
        let mut state = self.state();
        if std::mem::replace(&mut state.reaping, true) {
            return;
        }
        drop(state);
        let host = Arc::downgrade(self);
        self.engine.spawn(reap(host));
    }
}

async fn reap(host: Weak<Host>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let Some(host) = host.upgrade() else { return };
        let mut state = host.state();
        state.drop_unusable();
        if state.idle.is_empty() && state.shared.is_empty() {
            state.reaping = false;
            state.idle.shrink_to_fit();
            state.shared.shrink_to_fit();
            return;
        }
    }
}

impl State {
    /// Whether a request waits for a connection.
    fn is_waited_for(&self) -> bool {
        self.dials.iter().any(|dial| dial.state().waiting > 0)
    }

    fn drop_unusable(&mut self) {
        self.idle.retain_mut(|exclusive| exclusive.is_usable());
        self.shared.retain(|shared| shared.is_usable());
    }
}

/// A request's wait for a connection that is being made.
struct Ticket {
    host: Arc<Host>,
    dial: Arc<Dial>,
    served: bool,
}

impl Ticket {
    fn outcome(&self) -> Option<Result<(), WireError>> {
        self.dial.state().over.clone()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.host.state();
        let mut dial = self.dial.state();
        dial.waiting -= 1;
        // A request that was served by another connection leaves its place on this one to somebody else, who
        // may have waited for that other one.
        if !(self.served && dial.connected) {
            dial.joined -= 1;
        }
        if dial.waiting == 0 && !dial.connected && !self.served {
            if let Some(task) = dial.task.take() {
                task.abort();
            }
            drop(dial);
            state.dials.retain(|known| !Arc::ptr_eq(known, &self.dial));
        } else {
            drop(dial);
        }
        // What was made for a request that did not take it is for nobody.
        if self.host.users.load(Ordering::Relaxed) == 0 && !state.is_waited_for() {
            state.idle.clear();
        }
    }
}

impl Lease {
    /// Sends a request, and reads the head of its answer.
    pub async fn send(&mut self, request: Request<Body>) -> Result<Response<Incoming>, Unanswered> {
        let (reused, outcome) = match &mut *self.held {
            Some(Held::Exclusive(exclusive)) => (exclusive.is_reused(), exclusive.send(request).await),
            Some(Held::Multiplexed(shared)) => (shared.is_reused(), shared.send(request).await),
            None => return Err((WireError::said(Kind::Unsent, "the connection is gone"), Some(request))),
        };
        outcome.map_err(|(error, unsent)| {
            let error = match unsent {
                Some(_) => WireError::new(Kind::Unsent, &error),
                None => WireError::of_exchange(&error),
            };
            if reused {
                self.host.suspect_idle();
            }
            (error.on_reused(reused), unsent)
        })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // A forked child leaves its parent's connections alone.
        if self.held.is_parents() {
            return;
        }
        if self.host.engine.sound_run().is_some_and(|run| self.host.run != Some(run)) {
            // What it belongs to cannot even be told of its end.
            std::mem::forget(self.held.take());
            return;
        }
        match self.held.take() {
            None => {}
            Some(Held::Multiplexed(shared)) => {
                shared.leave();
                if self.host.users.load(Ordering::Relaxed) == 0 {
                    self.host.close_idle();
                }
                self.host.changed.notify_waiters();
            }
            Some(Held::Exclusive(mut exclusive)) => {
                if exclusive.is_closed() {
                    return;
                }
                exclusive.rest();
                if exclusive.is_ready() {
                    return self.host.give_back(exclusive);
                }
                // The answer has been read, but the connection has not noticed that yet.
                let host = Arc::clone(&self.host);
                self.host.engine.spawn(async move {
                    if matches!(tokio::time::timeout(TURNAROUND, exclusive.ready()).await, Ok(Ok(()))) {
                        host.give_back(exclusive);
                    }
                });
            }
        }
    }
}
