//! Commands in a devbox: how they are run, their output, their end.

pub(crate) mod command;
pub(crate) mod delivered;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod delivered_model;
pub(crate) mod execution;
pub(crate) mod options;
pub(crate) mod output;
pub(crate) mod repeatable;
pub(crate) mod result;
pub(crate) mod shell;
pub(crate) mod text;
pub(crate) mod watch;
