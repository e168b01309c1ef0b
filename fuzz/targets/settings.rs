#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| runloop::fuzz::settings(data));
