//! The endpoints: which request each operation is, and what its answer holds.

pub mod devboxes;
pub mod executions;
pub mod files;
pub mod objects;
mod page;
mod params;
mod path;
mod pointer;
mod views;

pub use self::page::{Page, PageRequest};
pub use self::params::Params;
pub use self::pointer::Pointer;
pub use self::views::{DevboxView, ExecutionView, OutputChunk};
