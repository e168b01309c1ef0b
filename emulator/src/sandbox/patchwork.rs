//! The root of an ordinary user's devbox. In a user namespace the kernel overlays no folder of the
//! host that something else is mounted below, and so never the host's root: instead each folder of it
//! that can be overlaid is, over a root that is the upper layer itself. What such a root holds can
//! become a layer like any other's.

use super::mounts::{below, escaped, read_only, Mount};
use super::protocol::Setup;
use super::{disk, sys};
use nix::mount::{mount, MsFlags};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const NONE: Option<&str> = None;
/// These are a devbox's own.
const OWN: [&str; 4] = ["/proc", "/sys", "/dev", "/run"];
/// A host with mounts all over the place is not followed into every corner.
const MOST_MOUNTS: usize = 500;

struct Patchwork<'a> {
    setup: &'a Setup,
    root: &'a Path,
    points: Vec<&'a Path>,
    mounts: usize,
}

pub fn mount_root(setup: &Setup, root: &Path, mounts: &[Mount]) -> Result<(), String> {
    mount(Some(&disk::upper(&setup.folder)), root, NONE, MsFlags::MS_BIND, NONE).map_err(|e| format!("the root: {e}"))?;
    // Layers are named relative to their folder: the kernel takes no more than a page of options.
    if let Some(folder) = setup.layers.first().and_then(|layer| layer.parent()) {
        nix::unistd::chdir(folder).map_err(|e| format!("the layers: {e}"))?;
    }
    let points = mounts.iter().map(|mount| mount.point.as_path()).collect();
    let mut work = Patchwork { setup, root, points, mounts: 0 };
    work.children(Path::new("/")).map_err(|e| e.to_string())?;
    for own in OWN {
        fs::create_dir_all(below(root, Path::new(own))).map_err(|e| format!("{own}: {e}"))?;
    }
    Ok(())
}

impl Patchwork<'_> {
    /// What a folder shows, its own changes aside: the layers, then the host.
    fn lower(&self, path: &Path) -> Vec<PathBuf> {
        let mut lower = Vec::new();
        let layers = self.setup.layers.iter().map(|layer| below(layer, path));
        for folder in [below(&disk::upper(&self.setup.folder), path)].into_iter().chain(layers).chain([path.to_path_buf()]) {
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => {}
                // Something else hides what lies below it.
                Ok(_) => break,
                Err(_) => continue,
            }
            let last = sys::is_opaque(&folder);
            lower.push(folder);
            if last {
                break;
            }
        }
        // The first one is the folder's own upper layer, where it is there.
        let own = lower.first().is_some_and(|first| first.starts_with(disk::upper(&self.setup.folder)));
        lower.drain(..usize::from(own));
        lower
    }

    fn children(&mut self, folder: &Path) -> io::Result<()> {
        let mut names = BTreeSet::<OsString>::new();
        for lower in self.lower(folder) {
            // What cannot be read cannot be shown.
            names.extend(fs::read_dir(lower).into_iter().flatten().flatten().map(|entry| entry.file_name()));
        }
        names.into_iter().try_for_each(|name| self.entry(&folder.join(name)))
    }

    fn entry(&mut self, path: &Path) -> io::Result<()> {
        if OWN.iter().any(|own| path == Path::new(own)) || self.setup.hidden.iter().any(|hidden| path == hidden) {
            return Ok(());
        }
        let target = below(self.root, path);
        let own = fs::symlink_metadata(&target).ok();
        let layers = self.setup.layers.iter().map(|layer| below(layer, path)).chain([path.to_path_buf()]);
        let Some((source, found)) =
            layers.filter_map(|source| Some((fs::symlink_metadata(&source).ok()?, source))).map(|(m, s)| (s, m)).next()
        else {
            return Ok(());
        };
        if found.is_dir() {
            return match own {
                Some(own) if !own.is_dir() => Ok(()),
                _ => self.folder(path, &target),
            };
        }
        if own.is_some() {
            return Ok(());
        }
        if found.is_symlink() {
            return symlink(fs::read_link(&source)?, &target);
        }
        if found.is_file() && self.mounts < MOST_MOUNTS {
            fs::write(&target, "")?;
            self.mounts += 1;
            let shown = mount(Some(&source), &target, NONE, MsFlags::MS_BIND, NONE).and_then(|()| read_only(&target, MsFlags::empty()));
            if shown.is_err() {
                let _ = nix::mount::umount2(&target, nix::mount::MntFlags::MNT_DETACH);
            }
        }
        Ok(())
    }

    fn folder(&mut self, path: &Path, target: &Path) -> io::Result<()> {
        fs::create_dir_all(target)?;
        let lower = self.lower(path);
        if lower.is_empty() || self.mounts >= MOST_MOUNTS {
            return Ok(());
        }
        let divided = lower.iter().any(|lower| self.points.iter().any(|point| *point != lower && point.starts_with(lower)));
        if divided {
            return self.children(path);
        }
        self.mounts += 1;
        let work = disk::work(&self.setup.folder).join(format!("{}", self.mounts));
        fs::create_dir_all(&work)?;
        let options = format!(
            "lowerdir={},upperdir={},workdir={},userxattr",
            lower.iter().map(|folder| escaped(self.short(folder))).collect::<Vec<_>>().join(":"),
            escaped(&below(&disk::upper(&self.setup.folder), path)),
            escaped(&work),
        );
        match mount(Some("overlay"), target, Some("overlay"), MsFlags::MS_NODEV, Some(options.as_str())) {
            Ok(()) => Ok(()),
            // The layers lie in this folder of the host, which therefore cannot be one of them.
            Err(nix::Error::ELOOP) => self.children(path),
            Err(e) => Err(io::Error::other(format!("{}: {e}", path.display()))),
        }
    }

    fn short<'p>(&self, folder: &'p Path) -> &'p Path {
        let layers = self.setup.layers.first().and_then(|layer| layer.parent());
        layers.and_then(|layers| folder.strip_prefix(layers).ok()).unwrap_or(folder)
    }
}
