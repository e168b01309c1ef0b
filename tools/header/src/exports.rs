//! Finds every exported function, and holds it to the rules of the boundary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reads all files of the boundary; gives the names of the exports, sorted.
pub fn read(folder: &Path) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    let mut complaints = Vec::new();
    for path in sources(folder)? {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = path.strip_prefix(folder).unwrap_or(&path).display();
        for (at, name) in exports(&text) {
            if let Some(complaint) = complaint(&text, at, &name) {
                complaints.push(format!("src/ffi/{file}: {name} {complaint}"));
            }
            names.insert(name);
        }
    }
    if complaints.is_empty() {
        Ok(names)
    } else {
        Err(complaints.join("\n"))
    }
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

const MARK: &str = "#[no_mangle]\npub unsafe extern \"C\" fn ";

fn exports(text: &str) -> Vec<(usize, String)> {
    text.match_indices("#[no_mangle]")
        .map(|(at, _)| {
            let name = text[at..].strip_prefix(MARK).map_or_else(String::new, |rest| rest.split('(').next().unwrap_or_default().to_owned());
            (at, name)
        })
        .collect()
}

/// What a static text needs no boundary for.
const CANNOT_FAIL: [&str; 2] = ["runloop_version", "runloop_status_name"];

fn complaint(text: &str, at: usize, name: &str) -> Option<&'static str> {
    if !name.starts_with("runloop_") {
        return Some("is exported without being a `pub unsafe extern \"C\" fn runloop_…`");
    }
    let documented = text[..at].lines().next_back().is_some_and(|line| line.starts_with("///"));
    if !documented {
        return Some("has no documentation");
    }
    let doc: String = text[..at].lines().rev().take_while(|line| line.starts_with("///")).collect();
    let thread_rule = ["Any thread", "any thread", "One thread at a time", "ny\n/// thread"].iter().any(|rule| doc.contains(rule))
        || doc.contains("thread.");
    if !thread_rule {
        return Some("does not say which threads may call it");
    }
    let body = &text[at..][..text[at..].find("\n}\n").unwrap_or(text.len() - at)];
    let guarded = [format!("boundary!({name},"), format!("boundary!(\n        {name},"), format!("quiet!({name},")];
    if !CANNOT_FAIL.contains(&name) && !guarded.iter().any(|guard| body.contains(guard.as_str())) {
        return Some("does not go through boundary! or quiet! under its own name");
    }
    if body.contains("boundary!") && !doc.contains("Statuses:") && !doc.contains("never blocks") {
        return Some("does not say which statuses it can return");
    }
    None
}
