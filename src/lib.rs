//! The Runloop SDK behind a C ABI: devboxes, commands and files for every language that can call C.
//!
//! The layers, each knowing only those below it: `ffi` (the C boundary), `sdk` (the nouns and what
//! they do, blocking), `api` (endpoints and wire types), `transport` (HTTP and its policies). Beside
//! them `archive`: directories packed and unpacked. Below: `engine`, the runtime that every call is run on,
//! `os`, what is asked of the operating system, and the ground, `error`, `log` and `panics`.

#![deny(unsafe_code)]

pub(crate) mod api;
pub(crate) mod archive;
pub(crate) mod engine;
pub(crate) mod error;
#[allow(unsafe_code)]
pub mod ffi;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzz;
pub(crate) mod log;
pub(crate) mod os;
pub(crate) mod panics;
pub(crate) mod sdk;
pub(crate) mod transport;
