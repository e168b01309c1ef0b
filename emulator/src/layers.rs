//! Layers of disks: folders that blueprints, snapshots and devboxes are made of. One stays as long as
//! any of these names it.

use crate::app::App;
use crate::ids::Ids;
use crate::sandbox::disk;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{watch, Notify};
use tokio::task::JoinHandle;

/// The kernel stacks more, but every lookup of a missing file goes through all of them.
pub const MOST: usize = 100;

pub struct Layers {
    folder: PathBuf,
    /// For work on what becomes a layer when it is done.
    workshop: PathBuf,
    names: Ids,
    /// Held from the making of a layer, or the choice of one, until somebody's record names it.
    gate: Mutex<()>,
    /// How many collections are under way.
    collecting: watch::Sender<usize>,
    /// Told when a devbox's disk has been removed, the last to hold a layer perhaps.
    pub released: Arc<Notify>,
}

impl Layers {
    /// What was under way when the emulator ended is removed.
    pub fn open(base: &Path) -> io::Result<Layers> {
        let workshop = base.join("workshop");
        // What an earlier emulator was building with may be ending yet, and write a last time.
        if disk::remove(&workshop).is_err() {
            fs::rename(&workshop, base.join(Ids::new(None).next("workshop")))?;
        }
        let folder = base.join("layers");
        for folder in [&folder, &workshop] {
            // Set-user-ID programs of disks are none of this machine's other users' business.
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        Ok(Layers {
            folder,
            workshop,
            names: Ids::new(None),
            gate: Mutex::default(),
            collecting: watch::Sender::new(0),
            released: Arc::default(),
        })
    }

    /// Keeps layers from being collected until a record names them.
    pub fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// A folder's place while it is worked on; on the same file system as layers.
    pub fn workplace(&self, name: &str) -> PathBuf {
        self.workshop.join(name)
    }

    pub fn path(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    pub fn paths(&self, ids: &[String]) -> Vec<PathBuf> {
        ids.iter().map(|id| self.path(id)).collect()
    }

    /// The first of these that is not there.
    pub fn missing<'a>(&self, ids: &'a [String]) -> Option<&'a String> {
        ids.iter().find(|id| !self.path(id).is_dir())
    }

    /// Makes a layer of a folder. Short names, because a mount takes a page of them and no more.
    pub fn adopt(&self, from: &Path, _gate: &MutexGuard<'_, ()>) -> io::Result<String> {
        let mut id = self.names.next("l");
        id.truncate(14);
        fs::rename(from, self.path(&id))?;
        Ok(id)
    }

    /// Removes layers that nobody names any more; in the background.
    pub fn collect(app: &Arc<App>) {
        drop(Layers::collection(app));
    }

    /// Removes them whenever a devbox may have been the last to hold one.
    pub async fn watch_over(app: Arc<App>) {
        loop {
            app.layers.released.notified().await;
            let _ = Layers::collection(&app).await;
        }
    }

    fn collection(app: &Arc<App>) -> JoinHandle<()> {
        let app = app.clone();
        app.layers.collecting.send_modify(|count| *count += 1);
        tokio::task::spawn_blocking(move || {
            app.layers.collect_now(&app);
            app.layers.collecting.send_modify(|count| *count -= 1);
        })
    }

    /// Returns when nothing is being removed.
    pub async fn end(&self) {
        let _ = self.collecting.subscribe().wait_for(|count| *count == 0).await;
    }

    fn collect_now(&self, app: &App) {
        let gate = self.gate();
        let mut unnamed: HashSet<String> = names_in(&self.folder).collect();
        for id in app.blueprints.layers().into_iter().chain(app.snapshots.layers()) {
            unnamed.remove(&id);
        }
        if unnamed.is_empty() {
            return;
        }
        let disks = &app.isolation.disks;
        for id in names_in(disks).flat_map(|devbox| held(&disks.join(devbox))) {
            unnamed.remove(&id);
        }
        // Out of the way first: nobody need wait while they are removed.
        let gone: Vec<PathBuf> = unnamed.iter().map(|id| self.workplace(&format!("gone-{id}"))).collect();
        for (id, gone) in unnamed.iter().zip(&gone) {
            let _ = fs::rename(self.path(id), gone);
        }
        drop(gate);
        for gone in gone {
            let _ = disk::remove(&gone);
        }
    }
}

fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

const HELD: &str = "layers.json";

/// The layers below a devbox's own, as its folder says.
pub fn held(devbox_folder: &Path) -> Vec<String> {
    let text = fs::read(devbox_folder.join(HELD)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Names the layers that a devbox holds, as long as its folder is there.
pub fn hold(devbox_folder: &Path, ids: &[String]) -> io::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(devbox_folder)?;
    fs::write(devbox_folder.join(HELD), serde_json::to_vec(ids)?)
}
