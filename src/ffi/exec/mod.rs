//! Commands: running them, their output, their results.

pub(crate) mod execution;
pub(crate) mod output_stream;
pub(crate) mod result;
