//! Finds every exported function, and checks its documentation.

use std::collections::BTreeSet;

use syn::{Attribute, Item, ItemFn};

use super::sources::Source;
use crate::constants::line;
use crate::shared::can_fail;

/// The names of all exported functions, or what is wrong with them.
pub fn check(sources: &[Source]) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let mut complaints = Vec::new();
    for source in sources {
        for function in source.file.items.iter().filter_map(function) {
            let name = function.sig.ident.to_string();
            if let Some(complaint) = complaint(function, &name) {
                complaints.push(format!("src/ffi/{}: {name} {complaint}", source.path.display()));
            }
            if is_export(function) {
                names.insert(name);
            }
        }
    }
    if complaints.is_empty() {
        Ok(names)
    } else {
        Err(complaints.join("\n"))
    }
}

fn function(item: &Item) -> Option<&ItemFn> {
    match item {
        Item::Fn(function) => Some(function),
        _ => None,
    }
}

pub fn is_export(function: &ItemFn) -> bool {
    function.attrs.iter().any(|attribute| attribute.path().is_ident("export"))
}

fn complaint(function: &ItemFn, name: &str) -> Option<&'static str> {
    if !is_export(function) {
        let by_hand = function.attrs.iter().any(|attribute| attribute.path().is_ident("no_mangle"));
        return by_hand.then_some("is exported by hand; use #[export]");
    }
    if !name.starts_with("runloop_") {
        return Some("is exported, but its name does not begin with runloop_");
    }
    let doc = documentation(&function.attrs);
    if doc.is_empty() {
        return Some("has no documentation");
    }
    let thread_rule = ["Any thread", "any thread", "One thread at a time", "thread."].iter().any(|rule| doc.contains(rule));
    if !thread_rule {
        return Some("does not say which threads may call it");
    }
    if can_fail(&function.sig.output) && !doc.contains("Statuses:") && !doc.contains("never blocks") {
        return Some("does not say which statuses it can return");
    }
    None
}

/// The text of a doc comment, its lines joined.
fn documentation(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(line).map(|line| line.trim().to_owned()).collect();
    lines.join(" ")
}
