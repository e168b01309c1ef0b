#![no_main]
//! The emulator is a program and no library: the checks' own files are built here.
#![allow(dead_code)]

#[path = "../../emulator/src/http/check.rs"]
mod check;
#[path = "../../emulator/src/http/openapi.rs"]
mod openapi;
#[path = "../../emulator/src/http/schema.rs"]
mod schema;
#[path = "../../emulator/src/fuzz/requests.rs"]
mod target;

mod http {
    pub(crate) use crate::{check, openapi, schema};
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::requests(data));
