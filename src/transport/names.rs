//! Names of hosts, resolved by the system on the engine's second thread.

use std::net::ToSocketAddrs;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::signals;

/// The system's resolver.
pub struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The thread may be started here, by a thread of the host program's.
            let lookup = signals::all_blocked(|| tokio::task::spawn_blocking(move || (name.as_str(), 0).to_socket_addrs()));
            Ok(Box::new(lookup.await??) as Addrs)
        })
    }
}
