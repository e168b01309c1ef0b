//! The structs of options that a caller fills in.

pub(crate) mod call;
pub(crate) mod exec;
pub(crate) mod source_sink;
pub(crate) mod tree;
