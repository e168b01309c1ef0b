//! The C boundary: `extern "C"` functions, and nothing else is decided here.
//!
//! Every exported function has the attribute `#[export]`, which checks its arguments, stops panics, notices a
//! fork and boxes the error. `include/runloop.h` is made from these files.

#![allow(non_camel_case_types)]
// The safety rules of every exported function are those of the header's first page.
#![allow(clippy::missing_safety_doc)]

#[macro_use]
pub(crate) mod boundary;
pub(crate) mod account;
pub(crate) mod axon;
pub(crate) mod blueprint;
pub(crate) mod cancel;
pub(crate) mod client;
pub(crate) mod collections;
pub(crate) mod config;
pub(crate) mod devbox;
pub(crate) mod event_stream;
pub(crate) mod exec;
pub(crate) mod library;
pub(crate) mod object;
pub(crate) mod options;
pub(crate) mod params;
pub(crate) mod secret;
pub(crate) mod snapshot;
pub(crate) mod value;
