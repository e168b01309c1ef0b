//! The files of `src/ffi`, parsed.

use std::path::{Path, PathBuf};

use syn::Item;

use crate::collection;

pub struct Source {
    /// Relative to `src/ffi`.
    pub path: PathBuf,
    pub file: syn::File,
}

/// Reads every file below `folder`, in the order of their names.
pub fn read(folder: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    collect(folder, folder, &mut sources)?;
    sources.sort_by(|one: &Source, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, sources)?;
            continue;
        }
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        let mut file = syn::parse_file(&text).map_err(|error| failed(&error))?;
        file.items = expanded(file.items).map_err(|error| failed(&error))?;
        sources.push(Source { path: path.strip_prefix(root).unwrap_or(&path).to_owned(), file });
    }
    Ok(())
}

/// The items, with those of `collection!` in its place.
fn expanded(items: Vec<Item>) -> syn::Result<Vec<Item>> {
    let mut all = Vec::new();
    for item in items {
        match item {
            Item::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "collection") => {
                all.extend(collection::expand(call.mac.tokens)?.items);
            }
            item => all.push(item),
        }
    }
    Ok(all)
}
