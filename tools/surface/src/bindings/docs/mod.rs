//! What the structs, their fields and the enumerations are, in words: openapi.json has none.

mod fields;
mod structs;

use crate::bindings::names;

/// What a struct is.
pub fn structure(name: &str) -> String {
    find(structs::STRUCTS, name).map_or_else(|| format!("{}.", words(name)), str::to_owned)
}

/// What a field of a struct is: said for the struct, or for all that have one of the name.
pub fn field(owner: &str, name: &str) -> String {
    known_field(owner, name).map_or_else(|| format!("`{name}`, as the API calls it."), str::to_owned)
}

/// What an enumeration is.
pub fn enumeration(owner: &str, field: &str) -> String {
    format!("Values of `{field}` of {owner}; the API may add others.")
}

/// Whether there are words for a struct, and for a field: a test asks.
#[cfg(test)]
pub fn has(owner: &str, name: &str) -> bool {
    known_field(owner, name).is_some()
}

fn known_field(owner: &str, name: &str) -> Option<&'static str> {
    find(fields::FIELDS_OF, &format!("{owner}.{name}")).or_else(|| find(fields::FIELDS, name))
}

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, doc)| *doc)
}

/// `DevboxUsage` → `Devbox usage`.
fn words(camel: &str) -> String {
    let text = names::snake(camel).replace('_', " ");
    text[..1].to_uppercase() + &text[1..]
}
