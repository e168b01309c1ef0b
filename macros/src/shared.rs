//! What the attributes and `tools/surface`, which compiles this file too, have to see alike.

use syn::{ReturnType, Type};

/// Whether a function returns `Result<()>`, which C sees as a status and an error.
pub fn can_fail(output: &ReturnType) -> bool {
    let ReturnType::Type(_, output) = output else { return false };
    matches!(&**output, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

/// The name of a variant's constant in C: `DevboxFailed` with the prefix `RUNLOOP` is `RUNLOOP_DEVBOX_FAILED`.
pub fn constant(prefix: &str, variant: &str) -> String {
    let mut name = prefix.to_owned();
    for letter in variant.chars() {
        if letter.is_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}
