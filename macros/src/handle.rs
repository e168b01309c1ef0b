//! What `#[handle]` makes of a type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, Result, Type};

const PREFIX: &str = "runloop_";

pub fn expand(object: TokenStream, declared: TokenStream) -> Result<TokenStream> {
    let object: Type = syn::parse2(object)?;
    let ItemStruct { attrs, ident, fields, .. } = syn::parse2(declared)?;
    if !matches!(fields, Fields::Unit) {
        return Err(Error::new_spanned(fields, "C sees nothing of a handle: write `pub struct runloop_…;`"));
    }
    let name = ident.to_string();
    let Some(kind) = name.strip_prefix(PREFIX) else {
        return Err(Error::new_spanned(&ident, format!("the name of a handle begins with {PREFIX}")));
    };
    Ok(quote! {
        #(#attrs)*
        pub struct #ident {
            _private: (),
        }

        impl crate::ffi::boundary::handles::Opaque for #ident {
            type Object = #object;
            const KIND: &'static str = #kind;
        }
    })
}
