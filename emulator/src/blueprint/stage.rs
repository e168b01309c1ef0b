//! One stage of a build: a sandbox, and what the instructions so far have said.

use super::build::Build;
use super::dockerfile::{expand, Command, Dockerfile, Instruction, Step};
use super::users::{self, Found};
use super::{Image, PATH};
use crate::sandbox::jobs::{Ids, Job};
use crate::sandbox::{Exit, Mode, Sandbox};
use nix::fcntl::OFlag;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What a stage leaves.
#[derive(Clone)]
pub struct Finished {
    pub layers: Vec<String>,
    pub image: Image,
}

pub struct Stage<'a> {
    pub build: &'a Build,
    pub file: &'a Dockerfile,
    pub at: usize,
    pub sandbox: Arc<Sandbox>,
    pub image: Image,
    /// Arguments that have been declared, with their values.
    pub arguments: BTreeMap<String, String>,
    layers: Vec<String>,
}

impl<'a> Stage<'a> {
    pub async fn begin(build: &'a Build, file: &'a Dockerfile, at: usize, finished: &[Option<Finished>]) -> Result<Stage<'a>, String> {
        let stage = &file.stages[at];
        let globals = globals(build, file)?;
        let known = |name: &str| globals.get(name).cloned().or_else(|| platform(name));
        let from = expand::word(&stage.from, file.escape, &known).map_err(|why| format!("line {}: FROM: {why}", stage.line))?;
        if from.is_empty() {
            return Err(format!("line {}: FROM {} names no image once its arguments are replaced", stage.line, stage.from));
        }
        build.log.info(&format!("FROM {from}"));
        // Here a number is an image's name.
        let earlier = file.stage(&from, at).filter(|_| from.parse::<usize>().is_err());
        let (layers, image) = match earlier.and_then(|earlier| finished[earlier].clone()) {
            Some(Finished { layers, image }) => (layers, image),
            None => match &build.plan.base {
                Some(base) => {
                    build.log.info(&format!("blueprint {} stands in for {from}", base.name));
                    (base.layers.clone(), base.image.clone())
                }
                None => {
                    build.log.info(&format!("this machine's root stands in for {from}"));
                    (Vec::new(), Image::host())
                }
            },
        };
        let sandbox = build.sandbox(&format!("stage-{at}"), &layers).await?;
        Ok(Stage { build, file, at, sandbox, image, arguments: BTreeMap::new(), layers })
    }

    pub async fn step(&mut self, step: &Step, finished: &[Option<Finished>]) -> Result<(), String> {
        self.build.log.info(&step.title);
        let place = if step.line > 0 { format!("line {}: ", step.line) } else { String::new() };
        self.instruction(&step.instruction, finished).await.map_err(|why| format!("{place}{}: {why}", first_line(&step.title)))
    }

    async fn instruction(&mut self, instruction: &Instruction, finished: &[Option<Finished>]) -> Result<(), String> {
        match instruction {
            Instruction::Run { command, mounts } => self.run(command, mounts).await?,
            Instruction::Copy(copy) => self.copy(copy, finished).await?,
            Instruction::File { path, content } => self.write_file(path, content).await?,
            Instruction::Env(pairs) => {
                let pairs = self.pairs(pairs)?;
                self.image.environment.extend(pairs);
            }
            Instruction::Label(pairs) => {
                let pairs = self.pairs(pairs)?;
                self.image.labels.extend(pairs);
            }
            Instruction::Arg(arguments) => {
                for (name, default) in arguments {
                    self.declare(name, default.as_deref())?;
                }
            }
            Instruction::Workdir(path) => {
                let path = self.word(path)?;
                let folder = self.place(&path)?;
                self.job(Job::MakeFolder { path: folder.clone() }, None, None).await?;
                self.image.workdir = Some(folder.display().to_string());
            }
            Instruction::User(user) => {
                let user = self.word(user)?;
                self.user(&user).await?;
                self.image.user = Some(user);
            }
            Instruction::Shell(words) => self.image.shell = words.clone(),
            Instruction::Entrypoint(command) => self.image.entrypoint = self.words_of(command),
            Instruction::Cmd(command) => self.image.command = self.words_of(command),
            Instruction::Expose(ports) => {
                for port in ports {
                    let port = self.word(port)?;
                    check_port(&port)?;
                    self.image.ports.push(port);
                }
            }
            Instruction::Volume(paths) => {
                for path in paths {
                    let path = self.word(path)?;
                    let folder = self.place(&path)?;
                    self.job(Job::MakeFolder { path: folder.clone() }, None, None).await?;
                    self.image.volumes.push(folder.display().to_string());
                }
            }
            Instruction::Noted => {}
        }
        Ok(())
    }

    /// Its disk becomes a layer.
    pub async fn finish(self) -> Result<Finished, String> {
        self.sandbox.stop().await;
        let layers = self.build.adopt(&self.sandbox, &self.layers)?;
        Ok(Finished { layers, image: self.image })
    }

    fn words_of(&self, command: &Command) -> Vec<String> {
        match command {
            Command::Exec(words) => words.clone(),
            Command::Shell(text) => self.image.shell.iter().chain([text]).cloned().collect(),
        }
    }

    fn pairs(&self, pairs: &[(String, String)]) -> Result<Vec<(String, String)>, String> {
        pairs.iter().map(|(name, value)| Ok((self.word(name)?, self.word(value)?))).collect()
    }

    pub fn word(&self, text: &str) -> Result<String, String> {
        expand::word(text, self.file.escape, &|name| self.value(name))
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.image.environment.get(name).or_else(|| self.arguments.get(name)).cloned()
    }

    fn declare(&mut self, name: &str, default: Option<&str>) -> Result<(), String> {
        let given = self.build.plan.arguments.get(name).cloned();
        let value = match (given, default) {
            (Some(given), _) => Some(given),
            (None, Some(default)) => Some(self.word(default)?),
            (None, None) => globals(self.build, self.file)?.get(name).cloned().or_else(|| platform(name)),
        };
        if let Some(value) = value {
            self.arguments.insert(name.to_string(), value);
        }
        Ok(())
    }

    /// An absolute path: relative ones are below the working directory.
    pub fn place(&self, path: &str) -> Result<PathBuf, String> {
        let mut place = self.workdir();
        for part in Path::new(path).components() {
            match part {
                Component::RootDir => place = PathBuf::from("/"),
                Component::ParentDir => {
                    place.pop();
                }
                Component::Normal(name) => place.push(name),
                _ => {}
            }
        }
        if self.sandbox.setup.mode != Mode::Plain {
            return Ok(place);
        }
        // Plain devboxes have a home and nothing else.
        let home = &self.sandbox.setup.user.home;
        let seen = PathBuf::from("/home").join(&self.sandbox.setup.user.name);
        match place.strip_prefix(&seen) {
            Ok(below) => Ok(home.join(below)),
            Err(_) if place.starts_with(home) => Ok(place),
            Err(_) => Err(format!("{} is outside the home directory, and plain isolation keeps nothing else", place.display())),
        }
    }

    pub fn workdir(&self) -> PathBuf {
        match (&self.image.workdir, self.sandbox.setup.mode) {
            (Some(workdir), _) => workdir.into(),
            (None, Mode::Plain) => self.sandbox.setup.user.home.clone(),
            (None, _) => "/".into(),
        }
    }

    /// A user of the stage's disk, as far as this isolation has any.
    pub async fn user(&self, name: &str) -> Result<Found, String> {
        let own = &self.build.plan.user;
        let setup = &self.sandbox.setup;
        let found = match users::find(&self.sandbox, name).await {
            Err(_) if name == own.0 => {
                let home = if own.1 == 0 { "/root".into() } else { PathBuf::from("/home").join(name) };
                Found { ids: Ids { uid: own.1, gid: own.1, groups: vec![own.1] }, home }
            }
            found => found?,
        };
        Ok(match setup.mode {
            Mode::Overlay => found,
            Mode::UserOverlay => Found { ids: Ids::default(), ..found },
            Mode::Plain => {
                let (uid, gid) = (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw());
                Found { ids: Ids { uid, gid, groups: Vec::new() }, home: setup.user.home.clone() }
            }
        })
    }

    pub async fn current_user(&self) -> Result<Found, String> {
        let root = if self.sandbox.setup.mode == Mode::Plain { &self.sandbox.setup.user.name } else { "root" };
        self.user(self.image.user.as_deref().unwrap_or(root)).await
    }

    /// Does a piece of work in the stage's sandbox; an error is what it says on its standard error.
    pub async fn job(&self, job: Job, stdin: Option<OwnedFd>, stdout: Option<OwnedFd>) -> Result<(), String> {
        work(&self.sandbox, job, stdin, stdout).await
    }

    /// Login shells set a path of their own: this has them take the image's.
    pub async fn keep_path(&self) -> Result<(), String> {
        let own = self.image.environment.get("PATH").filter(|path| *path != PATH);
        let Some(path) = own.filter(|_| self.sandbox.setup.mode != Mode::Plain) else {
            return Ok(());
        };
        let text = format!("export PATH='{}'\n", path.replace('\'', r"'\''"));
        self.put(Path::new("/etc/profile.d/blueprint.sh"), text.into_bytes(), (0, 0), 0o644).await
    }
}

