//! The clean-ups of a client, which its end waits for: work that goes on after the call that caused it has returned.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::engine::runtime::Engine;
use crate::engine::runtime_bound::Home;
use crate::log;

/// How long closing a client waits for its calls to end and for its clean-ups.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How many requests the clean-ups of a client may have under way; calls of the program's own come first.
const REQUESTS: usize = 8;
/// The clean-ups of one client, and the calls that may begin some.
#[derive(Default)]
pub(super) struct Cleanups {
    calls: TaskTracker,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// One, unless runtimes broke.
    groups: Vec<Arc<Group>>,
    closing: bool,
}

/// Clean-ups that run in one runtime.
pub(super) struct Group {
    pub(super) home: Home,
    pub(super) tasks: TaskTracker,
    pub(super) closing: CancellationToken,
    pub(super) over: CancellationToken,
    pub(super) room: Arc<Semaphore>,
}

impl Group {
    fn new(home: Home) -> Group {
        Group {
            home,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            over: CancellationToken::new(),
            room: Arc::new(Semaphore::new(REQUESTS)),
        }
    }

    /// The client is closed: what is under way is to end soon, and can be waited for.
    fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
    }
}

impl Cleanups {
    /// The calls that may begin some.
    pub(super) fn calls(&self) -> &TaskTracker {
        &self.calls
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// All groups: those whose runtime is lost, and the others.
    fn groups(&self) -> (Vec<Arc<Group>>, Vec<Arc<Group>>) {
        let groups = self.state().groups.clone();
        groups.into_iter().partition(|group| group.home.is_found_lost())
    }

    /// Those of the runtime that runs.
    pub(super) fn group(&self, engine: &Engine) -> Arc<Group> {
        let home = engine.home();
        let mut state = self.state();
        if let Some(group) = state.groups.iter().find(|group| group.home.is(&home)) {
            return Arc::clone(group);
        }
        let group = Arc::new(Group::new(home));
        if state.closing {
            group.close();
        }
        state.groups.push(Arc::clone(&group));
        group
    }

    /// Waits until the calls under way and the clean-ups have ended, and gives up those that take too long.
    /// A call whose callback runs at this moment is not waited for: it may be the one that closes the client.
    pub(super) fn finish(&self, engine: &Engine) {
        if engine.is_of_parent() {
            return;
        }
        self.calls.close();
        self.state().closing = true;
        let (lost, sound) = self.groups();
        if lost.iter().any(|group| !group.tasks.is_empty()) {
            let why = "the program has closed the descriptors by which the library waits";
            log::tell(log::Level::Warn, || format!("Clean-ups were given up: {why}. What was to be cleaned up may still exist."));
        }
        sound.iter().for_each(|group| group.close());
        if self.calls.is_empty() && sound.iter().all(|group| group.tasks.is_empty()) {
            return;
        }
        let all = async {
            self.calls.wait().await;
            // Those that the calls have begun at their end are among them.
            for group in self.groups().1 {
                group.tasks.wait().await;
            }
        };
        if !matches!(engine.block_on(all, Some(Instant::now() + PATIENCE)), Ok(Some(()))) {
            self.groups().1.iter().for_each(|group| group.over.cancel());
        }
        log::flush();
    }
}
