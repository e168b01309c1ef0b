//! The bindings' typed parameters and answers, from `spec/openapi.json`, and the enums that C has as
//! constants, from the Rust sources.
//!
//! `model` reads the description; each language has an emitter of its own.

mod c;
mod c_enums;
mod cpp;
mod docs;
mod go;
mod model;
mod names;
mod operations;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::Generated;

/// The files.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let text = std::fs::read_to_string(root.join("spec/openapi.json")).map_err(|error| format!("spec/openapi.json: {error}"))?;
    let model = model::Model::read(&text)?;
    let mut files = c_enums::emit(root)?;
    for emit in [c::emit, cpp::emit, go::emit] {
        files.extend(emit(&model));
    }
    Ok(files)
}
