//! Finds every exported function, and checks its documentation.

use std::collections::BTreeSet;

use syn::{Attribute, Item, ItemFn};

use super::sources::Source;
use crate::constants::line;
use crate::shared::can_fail;

/// The list of functions, with the version that first had each; the linker gives the symbols these versions.
pub const LIST: &str = "spec/functions.txt";

/// The names of all exported functions, or what is wrong with them. `listed` is the text of [`LIST`].
pub fn check(sources: &[Source], listed: &str) -> Result<BTreeSet<String>, String> {
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
    complaints.extend(differences(&names, listed));
    if complaints.is_empty() {
        Ok(names)
    } else {
        Err(complaints.join("\n"))
    }
}

/// What the list lacks, and what it has beyond the source.
fn differences(names: &BTreeSet<String>, listed: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for line in listed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.split_once(' ') {
            Some((name, version)) if version.split('.').all(|part| part.parse::<u32>().is_ok()) => {
                if !names.contains(name) {
                    complaints.push(format!("{LIST}: {name} is not exported by src/ffi"));
                }
                if !seen.insert(name) {
                    complaints.push(format!("{LIST}: {name} is there twice"));
                }
            }
            _ => complaints.push(format!("{LIST}: {line} is not the name of a function and the version that first had it")),
        }
    }
    let missing = names.iter().filter(|name| !seen.contains(name.as_str()));
    complaints.extend(missing.map(|name| format!("{LIST}: {name} is missing; add it, with the version that first has it")));
    complaints
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
