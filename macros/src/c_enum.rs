//! What `#[c_enum]` makes of an enum.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Error, Fields, Ident, ItemEnum, Result};

use crate::shared::constant;

pub fn expand(prefix: TokenStream, declared: TokenStream) -> Result<TokenStream> {
    let prefix: Ident = syn::parse2(prefix)?;
    let declared: ItemEnum = syn::parse2(declared)?;
    let name = &declared.ident;
    let mut variants = Vec::new();
    let mut constants = Vec::new();
    for variant in &declared.variants {
        if variant.discriminant.is_none() || !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "give the variant its number: a number of the ABI never changes"));
        }
        variants.push(&variant.ident);
        let text = std::ffi::CString::new(constant(&prefix.to_string(), &variant.ident.to_string()))
            .map_err(|error| Error::new_spanned(variant, error))?;
        constants.push(Literal::c_string(&text));
    }
    Ok(quote! {
        #[repr(i32)]
        #declared

        // Not every enum uses all of them.
        #[allow(dead_code)]
        impl #name {
            /// All variants, in the order of the declaration.
            pub const ALL: &'static [#name] = &[#(#name::#variants),*];

            /// The variant with this number.
            pub fn from_number(number: i32) -> Option<#name> {
                #name::ALL.iter().copied().find(|variant| *variant as i32 == number)
            }

            /// The variant's constant in C.
            pub fn c_name(self) -> &'static std::ffi::CStr {
                match self {
                    #(#name::#variants => #constants),*
                }
            }
        }
    })
}
