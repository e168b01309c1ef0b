//! What a failure of the wire is a sign of, where that asks for a next step of its own.

use std::error::Error;
use std::io;

use nix::errno::Errno;

/// What lies behind a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The process may open no further file or socket.
    FilesOfProcess,
    /// The machine may not either.
    FilesOfMachine,
    /// The system has no memory for a connection.
    Memory,
    /// This machine has no port, or no address, to connect from.
    Ports,
    /// This machine does not let the process connect.
    Forbidden,
    /// No way leads to the address.
    NoRoute,
    /// The peer ended the connection while TLS began.
    TlsCutOff,
    /// What the peer sends is no TLS.
    NoTls,
    /// What the peer sends is no HTTP.
    NoHttp,
    /// The head of an answer is too long, or has too many fields.
    LongHead,
    /// The head of an answer contradicts itself, or has a field that cannot be read.
    BadHead,
    /// The certificate is of yesterday, or this machine's clock is of tomorrow.
    Expired,
    /// The other way round.
    NotYetValid,
    /// The certificate is for other hosts.
    WrongName,
    /// The certificate is of an authority that is not trusted.
    UnknownIssuer,
    /// The certificate is its own authority.
    SelfSigned,
    /// The certificate cannot be used for another reason.
    BadCertificate,
    /// The two sides have no way of encryption in common.
    NoCommonTls,
    /// The peer does not accept the client's certificate, or the want of one.
    ClientCertificate,
    /// The proxy does not know the client.
    ProxyLogin,
    /// The same, of one that speaks SOCKS.
    SocksLogin,
    /// The proxy does not let the client through to this host.
    ProxyForbids,
    /// The proxy sends the client elsewhere.
    ProxyRedirects,
    /// The proxy did not reach the host.
    ProxyInVain,
    /// What answers makes no tunnels.
    NoTunnels,
    /// What answers does not speak SOCKS, or not this version of it.
    NoSocks,
}

impl Sign {
    /// Of a failure to connect, by its causes, the outermost first.
    pub fn of_connecting<'a>(mut causes: impl Iterator<Item = &'a (dyn Error + 'static)>) -> Option<Sign> {
        causes.find_map(|cause| match cause.downcast_ref::<rustls::Error>() {
            Some(tls) => Sign::of_tls(tls),
            None => cause.downcast_ref::<io::Error>().and_then(Sign::of_system),
        })
    }

    /// Of a handshake.
    pub fn of_tls(error: &rustls::Error) -> Option<Sign> {
        use rustls::AlertDescription as Alert;
        use rustls::{CertificateError as Certificate, Error as Tls};
        Some(match error {
            Tls::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => Sign::NoTls,
            Tls::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => Sign::Expired,
            Tls::InvalidCertificate(Certificate::NotValidYet | Certificate::NotValidYetContext { .. }) => Sign::NotYetValid,
            Tls::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => Sign::WrongName,
            Tls::InvalidCertificate(Certificate::UnknownIssuer) => Sign::UnknownIssuer,
            Tls::InvalidCertificate(Certificate::Other(other)) if other.to_string().contains("CaUsedAsEndEntity") => Sign::SelfSigned,
            Tls::InvalidCertificate(_) => Sign::BadCertificate,
            Tls::PeerIncompatible(_) => Sign::NoCommonTls,
            Tls::AlertReceived(
                Alert::HandshakeFailure | Alert::ProtocolVersion | Alert::InsufficientSecurity | Alert::NoApplicationProtocol,
            ) => Sign::NoCommonTls,
            _ => return None,
        })
    }

    /// Of an answer whose head hyper cannot read.
    pub fn of_head(error: &hyper::Error) -> Option<Sign> {
        if !error.is_parse() {
            return None;
        }
        // hyper tells in words alone what it is.
        let fields = ["content-length", "transfer-encoding", "HTTP header"];
        let said = error.to_string();
        Some(if said.contains("head is too large") {
            Sign::LongHead
        } else if fields.iter().any(|field| said.contains(field)) {
            Sign::BadHead
        } else {
            Sign::NoHttp
        })
    }

