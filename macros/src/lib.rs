//! Attributes that make a Rust item the declaration of the C one. `tools/surface` reads the same items.

mod c_enum;
mod collection;
mod export;
mod growing;
mod handle;
mod shared;

use proc_macro::TokenStream;
use quote::ToTokens;

/// Exports a function of `src/ffi` to C, under its own name.
///
/// A function that returns `Result<()>` can fail. Its arguments are written as their kinds (see
/// `ffi::boundary::arguments`); in C it takes each kind's raw form and, last, `runloop_error **error`, and
/// returns a status:
///
/// ```ignore
/// #[export]
/// fn runloop_devbox_keep_alive(devbox: In<runloop_devbox>, opts: Options) -> Result<()> {
///     devbox.keep_alive(&opts).map(drop)
/// }
/// ```
///
/// Outputs are cleared and arguments checked before the body runs; a panic, a fork, and an error that is
/// returned become statuses.
///
/// Any other function cannot fail. Its arguments are written as C gives them. `fallback` is what it returns in
/// a forked child and after a panic; without a return value there is none:
///
/// ```ignore
/// #[export(fallback = std::ptr::null())]
/// fn runloop_devbox_id(devbox: *const runloop_devbox) -> *const c_char { … }
/// ```
///
/// `#[export(unguarded)]` exports a function that only returns a static value.
#[proc_macro_attribute]
pub fn export(settings: TokenStream, function: TokenStream) -> TokenStream {
    export::expand(settings.into(), function.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a type the handle of objects of another type. Its kind, which messages and `runloop_live_handles()` use,
/// is its name without `runloop_`:
///
/// ```ignore
/// #[handle(Handle)]
/// pub struct runloop_devbox;
/// ```
#[proc_macro_attribute]
pub fn handle(object: TokenStream, declared: TokenStream) -> TokenStream {
    handle::expand(object.into(), declared.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Gives C a constant for each variant of an enum, named with this prefix; the variant's documentation is the
/// constant's, and its number never changes:
///
/// ```ignore
/// #[c_enum(RUNLOOP_RETRYABLE)]
/// #[derive(Clone, Copy)]
/// pub enum Retryable {
///     /// Making the same call again is of no use.
///     No = 0,
/// }
/// ```
///
/// `tools/surface/src/constants.rs` has the list of these enums, in the header's order.
#[proc_macro_attribute]
pub fn c_enum(prefix: TokenStream, declared: TokenStream) -> TokenStream {
    c_enum::expand(prefix.into(), declared.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a struct one of options, which grows at its end: it begins with its size, has no padding, and zero is the default of each
/// member. `runloop_…_INIT` comes from it; a member that starts with another value than 0 or NULL says so:
///
/// ```ignore
/// #[growing]
/// pub struct runloop_sink {
///     /// sizeof(runloop_sink); set by the _INIT macro.
///     pub struct_size: usize,
///     /// An open file descriptor.
///     #[initially(-1)]
///     pub fd: i32,
///     /// Must be 0.
///     pub reserved: i32,
/// }
/// ```
#[proc_macro_attribute]
pub fn growing(settings: TokenStream, declared: TokenStream) -> TokenStream {
    growing::expand(&settings.into(), declared.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Exports a noun whose items are created, got, updated, deleted and listed, and nothing else: see
/// `macros/src/collection.rs.in`. Members, in this order: `handle`, the type in C; `collection`, in
/// `api::collection`; `path`, of the endpoints; `singular`, with its article, and `plural`; `description`, behind
/// "A noun: "; `required` and `optional`, fields of the request that creates one.
#[proc_macro]
pub fn collection(members: TokenStream) -> TokenStream {
    let items = collection::expand(members.into()).map(ToTokens::into_token_stream);
    items.unwrap_or_else(syn::Error::into_compile_error).into()
}
