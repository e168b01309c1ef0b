//! What the linker is told about the shared library, and what strict parameters are checked against.

#[path = "spec/compact.rs"]
mod compact;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=spec/compact.rs");
    println!("cargo:rerun-if-changed=spec/openapi.json");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,librunloop.so.0");
        // The library's threads and thread-local destructors must not lose their code to a dlclose.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    let description = std::fs::read_to_string("spec/openapi.json").expect("spec/openapi.json can be read");
    let folder = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(std::path::Path::new(&folder).join("schema.json"), compact::compact(&description)).expect("OUT_DIR can be written");
}
