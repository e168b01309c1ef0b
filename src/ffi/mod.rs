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
mod arguments;
mod bytes;
mod call_options;
mod callbacks;
mod cancel;
mod client;
mod config;
mod devbox;
mod devbox_list;
mod directory;
mod error;
mod exec_options;
mod exec_result;
mod execution;
mod file;
mod library;
mod object;
mod object_download;
mod object_list;
mod object_upload;
mod output_stream;
mod params;
mod sized;
mod status;
mod transfer_ends;
mod tree_options;
mod value;
