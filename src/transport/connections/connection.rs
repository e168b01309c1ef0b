//! One connection: what it carries, whether it can still be used, and how long it may be idle.

use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};
use reqwest::Body;
use tokio::sync::watch;

use super::clock::{suspended, Moment};
use super::dial::{Bytes, Dialled};
use super::error::WireError;
use super::traffic::Traffic;
use crate::engine::runtime_bound::Home;

/// HTTP/1.1: closed before a server's own idle timer (commonly 30 s or more) can close it under a request that is
/// just being sent, unless the server says that it has a shorter one.
const IDLE: Duration = Duration::from_secs(25);
/// HTTP/2, where an end is announced and silence is noticed. Longer than a long poll is held.
const IDLE_MULTIPLEXED: Duration = Duration::from_secs(55);
/// Of the idle time that a server allows, what is left unused.
const IDLE_MARGIN: Duration = Duration::from_secs(1);
/// A peer that is silent for so long is asked whether it is there.
const PING: Duration = Duration::from_secs(15);
/// It is gone if it does not answer for so long.
const PONG: Duration = Duration::from_secs(10);
/// A machine that has slept for so long finds its connections dead.
const SLEPT: Duration = Duration::from_secs(10);
/// Stands for "not known yet" where a server says how many streams it allows.
const UNKNOWN: usize = 1 << 30;

/// An answer's head, or what stopped the request, and the request where it was never handed over.
type Sent = Result<Response<Incoming>, (hyper::Error, Option<Request<Body>>)>;

type Http2 = http2::Connection<TokioIo<Box<dyn Bytes>>, Body, Home>;

/// A connection that has just been made.
pub enum New {
    Exclusive(Exclusive),
    Multiplexed(Multiplexed),
}

/// Begins HTTP on a connection, which belongs to a runtime.
pub async fn begin(dialled: Dialled, http2: bool, traffic: Traffic, home: &Home) -> Result<New, WireError> {
    let io = TokioIo::new(dialled.io);
    if !(dialled.http2 || http2) {
        let (sender, connection) = http1::handshake(io).await.map_err(|error| WireError::of_connecting(&error))?;
        home.spawn(connection);
        return Ok(New::Exclusive(Exclusive {
            sender,
            forwarding: dialled.forwarding,
            uses: 0,
            since: Moment::now(),
            limit: IDLE,
            most: usize::MAX,
            suspended: suspended(),
        }));
    }
    let window = traffic.window();
    let (sender, connection) = http2::Builder::new(home.clone())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PONG)
        .keep_alive_while_idle(true)
        .initial_max_send_streams(UNKNOWN)
        .initial_stream_window_size(window)
        // Answers that nobody reads fill their own windows, and never all of the connection's.
        .initial_connection_window_size(window * (traffic.streams_per_connection() as u32 + 1))
        .handshake(io)
        .await
        .map_err(|error| WireError::of_connecting(&error))?;
    let (tell, allowed) = watch::channel(UNKNOWN);
    let connection = Arc::new(Mutex::new(connection));
    let carried_on = Arc::downgrade(&connection);
    home.spawn(carry(connection, tell));
    Ok(New::Multiplexed(Multiplexed {
        sender,
        allowed,
        connection: carried_on,
        in_flight: AtomicUsize::new(0),
        carried: AtomicBool::new(false),
        settled: AtomicBool::new(false),
        since: Mutex::new(Moment::now()),
        suspended: suspended(),
    }))
}

/// Keeps a connection going, and tells how many streams the server allows.
async fn carry(connection: Arc<Mutex<Http2>>, allowed: watch::Sender<usize>) {
    let mut pause = Duration::from_millis(1);
    loop {
        let known = *allowed.borrow() != UNKNOWN;
        let ended = poll_fn(|context| {
            let mut connection = locked(&connection);
            let ended = Pin::new(&mut *connection).poll(context);
            let now = connection.current_max_send_streams();
            allowed.send_if_modified(|before| std::mem::replace(before, now) != now);
            ended
        });
        tokio::select! {
            biased;
            _ = ended => return,
            // That the server's settings have come wakes nobody.
            () = tokio::time::sleep(pause), if !known => pause = (pause * 2).min(Duration::from_millis(50)),
        }
    }
}

fn locked(connection: &Mutex<Http2>) -> MutexGuard<'_, Http2> {
    connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// HTTP/1.1: one request at a time.
pub struct Exclusive {
    sender: http1::SendRequest<Body>,
    forwarding: Option<Option<HeaderValue>>,
    uses: usize,
    since: Moment,
    limit: Duration,
    /// How many requests the server allows.
    most: usize,
    suspended: Duration,
}

impl Exclusive {
    pub fn is_reused(&self) -> bool {
        self.uses > 0
    }

    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    pub fn is_ready(&self) -> bool {
        self.sender.is_ready()
    }

    pub async fn ready(&mut self) -> hyper::Result<()> {
        self.sender.ready().await
    }

    /// Its idle time begins.
    pub fn rest(&mut self) {
        self.since = Moment::now();
    }

    pub fn idle_for(&self) -> Duration {
        self.since.elapsed()
    }

