//! What goes wrong between the library and a server, as plain facts.

use std::error::Error;
use std::io::ErrorKind;

use super::sign::Sign;

/// How far a request got, and what stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No address of the host is known.
    Unresolved,
    /// The host refused the connection.
    Refused,
    /// No connection came about in time.
    Late,
    /// No connection came about for another reason.
    Unreachable,
    /// The proxy was reached, and made no connection to the host.
    Declined,
    /// One side does not accept the other's certificate, or they have no way of encryption in common: no attempt will change it.
    Untrusted,
    /// The server refused our certificate, or the want of one, after the request had been handed to the connection.
    Rejected,
    /// The connection ended before the request was handed to it.
    Unsent,
    /// The server says that it has not looked at the request: it refused the stream, or was going away.
    Unprocessed,
    /// The connection broke after the request had been handed to it.
    Broken,
}

/// A failure of the wire.
#[derive(Clone, Debug)]
pub struct WireError {
    /// What happened.
    pub kind: Kind,
    /// The innermost reason, in words.
    pub reason: String,
    /// All reasons, the outermost first.
    pub chain: String,
    /// The proxy that it happened at or before, as `host:port`.
    pub proxy: Option<String>,
    /// Whether the connection had carried a request before, so that it may have ended while nobody used it.
    pub reused: bool,
    /// What it is a sign of.
    pub sign: Option<Sign>,
}

impl WireError {
    /// A failure with its causes.
    pub fn new(kind: Kind, error: &(dyn Error + 'static)) -> WireError {
        let mut parts = vec![text_of(error)];
        for cause in causes(error) {
            let text = text_of(cause);
            if parts.last() != Some(&text) {
                parts.push(text);
            }
        }
        WireError {
            kind,
            reason: parts.last().cloned().unwrap_or_default(),
            chain: parts.join(": "),
            proxy: None,
            reused: false,
            sign: None,
        }
    }

    /// A failure that is described by one sentence.
    pub fn said(kind: Kind, reason: impl Into<String>) -> WireError {
        let reason = reason.into();
        WireError { kind, chain: reason.clone(), reason, proxy: None, reused: false, sign: None }
    }

    /// A failure to connect, whose kind follows from its causes.
    pub fn of_connecting(error: &(dyn Error + 'static)) -> WireError {
        let all = || std::iter::once(error).chain(causes(error));
        let sign = Sign::of_connecting(all());
        if let Some(tls) = all().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            let sign = if is_about_certificates(tls) { Some(Sign::ClientCertificate) } else { sign };
            return WireError { sign, ..WireError::new(if is_for_good(tls) { Kind::Untrusted } else { Kind::Unreachable }, tls) };
        }
        let io = all().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).last().map(std::io::Error::kind);
        let kind = match io {
            Some(ErrorKind::ConnectionRefused) => Kind::Refused,
            Some(ErrorKind::TimedOut) => Kind::Late,
            _ => Kind::Unreachable,
        };
        WireError { sign, ..WireError::new(kind, error) }
    }

    /// What became of a request that was handed to a connection.
    pub fn of_exchange(error: &hyper::Error) -> WireError {
        let kind = causes(error).find_map(|cause| {
            if cause.downcast_ref::<h2::Error>().is_some_and(was_never_processed) {
                return Some(Kind::Unprocessed);
            }
            cause.downcast_ref::<rustls::Error>().is_some_and(is_about_certificates).then_some(Kind::Rejected)
        });
        let sign = if kind == Some(Kind::Rejected) { Some(Sign::ClientCertificate) } else { Sign::of_head(error) };
        WireError { sign, ..WireError::new(kind.unwrap_or(Kind::Broken), error) }
    }

    /// A proxy that was reached made no tunnel; what it answered begins so.
    pub fn of_tunnel(self, heard: &[u8]) -> WireError {
        if self.kind == Kind::Late || self.sign.is_some() {
            return self;
        }
        let status = heard.strip_prefix(b"HTTP/1.").and_then(|rest| std::str::from_utf8(rest.get(2..5)?).ok()?.parse::<u16>().ok());
        let (sign, reason) = match status {
            // What follows the number is the proxy's, and may repeat what it was told.
            Some(407) => (Some(Sign::ProxyLogin), "it answered CONNECT with HTTP 407, proxy authorization required".to_owned()),
            Some(http) => (Some(Sign::of_connect_answer(http)), format!("it answered CONNECT with HTTP {http}")),
            None if heard.is_empty() => (None, self.reason),
            None => (Some(Sign::NoTunnels), "its answer to CONNECT is no HTTP".to_owned()),
        };
        WireError { kind: Kind::Declined, sign, reason, ..self }
    }

    /// A SOCKS proxy that was reached made no connection.
    pub fn of_socks(self) -> WireError {
        if self.kind == Kind::Late {
            return self;
        }
        WireError { kind: Kind::Declined, sign: Some(Sign::of_socks(&self.chain)), ..self }
    }

    /// At this proxy, or on the way to it.
    pub fn at_proxy(mut self, proxy: &str) -> WireError {
        self.proxy = Some(proxy.to_owned());
        self
    }

    /// On a connection that had carried a request before.
    pub fn on_reused(mut self, reused: bool) -> WireError {
        self.reused = reused;
        self
    }
}

/// The body of an answer broke off.
impl From<reqwest::Error> for WireError {
    fn from(error: reqwest::Error) -> WireError {
        WireError::new(Kind::Broken, &error.without_url())
    }
}

/// HTTP/2 servers say which requests they have not looked at: refused streams, and those above the last one that
/// a GOAWAY names. Only those get its error; the others break with the connection.
fn was_never_processed(error: &h2::Error) -> bool {
    error.is_remote() && (error.is_go_away() || (error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM)))
}

/// What a server says of certificates may come after the request, and no attempt will change it.
fn is_about_certificates(error: &rustls::Error) -> bool {
    use rustls::AlertDescription as Alert;
    matches!(
        error,
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
                | Alert::NoCertificate
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
        )
    )
}

/// Whether a handshake will fail again. What a gateway says while its servers are away is often no TLS at all, or an alert that
/// is about nothing of ours.
fn is_for_good(error: &rustls::Error) -> bool {
    use rustls::AlertDescription as Alert;
    use rustls::Error as Tls;
    match error {
        Tls::AlertReceived(
            Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity | Alert::NoApplicationProtocol,
        ) => true,
        Tls::AlertReceived(_) => is_about_certificates(error),
        Tls::InvalidMessage(_)
        | Tls::InappropriateMessage { .. }
        | Tls::InappropriateHandshakeMessage { .. }
        | Tls::DecryptError
        | Tls::PeerMisbehaved(_)
        | Tls::PeerSentOversizedRecord
        | Tls::HandshakeNotComplete => false,
        _ => true,
    }
}

/// What an error says, without the text that a server may attach to a GOAWAY: it may repeat secrets, in any spelling.
fn text_of(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<h2::Error>() {
        Some(h2) if h2.is_go_away() => {
            let by = if h2.is_remote() { "received" } else { "detected" };
            let reason = h2.reason().unwrap_or(h2::Reason::NO_ERROR);
            format!("connection error {by}: {reason}")
        }
        _ => error.to_string(),
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(beneath(error), |cause| beneath(*cause))
}

fn beneath<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // An io::Error keeps what it wraps to itself.
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
