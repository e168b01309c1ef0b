//! The endpoints: which request each operation is, and what its answer holds.

pub(crate) mod account;
pub(crate) mod axon;
pub(crate) mod blueprint;
pub(crate) mod collection;
pub(crate) mod create_mark;
pub(crate) mod devbox;
pub(crate) mod exec;
pub(crate) mod object;
pub(crate) mod operations;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod path;
pub(crate) mod pointer;
pub(crate) mod schema;
pub(crate) mod secret;
pub(crate) mod snapshot;
pub(crate) mod views;

pub use page::{Page, PageRequest};
pub use params::Params;
pub use pointer::Pointer;
pub use views::{BlueprintView, DevboxView, ExecutionView, OutputChunk, SnapshotStatusView};