/// A pipe that blocks: its reading end, and its writing end.
pub fn pipe() -> Result<(File, File), String> {
    let (reader, writer) = nix::unistd::pipe2(OFlag::O_CLOEXEC).map_err(|e| e.to_string())?;
    Ok((reader.into(), writer.into()))
}

pub async fn work(sandbox: &Sandbox, job: Job, stdin: Option<OwnedFd>, stdout: Option<OwnedFd>) -> Result<(), String> {
    let (mut reason, stderr) = pipe()?;
    let stdout = match stdout {
        Some(stdout) => stdout,
        None => stderr.try_clone().map_err(|e| e.to_string())?.into(),
    };
    let running = sandbox.begin(job, [stdout, stderr.into()], stdin).await.map_err(|failure| failure.what)?;
    match running.exit.await {
        Ok(Exit::Code(0)) => Ok(()),
        Ok(exit) => {
            let mut why = String::new();
            let _ = reason.read_to_string(&mut why);
            match why.trim() {
                "" => Err(format!("it ended with status {}", exit.status())),
                why => Err(why.to_string()),
            }
        }
        Err(_) => Err("the sandbox ended before it was done".into()),
    }
}

/// Arguments before the first FROM, with their values.
fn globals(build: &Build, file: &Dockerfile) -> Result<BTreeMap<String, String>, String> {
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for (name, default) in &file.arguments {
        let value = match (build.plan.arguments.get(name), default) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(default)) => {
                let known = |name: &str| values.get(name).cloned().or_else(|| platform(name));
                Some(expand::word(default, file.escape, &known).map_err(|why| format!("ARG {name}: {why}"))?)
            }
            (None, None) => None,
        };
        values.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(values)
}

/// The arguments that every build has.
fn platform(name: &str) -> Option<String> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    match name {
        "TARGETPLATFORM" | "BUILDPLATFORM" => Some(format!("linux/{arch}")),
        "TARGETOS" | "BUILDOS" => Some("linux".into()),
        "TARGETARCH" | "BUILDARCH" => Some(arch.into()),
        "TARGETVARIANT" | "BUILDVARIANT" => Some(String::new()),
        _ => None,
    }
}

fn check_port(text: &str) -> Result<(), String> {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let fine = ports.split('-').all(|port| port.parse::<u16>().is_ok()) && matches!(protocol, "tcp" | "udp" | "sctp");
    fine.then_some(()).ok_or_else(|| format!("{text} is no port"))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
