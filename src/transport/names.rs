//! Names of hosts, resolved by the system on helper threads, since the system's resolver blocks.

use std::net::ToSocketAddrs;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

use super::helpers::Helpers;

/// The threads that names are resolved on.
pub(super) static RESOLVERS: Helpers = Helpers::new("runloop-names", 1);

/// The system's resolver.
pub struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            RESOLVERS.run(move || {
                // Nobody may be waiting any more.
                let _ = done.send((name.as_str(), 0).to_socket_addrs());
            })?;
            Ok(Box::new(outcome.await??) as Addrs)
        })
    }
}
