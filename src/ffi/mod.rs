//! The C boundary: `extern "C"` functions, and nothing else is decided here.
//!
//! Every exported function consists of one `boundary!` or `quiet!`, which check its arguments,
//! stop panics, notice a fork and box the error. `include/runloop.h` is made from these files.

#![allow(non_camel_case_types)]
// The safety rules of every exported function are those of the header's first page.
#![allow(clippy::missing_safety_doc)]

#[macro_use]
mod boundary;
#[macro_use]
mod handles;
#[macro_use]
mod sized;
mod access_list;
mod account;
mod arguments;
mod axon;
mod axon_list;
mod blueprint;
mod blueprint_list;
mod bytes;
mod call_options;
mod callbacks;
mod cancel;
mod cancellation;
mod client;
mod config;
mod devbox;
mod devbox_life;
mod devbox_list;
mod directory;
mod error;
mod event_stream;
mod exec_options;
mod exec_result;
mod execution;
mod file;
mod fork;
mod gateway_config;
mod library;
mod mcp_config;
mod named;
mod network;
mod network_policy;
mod object;
mod object_download;
mod object_list;
mod object_upload;
mod output_stream;
mod params;
mod secret;
mod snapshot;
mod status;
mod transfer_ends;
mod tree_options;
mod value;
mod write_signals;
