//! What the requests of a client are sent by.

use std::sync::Arc;
use std::time::Duration;

use once_cell::sync::OnceCell;

use super::call::CallOptions;
use super::connections::{Connections, Membership};
use super::request::Request;
use super::retry::origin::Origin;
use super::retry::Most;
use super::settings::{Settings, Settled};
use crate::engine::runtime::Spawner;

/// Attempts after the first, where neither the call nor the client says.
const DEFAULT_RETRIES: u32 = 5;

/// The part of a transport that work behind a call's back holds on to.
pub(super) struct Wire {
    pub(super) settings: Settings,
    pub(super) connections: Membership,
    pub(super) origin: Arc<Origin>,
    /// What the connections to hosts of signed URLs are made by, when they are needed.
    pub(super) settled: Settled,
    pub(super) storage: OnceCell<Membership>,
    pub(super) engine: Spawner,
}

impl Wire {
    /// The connections to the hosts of signed URLs, which the API's credentials never travel on.
    pub(super) fn storage(&self) -> &Connections {
        self.storage.get_or_init(|| Membership::to_storage(&self.settled, self.settings.connect_timeout, &self.engine))
    }

    /// How long an attempt of a request may take.
    pub(super) fn of_attempt(&self, options: &CallOptions, request: &Request) -> Duration {
        request.within(options.timeout.or(self.settings.timeout))
    }

    pub(super) fn within(&self, options: &CallOptions, operation: Duration) -> Duration {
        options.timeout.or(self.settings.timeout).unwrap_or(operation)
    }

    /// How many attempts may follow the first.
    pub(super) fn most(&self, options: &CallOptions) -> Most {
        let given = options.max_retries.or(self.settings.max_retries);
        Most { retries: given.unwrap_or(DEFAULT_RETRIES), given: given.is_some() }
    }
}
