//! The endpoints: which request each operation is, and what its answer holds.

pub mod account;
pub mod axon;
pub mod blueprint;
pub mod collection;
pub mod create_mark;
pub mod devbox;
pub mod exec;
pub mod object;
pub mod operations;
pub(crate) mod page;
pub(crate) mod params;
pub mod path;
pub(crate) mod pointer;
pub mod schema;
pub mod secret;
pub mod snapshot;
pub mod views;

pub use page::{Page, PageRequest};
pub use params::Params;
pub use pointer::Pointer;
pub use views::{BlueprintView, DevboxView, ExecutionView, OutputChunk, SnapshotStatusView};
