//! What a build has while it runs: its sandboxes, its context, the layers that it makes.

use super::elsewhere;
use super::log::Log;
use super::plan::Plan;
use super::Blueprints;
use crate::app::App;
use crate::archive;
use crate::layers;
use crate::layers::Layers;
use crate::sandbox::{disk, pack, Mode, Sandbox, Setup, User};
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::OnceCell;

/// Why there is no disk.
pub struct Failed {
    pub reason: &'static str,
    pub why: String,
}

impl From<String> for Failed {
    fn from(why: String) -> Failed {
        let full = why.contains("No space left on device");
        Failed { reason: if full { "out_of_disk" } else { "build_failed" }, why }
    }
}

pub struct Build {
    pub app: Arc<App>,
    pub id: String,
    pub plan: Plan,
    pub log: Arc<Log>,
    /// All that were started, to be ended whatever happens.
    sandboxes: Mutex<Vec<Arc<Sandbox>>>,
    context: OnceCell<PathBuf>,
}

impl Build {
    pub fn new(app: &Arc<App>, id: String, plan: Plan, log: Arc<Log>) -> Build {
        Build { app: app.clone(), id, plan, log, sandboxes: Mutex::default(), context: OnceCell::new() }
    }

    pub async fn clean_up(&self) {
        let sandboxes: Vec<_> = self.sandboxes.lock().unwrap().drain(..).collect();
        for sandbox in sandboxes {
            sandbox.stop().await;
        }
        let folder = self.folder();
        let _ = tokio::task::spawn_blocking(move || disk::remove(&folder)).await;
    }

    fn folder(&self) -> PathBuf {
        self.app.state::<Layers>().workplace(&self.id)
    }

    /// A sandbox over layers, whose own changes go into a folder of the build.
    pub async fn sandbox(&self, name: &str, layers: &[String]) -> Result<Arc<Sandbox>, String> {
        if layers.len() >= layers::MOST {
            return Err(format!("{} layers lie upon each other; {} are the most", layers.len(), layers::MOST));
        }
        let app = &self.app;
        let folder = self.folder().join(name);
        let (user, uid) = &self.plan.user;
        let mode = app.isolation.mode;
        let home = match (mode, *uid) {
            (Mode::Plain, _) => disk::plain_home(&folder),
            (_, 0) => PathBuf::from("/root"),
            _ => PathBuf::from("/home").join(user),
        };
        let user = match mode {
            // Only one user can be had, and builds need root.
            Mode::UserOverlay => User { name: "root".into(), uid: 0, home: "/root".into() },
            Mode::Plain => User { name: user.clone(), uid: nix::unistd::geteuid().as_raw(), home },
            Mode::Overlay => User { name: user.clone(), uid: *uid, home },
        };
        let setup = Setup {
            mode,
            folder,
            layers: app.state::<Layers>().paths(layers),
            hidden: vec![app.data_path(), app.isolation.disks.clone()],
            sudo: app.sudo.clone(),
            hostname: "build".into(),
            user,
        };
        let sandbox = Sandbox::start(&app.launcher, setup).await?;
        self.sandboxes.lock().unwrap().push(sandbox.clone());
        Ok(sandbox)
    }

    /// Makes a layer of what a sandbox has changed, and keeps it as long as the build needs it.
    pub fn adopt(&self, sandbox: &Sandbox, below: &[String]) -> Result<Vec<String>, String> {
        let plain = sandbox.setup.mode == Mode::Plain;
        let own = if plain { disk::plain_home(&sandbox.setup.folder) } else { disk::upper(&sandbox.setup.folder) };
        let gate = self.app.state::<Layers>().gate();
        let id = self.app.state::<Layers>().adopt(&own, &gate).map_err(|e| format!("the disk cannot be kept: {e}"))?;
        // A plain layer is whole by itself.
        let below = if plain { &[] } else { below };
        let layers: Vec<String> = std::iter::once(id).chain(below.iter().cloned()).collect();
        let kept = self.app.state::<Blueprints>().records.update(&self.id, |blueprint| {
            let new = layers.iter().filter(|id| !blueprint.layers.contains(id)).cloned().collect::<Vec<_>>();
            blueprint.layers.extend(new);
            Ok(())
        });
        kept.map(|_| layers).map_err(|e| e.message().to_string())
    }

    /// The build context's folder.
    pub async fn context(&self) -> Result<PathBuf, String> {
        let context = self.context.get_or_try_init(|| async {
            let id = self.plan.context.as_ref().ok_or("there is no build context; give one as build_context")?;
            let path = elsewhere::content(&self.app, id).map_err(|e| format!("the build context: {}", e.message()))?;
            self.log.info(&format!("unpacking the build context, object {id}"));
            let folder = self.folder().join("context");
            let into = folder.clone();
            let unpacked = tokio::task::spawn_blocking(move || {
                std::fs::create_dir_all(&into)?;
                let archive = archive::open(File::open(path)?)?.ok_or_else(|| std::io::Error::other("it is no tar archive"))?;
                pack::unpack(archive, &into)
            });
            let unpacked = unpacked.await.map_err(|e| e.to_string())?;
            unpacked.map_err(|e| format!("the build context, object {id}: {e}"))?;
            Ok::<_, String>(folder)
        });
        context.await.cloned()
    }
}
