//! Files chosen by patterns, as a tar archive that puts them where they belong; and archives unpacked.
//! Nothing outside the given root is ever read: links are followed as if it were `/`.

use glob::{MatchOptions, Pattern};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Builder, EntryType, Header};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Pack {
    /// Paths below the root; the last parts may be patterns.
    pub sources: Vec<String>,
    /// Relative to `/`.
    pub target: PathBuf,
    /// Sources go into the target, also if there is only one file.
    pub into: bool,
    pub exclude: Vec<String>,
    /// All files' owner, where they do not keep theirs.
    pub owner: Option<(u32, u32)>,
    pub mode: Option<u32>,
    /// Keep the sources' folders.
    pub parents: bool,
}

pub fn write(root: &Path, pack: &Pack, out: impl Write) -> io::Result<()> {
    let exclude = pack.exclude.iter().map(|text| pattern(text)).collect::<io::Result<_>>()?;
    let mut writer = Writer { tar: Builder::new(io::BufWriter::new(out)), pack, exclude };
    for source in &pack.sources {
        let found = expand(root, source)?;
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("{source}: no such file or folder")));
        }
        for (name, path) in found {
            writer.source(&name, &path)?;
        }
    }
    writer.tar.into_inner()?.flush()
}

pub fn unpack(archive: impl Read, into: &Path) -> io::Result<()> {
    let mut archive = Archive::new(archive);
    archive.set_preserve_permissions(true);
    archive.set_preserve_ownerships(nix::unistd::geteuid().is_root());
    archive.set_preserve_mtime(true);
    archive.unpack(into).map_err(|e| match e.get_ref().and_then(|inner| std::error::Error::source(inner)) {
        Some(cause) => io::Error::new(e.kind(), format!("{e}: {cause}")),
        None => e,
    })
}

/// One file's archive: its content for a path.
pub fn file(out: impl Write, path: &Path, content: impl Read, size: u64, owner: (u32, u32), mode: u32) -> io::Result<()> {
    let mut tar = Builder::new(out);
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    header.set_mode(mode);
    header.set_uid(owner.0.into());
    header.set_gid(owner.1.into());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    header.set_mtime(now.as_secs());
    tar.append_data(&mut header, relative(path), content)?;
    tar.into_inner()?.flush()
}

fn relative(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}

struct Writer<'a, W: Write> {
    tar: Builder<W>,
    pack: &'a Pack,
    exclude: Vec<Pattern>,
}

impl<W: Write> Writer<'_, W> {
    fn source(&mut self, name: &Path, path: &Path) -> io::Result<()> {
        let target = relative(&self.pack.target).to_path_buf();
        let is_folder = path.is_dir();
        let place = match (self.pack.parents, is_folder, self.pack.into) {
            (true, _, _) => target.join(name),
            (false, true, _) | (false, false, false) => target,
            (false, false, true) => target.join(name.file_name().unwrap_or_default()),
        };
        match is_folder {
            true => self.content(path, Path::new(""), &place),
            false => self.entry(path, name, &place),
        }
    }

    /// What is in a folder, `below` the source.
    fn content(&mut self, folder: &Path, below: &Path, place: &Path) -> io::Result<()> {
        let mut entries = fs::read_dir(folder).map_err(|e| named(folder, e))?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            self.entry(&entry.path(), &below.join(&name), &place.join(&name))?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, below: &Path, place: &Path) -> io::Result<()> {
        if self.exclude.iter().any(|pattern| pattern.matches_path_with(below, OPTIONS)) {
            return Ok(());
        }
        let metadata = fs::symlink_metadata(path).map_err(|e| named(path, e))?;
        let mut header = Header::new_gnu();
        header.set_metadata(&metadata);
        if let Some((uid, gid)) = self.pack.owner {
            header.set_uid(uid.into());
            header.set_gid(gid.into());
        }
        let kind = metadata.file_type();
        if let Some(mode) = self.pack.mode.filter(|_| !kind.is_symlink()) {
            header.set_mode(mode);
        }
        if kind.is_dir() {
            self.tar.append_data(&mut header, place, io::empty())?;
            self.content(path, below, place)
        } else if kind.is_symlink() {
            self.tar.append_link(&mut header, place, fs::read_link(path)?)
        } else if kind.is_file() {
            let file = fs::File::open(path).map_err(|e| named(path, e))?;
            header.set_size(metadata.size());
            self.tar.append_data(&mut header, place, file.take(metadata.size()))
        } else {
            // Sockets, pipes and devices are nothing to copy.
            Ok(())
        }
    }
}

fn named(path: &Path, e: io::Error) -> io::Error {
    io::Error::new(e.kind(), format!("{}: {e}", path.display()))
}

const OPTIONS: MatchOptions = MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

fn pattern(text: &str) -> io::Result<Pattern> {
    Pattern::new(text).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, format!("{text}: {e}")))
}

