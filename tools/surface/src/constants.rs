//! The constants of the enums that have the attribute `#[c_enum]`.

use std::path::Path;

use quote::{format_ident, quote};
use syn::{Attribute, Expr, Ident, Item, ItemEnum, Lit, Meta};

use crate::shared::constant;

/// The enums, in the header's order, with the files below `src` that declare them.
const ENUMS: &[(&str, &str)] = &[
    ("Status", "error.rs"),
    ("Retryable", "error.rs"),
    ("SideEffect", "error.rs"),
    ("Outcome", "sdk/exec/result.rs"),
    ("StdStream", "sdk/exec/options.rs"),
    ("Level", "log.rs"),
    ("Kind", "ffi/value.rs"),
];

/// An enum.
pub struct Enumeration {
    /// The lines of its documentation.
    pub documentation: Vec<String>,
    pub constants: Vec<Constant>,
}

/// A variant.
pub struct Constant {
    /// As Rust spells it.
    pub variant: String,
    /// As C spells it.
    pub name: String,
    /// The lines of its documentation.
    pub documentation: Vec<String>,
    number: Expr,
}

/// The constants of all enums, as Rust that cbindgen understands.
pub fn declarations(root: &Path) -> Result<String, String> {
    let mut text = String::new();
    for (name, file) in ENUMS {
        for constant in read(root, name, file)?.constants {
            let (name, number, documentation) = (format_ident!("{}", constant.name), &constant.number, &constant.documentation);
            text += &quote!(#(#[doc = #documentation])* pub const #name: i32 = #number;).to_string();
            text.push('\n');
        }
    }
    Ok(text)
}

/// The enum of this name.
pub fn enumeration(root: &Path, name: &str) -> Result<Enumeration, String> {
    let found = ENUMS.iter().find(|(known, _)| *known == name);
    found.map_or_else(|| Err(format!("no enum {name} is listed in constants.rs")), |(name, file)| read(root, name, file))
}

fn read(root: &Path, name: &str, file: &str) -> Result<Enumeration, String> {
    let complaint = |what: &dyn std::fmt::Display| format!("src/{file}: {name}: {what}");
    let source = std::fs::read_to_string(root.join("src").join(file)).map_err(|error| complaint(&error))?;
    let parsed = syn::parse_file(&source).map_err(|error| complaint(&error))?;
    let declared = parsed.items.into_iter().find_map(|item| match item {
        Item::Enum(declared) if declared.ident == name => Some(declared),
        _ => None,
    });
    let declared = declared.ok_or_else(|| complaint(&"there is no such enum"))?;
    let prefix = prefix(&declared).ok_or_else(|| complaint(&"lacks #[c_enum(…)]"))?;
    let documentation = declared.attrs.iter().filter_map(line).collect();
    let constants = declared.variants.into_iter().map(|variant| {
        let (_, number) = variant.discriminant.ok_or_else(|| complaint(&"a variant lacks its number"))?;
        let documentation: Vec<String> = variant.attrs.iter().filter_map(line).collect();
        if documentation.is_empty() {
            return Err(complaint(&format_args!("{} lacks its documentation", variant.ident)));
        }
        let variant = variant.ident.to_string();
        Ok(Constant { name: constant(&prefix, &variant), variant, documentation, number })
    });
    Ok(Enumeration { documentation, constants: constants.collect::<Result<_, _>>()? })
}

fn prefix(declared: &ItemEnum) -> Option<String> {
    let attribute = declared.attrs.iter().find(|attribute| attribute.path().is_ident("c_enum"))?;
    attribute.parse_args::<Ident>().ok().map(|prefix| prefix.to_string())
}

/// A line of a doc comment.
pub fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(doc) = &attribute.meta else { return None };
    match &doc.value {
        Expr::Lit(text) if attribute.path().is_ident("doc") => match &text.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
