//! The Runloop SDK behind a C ABI: devboxes, commands and files for every language that can call C.
//!
//! The layers, each knowing only those below it: `ffi` (the C boundary), `sdk` (the nouns and what
//! they do, blocking), `api` (endpoints and wire types), `transport` (HTTP and its policies).

pub mod error;
pub mod api;
pub mod sdk;
pub mod transport;
