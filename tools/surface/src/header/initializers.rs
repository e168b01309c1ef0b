//! The `RUNLOOP_…_INIT` macros of the structs with the attribute `#[growing]`.

use quote::ToTokens;
use syn::{Field, Item, ItemStruct, Type};

use super::sources::Source;

/// The macros, each with its comment, parted by blank lines.
pub fn macros(sources: &[Source]) -> Result<String, String> {
    let items = sources.iter().flat_map(|source| &source.file.items);
    let structs = items.filter_map(|item| match item {
        Item::Struct(declared) if is_growing(declared) => Some(declared),
        _ => None,
    });
    structs.map(initializer).collect()
}

pub fn is_growing(declared: &ItemStruct) -> bool {
    declared.attrs.iter().any(|attribute| attribute.path().is_ident("growing"))
}

/// What cbindgen reads: a plain struct.
pub fn plain(declared: &mut ItemStruct) {
    for attribute in &mut declared.attrs {
        if attribute.path().is_ident("growing") {
            *attribute = syn::parse_quote!(#[repr(C)]);
        }
    }
    for field in &mut declared.fields {
        field.attrs.retain(|attribute| !attribute.path().is_ident("initially"));
    }
}

fn initializer(declared: &ItemStruct) -> Result<String, String> {
    let name = declared.ident.to_string();
    let values = declared.fields.iter().map(|field| value(&name, field)).collect::<Result<Vec<_>, _>>()?;
    Ok(format!("\n/// Initializes a {name} with the defaults.\n#define {}_INIT \\\n    {{ {} }}\n", name.to_uppercase(), values.join(", ")))
}

fn value(owner: &str, field: &Field) -> Result<String, String> {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    if name == "struct_size" {
        return Ok(format!("sizeof({owner})"));
    }
    if let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident("initially")) {
        let value: syn::Expr = attribute.parse_args().map_err(|error| format!("{owner}.{name}: {error}"))?;
        return Ok(value.to_token_stream().to_string().replace(' ', ""));
    }
    Ok(match &field.ty {
        Type::Ptr(_) => "NULL",
        // A callback.
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("_fn")) => "NULL",
        _ => "0",
    }
    .to_owned())
}
