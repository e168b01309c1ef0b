//! Writes the constants of the enums that have the attribute `#[c_enum]`, for cbindgen, which knows nothing of it.

use std::path::Path;

use quote::{format_ident, quote};
use syn::{Ident, Item, ItemEnum};

use crate::shared::constant;

/// The enums, in the header's order, with the files below `src` that declare them.
const ENUMS: &[(&str, &str)] = &[
    ("Status", "error.rs"),
    ("Retryable", "error.rs"),
    ("SideEffect", "error.rs"),
    ("Outcome", "sdk/exec/result.rs"),
    ("Which", "sdk/exec/command.rs"),
    ("Level", "log.rs"),
    ("Kind", "ffi/value.rs"),
];

/// Comes before every other file of `src/ffi`, so that its constants come first.
const FILE: &str = "_constants.rs";

/// Writes the constants of all enums into a file in `folder`.
pub fn write(src: &Path, folder: &Path) -> Result<(), String> {
    let mut text = String::new();
    for (name, file) in ENUMS {
        let complaint = |what: &dyn std::fmt::Display| format!("src/{file}: {name}: {what}");
        let source = std::fs::read_to_string(src.join(file)).map_err(|error| complaint(&error))?;
        let parsed = syn::parse_file(&source).map_err(|error| complaint(&error))?;
        let declared = parsed.items.iter().find_map(|item| match item {
            Item::Enum(declared) if declared.ident == name => Some(declared),
            _ => None,
        });
        let declared = declared.ok_or_else(|| complaint(&"there is no such enum"))?;
        let prefix = prefix(declared).ok_or_else(|| complaint(&"lacks #[c_enum(…)]"))?;
        for variant in &declared.variants {
            let documentation = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
            let name = format_ident!("{}", constant(&prefix, &variant.ident.to_string()));
            let (_, number) = variant.discriminant.as_ref().ok_or_else(|| complaint(&"a variant lacks its number"))?;
            text += &quote!(#(#documentation)* pub const #name: i32 = #number;).to_string();
            text.push('\n');
        }
    }
    std::fs::write(folder.join(FILE), text).map_err(|error| format!("{}: {error}", folder.join(FILE).display()))
}

fn prefix(declared: &ItemEnum) -> Option<String> {
    let attribute = declared.attrs.iter().find(|attribute| attribute.path().is_ident("c_enum"))?;
    attribute.parse_args::<Ident>().ok().map(|prefix| prefix.to_string())
}
