//! Makes `include/runloop.h` from `src/ffi`: `header` writes it, `header --check` compares.
//!
//! cbindgen makes the declarations; this program puts the first page before them, sorts them into
//! sections, and refuses an export whose documentation lacks something.

mod declarations;
mod exports;
mod order;
mod sources;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let check = std::env::args().any(|argument| argument == "--check");
    match run(&root, check) {
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

fn run(root: &Path, check: bool) -> Result<String, String> {
    let sources = sources::read(&root.join("src/ffi"))?;
    let exports = exports::check(&sources)?;
    let folder = tempfile::tempdir().map_err(|error| format!("a temporary directory: {error}"))?;
    declarations::write(sources, folder.path())?;
    let header = generate(root, folder.path())?;
    let symbols: String = exports.iter().map(|name| format!("{name}\n")).collect();
    let files: [(PathBuf, String); 2] = [(root.join("include/runloop.h"), header), (root.join("include/runloop.symbols"), symbols)];
    for (path, wanted) in &files {
        let name = path.strip_prefix(root).unwrap_or(path).display();
        if check {
            let found = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}. Run make header."))?;
            if found != *wanted {
                return Err(format!("{name} is not what the source says. Run make header and commit it."));
            }
        } else {
            std::fs::write(path, wanted).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(format!("include/runloop.h: {} functions, {}", exports.len(), if check { "as the source says" } else { "written" }))
}

fn generate(root: &Path, declarations: &Path) -> Result<String, String> {
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml"))?;
    config.header = Some(include_str!("first_page.h").trim_end().to_owned());
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<&str> = version.split('.').collect();
    config.after_includes = Some(
        include_str!("macros.h")
            .replace("@VERSION@", version)
            .replace("@MAJOR@", parts[0])
            .replace("@MINOR@", parts[1])
            .replace("@PATCH@", parts[2])
            .trim_end()
            .to_owned(),
    );
    let mut sources: Vec<PathBuf> = std::fs::read_dir(declarations)
        .map_err(|error| format!("{}: {error}", declarations.display()))?
        .flatten()
        .map(|entry| entry.path())
        // A room is given by its mod.rs, which names its files. The whole is not: its files would come in another order.
        .map(|path| if path.is_dir() { path.join("mod.rs") } else { path })
        .filter(|path| *path != declarations.join("mod.rs"))
        .collect();
    sources.sort();
    let builder = cbindgen::Builder::new().with_config(config);
    let bindings = sources
        .into_iter()
        .fold(builder, |builder, source| builder.with_src(source))
        .generate()
        .map_err(|error| format!("cbindgen: {error}"))?;
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    order::arrange(&String::from_utf8(bytes).map_err(|error| error.to_string())?)
}
