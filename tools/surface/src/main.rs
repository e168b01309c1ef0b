//! Generates what other languages see of the library: `surface header` from `src/ffi`, `surface bindings` from
//! `spec/openapi.json` and the enums that C has as constants. With `--check` it compares instead of writing.

mod bindings;
#[path = "../../../macros/src/collection.rs"]
mod collection;
mod constants;
mod header;
#[path = "../../../macros/src/shared.rs"]
mod shared;

use std::path::Path;
use std::process::ExitCode;

/// A generated file: its path below the project's root, and its text.
type Generated = (String, String);

/// Generates a part's files from the sources below the project's root.
type Generate = fn(&Path) -> Result<Vec<Generated>, String>;

/// What can be generated, with the make target that does it.
const PARTS: &[(&str, &str, Generate)] = &[("header", "make header", header::generate), ("bindings", "make generate", bindings::generate)];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (flags, parts): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    match run(&root, &flags, &parts) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, flags: &[String], parts: &[String]) -> Result<(), String> {
    if let Some(unknown) = flags.iter().find(|flag| *flag != "--check") {
        return Err(format!("unknown option {unknown}; the only one is --check"));
    }
    if let Some(unknown) = parts.iter().find(|part| PARTS.iter().all(|(known, _, _)| known != part)) {
        let known: Vec<&str> = PARTS.iter().map(|(known, _, _)| *known).collect();
        return Err(format!("unknown part {unknown}; known: {}", known.join(", ")));
    }
    for (part, target, generate) in PARTS.iter().filter(|(known, _, _)| parts.is_empty() || parts.iter().any(|part| part == known)) {
        let files = generate(root)?;
        for (path, text) in &files {
            if flags.is_empty() {
                write(root, path, text)?;
            } else {
                compare(root, path, text, target)?;
            }
        }
        println!("{part}: {} files {}", files.len(), if flags.is_empty() { "written" } else { "up to date" });
    }
    Ok(())
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), String> {
    let file = root.join(path);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{path}: {error}"))?;
    }
    std::fs::write(&file, text).map_err(|error| format!("{path}: {error}"))
}

fn compare(root: &Path, path: &str, text: &str, target: &str) -> Result<(), String> {
    let found = std::fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}. Run {target}."))?;
    if found == text {
        Ok(())
    } else {
        Err(format!("{path} is out of date. Run {target} and commit it."))
    }
}