    /// Of a proxy's answer to CONNECT.
    pub fn of_connect_answer(http: u16) -> Sign {
        match http {
            401 | 407 => Sign::ProxyLogin,
            403 | 451 => Sign::ProxyForbids,
            300..=399 => Sign::ProxyRedirects,
            408 | 429 | 500 | 502..=599 => Sign::ProxyInVain,
            _ => Sign::NoTunnels,
        }
    }

    /// Of what went wrong with a SOCKS proxy, which the crate tells in words alone.
    pub fn of_socks(said: &str) -> Sign {
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["authentication", "credentials", "ident"]) {
            Sign::SocksLogin
        } else if has(&["not allowed"]) {
            Sign::ProxyForbids
        } else if has(&["general server failure", "unreachable", "refused", "expired", "failed to execute", "resolve"]) {
            Sign::ProxyInVain
        } else {
            Sign::NoSocks
        }
    }

    /// Whether another attempt would meet with the same.
    pub fn is_for_good(self) -> bool {
        matches!(self, Sign::ProxyLogin | Sign::SocksLogin | Sign::ProxyForbids | Sign::ProxyRedirects | Sign::NoTunnels | Sign::NoSocks)
    }

    /// Of what the system says.
    pub fn of_system(error: &io::Error) -> Option<Sign> {
        let Some(number) = error.raw_os_error() else {
            return (error.kind() == io::ErrorKind::UnexpectedEof).then_some(Sign::TlsCutOff);
        };
        match Errno::from_raw(number) {
            Errno::EMFILE => Some(Sign::FilesOfProcess),
            Errno::ENFILE => Some(Sign::FilesOfMachine),
            Errno::ENOMEM | Errno::ENOBUFS => Some(Sign::Memory),
            Errno::EADDRNOTAVAIL | Errno::EADDRINUSE | Errno::EAGAIN => Some(Sign::Ports),
            Errno::EACCES | Errno::EPERM => Some(Sign::Forbidden),
            Errno::ENETUNREACH | Errno::EHOSTUNREACH | Errno::ENETDOWN | Errno::EHOSTDOWN | Errno::EAFNOSUPPORT => Some(Sign::NoRoute),
            _ => None,
        }
    }

    /// Whether the machine has nothing left to connect with, until the program, or another, gives something back.
    pub fn is_shortage(self) -> bool {
        matches!(self, Sign::FilesOfProcess | Sign::FilesOfMachine | Sign::Memory)
    }

    /// What to do, where the connection was to a server, or to a proxy.
    pub fn next_step(self, to_proxy: bool) -> &'static str {
        match self {
            Sign::FilesOfProcess => "The process has as many files open as it may: close some, or raise its limit (RLIMIT_NOFILE, ulimit -n).",
            Sign::FilesOfMachine => "The machine has as many files open as it may: close some, or raise its limit (fs.file-max).",
            Sign::Memory => "Free memory, or look at the limits of the process and of its container.",
            Sign::Ports => {
                "This machine has no free port to connect from, or no address of that kind: use one client for all calls, so that connections \
                 are used again, make fewer calls at a time, or widen the range of ports (net.ipv4.ip_local_port_range)."
            }
            Sign::Forbidden => "This machine does not let the process connect: look at its firewall, and at the policy of its sandbox or container.",
            Sign::NoRoute => "There is no route to it: check this machine's network, its routes and its VPN, and whether it needs a proxy (HTTPS_PROXY).",
            Sign::TlsCutOff if to_proxy => "It ended the connection while TLS began. Check that the proxy speaks TLS, else begin its URL with http://.",
            Sign::TlsCutOff => {
                "It ended the connection while TLS began. Check the scheme and the port of the base URL (RUNLOOP_BASE_URL), and that the server runs."
            }
            Sign::NoTls if to_proxy => "It does not answer with TLS: if the proxy speaks plain HTTP, begin its URL with http://.",
            Sign::NoTls => {
                "Its answer is not TLS but looks like plain HTTP: check the scheme and the port of the base URL (RUNLOOP_BASE_URL); \
                 an http:// server is not reached by https://."
            }
            Sign::LongHead => {
                "The head of its answer has more than 100 fields, or is too long: have the server, or the proxy before it, send fewer (cookies?)."
            }
            Sign::BadHead => {
                "It speaks HTTP, but the head of its answer contradicts itself (two lengths?) or has a field that cannot be read: mend the \
                 server, or the proxy before it."
            }
            Sign::Expired => {
                "The certificate has expired, unless this machine's clock is wrong: have it renewed at the server, or set the clock."
            }
            Sign::NotYetValid => {
                "The certificate is not valid yet, unless this machine's clock is wrong: set the clock, or have the server's certificate reissued."
            }
            Sign::WrongName if to_proxy => "The certificate is for another host: check the host in the proxy's URL.",
            Sign::WrongName => "The certificate is for another host: check the host of the base URL (RUNLOOP_BASE_URL), or have a certificate issued that names it.",
            Sign::UnknownIssuer | Sign::BadCertificate if to_proxy => {
                "Check the proxy's address and certificate. If your own CA issued the certificate, name the CA's file with \
                 runloop_config_set_ca_file or SSL_CERT_FILE."
            }
            Sign::UnknownIssuer => {
                "If your own CA issued the server's certificate, or a proxy that inspects the traffic did, name the CA's file with \
                 runloop_config_set_ca_file or SSL_CERT_FILE."
            }
            Sign::SelfSigned => {
                "The certificate is self-signed, as an authority's: have the server use one that is signed by an authority, and name the \
                 authority's file with runloop_config_set_ca_file or SSL_CERT_FILE."
            }
            Sign::BadCertificate => "The server's certificate cannot be used: have it reissued. If your own CA issued it, name its file with runloop_config_set_ca_file.",
            Sign::NoCommonTls => "The two sides have no version of TLS or no cipher in common: this library speaks TLS 1.2 and 1.3. Check what answers there.",
            Sign::ClientCertificate => {
                "It requires a client certificate, or does not accept the one it received: see runloop_config_set_client_certificate."
            }
            Sign::ProxyLogin => {
                "It wants a name and a password, or does not accept those given: put the proxy's credentials into its URL, as in http://user:password@host:3128 \
                 (runloop_config_set_proxy, HTTPS_PROXY)."
            }
            Sign::SocksLogin => {
                "It wants other credentials, or none: put the proxy's user and password into its URL, as in socks5h://user:password@host:1080, or \
                 leave them out (runloop_config_set_proxy, HTTPS_PROXY)."
            }
            Sign::ProxyForbids => {
                "It does not let this client through to that host: ask who runs the proxy, use another, or reach the host directly (NO_PROXY)."
            }
            Sign::ProxyRedirects => {
                "It redirects clients, for example to a page for logging in: log in there, or check the proxy's address (runloop_config_set_proxy, HTTPS_PROXY)."
            }
            Sign::ProxyInVain => {
                "The proxy works but did not reach that host: check the base URL (RUNLOOP_BASE_URL), and that the server runs, and try again later."
            }
            Sign::NoTunnels => {
                "What answers there makes no tunnels: check that it is a proxy for https:// hosts (runloop_config_set_proxy, HTTPS_PROXY)."
            }
            Sign::NoSocks => {
                "What answers there does not speak this version of SOCKS: check the address and the scheme of the proxy's URL (socks5h://, socks4a://, http://)."
            }
            Sign::NoHttp => {
                "What it sends is no HTTP: check the scheme and the port of the base URL (RUNLOOP_BASE_URL); if the server speaks TLS, \
                 begin it with https://."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own_next_step() {
        for (errno, part) in [
            (Errno::EMFILE, "RLIMIT_NOFILE"),
            (Errno::ENFILE, "fs.file-max"),
            (Errno::ENOMEM, "memory"),
            (Errno::EADDRNOTAVAIL, "port"),
            (Errno::EAGAIN, "port"),
            (Errno::EACCES, "firewall"),
            (Errno::ENETUNREACH, "routes"),
        ] {
            let error = io::Error::from(errno);
            let sign = Sign::of_connecting(std::iter::once(&error as &(dyn Error + 'static)));
            assert!(sign.is_some_and(|sign| sign.next_step(false).contains(part)), "{errno}");
        }
        let refused = io::Error::from(Errno::ECONNREFUSED);
        assert_eq!(Sign::of_connecting(std::iter::once(&refused as &(dyn Error + 'static))), None);
    }
}