    pub fn is_usable(&mut self) -> bool {
        !self.sender.is_closed() && self.uses < self.most && self.idle_for() < self.limit && !has_slept(self.suspended)
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Sent {
        let uri = std::mem::take(request.uri_mut());
        if let (Some(host), false) = (host_header(&uri), request.headers().contains_key(HOST)) {
            request.headers_mut().insert(HOST, host);
        }
        let whole = uri.clone();
        *request.uri_mut() = match &self.forwarding {
            None => uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from),
            Some(authorization) => {
                if let Some(authorization) = authorization {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
                }
                uri
            }
        };
        let sent = self.sender.try_send_request(request).await;
        self.uses += 1;
        match sent {
            Ok(response) => {
                if let Some(limit) = idle_limit(response.headers()) {
                    self.limit = limit.min(IDLE);
                }
                if let Some(most) = keep_alive(response.headers(), "max=") {
                    self.most = usize::try_from(most).unwrap_or(usize::MAX);
                }
                Ok(response)
            }
            Err(mut failed) => {
                let unsent = failed.take_message().map(|mut request| {
                    *request.uri_mut() = whole;
                    request
                });
                Err((failed.into_error(), unsent))
            }
        }
    }
}

/// HTTP/2: many requests at a time.
pub struct Multiplexed {
    sender: http2::SendRequest<Body>,
    allowed: watch::Receiver<usize>,
    /// To be asked how many streams the server allows at this moment: that the number has changed wakes nobody.
    connection: Weak<Mutex<Http2>>,
    in_flight: AtomicUsize,
    carried: AtomicBool,
    settled: AtomicBool,
    since: Mutex<Moment>,
    suspended: Duration,
}

impl Multiplexed {
    pub fn is_reused(&self) -> bool {
        self.carried.load(Ordering::Relaxed)
    }

    pub fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) == 0
    }

    pub fn is_usable(&self) -> bool {
        let useless = self.is_idle() && (self.since().elapsed() >= IDLE_MULTIPLEXED || (self.is_settled() && self.allowed() == 0));
        !self.sender.is_closed() && !has_slept(self.suspended) && !useless
    }

    /// How many requests the server allows at a time.
    pub fn allowed(&self) -> usize {
        let now = self.connection.upgrade().map(|connection| locked(&connection).current_max_send_streams());
        match now.unwrap_or_else(|| *self.allowed.borrow()) {
            UNKNOWN => usize::MAX,
            known => known,
        }
    }

    /// Takes one of at most so many places, if one is free. Only one request goes before the server has said how
    /// many it allows.
    pub fn take_place(&self, most: usize) -> bool {
        let allowed = self.allowed();
        let most = if self.is_settled() || allowed != usize::MAX { allowed.min(most) } else { 1 };
        let free = self.in_flight.load(Ordering::Relaxed) < most;
        if free {
            self.in_flight.fetch_add(1, Ordering::Relaxed);
        }
        free
    }

    /// A place is free again.
    pub fn leave(&self) {
        *self.since.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Moment::now();
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed)
    }

    fn since(&self) -> Moment {
        *self.since.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Waits until the server has said how many streams it allows, at most so long.
    pub async fn settled(&self, at_most: Duration) {
        let mut allowed = self.allowed.clone();
        // What has not been said by then will not be.
        let _ = tokio::time::timeout(at_most, allowed.wait_for(|allowed| *allowed != UNKNOWN)).await;
        self.settled.store(true, Ordering::Relaxed);
    }

    pub async fn send(&self, request: Request<Body>) -> Sent {
        let sent = self.sender.clone().try_send_request(request).await;
        self.carried.store(true, Ordering::Relaxed);
        sent.map_err(|mut failed| {
            let unsent = failed.take_message();
            (failed.into_error(), unsent)
        })
    }
}

fn has_slept(before: Duration) -> bool {
    suspended().saturating_sub(before) > SLEPT
}

fn host_header(uri: &Uri) -> Option<HeaderValue> {
    let host = uri.host()?;
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let text = match uri.port_u16() {
        Some(port) if port != usual => format!("{host}:{port}"),
        _ => host.to_owned(),
    };
    HeaderValue::from_str(&text).ok()
}

/// How long the server lets the connection be idle, with a margin, from `Keep-Alive: timeout=5`.
fn idle_limit(headers: &HeaderMap) -> Option<Duration> {
    let whole = Duration::from_secs(keep_alive(headers, "timeout=")?);
    Some(whole.saturating_sub(IDLE_MARGIN.min(whole / 2)))
}

/// A number that the server's `Keep-Alive` names. With `max`, some servers tell how many requests they allow, others how many
/// are left; taken for the former, it is too few at worst.
fn keep_alive(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get("keep-alive")?.to_str().ok()?;
    text.split(',').find_map(|part| part.trim().strip_prefix(name)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_word_on_idle_connections_is_kept_with_a_margin() {
        let limit =
            |text: &'static str| idle_limit(&HeaderMap::from_iter([("keep-alive".parse().unwrap(), HeaderValue::from_static(text))]));
        assert_eq!(limit("timeout=5"), Some(Duration::from_secs(4)));
        assert_eq!(limit("max=100, timeout=1"), Some(Duration::from_millis(500)));
        assert_eq!(limit("timeout=0"), Some(Duration::ZERO));
        assert_eq!(limit("max=100"), None);
    }
}
