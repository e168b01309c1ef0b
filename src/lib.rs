//! The Runloop SDK behind a C ABI: devboxes, commands and files for every language that can call C.
//!
//! The layers, each knowing only those below it: `ffi` (the C boundary), `sdk` (the nouns and what
//! they do, blocking), `api` (endpoints and wire types), `transport` (HTTP and its policies). Beside
//! them `archive`: directories packed and unpacked. Below all: `error`,
//! `panics`, `random`, `descriptors`, `named_descriptor`, `access_list`, `write_signals`, and `process`, by which forks are noticed.

#![deny(unsafe_code)]

pub mod api;
pub mod archive;
pub(crate) mod engine;
pub mod error;
#[allow(unsafe_code)]
pub mod ffi;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
pub mod log;
pub(crate) mod os;
pub mod panics;
pub mod sdk;
pub mod transport;
