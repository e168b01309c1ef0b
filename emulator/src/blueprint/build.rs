//! Builds: from a queued blueprint to a disk, or to the reason why there is none.

use super::dockerfile::{self, Dockerfile};
use super::elsewhere;
use super::log::Log;
use super::plan::Plan;
use super::stage::{Finished, Stage};
use super::{Image, Status};
use crate::app::App;
use crate::archive;
use crate::http::ApiError;
use crate::layers::{self, Layers};
use crate::sandbox::{disk, pack, Mode, Sandbox, Setup, User};
use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::{watch, OnceCell, Semaphore};

/// More at once would only slow each other down.
const AT_ONCE: usize = 2;

/// The builds under way.
pub struct Building {
    slots: Arc<Semaphore>,
    by_id: Mutex<HashMap<String, UnderWay>>,
}

#[derive(Clone)]
struct UnderWay {
    cancel: Arc<watch::Sender<bool>>,
    ended: watch::Receiver<bool>,
}

impl Default for Building {
    fn default() -> Building {
        Building { slots: Arc::new(Semaphore::new(AT_ONCE)), by_id: Mutex::default() }
    }
}

impl Building {
    /// Ends a build; returns when nothing of it runs any more.
    pub async fn cancel(&self, id: &str) {
        let build = self.by_id.lock().unwrap().get(id).cloned();
        if let Some(mut build) = build {
            build.cancel.send_replace(true);
            let _ = build.ended.wait_for(|ended| *ended).await;
        }
    }

    pub async fn end_all(&self) {
        let ids: Vec<String> = self.by_id.lock().unwrap().keys().cloned().collect();
        for id in ids {
            self.cancel(&id).await;
        }
    }
}

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

