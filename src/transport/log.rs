//! Where the library tells what it does: one function that the embedding program sets.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, RwLock};

use crate::process::{Inherit, PerProcess};

/// How much is told; a level includes those with smaller numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
#[allow(missing_docs)]
pub enum Level {
    Off = 0,
    Error = 1,
    Warn = 2,
    Info = 3,
    Debug = 4,
}

/// The function that is told.
pub type Sink = Arc<dyn Fn(Level, &str) + Send + Sync>;

static LEVEL: AtomicI32 = AtomicI32::new(0);
static SINK: PerProcess<Place> = PerProcess::empty();

#[derive(Default)]
struct Place(RwLock<Option<Sink>>);

impl Inherit for Place {
    /// A child goes on with its parent's function, unless another thread was just setting one.
    fn inherit(parent: Option<&Place>) -> Place {
        let sink = parent.and_then(|parent| parent.0.try_read().ok().and_then(|sink| sink.clone()));
        Place(RwLock::new(sink))
    }
}

/// Replaces the function that is told; `None` silences the library.
pub fn set(level: Level, sink: Option<Sink>) {
    let level = if sink.is_some() { level } else { Level::Off };
    let mut place = SINK.get().0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    *place = sink;
    LEVEL.store(level as i32, Ordering::Relaxed);
}

/// Tells one line, composed only if somebody listens.
pub fn tell(level: Level, line: impl FnOnce() -> String) {
    if level as i32 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    // The function runs outside the lock, so that it may itself set another.
    let sink = SINK.get().0.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone();
    if let Some(sink) = sink {
        // What a server says may hold line feeds; a line of ours holds none.
        let line = line().replace(|c: char| c.is_control(), " ");
        sink(level, &line);
    }
}
