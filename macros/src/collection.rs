//! What `collection!` makes for a noun whose items are all handled alike. `tools/surface` compiles this file too.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Error, File, Ident, LitStr, Result, Token};

const TEMPLATE: &str = include_str!("collection.rs.in");

/// The macro's members, in their order.
struct Collection {
    handle: Ident,
    collection: Ident,
    path: String,
    singular: String,
    plural: String,
    description: String,
    required: String,
    optional: String,
}

impl Parse for Collection {
    fn parse(input: ParseStream) -> Result<Collection> {
        let collection = Collection {
            handle: member(input, "handle")?,
            collection: member(input, "collection")?,
            path: member::<LitStr>(input, "path")?.value(),
            singular: member::<LitStr>(input, "singular")?.value(),
            plural: member::<LitStr>(input, "plural")?.value(),
            description: member::<LitStr>(input, "description")?.value(),
            required: member::<LitStr>(input, "required")?.value(),
            optional: member::<LitStr>(input, "optional")?.value(),
        };
        Ok(collection)
    }
}

/// `name: value,`
fn member<T: Parse>(input: ParseStream, name: &str) -> Result<T> {
    let found: Ident = input.parse()?;
    if found != name {
        return Err(Error::new(found.span(), format!("expected `{name}: …,`")));
    }
    input.parse::<Token![:]>()?;
    let value = input.parse()?;
    input.parse::<Token![,]>()?;
    Ok(value)
}

/// The items of a noun, with the attributes of this crate.
pub fn expand(members: TokenStream) -> Result<File> {
    let members: Collection = syn::parse2(members)?;
    let handle = members.handle.to_string();
    let name = handle.strip_prefix("runloop_").unwrap_or(&handle);
    let noun = members.singular.split_once(' ').map_or(members.singular.as_str(), |(_article, noun)| noun);
    let text = TEMPLATE
        .replace("@type@", &handle)
        .replace("@name@", name)
        .replace("@COLLECTION@", &members.collection.to_string())
        .replace("@path@", &members.path)
        .replace("@A noun@", &capital(&members.singular))
        .replace("@a noun@", &members.singular)
        .replace("@nouns@", &members.plural)
        .replace("@noun@", noun)
        .replace("@description@", &members.description)
        .replace("@required@", &members.required)
        .replace("@optional@", &members.optional);
    syn::parse_str(&text)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().to_string() + letters.as_str())
}
