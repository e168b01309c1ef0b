//! What the structs and their fields are, in words: openapi.json has none.

use crate::names;

/// What a struct is.
pub fn structure(name: &str) -> String {
    STRUCTS.iter().find(|(known, _)| *known == name).map_or_else(|| format!("{}.", words(name)), |(_, doc)| (*doc).to_owned())
}

/// What a field of a struct is: said for the struct, or for all that have one of the name.
pub fn field(owner: &str, name: &str) -> String {
    let whole = format!("{owner}.{name}");
    let known = FIELDS.iter().find(|(known, _)| *known == whole).or_else(|| FIELDS.iter().find(|(known, _)| *known == name));
    known.map_or_else(|| format!("`{name}`, as the API calls it."), |(_, doc)| (*doc).to_owned())
}

/// What an enumeration is.
pub fn enumeration(owner: &str, field: &str) -> String {
    format!("What `{field}` of {owner} may be; the API may come to know others.")
}

/// `DevboxUsage` → `Devbox usage`.
fn words(camel: &str) -> String {
    let text = names::snake(camel).replace('_', " ");
    text[..1].to_uppercase() + &text[1..]
}

const STRUCTS: &[(&str, &str)] = &[("Mount", "Something put into a devbox's file system.")];

const FIELDS: &[(&str, &str)] = &[("id", "The identifier.")];