pub fn start(app: &Arc<App>, id: String, plan: Plan) -> Result<(), ApiError> {
    let secrets = plan.secrets.values().chain(plan.tokens.values()).cloned();
    let log = Arc::new(Log::create(app, &id, secrets).map_err(ApiError::internal)?);
    let (cancel, mut cancelled) = watch::channel(false);
    let (end, ended) = watch::channel(false);
    let build = Build { app: app.clone(), id: id.clone(), plan, log, sandboxes: Mutex::default(), context: OnceCell::new() };
    app.blueprints.building.by_id.lock().unwrap().insert(id.clone(), UnderWay { cancel: Arc::new(cancel), ended });
    let app = app.clone();
    tokio::spawn(async move {
        let result = tokio::select! {
            result = build.queue() => result,
            _ = cancelled.wait_for(|cancelled| *cancelled) => Err("the build was ended".to_string().into()),
        };
        build.clean_up().await;
        build.conclude(result);
        app.blueprints.building.by_id.lock().unwrap().remove(&id);
        Layers::collect(&app);
        end.send_replace(true);
    });
    Ok(())
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
    async fn queue(&self) -> Result<Finished, Failed> {
        let slots = self.app.blueprints.building.slots.clone();
        let _slot = slots.acquire_owned().await;
        self.enter(Status::Provisioning);
        for warning in &self.plan.warnings {
            self.log.warn(warning);
        }
        let text = self.dockerfile().await?;
        let file = dockerfile::parse(&text).map_err(|why| format!("the Dockerfile cannot be read: {why}"))?;
        self.enter(Status::Building);
        if self.app.isolation.mode == Mode::Plain {
            self.log.warn(
                "plain isolation: commands run on this machine itself, and only the home directory goes into the blueprint; \
                 overlay isolation builds whole disks",
            );
        }
        self.stages(&file).await
    }

    async fn dockerfile(&self) -> Result<String, String> {
        if let Some(text) = &self.plan.dockerfile {
            return Ok(text.clone());
        }
        let path = self.context().await?.join("Dockerfile");
        let metadata = std::fs::symlink_metadata(&path).map_err(|_| "there is no dockerfile, and no Dockerfile in the build context")?;
        match metadata.is_file() {
            true => std::fs::read_to_string(path).map_err(|e| format!("the build context's Dockerfile: {e}")),
            false => Err("the build context's Dockerfile is no file".into()),
        }
    }

    async fn stages(&self, file: &Dockerfile) -> Result<Finished, Failed> {
        let needed = file.needed();
        let mut finished: Vec<Option<Finished>> = Vec::new();
        let last = file.stages.len() - 1;
        let unknown = self.plan.arguments.keys().filter(|name| !declared(file, name));
        for name in unknown {
            self.log.warn(&format!("build argument {name} is declared by no ARG"));
        }
        for (at, wanted) in file.stages.iter().enumerate() {
            if !needed.contains(&at) {
                let name = wanted.name.clone().unwrap_or_else(|| at.to_string());
                self.log.info(&format!("stage {name} is left out: nothing is taken from it"));
                finished.push(None);
                continue;
            }
            let mut stage = Stage::begin(self, file, at, &finished).await?;
            for step in &wanted.steps {
                stage.step(step, &finished).await?;
            }
            if at == last {
                let (workdir, user) = (stage.image.workdir.clone(), stage.image.user.clone());
                for step in &self.plan.steps {
                    stage.step(step, &finished).await?;
                }
                (stage.image.workdir, stage.image.user) = (workdir, user);
                stage.keep_path().await?;
            }
            finished.push(Some(stage.finish().await?));
        }
        let last = finished.pop().flatten().ok_or("there is no last stage".to_string())?;
        Ok(last)
    }

    fn enter(&self, status: Status) {
        let _ = self.app.blueprints.records.update(&self.id, |blueprint| {
            blueprint.status = status;
            Ok(())
        });
    }

    fn conclude(&self, result: Result<Finished, Failed>) {
        let now = self.app.clock.now_ms();
        match &result {
            Ok(_) => self.log.info("the blueprint is built"),
            Err(failed) => self.log.error(&failed.why),
        }
        let ended = self.app.blueprints.records.update(&self.id, |blueprint| {
            match result {
                Ok(Finished { layers, image }) => {
                    blueprint.status = Status::BuildComplete;
                    blueprint.build_finish_time_ms = Some(now);
                    blueprint.layers = layers;
                    blueprint.image = image;
                }
                Err(failed) => blueprint.fail(failed.reason, now),
            }
            Ok(())
        });
        if let Err(e) = ended {
            eprintln!("runloop-emulator: {}: {}", self.id, e.message());
        }
    }

    async fn clean_up(&self) {
        let sandboxes: Vec<_> = self.sandboxes.lock().unwrap().drain(..).collect();
        for sandbox in sandboxes {
            sandbox.stop().await;
        }
        let folder = self.folder();
        let _ = tokio::task::spawn_blocking(move || disk::remove(&folder)).await;
    }

    fn folder(&self) -> PathBuf {
        self.app.layers.workplace(&self.id)
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
            layers: app.layers.paths(layers),
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
        let gate = self.app.layers.gate();
        let id = self.app.layers.adopt(&own, &gate).map_err(|e| format!("the disk cannot be kept: {e}"))?;
        // A plain layer is whole by itself.
        let below = if plain { &[] } else { below };
        let layers: Vec<String> = std::iter::once(id).chain(below.iter().cloned()).collect();
        let kept = self.app.blueprints.records.update(&self.id, |blueprint| {
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

fn declared(file: &Dockerfile, name: &str) -> bool {
    let in_stages = file.stages.iter().flat_map(|stage| &stage.steps).any(|step| match &step.instruction {
        dockerfile::Instruction::Arg(arguments) => arguments.iter().any(|(argument, _)| argument == name),
        _ => false,
    });
    in_stages || file.arguments.iter().any(|(argument, _)| argument == name) || name.to_ascii_lowercase().ends_with("_proxy")
}

impl Image {
    /// As a host's root has it.
    pub fn host() -> Image {
        let environment = [("PATH".to_string(), super::stage::PATH.to_string())].into();
        Image { environment, shell: vec!["/bin/sh".into(), "-c".into()], ..Image::default() }
    }
}
