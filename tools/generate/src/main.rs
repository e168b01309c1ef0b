//! Makes the bindings' typed parameters and answers from `spec/openapi.json`:
//! `generate [--check] [c|cpp|go] …` writes the files of the languages named, or of all; with `--check`
//! it compares them.
//!
//! `model` reads the description; each language has an emitter of its own, which gives files by
//! their paths below the project's root.

mod c;
mod cpp;
mod docs;
mod go;
mod model;
mod names;
mod operations;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;

/// An emitter: the files of one language, as path and text.
type Emitter = fn(&model::Model) -> Vec<(String, String)>;

const LANGUAGES: &[(&str, Emitter)] = &[("c", c::emit), ("cpp", cpp::emit), ("go", go::emit)];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (flags, names): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    match run(&root, &flags, &names) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, flags: &[String], names: &[String]) -> Result<String, String> {
    if let Some(unknown) = flags.iter().find(|flag| *flag != "--check") {
        return Err(format!("{unknown}: there is no such switch. Known is --check."));
    }
    if let Some(unknown) = names.iter().find(|name| LANGUAGES.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = LANGUAGES.iter().map(|(known, _)| *known).collect();
        return Err(format!("{unknown}: there is no such language. Known are: {}.", known.join(", ")));
    }
    let check = !flags.is_empty();
    let text = std::fs::read_to_string(root.join("spec/openapi.json")).map_err(|error| format!("spec/openapi.json: {error}"))?;
    let model = model::Model::read(&text)?;
    let wanted = LANGUAGES.iter().filter(|(known, _)| names.is_empty() || names.iter().any(|name| name == known));
    let mut count = 0;
    for (path, text) in wanted.flat_map(|(_, emit)| emit(&model)) {
        keep(root, &path, &text, check)?;
        count += 1;
    }
    Ok(format!("{} structs in {count} generated files, {}", model.structs.len(), if check { "as openapi.json says" } else { "written" }))
}

/// Writes a file, or compares it.
fn keep(root: &Path, path: &str, text: &str, check: bool) -> Result<(), String> {
    let place = root.join(path);
    if check {
        let found = std::fs::read_to_string(&place).map_err(|error| format!("{path}: {error}. Run make generate."))?;
        if found != text {
            return Err(format!("{path} is not what openapi.json says. Run make generate and commit it."));
        }
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{path}: {error}"))?;
    }
    std::fs::write(&place, text).map_err(|error| format!("{path}: {error}"))
}