/// The files that a source names: each by its name below the root, and where it is.
pub fn expand(root: &Path, source: &str) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let mut found = vec![PathBuf::new()];
    for part in Path::new(source).components() {
        let Component::Normal(part) = part else {
            // `..` stays within the root, as it does at `/`.
            if part == Component::ParentDir {
                found.iter_mut().for_each(|path| {
                    path.pop();
                });
            }
            continue;
        };
        let text = part.to_string_lossy();
        let mut next = Vec::new();
        for path in found {
            let plain = path.join(part);
            if !text.contains(['*', '?', '[']) || scoped(root, &plain).is_some_and(|at| at.exists()) {
                next.push(plain);
                continue;
            }
            let pattern = pattern(&text)?;
            let Some(folder) = scoped(root, &path).filter(|folder| folder.is_dir()) else {
                continue;
            };
            let names = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
            let mut names: Vec<_> = names.into_iter().map(|entry| entry.file_name()).collect();
            names.sort();
            next.extend(names.iter().filter(|name| pattern.matches_path_with(Path::new(name), OPTIONS)).map(|name| path.join(name)));
        }
        found = next;
    }
    let places = found.into_iter().filter_map(|name| scoped(root, &name).map(|place| (name, place)));
    Ok(places.filter(|(_, place)| fs::symlink_metadata(place).is_ok()).collect())
}

/// Where a path leads to below a root, links followed as if the root were `/`.
fn scoped(root: &Path, path: &Path) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    let mut rest: Vec<std::ffi::OsString> = Vec::new();
    let push = |rest: &mut Vec<std::ffi::OsString>, path: &Path| {
        for part in path.components().rev() {
            match part {
                Component::Normal(name) => rest.push(name.to_owned()),
                Component::ParentDir => rest.push("..".into()),
                _ => {}
            }
        }
    };
    push(&mut rest, path);
    let mut links = 0;
    while let Some(part) = rest.pop() {
        if part == ".." {
            inside.pop();
            continue;
        }
        let next = inside.join(&part);
        match fs::read_link(root.join(&next)) {
            Ok(target) => {
                links += 1;
                if links > 40 {
                    return None;
                }
                if target.is_absolute() {
                    inside = PathBuf::new();
                }
                push(&mut rest, &target);
            }
            Err(_) => inside = next,
        }
    }
    Some(root.join(inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folder() -> PathBuf {
        let path = std::env::temp_dir().join(crate::ids::Ids::new(None).next("pack-test"));
        fs::create_dir_all(path.join("root/a/b")).unwrap();
        path
    }

    fn packed(root: &Path, pack: Pack) -> io::Result<Vec<String>> {
        let mut bytes = Vec::new();
        write(root, &pack, &mut bytes)?;
        let mut archive = Archive::new(bytes.as_slice());
        let entries = archive.entries()?.map(|entry| Ok(entry?.path()?.display().to_string()));
        entries.collect()
    }

    #[test]
    fn sources_go_where_a_dockerfile_means_them_to() {
        let folder = folder();
        let root = folder.join("root");
        for name in ["a/one.txt", "a/b/two.txt", "three.md"] {
            fs::write(root.join(name), name).unwrap();
        }
        let pack = |sources: &[&str], target: &str, into| Pack {
            sources: sources.iter().map(|s| s.to_string()).collect(),
            target: target.into(),
            into,
            ..Pack::default()
        };
        assert_eq!(packed(&root, pack(&["three.md"], "/x/renamed", false)).unwrap(), ["x/renamed"]);
        assert_eq!(packed(&root, pack(&["a"], "/x", false)).unwrap(), ["x/b", "x/b/two.txt", "x/one.txt"]);
        assert_eq!(packed(&root, pack(&["a/*.txt", "*.md"], "/x", true)).unwrap(), ["x/one.txt", "x/three.md"]);
        let exclude = Pack { exclude: vec!["b".into()], ..pack(&["a"], "/x", false) };
        assert_eq!(packed(&root, exclude).unwrap(), ["x/one.txt"]);
        assert!(packed(&root, pack(&["nothing*"], "/x", true)).unwrap_err().to_string().contains("nothing*"));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn nothing_outside_the_root_is_read() {
        let folder = folder();
        let root = folder.join("root");
        fs::write(folder.join("outside"), "secret").unwrap();
        symlink("../outside", root.join("up")).unwrap();
        symlink("/etc", root.join("etc")).unwrap();
        for source in ["../outside", "up", "a/../../outside", "etc/passwd", "/etc/passwd"] {
            let pack = Pack { sources: vec![source.into()], target: "/x".into(), ..Pack::default() };
            assert!(packed(&root, pack).is_err(), "{source}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn an_archive_stays_in_its_folder() {
        let folder = folder();
        let mut header = Header::new_gnu();
        header.set_size(4);
        header.set_mode(0o644);
        // Written by hand: no honest writer makes such a name.
        header.as_gnu_mut().unwrap().name[..10].copy_from_slice(b"../escaped");
        header.set_cksum();
        let mut tar = Builder::new(Vec::new());
        tar.append(&header, &b"evil"[..]).unwrap();
        let _ = unpack(tar.into_inner().unwrap().as_slice(), &folder.join("root"));
        assert!(!folder.join("escaped").exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
