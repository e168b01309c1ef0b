//! Writes the exported functions as C sees them, for cbindgen, which knows nothing of `#[export]`.

use std::path::Path;

use quote::ToTokens;
use syn::{parse_quote, FnArg, GenericArgument, Item, ItemFn, ItemStruct, PathArguments, Type};

use super::exports::is_export;
use super::initializers::{is_growing, plain};
use super::sources::Source;
use crate::shared::can_fail;

/// Writes all sources below `folder`, each exported function as a plain `extern "C"` function without a body.
pub fn write(sources: Vec<Source>, folder: &Path) -> Result<(), String> {
    for Source { path, mut file } in sources {
        for item in &mut file.items {
            match item {
                Item::Fn(function) if is_export(function) => *item = declaration(function),
                Item::Struct(declared) if is_handle(declared) => *item = opaque(declared),
                Item::Struct(declared) if is_growing(declared) => plain(declared),
                _ => {}
            }
        }
        let path = folder.join(path);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, file.into_token_stream().to_string()).map_err(failed)?;
    }
    Ok(())
}

/// The kinds of handles: the names of their types without `runloop_`.
pub fn kinds(sources: &[Source]) -> Vec<String> {
    let items = sources.iter().flat_map(|source| &source.file.items);
    let handles = items.filter_map(|item| match item {
        Item::Struct(declared) if is_handle(declared) => Some(declared.ident.to_string()),
        _ => None,
    });
    handles.map(|name| name.trim_start_matches("runloop_").to_owned()).collect()
}

fn is_handle(declared: &ItemStruct) -> bool {
    declared.attrs.iter().any(|attribute| attribute.path().is_ident("handle"))
}

fn opaque(declared: &ItemStruct) -> Item {
    let name = &declared.ident;
    let attributes = declared.attrs.iter().filter(|attribute| !attribute.path().is_ident("handle"));
    parse_quote!(#(#attributes)* pub struct #name { _private: () })
}

fn declaration(function: &ItemFn) -> Item {
    let (name, inputs, output) = (&function.sig.ident, &function.sig.inputs, &function.sig.output);
    let attributes = function.attrs.iter().filter(|attribute| !attribute.path().is_ident("export"));
    if !can_fail(output) {
        return parse_quote!(#(#attributes)* #[no_mangle] pub unsafe extern "C" fn #name(#inputs) #output {});
    }
    let arguments = inputs.iter().map(raw);
    parse_quote!(
        #(#attributes)* #[no_mangle]
        pub unsafe extern "C" fn #name(#(#arguments,)* error: *mut *mut runloop_error) -> i32 {}
    )
}

/// An argument in the raw form of its kind: what `Argument::Raw` is in `src/ffi`.
fn raw(argument: &FnArg) -> FnArg {
    let FnArg::Typed(argument) = argument else { return argument.clone() };
    let (name, kind) = (&argument.pat, &*argument.ty);
    let Type::Path(path) = kind else { return parse_quote!(#name: #kind) };
    let Some(last) = path.path.segments.last() else { return parse_quote!(#name: #kind) };
    let of = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(of) => Some(of),
            _ => None,
        }),
        _ => None,
    };
    match (last.ident.to_string().as_str(), of) {
        ("In" | "Maybe", Some(of)) => parse_quote!(#name: *const #of),
        ("Out" | "MaybeOut", Some(of)) => parse_quote!(#name: *mut #of),
        ("Text" | "MaybeText", None) => parse_quote!(#name: *const c_char),
        ("Options", None) => parse_quote!(#name: *const runloop_call_options),
        ("ExecArgument", None) => parse_quote!(#name: *const runloop_exec_options),
        _ => parse_quote!(#name: #kind),
    }
}
