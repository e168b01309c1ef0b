//! What keeps a devbox from being idle.

use std::sync::Arc;
use tokio::sync::watch;

/// Tells of every use of a devbox, with the number of commands and connections that last.
#[derive(Clone, Default)]
pub struct Activity {
    users: Arc<watch::Sender<usize>>,
}

/// Somebody uses the devbox for as long as this exists.
pub struct InUse {
    activity: Activity,
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.activity.users.send_modify(|users| *users -= 1);
    }
}

impl Activity {
    /// The devbox is not idle while this is held, and its idle time begins anew after that.
    pub fn in_use(&self) -> InUse {
        self.users.send_modify(|users| *users += 1);
        InUse { activity: self.clone() }
    }

    /// Its idle time begins anew.
    pub fn noticed(&self) {
        self.users.send_modify(|_| {});
    }

    /// How many use it.
    pub fn watch(&self) -> watch::Receiver<usize> {
        self.users.subscribe()
    }
}
