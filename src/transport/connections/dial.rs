//! A new connection to a host: its name, its proxy, TCP, TLS.

use std::convert::Infallible;
use std::future::{ready, Future, Ready};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::proxy::{SocksV4, SocksV5, Tunnel};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{timeout_at, Instant};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::error::{Kind, WireError};
use super::overheard::Overheard;
use super::proxies::{Proxies, Proxy};
use super::sign::Sign;
use super::socket::Socket;
use crate::engine::runtime::on_heap;
use crate::os::descriptors::Lifted;
use crate::transport::connections::dns;
use crate::transport::connections::tls::{Configs, Tls};

/// A peer that is silent for so long is asked whether it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEP_ALIVE_PROBES: u32 = 3;
/// So long a peer may leave what was sent to it unconfirmed.
const UNCONFIRMED: Duration = Duration::from_secs(30);

/// A two-way stream of bytes.
pub trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Bytes for T {}

/// How hosts are reached.
pub struct Reach {
    /// How TLS is spoken.
    pub tls: Tls,
    /// Which proxy leads where.
    pub proxies: Proxies,
    /// How long reaching a host may take.
    pub limit: Duration,
}

/// A host, as a URL names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Over TLS.
    pub secure: bool,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    /// Also where the URL leaves it out.
    pub port: u16,
}

/// A connection on which nothing has been said yet.
pub struct Dialled {
    /// Its bytes.
    pub io: Box<dyn Bytes>,
    /// Whether the server chose HTTP/2.
    pub http2: bool,
    /// It leads to a proxy that forwards requests, with what identifies the client to it.
    pub forwarding: Option<Option<HeaderValue>>,
}

impl Target {
    /// Where a request goes.
    pub fn of(uri: &Uri) -> Option<Target> {
        let secure = uri.scheme_str() == Some("https");
        let host = uri.host()?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        Some(Target { secure, host: host.to_owned(), port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }) })
    }

    fn uri(&self) -> Result<Uri, WireError> {
        uri(if self.secure { "https" } else { "http" }, &self.host, self.port)
    }
}

impl Reach {
    /// Connects to a host.
    pub async fn dial(&self, to: &Target) -> Result<Dialled, WireError> {
        match self.proxies.leading_to(&to.uri()?) {
            Some(proxy) => on_heap(|| self.through(&proxy, to)).await,
            None => {
                let way = self.way_to(&to.host).await?;
                let tcp = way.in_time(tcp(&way, uri("http", &to.host, to.port)?), &to.host).await?;
                self.speak(to, socket(tcp)?, &way).await
            }
        }
    }

    async fn through(&self, proxy: &Proxy, to: &Target) -> Result<Dialled, WireError> {
        let name = proxy.name();
        let host = proxy.uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let at_proxy = |error: WireError| error.at_proxy(&name);
        let way = self.way_to(host).await.map_err(at_proxy)?;
        let address = uri("http", host, proxy.port())?;
        let tcp = way.in_time(tcp(&way, address.clone()), host).await.map_err(at_proxy)?;
        match proxy.scheme() {
            "http" if !to.secure => Ok(Dialled { io: Box::new(socket(tcp)?), http2: false, forwarding: Some(proxy.authorization.clone()) }),
            "http" => {
                let tcp = tunnel(&way, proxy, to, tcp).await.map_err(at_proxy)?;
                self.speak(to, socket(tcp)?, &way).await
            }
            "https" => {
                let tcp = socket(tcp)?;
                let config = &self.tls()?.to_proxy;
                let tls = way.in_time(on_heap(|| handshake(config, host, tcp)), host).await.map_err(at_proxy)?;
                if !to.secure {
                    return Ok(Dialled { io: Box::new(tls), http2: false, forwarding: Some(proxy.authorization.clone()) });
                }
                let tls = tunnel(&way, proxy, to, TokioIo::new(tls)).await.map_err(at_proxy)?;
                self.speak(to, tls.into_inner(), &way).await
            }
            scheme => {
                // These two leave names to the client.
                let destination =
                    if matches!(scheme, "socks5" | "socks4") { self.address_of(to, scheme == "socks4").await? } else { to.host.clone() };
                let destination = uri("http", &destination, to.port)?;
                let connector = AtHand::new(tcp);
                let tcp = if scheme.starts_with("socks4") {
                    way.in_time(SocksV4::new(address, connector).call(destination), host).await
                } else {
                    let mut socks = SocksV5::new(address, connector);
                    if let Some((user, password)) = &proxy.user {
                        socks = socks.with_auth(user.clone(), password.clone());
                    }
                    way.in_time(socks.call(destination), host).await
                };
                let tcp = tcp.map_err(|error| at_proxy(error.of_socks()))?;
                self.speak(to, socket(tcp)?, &way).await
            }
        }
    }

    fn tls(&self) -> Result<&Configs, WireError> {
        self.tls.configs().map_err(|error| WireError::said(Kind::Untrusted, error.to_string()))
    }

