//! What `#[growing]` makes of a struct of options.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Fields, ItemStruct, Result};

pub fn expand(settings: &TokenStream, declared: TokenStream) -> Result<TokenStream> {
    if !settings.is_empty() {
        return Err(Error::new_spanned(settings, "#[growing] takes no settings"));
    }
    let mut declared: ItemStruct = syn::parse2(declared)?;
    let Fields::Named(fields) = &mut declared.fields else {
        return Err(Error::new_spanned(&declared, "C needs the names of the members"));
    };
    if fields.named.first().and_then(|first| first.ident.as_ref()).is_none_or(|first| first != "struct_size") {
        return Err(Error::new_spanned(fields, "the first member is `struct_size: usize`, by which versions are told apart"));
    }
    for field in &mut fields.named {
        // `tools/surface` reads it.
        field.attrs.retain(|attribute| !attribute.path().is_ident("initially"));
    }
    let (name, kinds) = (&declared.ident, fields.named.iter().map(|field| &field.ty));
    let members: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let implementation = quote! {
        const _: () = assert!(
            std::mem::size_of::<#name>() == 0 #(+ std::mem::size_of::<#kinds>())*,
            "a struct of options has no padding: add a reserved member"
        );

        // SAFETY: the first member is the size; there is no padding, and zero is a number, NULL, or no function.
        unsafe impl crate::ffi::boundary::growing::Growing for #name {
            const NAME: &'static str = stringify!(#name);
            const MEMBERS: &'static [usize] = &[#(std::mem::offset_of!(#name, #members)),*];
        }
    };
    Ok(quote! {
        #[repr(C)]
        #[derive(Clone, Copy)]
        #declared

        #implementation
    })
}
