//! Layers of disks: folders that blueprints, snapshots and devboxes are made of. One stays as long as
//! any of these names it.

use crate::app::App;
use crate::ids::Ids;
use crate::part::{Builder, End, Part};
use crate::sandbox::disk;
use futures_util::future::BoxFuture;
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

type Namer = Box<dyn Fn(&App) -> Vec<String> + Send + Sync>;

pub struct Layers {
    folder: PathBuf,
    /// For work on what becomes a layer when it is done.
    workshop: PathBuf,
    names: Ids,
    /// Held from the making of a layer, or the choice of one, until somebody's record names it.
    gate: Mutex<()>,
    /// How many collections are under way.
    collecting: watch::Sender<usize>,
    /// Those who name layers.
    namers: Mutex<Vec<Namer>>,
    /// Told when a devbox's disk has been removed, the last to hold a layer perhaps.
    pub released: Arc<Notify>,
}

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let base = &builder.app.isolation.base;
    let layers = Layers::open(base).map_err(|e| format!("the data directory {}: {e}", base.display()))?;
    builder.add(layers);
    builder.task(Layers::watch_over);
    Ok(())
}

impl Part for Layers {
    /// At the very end nothing is being removed any more.
    fn end<'a>(&'a self, _app: &'a Arc<App>, end: End) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if end == End::Exit {
                let _ = self.collecting.subscribe().wait_for(|count| *count == 0).await;
            }
        })
    }

    fn clear(&self, app: &Arc<App>) {
        Layers::collect(app);
    }
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
            namers: Mutex::default(),
            collecting: watch::Sender::new(0),
            released: Arc::default(),
        })
    }

    /// A layer is kept as long as somebody names it.
    pub fn are_named_by(&self, namer: impl Fn(&App) -> Vec<String> + Send + Sync + 'static) {
        self.namers.lock().unwrap().push(Box::new(namer));
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

    /// Removes them whenever a devbox may have been the last to hold one. At the start, those that are
    /// left from an end in the middle of something.
    pub async fn watch_over(app: Arc<App>) {
        let _ = Layers::collection(&app).await;
        loop {
            app.state::<Layers>().released.notified().await;
            let _ = Layers::collection(&app).await;
        }
    }

    fn collection(app: &Arc<App>) -> JoinHandle<()> {
        let app = app.clone();
        app.state::<Layers>().collecting.send_modify(|count| *count += 1);
        tokio::task::spawn_blocking(move || {
            app.state::<Layers>().collect_now(&app);
            app.state::<Layers>().collecting.send_modify(|count| *count -= 1);
        })
    }

    fn collect_now(&self, app: &App) {
        let gate = self.gate();
        let mut unnamed: HashSet<String> = names_in(&self.folder).collect();
        for namer in self.namers.lock().unwrap().iter() {
            for id in namer(app) {
                unnamed.remove(&id);
            }
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