    /// Begins TLS where the host wants it.
    async fn speak<T: Bytes + 'static>(&self, to: &Target, bytes: T, way: &Way) -> Result<Dialled, WireError> {
        if !to.secure {
            return Ok(Dialled { io: Box::new(bytes), http2: false, forwarding: None });
        }
        let config = &self.tls()?.to_host;
        let tls = way.in_time(on_heap(|| handshake(config, &to.host, bytes)), &to.host).await?;
        let http2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Dialled { io: Box::new(tls), http2, forwarding: None })
    }

    /// Where a host is, and until when it must have been reached.
    async fn way_to(&self, host: &str) -> Result<Way, WireError> {
        if let Ok(address) = host.parse() {
            return Ok(Way { addresses: Arc::new([SocketAddr::new(address, 0)]), until: Instant::now() + self.limit, limit: self.limit });
        }
        let found = dns::resolve(host, self.limit).await.map_err(|unresolved| {
            let sign = unresolved.lacking.and_then(|number| Sign::of_system(&std::io::Error::from_raw_os_error(number)));
            WireError { sign, ..WireError::said(Kind::Unresolved, unresolved.reason) }
        })?;
        Ok(Way { addresses: found.addresses, until: found.since + self.limit, limit: self.limit })
    }

    async fn address_of(&self, to: &Target, only_v4: bool) -> Result<String, WireError> {
        let way = self.way_to(&to.host).await?;
        let found = way.addresses.iter().find(|address| address.is_ipv4() || !only_v4);
        found.map(|address| address.ip().to_string()).ok_or_else(|| WireError::said(Kind::Unresolved, "it has no IPv4 address"))
    }
}

/// The addresses of a host, and the moment until which one must have been reached.
struct Way {
    addresses: Arc<[SocketAddr]>,
    until: Instant,
    limit: Duration,
}

impl Way {
    async fn in_time<T, E>(&self, step: impl Future<Output = Result<T, E>>, host: &str) -> Result<T, WireError>
    where
        E: std::error::Error + 'static,
    {
        let outcome = match timeout_at(self.until, step).await {
            Ok(outcome) => outcome.map_err(|error| WireError::of_connecting(&error)),
            Err(_) => Err(WireError::said(Kind::Late, format!("no connection within {} ms", self.limit.as_millis()))),
        };
        if outcome.as_ref().is_err_and(|error| error.kind != Kind::Untrusted) {
            dns::doubt(host);
        }
        outcome
    }
}

fn connector(way: &Way) -> HttpConnector<Found> {
    let mut connector = HttpConnector::new_with_resolver(Found(Arc::clone(&way.addresses)));
    connector.set_nodelay(true);
    // Shared by the addresses, so that one that does not answer leaves time for the next.
    connector.set_connect_timeout(Some(way.limit));
    connector.set_keepalive(Some(KEEP_ALIVE));
    connector.set_keepalive_interval(Some(KEEP_ALIVE_INTERVAL));
    connector.set_keepalive_retries(Some(KEEP_ALIVE_PROBES));
    #[cfg(any(target_os = "linux", target_os = "android"))]
    connector.set_tcp_user_timeout(Some(UNCONFIRMED));
    connector
}

fn tcp(way: &Way, to: Uri) -> impl Future<Output = Result<TokioIo<TcpStream>, <HttpConnector<Found> as Service<Uri>>::Error>> {
    Lifted::new(connector(way).call(to))
}

/// Has an HTTP proxy, which has been reached, make a tunnel to a host.
async fn tunnel<T>(way: &Way, proxy: &Proxy, to: &Target, io: T) -> Result<T, WireError>
where
    T: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (io, heard) = Overheard::new(io);
    let mut tunnel = Tunnel::new(to.uri()?, AtHand::new(io));
    if let Some(authorization) = &proxy.authorization {
        tunnel = tunnel.with_auth(authorization.clone());
    }
    let made = way.in_time(tunnel.call(to.uri()?), proxy.uri.host().unwrap_or_default()).await;
    made.map(Overheard::into_inner).map_err(|error| error.of_tunnel(&heard.beginning()))
}

fn socket(tcp: TokioIo<TcpStream>) -> Result<Socket, WireError> {
    Socket::new(tcp.into_inner()).map_err(|error| WireError::of_connecting(&error))
}

async fn handshake<T: Bytes>(tls: &Arc<ClientConfig>, host: &str, bytes: T) -> std::io::Result<tokio_rustls::client::TlsStream<T>> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| std::io::Error::other(error.to_string()))?;
    TlsConnector::from(Arc::clone(tls)).connect(name, bytes).await
}

fn uri(scheme: &str, host: &str, port: u16) -> Result<Uri, WireError> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    format!("{scheme}://{host}:{port}/").parse().map_err(|_| WireError::said(Kind::Unreachable, "its name cannot be that of a host"))
}

/// Gives the connector the addresses that have been found already.
#[derive(Clone)]
struct Found(Arc<[SocketAddr]>);

impl Service<Name> for Found {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _name: Name) -> Self::Future {
        ready(Ok(Vec::from(&*self.0).into_iter()))
    }
}

/// A connector whose connection is there already.
struct AtHand<T>(Option<T>);

impl<T> AtHand<T> {
    fn new(connection: T) -> AtHand<T> {
        AtHand(Some(connection))
    }
}

impl<T> Service<Uri> for AtHand<T> {
    type Response = T;
    type Error = std::io::Error;
    type Future = Ready<std::io::Result<T>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _to: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| std::io::ErrorKind::NotConnected.into()))
    }
}
