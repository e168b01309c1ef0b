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
}

impl Sign {
    /// Of a failure to connect, by its causes, the outermost first.
    pub fn of_connecting<'a>(mut causes: impl Iterator<Item = &'a (dyn Error + 'static)>) -> Option<Sign> {
        causes.find_map(|cause| match cause.downcast_ref::<rustls::Error>() {
            Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)) => Some(Sign::NoTls),
            Some(_) => None,
            None => cause.downcast_ref::<io::Error>().and_then(Sign::of_system),
        })
    }

    /// Of what the system says.
    fn of_system(error: &io::Error) -> Option<Sign> {
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
            Sign::NoRoute => "No way leads there: check this machine's network, its routes and its VPN, and whether it needs a proxy (HTTPS_PROXY).",
            Sign::TlsCutOff if to_proxy => "It ended the connection while TLS began. Check that the proxy speaks TLS, else begin its URL with http://.",
            Sign::TlsCutOff => {
                "It ended the connection while TLS began. Check the scheme and the port of the base URL (RUNLOOP_BASE_URL), and that the server runs."
            }
            Sign::NoTls if to_proxy => "What it sends is no TLS: if the proxy speaks plain HTTP, begin its URL with http://.",
            Sign::NoTls => {
                "What it sends is no TLS but looks like plain HTTP: check the scheme and the port of the base URL (RUNLOOP_BASE_URL); \
                 an http:// server is not reached by https://."
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
