//! What `#[export]` makes of a function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, FnArg, Ident, ItemFn, Pat, Result, ReturnType, Token};

use crate::shared::can_fail;

/// What stands in the attribute's parentheses.
enum Settings {
    None,
    Fallback(Box<Expr>),
    Unguarded,
}

impl Parse for Settings {
    fn parse(input: ParseStream) -> Result<Settings> {
        if input.is_empty() {
            return Ok(Settings::None);
        }
        let name: Ident = input.parse()?;
        if name == "unguarded" {
            return Ok(Settings::Unguarded);
        }
        if name != "fallback" {
            return Err(Error::new(name.span(), "expected `fallback = …` or `unguarded`"));
        }
        input.parse::<Token![=]>()?;
        input.parse().map(|fallback| Settings::Fallback(Box::new(fallback)))
    }
}

pub fn expand(settings: TokenStream, function: TokenStream) -> Result<TokenStream> {
    let settings: Settings = syn::parse2(settings)?;
    let function: ItemFn = syn::parse2(function)?;
    let signature = &function.sig;
    if !matches!(function.vis, syn::Visibility::Inherited) || signature.unsafety.is_some() || signature.abi.is_some() {
        return Err(Error::new_spanned(signature, "write a plain `fn`: #[export] makes it `pub unsafe extern \"C\"`"));
    }
    match (can_fail(&signature.output), settings) {
        (true, Settings::None) => fallible(&function),
        (true, _) => Err(Error::new_spanned(&signature.output, "a function that can fail takes no settings")),
        (false, Settings::Unguarded) => Ok(unguarded(&function)),
        (false, Settings::Fallback(fallback)) => Ok(infallible(&function, &quote!(#fallback))),
        (false, Settings::None) if matches!(signature.output, ReturnType::Default) => Ok(infallible(&function, &quote!(()))),
        (false, Settings::None) => Err(Error::new_spanned(&signature.output, "say what it returns after a panic: #[export(fallback = …)]")),
    }
}

fn fallible(function: &ItemFn) -> Result<TokenStream> {
    let ItemFn { attrs, sig, block, .. } = function;
    let (name, output) = (&sig.ident, &sig.output);
    let mut names = Vec::new();
    let mut kinds = Vec::new();
    for argument in &sig.inputs {
        let FnArg::Typed(argument) = argument else { return Err(Error::new_spanned(argument, "expected `name: Kind`")) };
        let Pat::Ident(pattern) = &*argument.pat else {
            return Err(Error::new_spanned(&argument.pat, "expected a name"));
        };
        names.push(&pattern.ident);
        kinds.push(&*argument.ty);
    }
    Ok(quote! {
        #(#attrs)*
        #[no_mangle]
        pub unsafe extern "C" fn #name(
            #(#names: <#kinds as crate::ffi::boundary::arguments::Argument>::Raw,)*
            error: *mut *mut crate::ffi::boundary::error::runloop_error,
        ) -> i32 {
            #[allow(clippy::too_many_arguments)]
            fn #name(#(#names: <#kinds as crate::ffi::boundary::arguments::Argument>::Taken),*) #output #block
            let touched = [#(<#kinds as crate::ffi::boundary::arguments::Argument>::address(#names)),*];
            #(
                // SAFETY: the caller keeps the header's rules for this function's arguments.
                unsafe { <#kinds as crate::ffi::boundary::arguments::Argument>::clear(#names) };
            )*
            crate::ffi::boundary::enter(stringify!(#name), &touched, error, || {
                #(
                    // SAFETY: as above.
                    let #names = unsafe {
                        <#kinds as crate::ffi::boundary::arguments::Argument>::take(#names, stringify!(#names))
                    }?;
                )*
                #name(#(#names),*)
            })
        }
    })
}

fn infallible(function: &ItemFn, fallback: &TokenStream) -> TokenStream {
    let ItemFn { attrs, sig, block, .. } = function;
    let (name, inputs, output) = (&sig.ident, &sig.inputs, &sig.output);
    quote! {
        #(#attrs)*
        #[no_mangle]
        pub unsafe extern "C" fn #name(#inputs) #output {
            crate::ffi::boundary::enter_infallible(stringify!(#name), #fallback, || #block)
        }
    }
}

fn unguarded(function: &ItemFn) -> TokenStream {
    let ItemFn { attrs, sig, block, .. } = function;
    let (name, inputs, output) = (&sig.ident, &sig.inputs, &sig.output);
    quote! {
        #(#attrs)*
        #[no_mangle]
        pub unsafe extern "C" fn #name(#inputs) #output #block
    }
}
