#![no_main]
//! The emulator is a program and no library: the parser's own files are built here.
#![allow(dead_code, unused_imports)]

#[path = "../../emulator/src/blueprint/dockerfile/mod.rs"]
mod dockerfile;
#[path = "../../emulator/src/fuzz/dockerfile.rs"]
mod target;

mod blueprint {
    pub(crate) use crate::dockerfile;
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::dockerfile(data));
