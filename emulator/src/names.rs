//! The host names that are ours, and what they stand for.

/// `{port}-{key}`, which names a port of a devbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    pub port: u16,
    pub key: String,
}

pub struct Names {
    domain: Option<String>,
}

impl Names {
    pub fn new(domain: Option<String>) -> Names {
        Names { domain }
    }

    /// Names of this machine alone, and those of the domain that we were given.
    pub fn are_ours(&self, host: &str) -> bool {
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        // What is below a number is nobody's: the official SDKs make such names of an address.
        let tunnel = name.split_once(".tunnel.").map(|(_, rest)| rest);
        is_loopback(&name) || tunnel.is_some_and(is_loopback) || self.in_domain(&name)
    }

    fn in_domain(&self, name: &str) -> bool {
        let below = |domain: &String| name.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.domain.as_ref().is_some_and(below)
    }

    /// The port and key of `{port}-{key}.tunnel.…`.
    pub fn door(&self, host: &str) -> Option<Door> {
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let (label, rest) = name.split_once(".tunnel.")?;
        match self.are_ours(rest) {
            true => Door::parse(label),
            false => None,
        }
    }

    /// What a certificate of ours has to be good for.
    pub fn of_certificate(&self) -> Vec<String> {
        let mut names = vec!["localhost".into(), "api.localhost".into(), "*.tunnel.localhost".into()];
        for address in ["127.0.0.1", "localhost"].map(String::from).iter().chain(&self.domain) {
            names.push(format!("*.tunnel.{address}"));
        }
        if let Some(domain) = &self.domain {
            names.extend([domain.clone(), format!("api.{domain}"), format!("*.ssh.{domain}")]);
        }
        names.sort();
        names.dedup();
        names
    }
}

impl Door {
    pub fn parse(label: &str) -> Option<Door> {
        let (port, key) = label.split_once('-')?;
        let port = port.parse().ok().filter(|port| *port != 0 && label.as_bytes()[0].is_ascii_digit())?;
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        plain.then(|| Door { port, key: key.to_string() })
    }
}

pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names() {
        for host in ["127.0.0.1", "localhost", "[::1]", "127.9.9.9", "api.localhost", "LOCALHOST."] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["example.com", "127.0.0.1.example.com", "10.0.0.1", "localhost.evil", "?", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn names_of_the_domain() {
        let names = Names::new(Some("runloop.test".into()));
        for host in ["api.runloop.test", "runloop.test", "1-a.tunnel.runloop.test.", "API.Runloop.Test", "localhost"] {
            assert!(names.are_ours(host), "{host}");
        }
        for host in ["evilrunloop.test", "api.runloop.test.evil", "test", "1-a.tunnel.evil.test"] {
            assert!(!names.are_ours(host), "{host}");
        }
    }

    #[test]
    fn doors() {
        let names = Names::new(Some("runloop.test".into()));
        let door = |port, key: &str| Some(Door { port, key: key.into() });
        for (host, expected) in [
            ("8080-abc1.tunnel.localhost", door(8080, "abc1")),
            ("8080-ABC1.tunnel.127.0.0.1", door(8080, "abc1")),
            ("1-x.tunnel.runloop.test", door(1, "x")),
            ("1-x.tunnel.evil.test", None),
            ("0-x.tunnel.localhost", None),
            ("+1-x.tunnel.localhost", None),
            ("65536-x.tunnel.localhost", None),
            ("8080.tunnel.localhost", None),
            ("localhost", None),
        ] {
            assert_eq!(names.door(host), expected, "{host}");
        }
    }
}
