//! Whose port it is: devboxes share the host's network, and a tunnel leads into its own devbox only.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Mutex;

/// Of listening sockets, by their kernel's number, the devbox that was found to hold each.
#[derive(Default)]
pub struct Owners {
    known: Mutex<HashMap<u64, String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listener {
    address: IpAddr,
    inode: u64,
}

impl Owners {
    pub fn clear(&self) {
        self.known.lock().unwrap().clear();
    }

    /// The addresses of this machine at which a process of the devbox listens. `processes` are the
    /// devbox's own.
    pub fn addresses(&self, devbox: &str, port: u16, processes: impl FnOnce() -> Vec<i32>) -> Vec<IpAddr> {
        let mut listeners = read("/proc/net/tcp", port);
        listeners.extend(read("/proc/net/tcp6", port));
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        // Who answers at an address is the listener that names it most exactly.
        let at = loopback.map(|address| (address, answering(&listeners, address)));
        let mut processes = Some(processes);
        let mut sockets = None;
        let mut owned = |inode: u64| {
            if self.known.lock().unwrap().get(&inode).is_some_and(|owner| owner == devbox) {
                return true;
            }
            let held = sockets.get_or_insert_with(|| processes.take().map_or_else(Vec::new, |list| sockets_of(&list())));
            let ours = held.contains(&inode);
            if ours {
                self.known.lock().unwrap().insert(inode, devbox.to_string());
            }
            ours
        };
        at.into_iter().filter(|(_, listener)| listener.is_some_and(|l| owned(l.inode))).map(|(address, _)| address).collect()
    }
}

fn answering(listeners: &[Listener], address: IpAddr) -> Option<Listener> {
    let any_of_kind = match address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let wanted = [address, any_of_kind, IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
    wanted.into_iter().find_map(|wanted| listeners.iter().find(|l| l.address == wanted).copied())
}

fn read(path: &str, port: u16) -> Vec<Listener> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| parse(line, port)).collect()
}

/// sl local remote state … inode …, numbers in hexadecimal, addresses in words of this machine.
fn parse(line: &str, wanted: u16) -> Option<Listener> {
    const LISTENING: &str = "0A";
    let mut fields = line.split_ascii_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    let state = fields.nth(1)?;
    if u16::from_str_radix(port, 16).ok()? != wanted || state != LISTENING {
        return None;
    }
    let inode = fields.nth(5)?.parse().ok()?;
    Some(Listener { address: ip(address)?, inode })
}

fn ip(hex: &str) -> Option<IpAddr> {
    let words = hex.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok());
    let bytes: Vec<u8> = words.collect::<Option<Vec<u32>>>()?.iter().flat_map(|word| word.to_ne_bytes()).collect();
    match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(bytes) => Some(bytes.into()),
        Err(_) => <[u8; 16]>::try_from(bytes.as_slice()).ok().map(IpAddr::from),
    }
}

/// The sockets that processes hold open.
fn sockets_of(processes: &[i32]) -> Vec<u64> {
    let mut sockets = Vec::new();
    for pid in processes {
        for entry in std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten() {
            let link = std::fs::read_link(entry.path()).unwrap_or_default();
            let inode: Option<u64> = link.to_str().and_then(|link| link.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok());
            sockets.extend(inode);
        }
    }
    sockets
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_listener_is_found_with_its_owner() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let owners = Owners::default();
        let own = || vec![std::process::id() as i32];
        assert_eq!(owners.addresses("dbx", port, || vec![1]), [] as [IpAddr; 0]);
        assert_eq!(owners.addresses("dbx", port, own), [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        // Known from now on, but not as another's.
        assert_eq!(owners.addresses("dbx", port, Vec::new), [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        assert_eq!(owners.addresses("other", port, Vec::new), [] as [IpAddr; 0]);
        drop(listener);
        assert_eq!(owners.addresses("dbx", port, own), [] as [IpAddr; 0]);
    }

    #[test]
    fn the_exact_listener_answers() {
        let at = |address: &str, inode| Listener { address: address.parse().unwrap(), inode };
        let all = [at("::", 1), at("0.0.0.0", 2), at("127.0.0.1", 3), at("10.0.0.1", 4)];
        let found = |n: usize, address: &str| answering(&all[..n], address.parse().unwrap()).map(|l| l.inode);
        assert_eq!(found(4, "127.0.0.1"), Some(3));
        assert_eq!(found(2, "127.0.0.1"), Some(2));
        assert_eq!(found(1, "127.0.0.1"), Some(1));
        assert_eq!(found(4, "::1"), Some(1));
        assert_eq!(answering(&all[3..], "127.0.0.1".parse().unwrap()), None);
    }
}
