//! The endpoints: which request each operation is, and what its answer holds.

pub mod account;
pub mod axons;
pub mod blueprints;
pub mod collections;
pub mod devboxes;
pub mod executions;
pub mod files;
pub mod mark;
pub mod network;
pub mod objects;
pub mod operations;
mod page;
mod params;
pub mod path;
mod pointer;
pub mod schema;
pub mod secrets;
pub mod snapshots;
pub mod views;

pub use self::page::{Page, PageRequest};
pub use self::params::Params;
pub use self::pointer::Pointer;
pub use self::views::{BlueprintView, DevboxView, ExecutionView, OutputChunk, SnapshotStatusView};
