//! The engine below every blocking call: a runtime, who drives it, and what it needs of helper threads.

pub(crate) mod driver;
pub(crate) mod guarded;
pub(crate) mod helpers;
pub(crate) mod running;
pub(crate) mod runtime;
pub(crate) mod runtime_bound;
pub(crate) mod wakeup;
pub(crate) mod witness;
