//! Where everything is kept.

use crate::ids::Ids;
use crate::leftovers;
use crate::sandbox::disk;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

pub struct DataDir {
    pub path: PathBuf,
    pub temporary: bool,
}

impl DataDir {
    pub fn prepare(asked: Option<PathBuf>) -> Result<DataDir, String> {
        let temporary = asked.is_none();
        let path = match asked {
            Some(path) => path,
            None => fresh_folder().map_err(|e| format!("cannot make a data directory: {e}"))?,
        };
        let name = path.display().to_string();
        let absolute = || {
            // Secrets are kept in it.
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
            path.canonicalize()
        };
        let path = absolute().map_err(|e| format!("the data directory {name}: {e}"))?;
        Ok(DataDir { path, temporary })
    }

    pub fn remove(&self) {
        if self.temporary {
            let _ = disk::remove(&self.path);
        }
    }
}

/// A new folder with a name that nobody could have guessed, closed to others.
fn fresh_folder() -> std::io::Result<PathBuf> {
    let name = Ids::new(None).next(leftovers::PREFIX);
    let path = std::env::temp_dir().join(name);
    std::fs::DirBuilder::new().mode(0o700).create(&path)?;
    Ok(path)
}
